# SPDX-License-Identifier: BSD-2-Clause
# Error records: the objects that the firmware links, and the ACPI table of them
# that is code.

RAS_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(wildcard firmware/ras/*.c))
SSDT_AML := $(BUILD)/acpi/ssdt.aml

all: $(SSDT_AML)
#: make build/acpi/ssdt.aml   what iasl makes of our one definition block

$(BUILD)/firmware/ras/%.o: firmware/ras/%.c firmware/rules.mk
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(EL3_FLAGS) -c $< -o $@

# iasl is chatty; its output is shown only when it fails, and it is made to fail on
# warnings.
define iasl
	@mkdir -p $(@D)
	$(call say,IASL)iasl -we -p $(basename $@) $< >$(@:.aml=.log) 2>&1 || \
		{ cat $(@:.aml=.log); exit 1; }
endef

$(SSDT_AML): firmware/ras/acpi/ssdt.asl
	$(iasl)

$(BUILD)/acpi/%.aml: $(PLATFORM_DIR)/%.asl
	$(iasl)
