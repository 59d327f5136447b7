# SPDX-License-Identifier: BSD-2-Clause
# Error records on the host. The tests include bert.c, to reach what it keeps,
# and stand in for hardware.c.

RAS_UNIT_TESTS := $(addprefix $(BUILD)/tests/unit/,test_ras test_ras_flow test_einj test_bert)
RAS_UNIT_SRC := $(patsubst %,firmware/ras/%.c,einj erst raise ras)

UNIT_TESTS += $(RAS_UNIT_TESTS)

$(RAS_UNIT_TESTS): $(BUILD)/tests/unit/%: tests/unit/%.c $(RAS_UNIT_SRC) $(RAS_SRC) \
		tests/unit/ras_fake.h tests/unit/ras_kernel.h firmware/ras/bert.c \
		$(wildcard firmware/ras/*.h lib/ras/*.h) firmware/el3/machine.h \
		$(wildcard include/sdei/*.h) $(PLATFORM_HEADERS)
	@mkdir -p $(@D)
	$(call say,HOSTLD)$(HOST_CC) $(filter-out -MMD -MP,$(C_FLAGS)) -Iinclude -Ifirmware \
		$(PLATFORM_FLAGS) -fsanitize=address,undefined \
		-fno-sanitize-recover=all $(filter tests/%.c,$^) \
		$(RAS_UNIT_SRC) $(RAS_SRC) -lcmocka -o $@

# The date, and what the kernel may call for it.
CLOCK_UNIT_TESTS := $(addprefix $(BUILD)/tests/unit/,test_calendar test_runtime)

UNIT_TESTS += $(CLOCK_UNIT_TESTS)

$(CLOCK_UNIT_TESTS): $(BUILD)/tests/unit/%: tests/unit/%.c firmware/calendar.c \
		firmware/calendar.h firmware/boot/runtime.c firmware/boot/efi.h \
		$(PLATFORM_HEADERS)
	@mkdir -p $(@D)
	$(call say,HOSTLD)$(HOST_CC) $(filter-out -MMD -MP,$(C_FLAGS)) -Ifirmware \
		$(PLATFORM_FLAGS) -fsanitize=address,undefined -fno-sanitize-recover=all \
		$< firmware/calendar.c -lcmocka -o $@

UNIT_TESTS += $(BUILD)/tests/unit/test_ram

$(BUILD)/tests/unit/test_ram: tests/unit/test_ram.c firmware/el3/ram.c \
		$(addprefix firmware/,el3/ram.h el3/machine.h boot/handoff.h)
	@mkdir -p $(@D)
	$(call say,HOSTLD)$(HOST_CC) $(filter-out -MMD -MP,$(C_FLAGS)) -Ifirmware \
		-Ifirmware/boot -fsanitize=address,undefined \
		-fno-sanitize-recover=all $< -lcmocka -o $@

UNIT_TESTS += $(BUILD)/tests/unit/test_options

$(BUILD)/tests/unit/test_options: tests/unit/test_options.c firmware/boot/options.c \
		$(addprefix firmware/boot/,boot.h given.h handoff.h) $(PLATFORM_HEADERS)
	@mkdir -p $(@D)
	$(call say,HOSTLD)$(HOST_CC) $(filter-out -MMD -MP,$(C_FLAGS)) -Ifirmware/boot \
		$(PLATFORM_FLAGS) -fsanitize=address,undefined -fno-sanitize-recover=all \
		$(filter %.c,$^) -lcmocka -o $@

UNIT_TESTS += $(BUILD)/tests/unit/test_given

$(BUILD)/tests/unit/test_given: tests/unit/test_given.c firmware/boot/given_list.c \
		$(addprefix firmware/boot/,boot.h given.h) $(PLATFORM_HEADERS)
	@mkdir -p $(@D)
	$(call say,HOSTLD)$(HOST_CC) $(filter-out -MMD -MP,$(C_FLAGS)) -Ifirmware/boot \
		$(PLATFORM_FLAGS) -fsanitize=address,undefined -fno-sanitize-recover=all \
		$< -lcmocka -o $@

# What trapped to EL3 and is given back: its rules.
UNIT_TESTS += $(BUILD)/tests/unit/test_undefined

$(BUILD)/tests/unit/test_undefined: tests/unit/test_undefined.c firmware/el3/undefined.c \
		firmware/el3/reflect.h
	@mkdir -p $(@D)
	$(call say,HOSTLD)$(HOST_CC) $(UNIT_FLAGS) -Ifirmware $(filter %.c,$^) -lcmocka -o $@

UNIT_TESTS += $(BUILD)/tests/unit/test_hest

$(BUILD)/tests/unit/test_hest: tests/unit/test_hest.c firmware/boot/hest.c \
		$(addprefix firmware/boot/,acpi.h boot.h)
	@mkdir -p $(@D)
	$(call say,HOSTLD)$(HOST_CC) $(filter-out -MMD -MP,$(C_FLAGS)) \
		$(PLATFORM_FLAGS) -fsanitize=address,undefined \
		-fno-sanitize-recover=all $(filter %.c,$^) -lcmocka -o $@

# What lib/ras has for whoever embeds it, and the decoder.
UNIT_RAS := $(patsubst lib/%.c,$(BUILD)/tests/unit/lib/%.o,$(RAS_SRC) $(DECODE_SRC))
LIB_RAS_TESTS := $(addprefix $(BUILD)/tests/unit/,test_record test_record_time test_ras_source \
	test_ras_saved test_storm)
DECODE_TESTS := $(addprefix $(BUILD)/tests/unit/test_,decode decode_pci decode_bits \
	decode_bytes)

UNIT_TESTS += $(LIB_RAS_TESTS) $(DECODE_TESTS)

$(LIB_RAS_TESTS): $(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(UNIT_RAS)
	$(call say,HOSTLD)$(HOST_CC) $(UNIT_FLAGS) $^ -lcmocka -o $@

# The tables, EINJ, ERST and BERT. All but the tables' have a store of their own that
# power may leave at any byte, in the place of keep.c.
APEI_TESTS := $(addprefix $(BUILD)/tests/unit/test_,erst injection injection2 kept)
TABLES_TEST := $(BUILD)/tests/unit/test_tables

UNIT_TESTS += $(TABLES_TEST) $(APEI_TESTS)

$(TABLES_TEST) $(APEI_TESTS): $(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(UNIT_RAS)
	$(call say,HOSTLD)$(HOST_CC) $(UNIT_FLAGS) \
		$(if $(filter $@,$(APEI_TESTS)),$(filter-out %/ras/keep.o,$^),$^) \
		-lcmocka -o $@

$(DECODE_TESTS): $(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o \
		$(BUILD)/tests/unit/decode_rig.o $(UNIT_RAS)
	$(call say,HOSTLD)$(HOST_CC) $(UNIT_FLAGS) $^ -lcmocka -o $@

# Built for this machine: what the compiler for the PE makes of it, the boots by device
# tree show.
UNIT_TESTS += $(BUILD)/tests/unit/test_memory

$(BUILD)/tests/unit/test_memory: tests/unit/test_memory.c firmware/memory.c
	@mkdir -p $(@D)
	$(call say,HOSTLD)$(HOST_CC) $(filter-out -MMD -MP,$(C_FLAGS)) -Wno-missing-prototypes \
		-Os $< -lcmocka -o $@
