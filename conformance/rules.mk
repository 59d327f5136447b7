# SPDX-License-Identifier: BSD-2-Clause
# conformance.bin: the payload that judges a dispatcher, one for each platform.

CONFORMANCE_DIR := conformance
CONFORMANCE_BUILD := $(BUILD)/conformance
CONFORMANCE := $(IMAGES)/conformance$(if $(OTHER_PLATFORM),-$(PLATFORM)).bin
CONFORMANCE_SRC := $(wildcard $(CONFORMANCE_DIR)/*.c $(CONFORMANCE_DIR)/checks/*.c)
CONFORMANCE_ASM := $(filter-out %.ld.S,$(wildcard $(CONFORMANCE_DIR)/*.S))
CONFORMANCE_OBJECTS := $(CONFORMANCE_ASM:%.S=$(BUILD)/%.o) $(CONFORMANCE_SRC:%.c=$(BUILD)/%.o)
CONFORMANCE_FLAGS := $(BARE_FLAGS) $(DEVICE_FLAGS) -I$(CONFORMANCE_DIR) $(PLATFORM_FLAGS)

all: $(CONFORMANCE)
FIRMWARE_IMAGES += $(CONFORMANCE)
#: make build/conformance.bin the conformance payload alone

$(CONFORMANCE): $(CONFORMANCE_BUILD)/conformance.elf
	$(call say,OBJCOPY)$(CROSS_OBJCOPY) -O binary $< $@

$(CONFORMANCE_BUILD)/conformance.elf: $(CONFORMANCE_BUILD)/image.ld $(CONFORMANCE_OBJECTS)
	$(call say,LD)$(CROSS_LD) --fatal-warnings -z max-page-size=4096 -T $< -o $@ \
		$(CONFORMANCE_OBJECTS)

$(CONFORMANCE_BUILD)/image.ld: $(CONFORMANCE_DIR)/image.ld.S
	@mkdir -p $(@D)
	$(call say,CPP)$(CROSS_CC) -E -P -MMD -MP -MF $@.d -MT $@ $(PLATFORM_FLAGS) $< -o $@

$(CONFORMANCE_BUILD)/%.o: $(CONFORMANCE_DIR)/%.c
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(CONFORMANCE_FLAGS) -c $< -o $@

$(CONFORMANCE_BUILD)/%.o: $(CONFORMANCE_DIR)/%.S
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(CONFORMANCE_FLAGS) -c $< -o $@
