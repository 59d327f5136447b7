# SPDX-License-Identifier: BSD-2-Clause
# opensdei-PLATFORM.bin: EL3, with the boot stage inside.

EL3_DIR := firmware/el3
# The platform's own list of events, or the common one.
EL3_PLATFORM := $(PLATFORM_DIR)/el3.c \
	$(firstword $(wildcard $(PLATFORM_DIR)/events.c) firmware/platform/common/events.c)
EL3_BUILD := $(BUILD)/firmware/el3
EL3_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard $(EL3_DIR)/*.c) $(EL3_PLATFORM)) \
	$(patsubst %.S,$(BUILD)/%.o,$(filter-out %.ld.S,$(wildcard $(EL3_DIR)/*.S))) \
	$(FIRMWARE_COMMON)
EL3_CC = $(call say,CC)$(CROSS_CC) $(EL3_FLAGS) -Ifirmware/ras -Ifirmware/boot \
	-DOPENSDEI_VERSION='"$(VERSION)"' -DBOOT_BIN='"$(BOOT_BIN)"'
# The libraries, built into this firmware: with its context, and as its C code is.
EL3_LIB := $(patsubst %.c,$(EL3_BUILD)/%.o,$(DISPATCHER_SRC) $(RAS_SRC))
EL3_LIB_ARCHIVE := $(EL3_BUILD)/libsdei.a

all: $(FIRMWARE)
FIRMWARE_IMAGES += $(FIRMWARE)
#: make build/opensdei-qemu-virt.bin   the firmware, for QEMU's -bios

$(FIRMWARE): $(BUILD)/opensdei.elf
	$(call say,OBJCOPY)$(CROSS_OBJCOPY) -O binary $< $@

$(BUILD)/opensdei.elf: $(EL3_BUILD)/el3.ld $(EL3_OBJECTS) $(RAS_OBJ) $(EL3_LIB_ARCHIVE)
	$(call say,LD)$(CROSS_LD) --fatal-warnings -z max-page-size=4096 -T $< -o $@ \
		$(EL3_OBJECTS) $(RAS_OBJ) $(EL3_LIB_ARCHIVE)

$(EL3_BUILD)/el3.ld: $(EL3_DIR)/el3.ld.S
	@mkdir -p $(@D)
	$(call say,CPP)$(CROSS_CC) -E -P -MMD -MP -MF $@.d -MT $@ $(PLATFORM_FLAGS) -I$(EL3_DIR) $< -o $@

$(EL3_BUILD)/boot_image.o: $(BOOT_BIN)

# Saving is for guests: it needs contexts that are copied.
$(EL3_LIB_ARCHIVE): $(filter-out %/migrate.o,$(EL3_LIB))
	@rm -f $@
	$(call say,AR)$(CROSS_AR) rcsD $@ $^

$(EL3_BUILD)/lib/%.o: lib/%.c firmware/rules.mk
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(EL3_FLAGS) -mcmodel=tiny $(SPEED) -c $< -o $@

$(EL3_BUILD)/%.o: $(EL3_DIR)/%.c firmware/rules.mk
	@mkdir -p $(@D)
	$(EL3_CC) -c $< -o $@

$(EL3_BUILD)/%.o: $(EL3_DIR)/%.S firmware/rules.mk
	@mkdir -p $(@D)
	$(EL3_CC) -c $< -o $@

$(BUILD)/firmware/platform/%.o: firmware/platform/%.c firmware/rules.mk
	@mkdir -p $(@D)
	$(EL3_CC) -c $< -o $@
