# SPDX-License-Identifier: BSD-2-Clause
# libsdei-kvm on the host, around a fake KVM.

KVM_UNIT_TESTS := $(addprefix $(UNIT_BUILD)/,test_kvm test_kvm_vm test_kvm_takeover \
	test_kvm_gic test_kvm_watch)
KVM_UNIT_OBJECTS := $(KVM_SRC:kvm/%.c=$(UNIT_BUILD)/kvm/%.o) \
	$(UNIT_BUILD)/kvm_fake.o $(UNIT_LIB)

UNIT_TESTS += $(KVM_UNIT_TESTS)

# Its signal() is to last for more than one signal.
$(UNIT_BUILD)/test_kvm_vm.o: UNIT_FLAGS += -D_GNU_SOURCE

$(KVM_UNIT_TESTS): $(UNIT_BUILD)/test_%: $(UNIT_BUILD)/test_%.o $(KVM_UNIT_OBJECTS)
	$(call say,HOSTLD)$(HOST_CC) $(UNIT_FLAGS) $^ -lcmocka -lpthread -o $@

$(UNIT_BUILD)/kvm/%.o: kvm/%.c
	@mkdir -p $(@D)
	$(call say,HOSTCC)$(HOST_CC) $(UNIT_FLAGS) -D_GNU_SOURCE -c $< -o $@

# Of sdei-vmm what needs no KVM, with the DSDT that guests get.
VMM_UNIT_TEST := $(UNIT_BUILD)/test_vmm
UNIT_TESTS += $(VMM_UNIT_TEST)

$(VMM_UNIT_TEST): $(addprefix $(UNIT_BUILD)/kvm/vmm/,acpi.o efi.o sources.o time.o \
		dsdt.o) $(UNIT_RAS) \
		tests/unit/test_vmm.c kvm/vmm/vmm.h
	$(call say,HOSTLD)$(HOST_CC) $(filter-out -MMD -MP,$(UNIT_FLAGS)) -I. \
		$(filter %.o %.c,$^) -lcmocka -o $@

# Its error sources, all of them.
VMM_RECORDS := $(addprefix $(UNIT_BUILD)/kvm/vmm/,records.o records_event.o \
	records_memory.o sources.o) $(UNIT_RAS)

# A saved guest's file, with what KVM knows of a guest left out.
VMM_SAVE_TEST := $(UNIT_BUILD)/test_vmm_save
UNIT_TESTS += $(VMM_SAVE_TEST)

$(VMM_SAVE_TEST): $(addprefix $(UNIT_BUILD)/kvm/vmm/,save.o restore.o state.o \
		parts.o devices.o time.o) $(VMM_RECORDS) \
		tests/unit/test_vmm_save.c tests/unit/no_trace.c kvm/vmm/vmm.h kvm/vmm/state.h
	$(call say,HOSTLD)$(HOST_CC) $(filter-out -MMD -MP,$(UNIT_FLAGS)) -I. \
		$(filter %.o %.c,$^) -lcmocka -o $@

# Of each of these one file.
VMM_FILE_TESTS := $(addprefix $(UNIT_BUILD)/test_vmm_,abort confine live poison)
UNIT_TESTS += $(VMM_FILE_TESTS)

$(VMM_FILE_TESTS): $(UNIT_BUILD)/test_vmm_%: $(UNIT_BUILD)/kvm/vmm/%.o \
		tests/unit/test_vmm_%.c kvm/vmm/vmm.h
	$(call say,HOSTLD)$(HOST_CC) $(filter-out -MMD -MP,$(UNIT_FLAGS)) -I. \
		$(filter %.o %.c,$^) -lcmocka -o $@

$(UNIT_BUILD)/test_vmm_poison: $(UNIT_BUILD)/kvm/vmm/time.o

# Error sources: what is shown; guests that do or do not work on it; bad memory.
VMM_RECORDS_TESTS := $(addprefix $(UNIT_BUILD)/test_vmm_,inject records renew)
UNIT_TESTS += $(VMM_RECORDS_TESTS)

$(VMM_RECORDS_TESTS): $(UNIT_BUILD)/test_vmm_%: $(addprefix \
		$(UNIT_BUILD)/kvm/vmm/,state.o) $(VMM_RECORDS) \
		tests/unit/test_vmm_%.c tests/unit/vmm_world.h kvm/vmm/vmm.h \
		kvm/vmm/records.h
	$(call say,HOSTLD)$(HOST_CC) $(filter-out -MMD -MP,$(UNIT_FLAGS)) -I. \
		$(filter %.o %.c,$^) -lcmocka -o $@

$(UNIT_BUILD)/test_vmm_inject: $(addprefix $(UNIT_BUILD)/kvm/vmm/,inject.o storm.o)

# A guest's record beside the firmware's. Each half has its own world, and lib/ras once.
SAME_RECORD_TEST := $(UNIT_BUILD)/test_same_record
UNIT_TESTS += $(SAME_RECORD_TEST)
SAME_FIRMWARE_SRC := tests/unit/same_firmware.c firmware/el3/inject.c \
	$(addprefix firmware/ras/,einj.c erst.c raise.c ras.c)
SAME_FIRMWARE := $(SAME_FIRMWARE_SRC:%.c=$(UNIT_BUILD)/same/%.o)
# Names that sdei-vmm has, too.
SAME_NAMES := $(foreach name,inject_answer inject_storms live_add live_on \
	storm_begin storm_go_on storm_stop, \
	-D$(name)=firmware_$(name))

$(SAME_FIRMWARE): $(UNIT_BUILD)/same/%.o: %.c tests/unit/ras_fake.h \
		tests/unit/same_record.h firmware/ras/bert.c $(PLATFORM_HEADERS)
	@mkdir -p $(@D)
	$(call say,HOSTCC)$(HOST_CC) $(UNIT_FLAGS) -Ifirmware -Ifirmware/boot -Ifirmware/ras \
		-Itests/unit $(PLATFORM_FLAGS) $(SAME_NAMES) -c $< -o $@

$(SAME_RECORD_TEST): $(addprefix $(UNIT_BUILD)/kvm/vmm/,state.o inject.o storm.o) \
		$(VMM_RECORDS) $(SAME_FIRMWARE) tests/unit/test_same_record.c \
		tests/unit/same_record.h tests/unit/vmm_world.h
	$(call say,HOSTLD)$(HOST_CC) $(filter-out -MMD -MP,$(UNIT_FLAGS)) -I. \
		$(filter %.o %.c,$^) -lcmocka -o $@

$(UNIT_BUILD)/kvm/vmm/dsdt.o: kvm/vmm/dsdt.S $(VMM_DSDT)
	@mkdir -p $(@D)
	$(call say,HOSTCC)$(HOST_CC) -DDSDT_AML='"$(VMM_DSDT)"' -c $< -o $@

# Once more under ThreadSanitizer (clang's: gcc's refuses fences).
KVM_TSAN_TEST := $(UNIT_BUILD)/tsan_kvm_vm
KVM_TSAN_SRC := tests/unit/test_kvm_vm.c tests/unit/kvm_fake.c $(KVM_SRC) \
	$(DISPATCHER_SRC)
UNIT_TESTS += $(KVM_TSAN_TEST)

$(KVM_TSAN_TEST): $(KVM_TSAN_SRC) $(wildcard kvm/*.h tests/unit/kvm_fake.h \
		include/sdei/*.h lib/dispatcher/*.h)
	@mkdir -p $(@D)
	$(call say,CLANG)clang -std=c11 -O1 -g $(WARNINGS) -D_GNU_SOURCE \
		-Iinclude -Itests/unit -fsanitize=thread $(KVM_TSAN_SRC) -lcmocka \
		-lpthread -o $@
