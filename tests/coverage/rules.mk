# SPDX-License-Identifier: BSD-2-Clause
# Which lines and branches of the dispatcher the unit tests and the model's walk
# reach. Built apart with gcc, without optimisation, or branches would not be
# those of the source.

COVERAGE_BUILD := $(BUILD)/coverage
COVERAGE_FLAGS := -std=c11 -O0 -g $(WARNINGS) -MMD -MP -Iinclude -Itests/unit
COVERAGE_LIB := $(DISPATCHER_SRC:%.c=$(COVERAGE_BUILD)/%.o)
# The unit tests of the dispatcher are those that play the fake machine.
COVERAGE_UNIT := $(shell grep -l '"fake.h"' tests/unit/test_*.c)
COVERAGE_TESTS := $(COVERAGE_UNIT:tests/unit/%.c=$(COVERAGE_BUILD)/%)
COVERAGE_MODEL := $(wildcard tests/model/*.c)
COVERAGE_WALK := $(if $(wildcard tests/model/main.c),$(COVERAGE_BUILD)/walk)

.PHONY: coverage
#: make coverage         line and branch coverage of lib/dispatcher, by file
coverage: $(COVERAGE_TESTS) $(COVERAGE_WALK)
	@find $(COVERAGE_BUILD) -name '*.gcda' -delete
	@set -e; for t in $^; do $$t > $$t.log 2>&1 || { cat $$t.log; exit 1; }; done
	@python3 tests/coverage/coverage.py $(COVERAGE_BUILD)/lib tests/coverage/exceptions

$(COVERAGE_BUILD)/lib/%.o: lib/%.c
	@mkdir -p $(@D)
	$(call say,GCC)gcc $(COVERAGE_FLAGS) --coverage -c $< -o $@

$(COVERAGE_BUILD)/tests/%.o: tests/%.c
	@mkdir -p $(@D)
	$(call say,GCC)gcc $(COVERAGE_FLAGS) -c $< -o $@

$(COVERAGE_BUILD)/test_%: $(COVERAGE_BUILD)/tests/unit/test_%.o \
		$(COVERAGE_BUILD)/tests/unit/fake.o $(COVERAGE_LIB)
	$(call say,GCC)gcc --coverage $^ -lcmocka -o $@

$(COVERAGE_BUILD)/walk: $(COVERAGE_MODEL:%.c=$(COVERAGE_BUILD)/%.o) $(COVERAGE_LIB)
	$(call say,GCC)gcc --coverage $^ -o $@
