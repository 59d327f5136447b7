/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Discovery by ACPI (Appendix C): a table "SDEI" that is nothing but its header
 * says that there is a dispatcher; the FADT, that it is called as PSCI is.
 *
 * The tables are somebody else's bytes, at any alignment, and are believed only
 * after their checksum.
 */
#include <sdei/client.h>

#define HEADER_SIZE     36u
#define HEADER_LENGTH   4
#define HEADER_REVISION 8
/* FADT: the ARM boot architecture flags (ACPI 5.1, 5.2.9.4). */
#define FADT_ARM_FLAGS    129
#define FADT_SIZE_5_1     131u
#define ARM_FLAG_PSCI     (1u << 0)
#define ARM_FLAG_PSCI_HVC (1u << 1)

static uint32_t read32(const unsigned char *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

static bool has_signature(const unsigned char *table, const char *signature)
{
	for (unsigned i = 0; i < 4; i++)
		if (table[i] != (unsigned char)signature[i])
			return false;
	return true;
}

static bool sum_is_zero(const unsigned char *table, size_t length)
{
	unsigned char sum = 0;

	while (length--)
		sum = (unsigned char)(sum + *table++);
	return sum == 0;
}

/* What is wrong with a table of which `size` bytes can be read, or NULL. */
static const char *check_table(const unsigned char *table, size_t size,
			       const char *signature)
{
	size_t length;

	if (size < HEADER_SIZE)
		return "an ACPI table is shorter than its header";
	length = read32(table + HEADER_LENGTH);
	if (!has_signature(table, signature))
		return "an ACPI table has another signature";
	if (length < HEADER_SIZE || length > size)
		return "an ACPI table's length is wrong";
	if (!sum_is_zero(table, length))
		return "an ACPI table's checksum is wrong";
	return NULL;
}

static const char *check_fadt(const unsigned char *fadt, size_t size)
{
	const char *wrong = fadt ? check_table(fadt, size, "FACP")
				 : "there is no FADT";

	if (!wrong && read32(fadt + HEADER_LENGTH) < FADT_SIZE_5_1)
		wrong = "the FADT is older than ACPI 5.1";
	if (!wrong && !(fadt[FADT_ARM_FLAGS] & ARM_FLAG_PSCI))
		wrong = "the FADT has no PSCI, so no conduit";
	return wrong;
}

enum sdei_conduit sdei_acpi_conduit(const void *sdei, size_t sdei_size,
				    const void *fadt, size_t fadt_size,
				    const char **why)
{
	const unsigned char *table = sdei, *f = fadt;
	const char *ignored;

	why = why ? why : &ignored;
	*why = NULL;
	if (!table)
		return SDEI_CONDUIT_NONE;
	*why = check_table(table, sdei_size, "SDEI");
	if (!*why && !table[HEADER_REVISION])
		*why = "the SDEI table's revision is 0";
	if (!*why)
		*why = check_fadt(f, fadt_size);
	if (*why)
		return SDEI_CONDUIT_NONE;
	return f[FADT_ARM_FLAGS] & ARM_FLAG_PSCI_HVC ? SDEI_CONDUIT_HVC
						     : SDEI_CONDUIT_SMC;
}
