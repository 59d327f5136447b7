# SPDX-License-Identifier: BSD-2-Clause
# Threads as PEs: once under ThreadSanitizer (clang's: gcc's refuses fences), and
# once at full speed, where orderings show that the sanitizer would hide.

THREADS_BUILD := $(BUILD)/tests/threads
THREADS_SRC := $(wildcard tests/threads/*.c) $(DISPATCHER_SRC)
THREADS_HEADERS := $(wildcard tests/threads/*.h lib/dispatcher/*.h include/sdei/*.h)
THREADS_FLAGS := -std=c11 -O2 -g $(WARNINGS) -Iinclude -pthread
# Error sources have threads of their own.
THREADS_RAS_SRC := $(wildcard tests/threads/ras/*.c) $(RAS_SRC)
THREADS_RAS_HEADERS := $(wildcard lib/ras/*.h include/sdei/*.h)
THREADS_RAS_TESTS := $(THREADS_BUILD)/sources $(THREADS_BUILD)/sources_fast
THREAD_TESTS := $(THREADS_BUILD)/threads $(THREADS_BUILD)/threads_fast $(THREADS_RAS_TESTS)

.PHONY: threads threads-ras
#: make threads [THREADS_SECONDS=10]   PEs as threads; counts must add up
threads: $(THREAD_TESTS)
threads-ras: $(THREADS_RAS_TESTS)
threads threads-ras:
	@set -e; for t in $^; do TSAN_OPTIONS=halt_on_error=1 $$t; done

$(THREADS_BUILD)/threads: $(THREADS_SRC) $(THREADS_HEADERS)
	@mkdir -p $(@D)
	$(call say,CLANG)clang $(THREADS_FLAGS) -fsanitize=thread $(THREADS_SRC) -o $@

$(THREADS_BUILD)/threads_fast: $(THREADS_SRC) $(THREADS_HEADERS)
	@mkdir -p $(@D)
	$(call say,HOSTCC)$(HOST_CC) $(THREADS_FLAGS) $(THREADS_SRC) -o $@

$(THREADS_BUILD)/sources: $(THREADS_RAS_SRC) $(THREADS_RAS_HEADERS)
	@mkdir -p $(@D)
	$(call say,CLANG)clang $(THREADS_FLAGS) -fsanitize=thread $(THREADS_RAS_SRC) -o $@

$(THREADS_BUILD)/sources_fast: $(THREADS_RAS_SRC) $(THREADS_RAS_HEADERS)
	@mkdir -p $(@D)
	$(call say,HOSTCC)$(HOST_CC) $(THREADS_FLAGS) $(THREADS_RAS_SRC) -o $@
