# SPDX-License-Identifier: BSD-2-Clause
# boot.bin: the stage between EL3 and the kernel. EL3 carries it inside itself.

BOOT_DIR := firmware/boot
BOOT_BUILD := $(BUILD)/boot
BOOT_BIN := $(BOOT_BUILD)/boot.bin
BOOT_OBJECTS := $(addprefix $(BOOT_BUILD)/,start.o main.o options.o console.o string.o \
	mmu.o fwcfg.o kernel.o tree.o memory.o acpi_loader.o acpi.o hest.o \
	efi.o tables.o runtime_image.o) \
	$(FIRMWARE_COMMON)

LIBFDT ?= $(ARM64)/root/usr/lib/aarch64-linux-gnu/libfdt.a
LIBFDT_INCLUDE ?= $(ARM64)/root/usr/include

# libfdt's headers ask for <string.h> and <stdlib.h>: libc/ has what exists.
BOOT_FLAGS := $(BARE_FLAGS) -I$(PLATFORM) -Ifirmware -I$(BOOT_DIR)/libc \
	-DRUNTIME_BIN='"$(BOOT_BUILD)/runtime.bin"' \
	-isystem $(LIBFDT_INCLUDE)

all: $(BOOT_BIN)
#: make build/boot/boot.bin   the boot stage alone

$(BOOT_BIN): $(BOOT_BUILD)/boot.elf
	$(call say,OBJCOPY)$(CROSS_OBJCOPY) -O binary $< $@

$(BOOT_BUILD)/boot.elf: $(BOOT_BUILD)/boot.ld $(BOOT_OBJECTS) $(ARM64)/.libfdt
	$(call say,LD)$(CROSS_LD) --fatal-warnings -z max-page-size=4096 -T $< -o $@ \
		$(BOOT_OBJECTS) $(LIBFDT)

$(BOOT_BUILD)/%.ld: $(BOOT_DIR)/%.ld.S
	@mkdir -p $(@D)
	$(call say,CPP)$(CROSS_CC) -E -P -MMD -MP -MF $@.d -MT $@ -I$(PLATFORM) $< -o $@

$(BOOT_BUILD)/%.o: $(BOOT_DIR)/%.c $(ARM64)/.libfdt
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(BOOT_FLAGS) -c $< -o $@

$(BOOT_BUILD)/%.o: $(BOOT_DIR)/%.S
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(BOOT_FLAGS) -c $< -o $@

# What the kernel may call later, linked by itself.
RUNTIME_OBJECTS := $(BOOT_BUILD)/runtime.o $(BUILD)/firmware/calendar.o

$(BOOT_BUILD)/runtime.elf: $(BOOT_BUILD)/runtime.ld $(RUNTIME_OBJECTS)
	$(call say,LD)$(CROSS_LD) --fatal-warnings -z max-page-size=4096 -T $< -o $@ \
		$(RUNTIME_OBJECTS)

$(BOOT_BUILD)/runtime.bin: $(BOOT_BUILD)/runtime.elf
	$(call say,OBJCOPY)$(CROSS_OBJCOPY) -O binary $< $@

$(BOOT_BUILD)/runtime_image.o: $(BOOT_BUILD)/runtime.bin

# Our ACPI tables, one after another: each tells its own length.
$(BOOT_BUILD)/tables.S: $(ACPI_AML) $(BOOT_DIR)/rules.mk
	@mkdir -p $(@D)
	@{ printf '\t.section .rodata\n\t.globl acpi_ours, acpi_ours_end\n'; \
	  printf '\t.balign 8\nacpi_ours:\n'; \
	  printf '\t.incbin "%s"\n\t.balign 8\n' $(ACPI_AML); \
	  printf 'acpi_ours_end:\n'; } > $@

$(BOOT_BUILD)/tables.o: $(BOOT_BUILD)/tables.S $(ACPI_AML)
	$(call say,CC)$(CROSS_CC) $(BOOT_FLAGS) -c $< -o $@
