/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Discovery: ACPI tables and device trees, well-formed and not; and the
 * configurations that sdei_client_init() refuses.
 */
#include "client_rig.h"

#include <libfdt.h>
#include <string.h>

#define FADT_LENGTH 276u
#define ARM_FLAGS   129u

static unsigned char sdei[64], fadt[FADT_LENGTH];

/* The sum is over what there is, if the length lies. */
static void sign(unsigned char *table, const char *name, uint32_t length)
{
	uint32_t size = table == sdei ? sizeof(sdei) : sizeof(fadt);
	unsigned char sum = 0;

	memcpy(table, name, 4);
	memcpy(table + 4, &length, 4);
	table[8] = table[8] ? table[8] : 1;
	table[9] = 0;
	for (uint32_t i = 0; i < length && i < size; i++)
		sum = (unsigned char)(sum + table[i]);
	table[9] = (unsigned char)-sum;
}

static int start_tables(void **state)
{
	(void)state;
	memset(sdei, 0, sizeof(sdei));
	memset(fadt, 0x11, sizeof(fadt));
	fadt[ARM_FLAGS] = 1;
	sign(sdei, "SDEI", 36);
	sign(fadt, "FACP", FADT_LENGTH);
	return 0;
}

static enum sdei_conduit by_acpi(const char **why)
{
	return sdei_acpi_conduit(sdei, sizeof(sdei), fadt, sizeof(fadt), why);
}

static void refused(const char *with)
{
	const char *why = NULL;

	assert_int_equal(by_acpi(&why), SDEI_CONDUIT_NONE);
	assert_non_null(why);
	if (!strstr(why, with))
		fail_msg("\"%s\" says nothing of %s", why, with);
	assert_int_equal(by_acpi(NULL), SDEI_CONDUIT_NONE);
}

static void acpi_conduits(void **state)
{
	const char *why = "?";

	(void)state;
	assert_int_equal(by_acpi(&why), SDEI_CONDUIT_SMC);
	assert_null(why);
	fadt[ARM_FLAGS] = 3;
	sign(fadt, "FACP", FADT_LENGTH);
	assert_int_equal(by_acpi(NULL), SDEI_CONDUIT_HVC);
	why = "?";
	assert_int_equal(sdei_acpi_conduit(NULL, 0, fadt, sizeof(fadt), &why),
			 SDEI_CONDUIT_NONE);
	assert_null(why);
}

static void acpi_malformed(void **state)
{
	const char *why;

	start_tables(state);
	sign(sdei, "SDEX", 36);
	refused("signature");
	start_tables(state);
	sdei[20]++;
	refused("checksum");
	start_tables(state);
	sign(sdei, "SDEI", 35);
	refused("length");
	start_tables(state);
	sign(sdei, "SDEI", sizeof(sdei) + 1);
	refused("length");
	start_tables(state);
	sdei[9]++;
	sdei[8] = 0;
	refused("revision");
	start_tables(state);
	sign(fadt, "FACQ", FADT_LENGTH);
	refused("signature");
	start_tables(state);
	fadt[100]++;
	refused("checksum");
	start_tables(state);
	sign(fadt, "FACP", 130);
	refused("FADT");
	start_tables(state);
	fadt[ARM_FLAGS] = 2;
	sign(fadt, "FACP", FADT_LENGTH);
	refused("PSCI");
	start_tables(state);
	assert_int_equal(sdei_acpi_conduit(sdei, 36, NULL, 0, &why),
			 SDEI_CONDUIT_NONE);
	assert_non_null(why);
	/* Never a byte beyond what can be read. */
	for (size_t size = 0; size < 36; size++) {
		assert_int_equal(sdei_acpi_conduit(sdei, size, fadt,
						   sizeof(fadt), &why),
				 SDEI_CONDUIT_NONE);
		assert_non_null(why);
	}
	for (size_t size = 0; size < FADT_LENGTH; size++)
		assert_int_equal(sdei_acpi_conduit(sdei, 36, fadt, size, &why),
				 SDEI_CONDUIT_NONE);
}

static _Alignas(8) unsigned char tree[2048];

/* NULL: no such property, or, for all of them, no such node. */
static enum sdei_conduit by_tree(const char *compatible, int compatible_size,
				 const char *method, int method_size,
				 const char *status, const char **why)
{
	int node;

	fdt_create_empty_tree(tree, sizeof(tree));
	node = fdt_add_subnode(tree, 0, "firmware");
	if (compatible || method || status)
		node = fdt_add_subnode(tree, node, "sdei");
	if (compatible)
		fdt_setprop(tree, node, "compatible", compatible,
			    compatible_size);
	if (method)
		fdt_setprop(tree, node, "method", method, method_size);
	if (status)
		fdt_setprop_string(tree, node, "status", status);
	*why = "?";
	return sdei_fdt_conduit(tree, why);
}

#define SDEI_1_0 "arm,sdei-1.0"

static void trees(void **state)
{
	static const struct {
		const char *compatible;
		int compatible_size;
		const char *method;
		int method_size;
		const char *status;
		enum sdei_conduit conduit;
		const char *why;
	} row[] = {
		{ SDEI_1_0, 13, "smc", 4, NULL, SDEI_CONDUIT_SMC, NULL },
		{ SDEI_1_0, 13, "hvc", 4, "okay", SDEI_CONDUIT_HVC, NULL },
		{ SDEI_1_0, 13, "hvc", 4, "ok", SDEI_CONDUIT_HVC, NULL },
		{ "x,y\0" SDEI_1_0, 17, "smc", 4, NULL, SDEI_CONDUIT_SMC,
		  NULL },
		/* There is none. */
		{ NULL, 0, NULL, 0, NULL, SDEI_CONDUIT_NONE, NULL },
		{ SDEI_1_0, 13, "smc", 4, "disabled", SDEI_CONDUIT_NONE, NULL },
		{ SDEI_1_0, 13, "smc", 4, "fail", SDEI_CONDUIT_NONE, NULL },
		/* There is something else. */
		{ "arm,sdei-2.0", 13, "smc", 4, NULL, 0, "compatible" },
		{ SDEI_1_0, 12, "smc", 4, NULL, 0, "compatible" },
		{ NULL, 0, "smc", 4, NULL, 0, "compatible" },
		{ SDEI_1_0, 13, NULL, 0, NULL, 0, "no method" },
		{ SDEI_1_0, 13, "", 0, NULL, 0, "method" },
		{ SDEI_1_0, 13, "smc", 3, NULL, 0, "method" },
		{ SDEI_1_0, 13, "smcc", 5, NULL, 0, "method" },
		{ SDEI_1_0, 13, "SMC", 4, NULL, 0, "method" },
		{ SDEI_1_0, 13, "smc\0hvc", 8, NULL, 0, "method" },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		const char *why;

		assert_int_equal(by_tree(row[i].compatible,
					 row[i].compatible_size, row[i].method,
					 row[i].method_size, row[i].status,
					 &why),
				 row[i].conduit);
		if (row[i].why)
			assert_non_null(strstr(why, row[i].why));
		else
			assert_null(why);
	}
}

static void corrupt_tree(void **state)
{
	const char *why;

	(void)state;
	by_tree(SDEI_1_0, 13, "smc", 4, NULL, &why);
	tree[0] ^= 1;
	assert_int_equal(sdei_fdt_conduit(tree, &why), SDEI_CONDUIT_NONE);
	assert_non_null(strstr(why, "corrupt"));
	assert_int_equal(sdei_fdt_conduit(tree, NULL), SDEI_CONDUIT_NONE);
}

static void bad_config(const char *with)
{
	const char *why = NULL;

	assert_null(sdei_client_init(rig->memory, sizeof(rig->memory),
				     &rig->config, &why));
	assert_non_null(why);
	if (!strstr(why, with))
		fail_msg("\"%s\" says nothing of %s", why, with);
}

#define WITH_CONFIG(member, value, with) \
	do { \
		__typeof__(rig->config.member) kept = rig->config.member; \
		rig->config.member = value; \
		bad_config(with); \
		rig->config.member = kept; \
	} while (0)
#define WITH_OP(member, with) \
	do { \
		__typeof__(rig->ops.member) kept = rig->ops.member; \
		rig->ops.member = NULL; \
		bad_config(with); \
		rig->ops.member = kept; \
	} while (0)

static void configurations(void **state)
{
	struct sdei_client_config *config = &rig->config;
	size_t size = sdei_client_size(config);

	(void)state;
	WITH_CONFIG(cpu_count, 0, "count");
	WITH_CONFIG(cpu_count, 4097, "count");
	WITH_CONFIG(event_count, 0, "count");
	WITH_CONFIG(event_count, 4097, "count");
	WITH_CONFIG(stack_size, 1008, "stack");
	WITH_CONFIG(stack_size, 2056, "stack");
	WITH_CONFIG(cpus, NULL, "CPUs");
	WITH_CONFIG(ops, NULL, "operation");
	WITH_CONFIG(conduit, SDEI_CONDUIT_NONE, "conduit");
	WITH_CONFIG(conduit, 3, "conduit");
	WITH_OP(cpu, "operation");
	WITH_OP(run_on, "operation");
	WITH_OP(trouble, "operation");
	WITH_OP(lock, "operation");
	config->stub = true;
	WITH_CONFIG(entry_point, 0, "stub");
	config->stub = false;
	rig->cpus[1].affinity = 0x1000000;
	bad_config("affinity");
	rig->cpus[1].affinity = rig->cpus[3].affinity;
	bad_config("affinity");
	rig->cpus[1].affinity = 0x101;
	config->cpu_count = 0;
	assert_int_equal(sdei_client_size(config), 0);
	config->cpu_count = PES;
	assert_true(size > 0 && size <= sizeof(rig->memory));
	assert_null(sdei_client_init(rig->memory, size - 1, config, NULL));
	assert_null(sdei_client_init(rig->memory + 8, size, config, NULL));
	assert_null(sdei_client_init(NULL, size, config, NULL));
	/* What is not given is the library's own. */
	assert_true(rig->c->call == sdei_smc);
	config->call = sdei_hvc;
	config->entry_point = 0;
	rig->c = sdei_client_init(rig->memory, size, config, NULL);
	assert_true(rig->c->call == sdei_hvc);
	assert_true(rig->c->config.entry_point == (uintptr_t)sdei_entry);
	/* Nothing behind what was asked for is touched. */
	rig->memory[size] = 0x77;
	assert_non_null(sdei_client_init(rig->memory, size, config, NULL));
	assert_int_equal(rig->memory[size], 0x77);
}

/* Every CPU is found by its affinity, as entry.S looks for it. */
static void places(void **state)
{
	static struct sdei_client_cpu cpus[512];
	static _Alignas(16) unsigned char memory[2 << 20];
	struct sdei_client *c;

	(void)state;
	for (unsigned i = 0; i < 512; i++)
		cpus[i].affinity = (uint64_t)(i >> 8) << 32 |
				   (i >> 4 & 15) << 8 | (i & 15);
	rig->config.cpus = cpus;
	rig->config.cpu_count = 512;
	c = sdei_client_init(memory, sizeof(memory), &rig->config, NULL);
	assert_non_null(c);
	for (unsigned i = 0; i < 512; i++) {
		uint32_t packed = pack_affinity(cpus[i].affinity);
		const struct place *p =
			&c->places[packed * PLACE_FACTOR >> c->place_shift];

		while (p->cpu && p->affinity != packed)
			p++;
		assert_ptr_equal(p->cpu, &c->cpus[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(acpi_conduits, start_tables),
		cmocka_unit_test(acpi_malformed),
		cmocka_unit_test(trees),
		cmocka_unit_test(corrupt_tree),
		cmocka_unit_test_setup_teardown(configurations, start_rig,
						stop_rig),
		cmocka_unit_test_setup_teardown(places, start_rig, stop_rig),
	};

	return cmocka_run_group_tests_name("client_find", tests, NULL, NULL);
}
