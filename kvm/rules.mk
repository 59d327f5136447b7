# SPDX-License-Identifier: BSD-2-Clause
# libsdei-kvm.a: SDEI for KVM guests, for a VMM on arm64 Linux; the dispatcher
# is in it. And sdei-vmm, a small VMM around it.

KVM_BUILD := $(BUILD)/kvm
LIBSDEI_KVM := $(KVM_BUILD)/libsdei-kvm.a
KVM_SRC := $(wildcard kvm/*.c)
# For user space: what the firmware links is for a machine without one.
KVM_FLAGS := $(C_FLAGS) -D_GNU_SOURCE -march=armv8-a -Iinclude
KVM_OBJECTS := $(KVM_SRC:kvm/%.c=$(KVM_BUILD)/%.o) \
	$(DISPATCHER_SRC:lib/%.c=$(KVM_BUILD)/lib/%.o) $(KVM_BUILD)/lib/version.o

all: $(LIBSDEI_KVM)
#: make build/kvm/libsdei-kvm.a  the library for VMMs alone

$(LIBSDEI_KVM): $(KVM_OBJECTS)
	@rm -f $@
	$(call say,AR)$(CROSS_AR) rcsD $@ $^

$(KVM_BUILD)/lib/%.o: lib/%.c
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(KVM_FLAGS) -c $< -o $@

$(KVM_BUILD)/%.o: kvm/%.c
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(KVM_FLAGS) -c $< -o $@

# sdei-vmm: a static program for arm64 Linux. Its C library comes with gcc, which
# links it, whoever compiles. libsdei-ras is in it, built for user space as well.
SDEI_VMM := $(KVM_BUILD)/sdei-vmm
VMM_OBJECTS := $(patsubst kvm/vmm/%.c,$(KVM_BUILD)/vmm/%.o,$(wildcard kvm/vmm/*.c)) \
	$(KVM_BUILD)/vmm/dsdt.o $(KVM_BUILD)/vmm/runtime.o
VMM_RAS := $(KVM_BUILD)/libsdei-ras.a
VMM_DSDT := $(KVM_BUILD)/vmm/dsdt.aml

all: $(SDEI_VMM)
#: make build/kvm/sdei-vmm    the small VMM, for arm64 Linux

$(VMM_RAS): $(RAS_SRC:lib/%.c=$(KVM_BUILD)/lib/%.o)
	@rm -f $@
	$(call say,AR)$(CROSS_AR) rcsD $@ $^

$(SDEI_VMM): $(VMM_OBJECTS) $(LIBSDEI_KVM) $(VMM_RAS) $(ARM64)/.libfdt
	$(call say,LD)$(GUEST_CC) -static $(filter %.o %.a,$^) $(GUEST_LIBFDT) -o $@

$(KVM_BUILD)/vmm/%.o: kvm/vmm/%.c $(ARM64)/.libfdt
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(KVM_FLAGS) -isystem $(ARM64)/root/usr/include \
		-Ifirmware/platform/common -DOPENSDEI_VERSION='"$(VERSION)"' -c $< -o $@

$(KVM_BUILD)/vmm/runtime.o: kvm/vmm/runtime.S
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) -c $< -o $@

$(KVM_BUILD)/vmm/dsdt.o: kvm/vmm/dsdt.S $(VMM_DSDT)
	$(call say,CC)$(CROSS_CC) -DDSDT_AML='"$(VMM_DSDT)"' -c $< -o $@

$(VMM_DSDT): kvm/vmm/acpi/dsdt.asl
	@mkdir -p $(@D)
	$(call say,CPP)$(CROSS_CC) -E -P -x assembler-with-cpp $< \
		-o $(@:.aml=.i.asl)
	$(call say,IASL)iasl -we -p $(basename $@) $(@:.aml=.i.asl) >$(@:.aml=.log) 2>&1 || \
		{ cat $(@:.aml=.log); exit 1; }

# For tests: a host's file system, with a guest for it.
KVM_INITRD := $(GUEST)/initrd-kvm.cpio
ARM64_SDEI := $(KVM_BUILD)/sdei

#: make build/initrd-kvm.cpio a file system for a KVM host, with a guest in it
# $(call kvm_initrd,FOLDER,KERNEL): in FOLDER, for host and guest with the kernel in the
# folder KERNEL. In the second, for tests, the same and an archive for guests with what
# only tests run there: a module among it, which is for Debian's kernel.
define kvm_initrd
$1/initrd-kvm.cpio: tests/guest/kvm.sh $1/initrd.cpio.gz $(SDEI_VMM) $(ARM64_SDEI) \
		$(CONFORMANCE) $(BUILD)/storm.bin $(BUILD)/host-el1.bin
	$$(call say,INITRD)tests/guest/kvm.sh $$@ $1/initrd.cpio.gz $2/vmlinuz \
		$(SDEI_VMM) $(ARM64_SDEI) $(CONFORMANCE) $(BUILD)/storm.bin \
		$(BUILD)/host-el1.bin

$1/initrd-kvm-tests.cpio: tests/guest/more.sh $1/initrd-kvm.cpio $(VMM_SAN) $(BURN32) \
		$(HOST_PROGRAM) $(EXAMPLE_FILES) $(BUILD)/tests/guest/kexec \
		$(if $(filter $(BUILD),$1),$(GUEST_MODULE))
	$$(call say,INITRD)tests/guest/more.sh $$@ $1/initrd-kvm.cpio $(VMM_SAN) \
		$(HOST_PROGRAM) $(EXAMPLE_FILES) $(SAN_LIBS) -- $(BURN32) $(BUILD)/tests/guest/kexec \
		$(if $(filter $(BUILD),$1),$(GUEST_MODULE))
endef

# The example of a VMM, its guest, and the VMM that docs/kvm.md makes: run where there
# is KVM.
EXAMPLE_FILES := $(BUILD)/examples/vmm/vmm $(BUILD)/examples/kernel/kernel.bin \
	$(BUILD)/docs/kvm/my-vmm

# There is no compiler for AArch32 beside clang.
BURN32 := $(BUILD)/tests/guest/burn32

# The VMM with everything in it under sanitizers: they want a dynamic program.
VMM_SAN := $(BUILD)/tests/guest/sdei-vmm-san
# The address sanitizer of Debian 13's gcc 14 for arm64 cannot start: it has variables
# that it writes, real_strcat and others, among its code.
SANITIZERS := -fsanitize=undefined -static-libubsan \
	$(if $(filter 14%,$(shell $(GUEST_CC) -dumpversion 2>&1)),,-fsanitize=address -static-libasan)
SAN_LIBS := ld-linux-aarch64.so.1 libc.so.6 libm.so.6 libgcc_s.so.1

$(eval $(call kvm_initrd,$(BUILD),$(ARM64)))
$(if $(KERNEL),$(eval $(call kvm_initrd,$(GUEST),$(GUEST_KERNEL))))
$(eval $(call kvm_initrd,$(BUILD)/backports,$(BACKPORTS)))

$(VMM_SAN): $(wildcard kvm/*.c kvm/vmm/*.c kvm/*.h kvm/vmm/*.h) $(DISPATCHER_SRC) \
		$(RAS_SRC) firmware/platform/common/trace_format.h $(KVM_BUILD)/vmm/dsdt.o $(KVM_BUILD)/vmm/runtime.o $(ARM64)/.libfdt
	@mkdir -p $(@D)
	$(call say,GUESTCC)$(GUEST_CC) -std=c11 -D_GNU_SOURCE -O1 -g $(WARNINGS) -Iinclude \
		-Ifirmware/platform/common -isystem $(ARM64)/root/usr/include -DOPENSDEI_VERSION='"$(VERSION)"' \
		-DUNCONFINED $(SANITIZERS) -fno-sanitize-recover=all $(filter %.c %.o,$^) $(GUEST_LIBFDT) -o $@

$(BURN32): tests/guest/burn32.c tests/guest/hold32.S
	@mkdir -p $(@D)
	$(call say,CLANG)clang --target=armv8a-linux-gnueabihf -mfpu=neon-fp-armv8 \
		-std=c11 -O2 $(WARNINGS) -ffreestanding -ffp-contract=off -nostdlib \
		-static -fuse-ld=lld $^ -o $@

tests: $(GUEST)/initrd-kvm-tests.cpio $(BUILD)/backports/initrd-kvm-tests.cpio
