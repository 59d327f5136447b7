# SPDX-License-Identifier: BSD-2-Clause
# The model and its exhaustive walk: the library for the host, with UBSan.

MODEL_BUILD := $(BUILD)/tests/model
MODEL_FLAGS := $(C_FLAGS) -O2 -fsanitize=undefined -fno-sanitize-recover=all \
	-Iinclude -Itests/model
MODEL_LIB := $(DISPATCHER_SRC:lib/%.c=$(MODEL_BUILD)/lib/%.o)
MODEL_OBJ := $(addprefix $(MODEL_BUILD)/,main.o walk.o machine.o ops.o \
	actions.o state.o saved.o model.o calls.o)
# Error sources have a model and a walk of their own.
MODEL_RAS := $(patsubst tests/%.c,$(BUILD)/tests/%.o,$(wildcard tests/model/ras/*.c))
MODEL_RAS_LIB := $(RAS_SRC:lib/%.c=$(MODEL_BUILD)/lib/%.o)
MODEL_TESTS += $(MODEL_BUILD)/walk $(MODEL_BUILD)/ras/walk

.PHONY: model model-ras
model: $(MODEL_TESTS)
	@set -e; for t in $(MODEL_TESTS); do $$t; done

model-ras: $(MODEL_BUILD)/ras/walk
	@$<
#: make model            walk every state of a small machine, beside the models

$(MODEL_BUILD)/lib/%.o: lib/%.c
	@mkdir -p $(@D)
	$(call say,HOSTCC)$(HOST_CC) $(MODEL_FLAGS) -c $< -o $@

$(MODEL_BUILD)/%.o: tests/model/%.c
	@mkdir -p $(@D)
	$(call say,HOSTCC)$(HOST_CC) $(MODEL_FLAGS) -c $< -o $@

$(MODEL_BUILD)/walk: $(MODEL_OBJ) $(MODEL_LIB)
	$(call say,HOSTLD)$(HOST_CC) $(MODEL_FLAGS) $^ -o $@

$(MODEL_BUILD)/ras/walk: $(MODEL_RAS) $(MODEL_RAS_LIB)
	$(call say,HOSTLD)$(HOST_CC) $(MODEL_FLAGS) $^ -o $@
