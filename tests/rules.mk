# SPDX-License-Identifier: BSD-2-Clause
# All tests, and how they are run.

# A make that a test starts has them in its environment.
UNIT_TESTS :=
MODEL_TESTS :=
include tests/unit/ras.mk
include tests/unit/rules.mk
include tests/unit/kvm.mk
include tests/model/rules.mk
include tests/threads/rules.mk
include tests/fuzz/rules.mk
include tests/coverage/rules.mk
include tests/faults/rules.mk
include tests/litmus/rules.mk
include tests/nvhe/rules.mk
include tests/trap/rules.mk
include tests/campaign/rules.mk
include tests/third_party/rules.mk

# One after the other in this order, so that the first that fails ends it before
# the rest is built; what has passed is not run again until it has changed.
UNIT_PASSED := $(UNIT_TESTS:=.passed)
unit: $(UNIT_PASSED)

$(UNIT_PASSED): %.passed: %
	@$<
	@touch $@

# As many tests at a time: tests/conftest.py says which. One more than there are CPUs, for
# some wait for time to pass.
WORKERS ?= $(shell expr $$(nproc) + 1)
PYTEST := BUILD=$(BUILD) $(STARTED) UNIT_TESTS="$(UNIT_TESTS)" \
	MODEL_TESTS="$(MODEL_TESTS)" THREAD_TESTS="$(THREAD_TESTS)" \
	pytest-3 -q -ra --tb=short -p no:cacheprovider -n $(WORKERS)

.PHONY: tests tests-quick
#: make tests     build with gcc and clang, and run every test
tests: all $(UNIT_TESTS) $(MODEL_TESTS) $(THREAD_TESTS) $(FUZZERS) \
		$(GUEST_INITRD) $(LAB) $(THIRD_PARTY) $(ARM64)/.old $(BACKPORTS_STAMPS) $(EXAMPLES_BUILT)
	@BUILD=$(BUILD) ARM64=$(ARM64) $(STARTED) tests/versions.sh
	$(MAKE) --no-print-directory LLVM=1 BUILD=$(BUILD)/llvm all
	$(PYTEST) tests

# One at a time: each has a core to itself, and some minutes of it.
.PHONY: wide
#: make wide      machines of 64 to 512 PEs: conformance, a storm, Linux; minutes
wide: all $(GUEST_INITRD)
	WIDE=1 $(PYTEST) -n 1 tests/system/test_wide.py

.PHONY: storms
#: make storms    a minute of 4,000 errors a second, on 1, 4 and 8 PEs: sums and times
storms: all $(GUEST_INITRD) $(GUEST_MASK)
	STORM_SECONDS=60 $(PYTEST) -n 1 -rP tests/system/test_error_storms.py

#: make tests-quick  what finds most in three minutes: the list in tests/quick
tests-quick: all $(UNIT_TESTS) $(MODEL_TESTS) $(THREAD_TESTS) $(GUEST_INITRD) \
		$(EXAMPLES_BUILT)
	$(PYTEST) --quick tests
