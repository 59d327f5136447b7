# SPDX-License-Identifier: BSD-2-Clause
# The host kernel, twice: host.bin lives at EL2 (VHE); host-el1.bin at EL1, with
# a stub at EL2 if it is entered there.

HOST_DIR := host
HOST_IMAGES := $(BUILD)/host.bin $(BUILD)/host-el1.bin
HOST_KERNEL_SRC := $(wildcard $(HOST_DIR)/*.c)
HOST_KERNEL_ASM := $(filter-out %.ld.S %/stub.S,$(wildcard $(HOST_DIR)/*.S))
HOST_OBJECTS = $(HOST_KERNEL_ASM:$(HOST_DIR)/%.S=$(1)/%.o) \
	$(HOST_KERNEL_SRC:$(HOST_DIR)/%.c=$(1)/%.o)
HOST_VHE_BUILD := $(BUILD)/host
HOST_EL1_BUILD := $(BUILD)/host-el1
# Frame pointers are for the backtrace.
HOST_FLAGS := $(BARE_FLAGS) $(DEVICE_FLAGS) -fno-omit-frame-pointer -I$(HOST_DIR) \
	-isystem $(LIBFDT_INCLUDE)

all: $(HOST_IMAGES)
#: make build/host.bin        the host kernel (host-el1.bin: without VHE)

$(HOST_IMAGES): $(BUILD)/%.bin: $(BUILD)/%/host.elf
	$(call say,OBJCOPY)$(CROSS_OBJCOPY) -O binary $< $@

$(HOST_VHE_BUILD)/host.elf: $(call HOST_OBJECTS,$(HOST_VHE_BUILD))
$(HOST_EL1_BUILD)/host.elf: $(call HOST_OBJECTS,$(HOST_EL1_BUILD)) \
	$(HOST_EL1_BUILD)/stub.o
%/host.elf: %/image.ld $(LIBSDEI) $(LIBSDEI_FDT)
	$(call say,LD)$(CROSS_LD) --fatal-warnings -z max-page-size=4096 -T $< -o $@ \
		$(filter %.o,$^) $(LIBSDEI_FDT) $(LIBSDEI) $(LIBFDT)

define HOST_RULES
$(1)/image.ld: $(HOST_DIR)/image.ld.S
	@mkdir -p $$(@D)
	$$(call say,CPP)$$(CROSS_CC) -E -P -DHOST_VHE=$(2) -MMD -MP -MF $$@.d -MT $$@ $$< -o $$@

$(1)/%.o: $(HOST_DIR)/%.c $(ARM64)/.libfdt
	@mkdir -p $$(@D)
	$$(call say,CC)$$(CROSS_CC) $$(HOST_FLAGS) -DHOST_VHE=$(2) -c $$< -o $$@

$(1)/%.o: $(HOST_DIR)/%.S
	@mkdir -p $$(@D)
	$$(call say,CC)$$(CROSS_CC) $$(HOST_FLAGS) -DHOST_VHE=$(2) -c $$< -o $$@
endef
$(eval $(call HOST_RULES,$(HOST_VHE_BUILD),1))
$(eval $(call HOST_RULES,$(HOST_EL1_BUILD),0))

.PHONY: sweep
#: make sweep     an event at every instruction of the host's paths, alone
sweep: $(HOST_IMAGES) $(FIRMWARE) $(SDEI)
	@$(PYTEST) -k "sweep and not clang" tests/system/test_host.py
