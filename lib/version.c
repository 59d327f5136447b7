/* SPDX-License-Identifier: BSD-2-Clause */
/* Which version was built: in each of the archives, and linked once. */
#include <sdei/version.h>

uint32_t sdei_library_version(void)
{
	return SDEI_LIBRARY_VERSION;
}
