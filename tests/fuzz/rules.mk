# SPDX-License-Identifier: BSD-2-Clause
# Fuzzing the libraries with libFuzzer, always with clang. What was built is also
# run on the seeds alone, without the fuzzer: that is a test like any other.

FUZZ_BUILD := $(BUILD)/tests/fuzz
FUZZ_SECONDS ?= 20
FUZZ_LENGTH ?= 96
FUZZ_RAS_TARGETS := decode record apei client ras_state
FUZZ_TARGETS := calls raw state $(FUZZ_RAS_TARGETS)
FUZZ_FLAGS := -std=c11 -O2 -g $(WARNINGS) -MMD -MP -Iinclude
# Only the library is watched and guides the fuzzer: the world is not what is
# tested, and this way it is three times as fast.
FUZZ_SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all
FUZZ_LIB_FLAGS := $(FUZZ_FLAGS) $(FUZZ_SANITIZE) -fsanitize=fuzzer-no-link \
	-fno-sanitize-coverage=trace-cmp
FUZZ_WORLD := $(addprefix $(FUZZ_BUILD)/,world.o check.o calls.o steps.o)
FUZZ_LIB := $(DISPATCHER_SRC:lib/%.c=$(FUZZ_BUILD)/lib/%.o)
FUZZ_RAS := $(addprefix $(FUZZ_BUILD)/,ras.o ras_steps.o) \
	$(patsubst lib/%.c,$(FUZZ_BUILD)/lib/%.o,$(RAS_SRC) $(DECODE_SRC))
FUZZERS := $(FUZZ_TARGETS:%=$(FUZZ_BUILD)/fuzz_%)
FUZZ_REPLAYS := $(FUZZ_TARGETS:%=$(FUZZ_BUILD)/replay_%)

.PHONY: fuzz fuzz-seeds fuzz-seeds-ras
#: make fuzz [FUZZ_SECONDS=20]   fuzz each target that long; fails on a finding
fuzz: $(FUZZ_TARGETS:%=fuzz-%)

fuzz-%: $(FUZZ_BUILD)/fuzz_%
	@mkdir -p $(FUZZ_BUILD)/corpus_$*
	@$< -max_total_time=$(FUZZ_SECONDS) -max_len=$(FUZZ_LENGTH) \
		-len_control=0 -verbosity=0 -print_final_stats=1 \
		-artifact_prefix=$(FUZZ_BUILD)/$*- \
		$(FUZZ_BUILD)/corpus_$* tests/fuzz/seeds/$* \
		> $(FUZZ_BUILD)/$*.log 2>&1 || { cat $(FUZZ_BUILD)/$*.log; exit 1; }
	@awk '/number_of_executed_units/ { n = $$2 } \
		END { print "fuzz: $*: no finding in " n " executions" }' \
		$(FUZZ_BUILD)/$*.log

# Records are longer than sequences of calls.
fuzz-decode fuzz-record fuzz-apei: FUZZ_LENGTH := 1024
fuzz-client fuzz-ras_state: FUZZ_LENGTH := 200

#: make fuzz-seeds       what the fuzzers start from, as a regression test
fuzz-seeds: $(FUZZ_REPLAYS)
	@set -e; for t in $(FUZZ_TARGETS); do \
		$(FUZZ_BUILD)/replay_$$t tests/fuzz/seeds/$$t/*; done

fuzz-seeds-ras: $(FUZZ_RAS_TARGETS:%=$(FUZZ_BUILD)/replay_%)
	@set -e; for t in $(FUZZ_RAS_TARGETS); do \
		$(FUZZ_BUILD)/replay_$$t tests/fuzz/seeds/$$t/*; done

$(FUZZ_BUILD)/lib/%.o: lib/%.c
	@mkdir -p $(@D)
	$(call say,CLANG)clang $(FUZZ_LIB_FLAGS) -c $< -o $@

$(FUZZ_BUILD)/%.o: tests/fuzz/%.c
	@mkdir -p $(@D)
	$(call say,CLANG)clang $(FUZZ_FLAGS) -c $< -o $@

$(FUZZ_BUILD)/fuzz_%: $(FUZZ_BUILD)/fuzz_%.o $(FUZZ_WORLD) $(FUZZ_LIB)
	$(call say,CLANG)clang $(FUZZ_SANITIZE) -fsanitize=fuzzer $^ -o $@

$(FUZZ_BUILD)/replay_%: $(FUZZ_BUILD)/fuzz_%.o $(FUZZ_BUILD)/replay.o \
		$(FUZZ_WORLD) $(FUZZ_LIB)
	$(call say,CLANG)clang $(FUZZ_SANITIZE) -fsanitize=fuzzer-no-link $^ -o $@

$(FUZZ_RAS_TARGETS:%=$(FUZZ_BUILD)/fuzz_%): $(FUZZ_BUILD)/fuzz_%: \
		$(FUZZ_BUILD)/fuzz_%.o $(FUZZ_RAS)
	$(call say,CLANG)clang $(FUZZ_SANITIZE) -fsanitize=fuzzer $^ -o $@

$(FUZZ_RAS_TARGETS:%=$(FUZZ_BUILD)/replay_%): $(FUZZ_BUILD)/replay_%: \
		$(FUZZ_BUILD)/fuzz_%.o $(FUZZ_BUILD)/replay.o $(FUZZ_RAS)
	$(call say,CLANG)clang $(FUZZ_SANITIZE) -fsanitize=fuzzer-no-link $^ -o $@
