# SPDX-License-Identifier: BSD-2-Clause
# Which lines and branches of the dispatcher and of the error sources the unit tests
# and some of the models' walks reach. Built apart with gcc, without optimisation, or
# branches would not be those of the source; the other walks would take an hour like
# that.

COVERAGE_BUILD := $(BUILD)/coverage
COVERAGE_FLAGS := -std=c11 -O0 -g $(WARNINGS) -MMD -MP -Iinclude -Itests/unit
COVERAGE_LIB := $(DISPATCHER_SRC:%.c=$(COVERAGE_BUILD)/%.o)
# The unit tests of the dispatcher are those that play the fake machine.
COVERAGE_UNIT := $(shell grep -l '"fake.h"' tests/unit/test_*.c)
COVERAGE_TESTS := $(COVERAGE_UNIT:tests/unit/%.c=$(COVERAGE_BUILD)/%)
COVERAGE_MODEL := $(wildcard tests/model/*.c)
COVERAGE_WALK := $(COVERAGE_BUILD)/walk
COVERAGE_WALKS := "one event in use" "one event in use, saved and loaded"

# Error sources: what they are made of, and the records that they need.
COVERAGE_RAS := $(addprefix lib/ras/,source.c queue.c publish.c raise.c drain.c save.c)
COVERAGE_RAS_REST := $(filter-out $(COVERAGE_RAS),$(RAS_SRC))
COVERAGE_RAS_OBJ := $(COVERAGE_RAS:%.c=$(COVERAGE_BUILD)/%.o) \
	$(COVERAGE_RAS_REST:%.c=$(COVERAGE_BUILD)/rest/%.o)
COVERAGE_RAS_MODEL := $(wildcard tests/model/ras/*.c)
COVERAGE_RAS_TESTS := $(addprefix $(COVERAGE_BUILD)/tests/,test_ras_source test_ras_saved)
COVERAGE_RAS_WALK := $(COVERAGE_BUILD)/tests/ras_walk
COVERAGE_RAS_WALKS := "at random, private" "at random, shared" "bad memory"

.PHONY: coverage
#: make coverage         line and branch coverage of lib/dispatcher and lib/ras, by file
coverage: $(COVERAGE_TESTS) $(COVERAGE_WALK) $(COVERAGE_RAS_TESTS) $(COVERAGE_RAS_WALK)
	@find $(COVERAGE_BUILD) -name '*.gcda' -delete
	@set -e; for t in $(COVERAGE_TESTS); do \
		$$t > $$t.log 2>&1 || { cat $$t.log; exit 1; }; done
	@set -e; for w in $(COVERAGE_WALKS); do \
		$(COVERAGE_WALK) "$$w" > $(COVERAGE_WALK).log || \
			{ cat $(COVERAGE_WALK).log; exit 1; }; done
	@set -e; for t in $(COVERAGE_RAS_TESTS); do \
		$$t > $$t.log 2>&1 || { cat $$t.log; exit 1; }; done
	@set -e; for w in $(COVERAGE_RAS_WALKS); do \
		$(COVERAGE_RAS_WALK) "$$w" > $(COVERAGE_RAS_WALK).log || \
			{ cat $(COVERAGE_RAS_WALK).log; exit 1; }; done
	@python3 tests/coverage/coverage.py $(COVERAGE_BUILD)/lib tests/coverage/exceptions

tests: $(COVERAGE_TESTS) $(COVERAGE_WALK) $(COVERAGE_RAS_TESTS) $(COVERAGE_RAS_WALK)

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

$(COVERAGE_BUILD)/rest/%.o: %.c
	@mkdir -p $(@D)
	$(call say,GCC)gcc $(COVERAGE_FLAGS) -c $< -o $@

$(COVERAGE_RAS_TESTS): $(COVERAGE_BUILD)/tests/%: $(COVERAGE_BUILD)/tests/unit/%.o \
		$(COVERAGE_RAS_OBJ)
	$(call say,GCC)gcc --coverage $^ -lcmocka -o $@

$(COVERAGE_RAS_WALK): $(COVERAGE_RAS_MODEL:%.c=$(COVERAGE_BUILD)/%.o) $(COVERAGE_RAS_OBJ)
	$(call say,GCC)gcc --coverage $^ -o $@
