# SPDX-License-Identifier: BSD-2-Clause
# Two payloads that put a dispatcher under load: storm.bin calls at random,
# stress.bin counts. Start-up, PEs and devices are the conformance payload's.

STORM_DIR := tests/storm
STORM_BUILD := $(BUILD)/tests/storm
STORM := $(BUILD)/storm.bin $(BUILD)/stress.bin
STORM_BASE := $(addprefix $(CONFORMANCE_BUILD)/,start.o vectors.o conduit.o \
	call.o machine.o pe.o source.o string.o text.o)
STORM_COMMON := $(addprefix $(STORM_BUILD)/,entry.o base.o number.o)
STORM_FUZZER := $(addprefix $(STORM_BUILD)/,storm.o calls.o judge.o track.o \
	handle.o after.o)
STORM_COUNTER := $(addprefix $(STORM_BUILD)/,stress.o stress_event.o \
	stress_manager.o)

all: $(STORM)
#: make build/storm.bin  the fuzzing client alone; build/stress.bin: the counting one

$(BUILD)/storm.bin: $(STORM_BUILD)/storm.elf
$(BUILD)/stress.bin: $(STORM_BUILD)/stress.elf
$(STORM):
	$(call say,OBJCOPY)$(CROSS_OBJCOPY) -O binary $< $@

$(STORM_BUILD)/storm.elf: $(STORM_BASE) $(STORM_COMMON) $(STORM_FUZZER)
$(STORM_BUILD)/stress.elf: $(STORM_BASE) $(STORM_COMMON) $(STORM_COUNTER)
$(STORM_BUILD)/%.elf: $(CONFORMANCE_BUILD)/image.ld
	$(call say,LD)$(CROSS_LD) --fatal-warnings -z max-page-size=4096 -T $< -o $@ \
		$(filter %.o,$^)

$(STORM_BUILD)/%.o: $(STORM_DIR)/%.c
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(CONFORMANCE_FLAGS) -I$(STORM_DIR) -c $< -o $@

$(STORM_BUILD)/%.o: $(STORM_DIR)/%.S
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(CONFORMANCE_FLAGS) -I$(STORM_DIR) -c $< -o $@
