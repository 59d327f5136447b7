# SPDX-License-Identifier: BSD-2-Clause
# The examples, each built where a stranger would: in a folder of its own, by its own
# Makefile, with the headers and one archive.

EXAMPLES := $(BUILD)/examples
EXAMPLES_BUILT := $(addprefix $(EXAMPLES)/,firmware/firmware.elf kernel/kernel.bin \
	kernel-versal/kernel.bin vmm/vmm record/record)

#: make examples  what lies in examples/, into build/examples
.PHONY: examples
examples: $(EXAMPLES_BUILT)

$(EXAMPLES)/firmware/firmware.elf: $(wildcard examples/firmware/*) $(LIBSDEI)
$(EXAMPLES)/kernel/kernel.bin: $(wildcard examples/kernel/*) $(LIBSDEI)
$(EXAMPLES)/kernel-versal/kernel.bin: $(wildcard examples/kernel/*) $(LIBSDEI)
$(EXAMPLES)/kernel-versal/kernel.bin: MORE := UART=0xff000000
$(EXAMPLES)/vmm/vmm: $(wildcard examples/vmm/*) $(LIBSDEI_KVM)
$(EXAMPLES)/record/record: $(wildcard examples/record/*) $(RAS_NATIVE)

$(EXAMPLES_BUILT): $(wildcard include/sdei/*.h)
	@rm -rf $(@D)
	@mkdir -p $(@D)
	@cp $(filter %.c %.h %.S %.ld %/Makefile,$(filter examples/%,$^)) $(@D)
	$(call say,EXAMPLE)$(MAKE) -s -C $(@D) SDEI=$(CURDIR) \
		SDEI_LIBS=$(abspath $(filter %.a,$^)) $(MORE)

# What a document tells to make, made.
$(BUILD)/docs/kvm/my-vmm: docs/kvm.md tests/follow.py $(wildcard examples/vmm/*) $(LIBSDEI_KVM)
	$(call say,DOC)BUILD=$(BUILD) python3 -B tests/follow.py $< $(@D)
