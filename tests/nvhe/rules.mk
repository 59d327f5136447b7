# SPDX-License-Identifier: BSD-2-Clause
# nvhe.bin: a kernel at EL1 below the client's stub at EL2.

NVHE_BUILD := $(BUILD)/tests/nvhe
NVHE := $(BUILD)/nvhe.bin

all: $(NVHE)

$(NVHE): $(NVHE_BUILD)/nvhe.elf
	$(call say,OBJCOPY)$(CROSS_OBJCOPY) -O binary $< $@

$(NVHE_BUILD)/nvhe.elf: $(BUILD)/bench/image.ld \
		$(addprefix $(NVHE_BUILD)/,start.o main.o) \
		$(BUILD)/bench/support.o $(LIBSDEI)
	$(call say,LD)$(CROSS_LD) --fatal-warnings -z max-page-size=4096 -T $< -o $@ \
		$(filter %.o,$^) $(filter %.a,$^)

$(NVHE_BUILD)/%.o: tests/nvhe/%.c
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(BARE_FLAGS) -c $< -o $@

$(NVHE_BUILD)/%.o: tests/nvhe/%.S
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(BARE_FLAGS) -c $< -o $@
