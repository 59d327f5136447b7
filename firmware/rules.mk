# SPDX-License-Identifier: BSD-2-Clause
# What EL3 and the boot stage share, and then each part.

# EL3's C code preserves x8 to x15: el3/context.h. So must all that is linked to it:
# what was built with another list of registers is built again.
# clang jumps by one of them to a function that it calls last, having put back what its
# caller had there: so it must not make jumps of calls.
EL3_ABI := $(addprefix -fcall-saved-x,8 9 10 11 12 13 14 15) \
	$(if $(filter 1,$(LLVM)),-fno-optimize-sibling-calls)
# Beside each object who calls whom, and the stack that takes: bench/memory.py.
EL3_CALLS := $(if $(filter 1,$(LLVM)),,-fcallgraph-info=su)
EL3_FLAGS = $(BARE_FLAGS) $(EL3_ABI) $(EL3_CALLS) -DSDEI_CONTEXT_H='"el3/context.h"' \
	$(PLATFORM_FLAGS) -Ifirmware
FIRMWARE := $(IMAGES)/opensdei-$(PLATFORM).bin
FIRMWARE_COMMON := $(addprefix $(BUILD)/firmware/,memory.o print.o calendar.o)

$(BUILD)/firmware/%.o: firmware/%.c firmware/rules.mk
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(BARE_FLAGS) $(EL3_ABI) $(EL3_CALLS) -Ifirmware -c $< -o $@

include firmware/ras/rules.mk
include firmware/boot/rules.mk
include firmware/el3/rules.mk
