# SPDX-License-Identifier: BSD-2-Clause
# The guest: a busybox, Debian's einj module and a few programs of our own,
# packed as the kernel's initial file system.

# They need a C library for arm64, which comes with gcc; LLVM=1 leaves it so.
GUEST_CC := aarch64-linux-gnu-gcc
GUEST_INITRD := $(GUEST)/initrd.cpio.gz
GUEST_PROGRAMS := $(addprefix $(BUILD)/tests/guest/,burn inject memhog zt0)
HOST_PROGRAM := $(BUILD)/tests/guest/answer

#: make build/initrd.cpio.gz  the guest's file system, for tests and demo
# $(call guest_initrd,FOLDER,KERNEL): in FOLDER, for the kernel in the folder KERNEL.
# In the second, for tests that start a second kernel: the same, and in /boot what to
# start. The kernel unpacks one archive after the other.
define guest_initrd
$1/initrd.cpio.gz: tests/guest/initrd.sh tests/guest/init $(GUEST_PROGRAMS) \
		$2/.kernel $(ARM64)/.busybox
	@mkdir -p $$(@D)
	$$(call say,INITRD)tests/guest/initrd.sh $$@ $(ARM64)/busybox $2/modules \
		$(GUEST_PROGRAMS)

$1/initrd-kexec.cpio: tests/guest/second.sh $1/initrd.cpio.gz \
		$(BUILD)/tests/guest/kexec
	$$(call say,INITRD)tests/guest/second.sh $$@ $1/initrd.cpio.gz $2/vmlinuz \
		$(BUILD)/tests/guest/kexec
endef
$(eval $(call guest_initrd,$(BUILD),$(ARM64)))
$(if $(KERNEL),$(eval $(call guest_initrd,$(GUEST),$(GUEST_KERNEL))))
$(eval $(call guest_initrd,$(BUILD)/backports,$(BACKPORTS)))

# With the next Debian's rasdaemon, and sqlite3 to read what it stores. (This one's are in
# the lab: tools/lab.)
$(BUILD)/backports/initrd-rasdaemon.cpio: tests/guest/debian.sh \
		$(BUILD)/backports/initrd.cpio.gz $(BACKPORTS)/.rasdaemon
	$(call say,INITRD)tests/guest/debian.sh $@ $(BUILD)/backports/initrd.cpio.gz \
		$(BACKPORTS)/rasdaemon usr/sbin/rasdaemon usr/bin/sqlite3

$(BUILD)/tests/guest/burn: tests/guest/registers.S tests/guest/registers.h

$(GUEST_PROGRAMS) $(HOST_PROGRAM): $(BUILD)/tests/guest/%: tests/guest/%.c
	@mkdir -p $(@D)
	$(call say,GUESTCC)$(GUEST_CC) -std=c11 -O2 $(WARNINGS) -static -s \
		$(filter %.c %.S,$^) -o $@

GUEST_LIBFDT := $(ARM64)/root/usr/lib/aarch64-linux-gnu/libfdt.a

$(BUILD)/tests/guest/kexec: tests/guest/kexec.c $(ARM64)/.libfdt
	@mkdir -p $(@D)
	$(call say,GUESTCC)$(GUEST_CC) -std=c11 -O2 $(WARNINGS) -static -s \
		-isystem $(ARM64)/root/usr/include $< $(GUEST_LIBFDT) -o $@

tests tests-quick: $(GUEST)/initrd-kexec.cpio
tests: $(addprefix $(BUILD)/backports/,initrd-kexec.cpio initrd-rasdaemon.cpio)

# A module for the kernel that is there, and an initial file system with it. Kbuild
# is a make of its own: it must not hear of our variables. BTF would take pahole.
GUEST_MODULE := $(BUILD)/tests/guest/module/mask.ko
GUEST_MASK := $(BUILD)/initrd-mask.cpio

$(GUEST_MODULE): tests/guest/module/mask.c $(ARM64)/.headers
	@mkdir -p $(@D)
	@cp $< $(@D)
	@echo 'obj-m := mask.o' > $(@D)/Kbuild
	$(call say,KBUILD)env -u MAKEFLAGS -u MAKELEVEL $(MAKE) -s -C $(ARM64)/headers \
		M=$(abspath $(@D)) CONFIG_DEBUG_INFO_BTF_MODULES= modules

$(GUEST_MASK): $(GUEST_MODULE) $(BUILD)/initrd.cpio.gz
	$(call say,INITRD)cd $(<D) && echo mask.ko | cpio -o -H newc -R 0:0 --quiet | \
		cat - $(abspath $(BUILD)/initrd.cpio.gz) > $(abspath $@)

tests: $(GUEST_MASK)
