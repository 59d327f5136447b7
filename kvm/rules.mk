# SPDX-License-Identifier: BSD-2-Clause
# libsdei-kvm.a: SDEI for KVM guests, for a VMM on arm64 Linux; the dispatcher
# is in it. And sdei-vmm, a small VMM around it.

KVM_BUILD := $(BUILD)/kvm
LIBSDEI_KVM := $(KVM_BUILD)/libsdei-kvm.a
KVM_SRC := $(wildcard kvm/*.c)
# For user space: what the firmware links is for a machine without one.
KVM_FLAGS := $(C_FLAGS) -D_GNU_SOURCE -march=armv8-a -Iinclude
KVM_OBJECTS := $(KVM_SRC:kvm/%.c=$(KVM_BUILD)/%.o) \
	$(DISPATCHER_SRC:lib/%.c=$(KVM_BUILD)/lib/%.o)

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
# links it, whoever compiles.
SDEI_VMM := $(KVM_BUILD)/sdei-vmm
VMM_OBJECTS := $(patsubst kvm/vmm/%.c,$(KVM_BUILD)/vmm/%.o,$(wildcard kvm/vmm/*.c)) \
	$(KVM_BUILD)/vmm/dsdt.o
VMM_DSDT := $(KVM_BUILD)/vmm/dsdt.aml

all: $(SDEI_VMM)
#: make build/kvm/sdei-vmm    the small VMM, for arm64 Linux

$(SDEI_VMM): $(VMM_OBJECTS) $(LIBSDEI_KVM) $(ARM64)/.libfdt
	$(call say,LD)$(GUEST_CC) -static $(filter %.o %.a,$^) $(GUEST_LIBFDT) -o $@

$(KVM_BUILD)/vmm/%.o: kvm/vmm/%.c $(ARM64)/.libfdt
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(KVM_FLAGS) -isystem $(ARM64)/root/usr/include \
		-DOPENSDEI_VERSION='"$(VERSION)"' -c $< -o $@

$(KVM_BUILD)/vmm/dsdt.o: kvm/vmm/dsdt.S $(VMM_DSDT)
	$(call say,CC)$(CROSS_CC) -DDSDT_AML='"$(VMM_DSDT)"' -c $< -o $@

$(VMM_DSDT): kvm/vmm/acpi/dsdt.asl
	@mkdir -p $(@D)
	$(call say,CPP)$(CROSS_CC) -E -P -x assembler-with-cpp $< \
		-o $(@:.aml=.i.asl)
	$(call say,IASL)iasl -we -p $(basename $@) $(@:.aml=.i.asl) >$(@:.aml=.log) 2>&1 || \
		{ cat $(@:.aml=.log); exit 1; }

# For tests: a host's file system, with a guest for it.
KVM_INITRD := $(BUILD)/initrd-kvm.cpio

#: make build/initrd-kvm.cpio a file system for a KVM host, with a guest in it
$(KVM_INITRD): tests/guest/kvm.sh $(GUEST_INITRD) $(SDEI_VMM) $(CONFORMANCE) \
		$(BUILD)/storm.bin $(BUILD)/host-el1.bin
	$(call say,INITRD)tests/guest/kvm.sh $@ $(GUEST_INITRD) $(ARM64)/vmlinuz \
		$(SDEI_VMM) $(CONFORMANCE) $(BUILD)/storm.bin \
		$(BUILD)/host-el1.bin

tests: $(KVM_INITRD)
