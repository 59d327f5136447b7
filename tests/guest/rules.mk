# SPDX-License-Identifier: BSD-2-Clause
# The guest: a busybox, Debian's einj module and a few programs of our own,
# packed as the kernel's initial file system.

# They need a C library for arm64, which comes with gcc; LLVM=1 leaves it so.
GUEST_CC := aarch64-linux-gnu-gcc
GUEST_INITRD := $(BUILD)/initrd.cpio.gz
GUEST_PROGRAMS := $(addprefix $(BUILD)/tests/guest/,burn inject memhog)

#: make build/initrd.cpio.gz  the guest's file system, for tests and demo
$(GUEST_INITRD): tests/guest/initrd.sh tests/guest/init $(GUEST_PROGRAMS) \
		$(ARM64)/.kernel $(ARM64)/.busybox
	$(call say,INITRD)tests/guest/initrd.sh $@ $(ARM64)/busybox $(ARM64)/modules \
		$(GUEST_PROGRAMS)

$(BUILD)/tests/guest/burn: tests/guest/registers.S tests/guest/registers.h

$(GUEST_PROGRAMS): $(BUILD)/tests/guest/%: tests/guest/%.c
	@mkdir -p $(@D)
	$(call say,GUESTCC)$(GUEST_CC) -std=c11 -O2 $(WARNINGS) -static -s \
		$(filter %.c %.S,$^) -o $@

# For tests that start a second kernel: the same, and in /boot what to start.
# The kernel unpacks one archive after the other.
GUEST_KEXEC := $(BUILD)/initrd-kexec.cpio
GUEST_LIBFDT := $(ARM64)/root/usr/lib/aarch64-linux-gnu/libfdt.a

#: make build/initrd-kexec.cpio  the same, with a second kernel in it
$(GUEST_KEXEC): tests/guest/second.sh $(GUEST_INITRD) $(BUILD)/tests/guest/kexec
	$(call say,INITRD)tests/guest/second.sh $@ $(GUEST_INITRD) \
		$(ARM64)/vmlinuz $(BUILD)/tests/guest/kexec

$(BUILD)/tests/guest/kexec: tests/guest/kexec.c $(ARM64)/.libfdt
	@mkdir -p $(@D)
	$(call say,GUESTCC)$(GUEST_CC) -std=c11 -O2 $(WARNINGS) -static -s \
		-isystem $(ARM64)/root/usr/include $< $(GUEST_LIBFDT) -o $@

tests: $(GUEST_KEXEC)
