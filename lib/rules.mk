# SPDX-License-Identifier: BSD-2-Clause
# libsdei.a for the machine. The unit tests build the same sources for the host.

DISPATCHER_SRC := $(wildcard lib/dispatcher/*.c)
# What every call and event goes through is built for speed, the rest for size.
HOT := $(addprefix lib/dispatcher/,calls.c deliver.c pstate.c)
# No padding: it is not only never jumped over, it is run through.
FAST := -O2 $(if $(filter 1,$(LLVM)),,-fno-align-functions -fno-align-jumps \
	-fno-align-loops -fno-align-labels)
# No copies of a tail for each way that leads there, one prologue a function, no
# blocks apart for what seems unlikely, no register saved to keep a constant in it
# through a loop; loads of neighbours come together to be one.
SMALL := -Os $(if $(filter 1,$(LLVM)),,-fno-thread-jumps -fno-shrink-wrap \
	-fno-guess-branch-probability -fno-move-loop-invariants -fschedule-insns)
LIBSDEI := $(BUILD)/lib/libsdei.a

all: $(LIBSDEI)
#: make build/lib/libsdei.a   the library alone

$(LIBSDEI): $(DISPATCHER_SRC:%.c=$(BUILD)/%.o)
	@rm -f $@
	$(call say,AR)$(CROSS_AR) rcsD $@ $^

$(BUILD)/lib/%.o: lib/%.c
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(BARE_FLAGS) -mcmodel=tiny \
		$(if $(findstring $<,$(HOT)),$(FAST),$(SMALL)) -c $< -o $@
