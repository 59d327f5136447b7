# SPDX-License-Identifier: BSD-2-Clause
# Litmus tests: what must not be, whatever order Arm's memory model leaves to the PEs.
# The programs are never run by a machine: litmus.py traces the library in them.

LITMUS_BUILD := $(BUILD)/litmus
LITMUS := $(addprefix $(LITMUS_BUILD)/,dispatcher.elf kvm.elf vmm.elf)
LITMUS += $(addprefix $(LITMUS_BUILD)/,ras.elf apei.elf client.elf)
HERD := $(BACKPORTS)/herd7
LITMUS_RUN := HERD=$(HERD) /usr/bin/python3 -B tests/litmus/litmus.py

LITMUS_LD := $(CROSS_LD) -Ttext=0x100000 --gc-sections -e turn -u tests

$(LITMUS_BUILD)/%.o: tests/litmus/%.c
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(BARE_FLAGS) -mcmodel=tiny -Ilib/dispatcher \
		-c $< -o $@

$(LITMUS_BUILD)/dispatcher.elf: $(addprefix $(LITMUS_BUILD)/,dispatcher.o machine.o support.o) \
		$(LIBSDEI)
	$(call say,LD)$(LITMUS_LD) $^ -o $@

$(LITMUS_BUILD)/ras.elf $(LITMUS_BUILD)/apei.elf: $(LIBSDEI_RAS)
$(LITMUS_BUILD)/client.elf: $(LIBSDEI)
$(addprefix $(LITMUS_BUILD)/,ras.elf apei.elf client.elf): %.elf: %.o \
		$(LITMUS_BUILD)/support.o
	$(call say,LD)$(LITMUS_LD) $(filter %.o,$^) $(filter %.a,$^) -o $@

# As programs for Linux are built, but linked with nothing of it.
LITMUS_KVM := $(addprefix $(KVM_BUILD)/,notes.o run.o system.o takeover.o)

$(LITMUS_BUILD)/kvm.o: tests/litmus/kvm.c
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(KVM_FLAGS) -fno-builtin -c $< -o $@

$(LITMUS_BUILD)/kvm.elf: $(addprefix $(LITMUS_BUILD)/,kvm.o support.o) $(LITMUS_KVM)
	$(call say,LD)$(LITMUS_LD) --unresolved-symbols=ignore-all $^ \
		$$($(GUEST_CC) -print-libgcc-file-name) -o $@

# The VMM with its libraries: what the program does not include, whose names it shadows.
LITMUS_VMM := $(addprefix $(KVM_BUILD)/vmm/,live.o poison.o sources.o vcpu.o) $(LIBSDEI_KVM) \
	$(VMM_RAS)

$(LITMUS_BUILD)/vmm.o $(LITMUS_BUILD)/vmm_world.o: $(LITMUS_BUILD)/%.o: tests/litmus/%.c
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(KVM_FLAGS) -Wno-shadow -fno-builtin -I. -Ilib/dispatcher \
		-Ifirmware/platform/common -DOPENSDEI_VERSION='""' -c $< -o $@

$(LITMUS_BUILD)/vmm.elf: $(addprefix $(LITMUS_BUILD)/,vmm.o vmm_world.o support.o) $(LITMUS_VMM)
	$(call say,LD)$(LITMUS_LD) --unresolved-symbols=ignore-all $^ \
		$$($(GUEST_CC) -print-libgcc-file-name) -o $@

.PHONY: litmus litmus-faults
#: make litmus           lib's and kvm's handshakes under Arm's memory model (herd7)
litmus: $(LITMUS) | $(BACKPORTS)/.herd
	@$(LITMUS_RUN) $(LITMUS)

EVERY := 1
#: make litmus-faults    each barrier taken away: a litmus test must notice
litmus-faults: | $(BACKPORTS)/.herd
	@HERD=$(HERD) ARM64=$(ARM64) /usr/bin/python3 -B tests/litmus/orders.py --every $(EVERY) \
		tests/litmus/table

# Tests run at the same time do not build the same.
tests tests-quick: $(LITMUS) $(BACKPORTS)/.herd

-include $(wildcard $(LITMUS_BUILD)/*.d)
