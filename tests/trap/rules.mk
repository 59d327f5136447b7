# SPDX-License-Identifier: BSD-2-Clause
# trap.bin: a payload that uses every system register there can be, at each level.

TRAP := $(BUILD)/trap.bin
TRAP_OBJECTS := $(addprefix $(BUILD)/tests/trap/,trap.o aarch32.o enter_32.o)

all: $(TRAP)

$(TRAP): $(BUILD)/tests/trap/trap.elf
	$(call say,OBJCOPY)$(CROSS_OBJCOPY) -O binary $< $@

$(BUILD)/tests/trap/trap.elf: $(BUILD)/bench/image.ld $(TRAP_OBJECTS)
	$(call say,LD)$(CROSS_LD) --fatal-warnings -z max-page-size=4096 -T $< -o $@ \
		$(filter %.o,$^)

$(BUILD)/tests/trap/%.o: tests/trap/%.S
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(BARE_FLAGS) -c $< -o $@

$(BUILD)/tests/trap/%.o: tests/trap/%.c
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(BARE_FLAGS) -c $< -o $@
