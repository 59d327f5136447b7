# SPDX-License-Identifier: BSD-2-Clause
# Unit tests: the library and the record code for the host, with sanitizers.

UNIT_BUILD := $(BUILD)/tests/unit
UNIT_FLAGS := $(C_FLAGS) -O1 -fsanitize=address,undefined \
	-fno-sanitize-recover=all -fno-omit-frame-pointer -Iinclude -Itests/unit \
	-Ifirmware/platform/common
UNIT_LIB := $(DISPATCHER_SRC:lib/%.c=$(UNIT_BUILD)/lib/%.o)
UNIT_TESTS += $(addprefix $(UNIT_BUILD)/test_,state calls deliver dispatch_now routing bind slot save machine pstate lines)
# The client, against the dispatcher; its registers are variables.
UNIT_CLIENT_TESTS := $(patsubst tests/unit/%.c,$(UNIT_BUILD)/%,$(wildcard \
	tests/unit/test_client*.c))
UNIT_CLIENT := $(patsubst lib/%.c,$(UNIT_BUILD)/lib/%.o,$(CLIENT_SRC) \
	lib/client/fdt.c)
UNIT_TESTS += $(UNIT_CLIENT_TESTS)

# The dispatcher with a context of the embedder's.
UNIT_OWN := $(filter-out %/migrate.o,$(DISPATCHER_SRC:lib/%.c=$(UNIT_BUILD)/own/%.o))
UNIT_TESTS += $(UNIT_BUILD)/test_own_context

.PHONY: unit
#: make unit             build and run the unit tests that have changed

$(UNIT_BUILD)/lib/%.o: lib/%.c
	@mkdir -p $(@D)
	$(call say,HOSTCC)$(HOST_CC) $(UNIT_FLAGS) -c $< -o $@

$(UNIT_BUILD)/%.o: tests/unit/%.c
	@mkdir -p $(@D)
	$(call say,HOSTCC)$(HOST_CC) $(UNIT_FLAGS) -c $< -o $@

$(UNIT_BUILD)/test_%: $(UNIT_BUILD)/test_%.o $(UNIT_BUILD)/fake.o $(UNIT_LIB)
	$(call say,HOSTLD)$(HOST_CC) $(UNIT_FLAGS) $^ -lcmocka -o $@

$(UNIT_BUILD)/own/%.o: lib/%.c
	@mkdir -p $(@D)
	$(call say,HOSTCC)$(HOST_CC) $(UNIT_FLAGS) -DSDEI_CONTEXT_H='"own_context.h"' -c $< -o $@

$(UNIT_BUILD)/test_own_context.o: UNIT_FLAGS += -DSDEI_CONTEXT_H='"own_context.h"'
$(UNIT_BUILD)/test_own_context: $(UNIT_BUILD)/test_own_context.o $(UNIT_OWN)
	$(call say,HOSTLD)$(HOST_CC) $(UNIT_FLAGS) $^ -lcmocka -o $@

$(UNIT_BUILD)/lib/client/%.o: lib/client/%.c
	@mkdir -p $(@D)
	$(call say,HOSTCC)$(HOST_CC) $(UNIT_FLAGS) -Itests/unit/client -c $< -o $@

$(UNIT_CLIENT_TESTS): $(UNIT_BUILD)/test_%: $(UNIT_BUILD)/test_%.o \
		$(UNIT_BUILD)/client_rig.o $(UNIT_BUILD)/fake.o $(UNIT_LIB) \
		$(UNIT_CLIENT)
	$(call say,HOSTLD)$(HOST_CC) $(UNIT_FLAGS) $^ -lcmocka -lfdt -o $@

# Objects that a pattern rule makes on the way are kept.
.SECONDARY:
