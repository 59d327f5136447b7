# SPDX-License-Identifier: BSD-2-Clause
# opensdei-qemu-virt.bin: EL3, with the boot stage inside.

EL3_DIR := firmware/el3
EL3_BUILD := $(BUILD)/firmware/el3
EL3_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard $(EL3_DIR)/*.c) $(PLATFORM)/events.c) \
	$(patsubst %.S,$(BUILD)/%.o,$(filter-out %.ld.S,$(wildcard $(EL3_DIR)/*.S))) \
	$(FIRMWARE_COMMON)
EL3_FLAGS := $(BARE_FLAGS) -I$(PLATFORM) -Ifirmware -Ifirmware/ras -Ifirmware/boot \
	-DOPENSDEI_VERSION='"$(VERSION)"' -DBOOT_BIN='"$(BOOT_BIN)"'

all: $(FIRMWARE)
#: make build/opensdei-qemu-virt.bin   the firmware, for QEMU's -bios

$(FIRMWARE): $(BUILD)/opensdei.elf
	$(call say,OBJCOPY)$(CROSS_OBJCOPY) -O binary $< $@

$(BUILD)/opensdei.elf: $(EL3_BUILD)/el3.ld $(EL3_OBJECTS) $(RAS_OBJ) $(LIBSDEI) $(LIBSDEI_RAS)
	$(call say,LD)$(CROSS_LD) --fatal-warnings -z max-page-size=4096 -T $< -o $@ \
		$(EL3_OBJECTS) $(RAS_OBJ) $(LIBSDEI) $(LIBSDEI_RAS)

$(EL3_BUILD)/el3.ld: $(EL3_DIR)/el3.ld.S
	@mkdir -p $(@D)
	$(call say,CPP)$(CROSS_CC) -E -P -MMD -MP -MF $@.d -MT $@ -I$(PLATFORM) -I$(EL3_DIR) $< -o $@

$(EL3_BUILD)/boot_image.o: $(BOOT_BIN)

$(EL3_BUILD)/%.o: $(EL3_DIR)/%.c
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(EL3_FLAGS) -c $< -o $@

$(EL3_BUILD)/%.o: $(EL3_DIR)/%.S
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(EL3_FLAGS) -c $< -o $@

$(BUILD)/$(PLATFORM)/%.o: $(PLATFORM)/%.c
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(EL3_FLAGS) -c $< -o $@
