# SPDX-License-Identifier: BSD-2-Clause
# libsdei-kvm.a: SDEI for KVM guests, for a VMM on arm64 Linux; the dispatcher
# is in it. And sdei-vmm, a small VMM around it.

KVM_BUILD := $(BUILD)/kvm
LIBSDEI_KVM := $(KVM_BUILD)/libsdei-kvm.a
KVM_SRC := $(wildcard kvm/*.c)
# For user space: what the firmware links is for a machine without one.
KVM_FLAGS := $(C_FLAGS) -march=armv8-a -Iinclude
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
