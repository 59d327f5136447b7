# SPDX-License-Identifier: BSD-2-Clause
# Planted faults: is every one noticed? An hour; `make faults-quick` takes each
# sixteenth, and is content with who notices first; `make faults-check` only sees
# whether the tables fit the sources, that of the litmus tests too, and whether each
# fault compiles.

FAULTS := BUILD=$(BUILD) ARM64=$(ARM64) python3 tests/faults/faults.py
FAULTS_NEED := all $(UNIT_TESTS) $(MODEL_TESTS) $(THREAD_TESTS) $(BUILD)/conformance.bin

.PHONY: faults faults-quick faults-check
#: make faults           plant faults one at a time; every one must be noticed
faults: $(FAULTS_NEED) $(GUEST_INITRD)
	@$(FAULTS) tests/faults/table

faults-quick: $(FAULTS_NEED)
	@$(FAULTS) --every 16 --first tests/faults/table

faults-check:
	@$(FAULTS) --check tests/faults/table -- $(CROSS_CC) \
		$(filter-out $(WARNINGS) -MMD -MP -fcallgraph-info%,$(EL3_FLAGS)) -Ifirmware/ras -Ifirmware/boot \
		-Ilib/client/aarch64
	@$(FAULTS) --check tests/litmus/table
