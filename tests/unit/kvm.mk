# SPDX-License-Identifier: BSD-2-Clause
# libsdei-kvm on the host, around a fake KVM.

KVM_UNIT_TESTS := $(addprefix $(UNIT_BUILD)/,test_kvm test_kvm_vm)
KVM_UNIT_OBJECTS := $(KVM_SRC:kvm/%.c=$(UNIT_BUILD)/kvm/%.o) \
	$(UNIT_BUILD)/kvm_fake.o $(UNIT_LIB)

UNIT_TESTS += $(KVM_UNIT_TESTS)

$(KVM_UNIT_TESTS): $(UNIT_BUILD)/test_%: $(UNIT_BUILD)/test_%.o $(KVM_UNIT_OBJECTS)
	$(call say,HOSTLD)$(HOST_CC) $(UNIT_FLAGS) $^ -lcmocka -lpthread -o $@

$(UNIT_BUILD)/kvm/%.o: kvm/%.c
	@mkdir -p $(@D)
	$(call say,HOSTCC)$(HOST_CC) $(UNIT_FLAGS) -D_GNU_SOURCE -c $< -o $@
