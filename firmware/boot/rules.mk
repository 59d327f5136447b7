# SPDX-License-Identifier: BSD-2-Clause
# boot.bin: the stage between EL3 and the kernel. EL3 carries it inside itself.

BOOT_DIR := firmware/boot
# BOOT_PLATFORM: what differs between platforms, from here or, as platform/, from its
# folder.
include $(PLATFORM_DIR)/boot.mk
BOOT_BUILD := $(BUILD)/boot
BOOT_BIN := $(BOOT_BUILD)/boot.bin
BOOT_OBJECTS := $(addprefix $(BOOT_BUILD)/,start.o main.o options.o console.o area.o smc.o string.o \
	mmu.o kernel.o tree.o memory.o acpi.o checksum.o hest.o \
	tables.o efi.o ssdt.o runtime_image.o) \
	$(addprefix $(BOOT_BUILD)/,$(BOOT_PLATFORM)) $(FIRMWARE_COMMON)

# Of the library what makes tables.
BOOT_RAS := $(addprefix $(BUILD)/lib/ras/,tables.o tables_actions.o)

LIBFDT ?= $(ARM64)/root/usr/lib/aarch64-linux-gnu/libfdt.a
LIBFDT_INCLUDE ?= $(ARM64)/root/usr/include

# libfdt's headers ask for <string.h> and <stdlib.h>: libc/ has what exists.
BOOT_FLAGS := $(BARE_FLAGS) $(PLATFORM_FLAGS) -Ifirmware -I$(BOOT_DIR)/libc \
	-DRUNTIME_BIN='"$(BOOT_BUILD)/runtime.bin"' \
	-isystem $(LIBFDT_INCLUDE)

all: $(BOOT_BIN)
#: make build/boot/boot.bin   the boot stage alone

$(BOOT_BIN): $(BOOT_BUILD)/boot.elf
	$(call say,OBJCOPY)$(CROSS_OBJCOPY) -O binary $< $@

$(BOOT_BUILD)/boot.elf: $(BOOT_BUILD)/boot.ld $(BOOT_OBJECTS) $(BOOT_RAS) $(ARM64)/.libfdt
	$(call say,LD)$(CROSS_LD) --fatal-warnings -z max-page-size=4096 -T $< -o $@ \
		$(BOOT_OBJECTS) $(BOOT_RAS) $(LIBFDT)

$(BOOT_BUILD)/%.ld: $(BOOT_DIR)/%.ld.S
	@mkdir -p $(@D)
	$(call say,CPP)$(CROSS_CC) -E -P -MMD -MP -MF $@.d -MT $@ $(PLATFORM_FLAGS) $< -o $@

$(BOOT_BUILD)/%.o: $(BOOT_DIR)/%.c $(ARM64)/.libfdt
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(BOOT_FLAGS) -c $< -o $@

$(BOOT_BUILD)/%.o: $(BOOT_DIR)/%.S
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(BOOT_FLAGS) -c $< -o $@

$(BOOT_BUILD)/platform/%.o: $(PLATFORM_DIR)/%.c $(ARM64)/.libfdt
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(BOOT_FLAGS) -I$(BOOT_DIR) -c $< -o $@

# What the kernel may call later, linked by itself.
RUNTIME_OBJECTS := $(BOOT_BUILD)/runtime.o $(BUILD)/firmware/calendar.o

$(BOOT_BUILD)/runtime.elf: $(BOOT_BUILD)/runtime.ld $(RUNTIME_OBJECTS)
	$(call say,LD)$(CROSS_LD) --fatal-warnings -z max-page-size=4096 -T $< -o $@ \
		$(RUNTIME_OBJECTS)

$(BOOT_BUILD)/runtime.bin: $(BOOT_BUILD)/runtime.elf
	$(call say,OBJCOPY)$(CROSS_OBJCOPY) -O binary $< $@

$(BOOT_BUILD)/runtime_image.o: $(BOOT_BUILD)/runtime.bin

# The ACPI tables that are code: ours, and a platform's DSDT.
$(BOOT_BUILD)/%.S: $(BUILD)/acpi/%.aml $(BOOT_DIR)/rules.mk
	@mkdir -p $(@D)
	@{ printf '\t.section .rodata\n\t.globl acpi_$*, acpi_$*_end\n'; \
	  printf '\t.balign 8\nacpi_$*:\n\t.incbin "%s"\n' $<; \
	  printf 'acpi_$*_end:\n'; } > $@

$(BOOT_BUILD)/%.o: $(BOOT_BUILD)/%.S $(BUILD)/acpi/%.aml
	$(call say,CC)$(CROSS_CC) $(BOOT_FLAGS) -c $< -o $@
