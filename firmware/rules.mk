# SPDX-License-Identifier: BSD-2-Clause
# What EL3 and the boot stage share, and then each part.

FIRMWARE := $(BUILD)/opensdei-qemu-virt.bin
FIRMWARE_COMMON := $(addprefix $(BUILD)/firmware/,memory.o print.o calendar.o)

$(BUILD)/firmware/%.o: firmware/%.c
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(BARE_FLAGS) -Ifirmware -c $< -o $@

include firmware/ras/rules.mk
include firmware/boot/rules.mk
include firmware/el3/rules.mk
