# SPDX-License-Identifier: BSD-2-Clause
# libsdei.a and libsdei-ras.a for the machine. The unit tests build the same sources
# for the host.

DISPATCHER_SRC := $(wildcard lib/dispatcher/*.c)
# What needs libfdt is an archive of its own: nobody else needs libfdt's headers.
CLIENT_SRC := $(filter-out lib/client/fdt.c,$(wildcard lib/client/*.c))
CLIENT_ASM := $(wildcard lib/client/aarch64/*.S)
# Whoever reports errors does not read records: the decoder is the tool's alone.
DECODE_SRC := $(wildcard lib/ras/decode*.c)
RAS_SRC := $(filter-out $(DECODE_SRC),$(wildcard lib/ras/*.c))
LIB_OBJECTS := $(patsubst %,$(BUILD)/%.o,$(basename $(DISPATCHER_SRC) \
	$(CLIENT_SRC) $(CLIENT_ASM)))
# What calls and events go through is built for speed, the rest for size.
HOT := $(addprefix lib/dispatcher/,calls.c deliver.c pending.c) \
	lib/ras/record.c
# No padding: it is not only never jumped over, it is run through. No second copy of a
# loop's beginning: that is mostly a lock, which is mostly free.
FAST := -O2 $(if $(filter 1,$(LLVM)),,-fno-align-functions -fno-align-jumps \
	-fno-align-loops -fno-align-labels -fno-tree-ch \
	-freorder-blocks-algorithm=simple)
# No copies of a tail for each way that leads there, one prologue a function, no
# blocks apart for what seems unlikely, no register saved to keep a constant in it
# through a loop; loads of neighbours come together to be one.
SMALL := -Os $(if $(filter 1,$(LLVM)),,-fno-thread-jumps -fno-shrink-wrap \
	-fno-guess-branch-probability -fno-move-loop-invariants -fschedule-insns)
LIBSDEI := $(BUILD)/lib/libsdei.a
LIBSDEI_FDT := $(BUILD)/lib/libsdei-fdt.a
LIBSDEI_RAS := $(BUILD)/lib/libsdei-ras.a
# For programs on this machine, with the decoder: what is installed (mk/install.mk).
RAS_NATIVE := $(BUILD)/package/libsdei-ras-native.a

all: $(LIBSDEI) $(LIBSDEI_FDT) $(LIBSDEI_RAS)
#: make build/lib/libsdei.a   the library alone

# Who links two of them has its version once.
$(LIBSDEI): $(LIB_OBJECTS) $(BUILD)/lib/version.o
$(LIBSDEI_FDT): $(BUILD)/lib/client/fdt.o
$(LIBSDEI_RAS): $(RAS_SRC:%.c=$(BUILD)/%.o) $(BUILD)/lib/version.o
$(LIBSDEI) $(LIBSDEI_FDT) $(LIBSDEI_RAS):
	@rm -f $@
	$(call say,AR)$(CROSS_AR) rcsD $@ $^

LIB_CC = $(call say,CC)$(CROSS_CC) $(BARE_FLAGS) -mcmodel=tiny
SPEED = $(if $(findstring $<,$(HOT)),$(FAST),$(SMALL))

$(BUILD)/lib/dispatcher/%.o: lib/dispatcher/%.c
	@mkdir -p $(@D)
	$(LIB_CC) $(SPEED) -c $< -o $@

$(BUILD)/lib/ras/%.o: lib/ras/%.c
	@mkdir -p $(@D)
	$(LIB_CC) $(SPEED) -c $< -o $@

$(BUILD)/lib/version.o: lib/version.c
	@mkdir -p $(@D)
	$(LIB_CC) $(SPEED) -c $< -o $@

$(BUILD)/lib/client/%.o: lib/client/%.c
	@mkdir -p $(@D)
	$(LIB_CC) $(SPEED) -Ilib/client/aarch64 -c $< -o $@

$(BUILD)/lib/client/%.o: lib/client/%.S
	@mkdir -p $(@D)
	$(LIB_CC) -c $< -o $@

$(BUILD)/lib/client/fdt.o: lib/client/fdt.c $(ARM64)/.libfdt
	@mkdir -p $(@D)
	$(LIB_CC) $(SMALL) -isystem $(LIBFDT_INCLUDE) -c $< -o $@
