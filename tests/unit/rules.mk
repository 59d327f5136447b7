# SPDX-License-Identifier: BSD-2-Clause
# Unit tests: the library and the record code for the host, with sanitizers.

UNIT_BUILD := $(BUILD)/tests/unit
UNIT_FLAGS := $(C_FLAGS) -O1 -fsanitize=address,undefined \
	-fno-sanitize-recover=all -fno-omit-frame-pointer -Iinclude -Itests/unit
UNIT_LIB := $(DISPATCHER_SRC:lib/%.c=$(UNIT_BUILD)/lib/%.o)
UNIT_TESTS += $(addprefix $(UNIT_BUILD)/test_,state calls deliver routing bind save machine)

.PHONY: unit
unit: $(UNIT_TESTS)
	@set -e; for t in $(UNIT_TESTS); do $$t; done
#: make unit             build and run the unit tests

$(UNIT_BUILD)/lib/%.o: lib/%.c
	@mkdir -p $(@D)
	$(call say,HOSTCC)$(HOST_CC) $(UNIT_FLAGS) -c $< -o $@

$(UNIT_BUILD)/%.o: tests/unit/%.c
	@mkdir -p $(@D)
	$(call say,HOSTCC)$(HOST_CC) $(UNIT_FLAGS) -c $< -o $@

$(UNIT_BUILD)/test_%: $(UNIT_BUILD)/test_%.o $(UNIT_BUILD)/fake.o $(UNIT_LIB)
	$(call say,HOSTLD)$(HOST_CC) $(UNIT_FLAGS) $^ -lcmocka -o $@

# Objects that a pattern rule makes on the way are kept.
.SECONDARY:
