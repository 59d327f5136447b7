# SPDX-License-Identifier: BSD-2-Clause
# Debian's arm64 packages, downloaded once for all builds: each stamp stands for
# one group of files in build/arm64/root.

ARM64 ?= build/arm64

# The newest kernel and QEMU that Debian offers to users of a stable release, the
# rasdaemon of the next one, its herd7, its judges of ACPI tables (fwts, iasl), its TF-A.
BACKPORTS := $(ARM64)/backports
BACKPORTS_SUITE := trixie-backports
$(BACKPORTS)/.rasdaemon $(BACKPORTS)/.herd $(BACKPORTS)/.acpi $(BACKPORTS)/.tfa: \
	BACKPORTS_SUITE := forky

#: make fetch     download the arm64 kernel, headers, busybox, libraries, TF-A, backports
.PHONY: fetch
# What may have changed each time.
.PHONY: look
ARM64_STAMPS := $(addprefix $(ARM64)/.,kernel busybox libfdt libjansson headers tfa old \
	lab)
BACKPORTS_STAMPS := $(addprefix $(BACKPORTS)/.,kernel qemu rasdaemon herd acpi)
fetch: $(ARM64_STAMPS) $(BACKPORTS_STAMPS)

# Those of the kernel that is there.
$(ARM64)/.headers: | $(ARM64)/.kernel

$(ARM64_STAMPS):
	mk/arm64.sh $(ARM64) $(patsubst .%,%,$(@F)) $(ASKED)

# What ./run lab's system is made of: Debian 13's, or rows would differ from machine to
# machine. PACKAGES="NAME..." adds to it.
LAB_PACKAGES = $(shell awk '!/^\#|^$$/ { print $$1 }' tools/lab/packages) $(PACKAGES)
$(ARM64)/.lab: private ASKED = trixie $(LAB_PACKAGES)
$(ARM64)/.lab: $(ARM64)/.lab-packages
$(ARM64)/.lab-packages: look
	@mkdir -p $(@D)
	@echo '$(LAB_PACKAGES)' | cmp -s - $@ || echo '$(LAB_PACKAGES)' > $@

$(BACKPORTS_STAMPS) $(BACKPORTS)/.tfa:
	mk/arm64.sh $(BACKPORTS) $(patsubst .%,%,$(@F)) $(BACKPORTS_SUITE)

# What guests start from lies in GUEST, made for the kernel in GUEST_KERNEL: Debian's,
# or the user's KERNEL=FILE, which is looked at each time.
ifeq ($(KERNEL),)
GUEST := $(BUILD)
GUEST_KERNEL := $(ARM64)
STARTED :=
else
GUEST := $(BUILD)/kernel
GUEST_KERNEL := $(BUILD)/kernel
# For Python: the plain Image of what the user gave.
STARTED := GUEST=$(GUEST) KERNEL=$(GUEST_KERNEL)/vmlinuz
$(GUEST_KERNEL)/.kernel: look
	@mk/kernel.py $(@D) '$(KERNEL)' '$(MODULES)'
endif

#: make kernel KERNEL=FILE  a file system for that kernel, and how to start both
.PHONY: kernel
kernel: all $(GUEST)/initrd.cpio.gz
	@test ! -e $(GUEST)/no-einj || sed 's/^/kernel: /' $(GUEST)/no-einj
	@echo "$(BUILD)/sdei run --kernel $(GUEST_KERNEL)/vmlinuz" \
		"--initrd $(GUEST)/initrd.cpio.gz"
