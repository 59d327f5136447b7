# SPDX-License-Identifier: BSD-2-Clause
# Error records: the objects that the firmware links, and the ACPI tables that
# the boot stage carries.

RAS_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(wildcard firmware/ras/*.c))
ACPI_AML := $(addprefix $(BUILD)/acpi/,hest.aml bert.aml einj.aml sdei.aml ssdt.aml)

all: $(ACPI_AML)
#: make build/acpi/hest.aml   one ACPI table (hest, bert, einj, sdei, ssdt)

$(BUILD)/firmware/ras/%.o: firmware/ras/%.c
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(BARE_FLAGS) -I$(PLATFORM) -Ifirmware -c $< -o $@

# The tables name their addresses by the platform's header: the C preprocessor
# puts the numbers in before iasl sees them. iasl is chatty; its output is shown
# only when it fails, and it is made to fail on warnings.
$(BUILD)/acpi/%.aml: firmware/ras/acpi/%.asl
	@mkdir -p $(@D)
	$(call say,CPP)$(CROSS_CC) -E -P -x assembler-with-cpp -I$(PLATFORM) \
		-MMD -MP -MT $@ -MF $(@:.aml=.d) $< -o $(@:.aml=.i.asl)
	$(call say,IASL)iasl -we -p $(basename $@) $(@:.aml=.i.asl) >$(@:.aml=.log) 2>&1 || \
		{ cat $(@:.aml=.log); exit 1; }
