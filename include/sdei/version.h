/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The version of these libraries: of their functions and structures, not of the
 * interface that they serve (that is SDEI_VERSION_MAJOR in abi.h). What it promises,
 * and when it changes: docs/packages.md.
 */
#ifndef SDEI_VERSION_H
#define SDEI_VERSION_H

#include <sdei/language.h>

#include <stdint.h>

/* The build reads these three lines; each is 0 to 255. */
#define SDEI_LIBRARY_MAJOR 0
#define SDEI_LIBRARY_MINOR 2
#define SDEI_LIBRARY_PATCH 0

/* For comparisons, by the preprocessor as well: 0x00MMmmpp. */
#define SDEI_LIBRARY_NUMBER(major, minor, patch) \
	((major) << 16 | (minor) << 8 | (patch))
#define SDEI_LIBRARY_VERSION \
	SDEI_LIBRARY_NUMBER(SDEI_LIBRARY_MAJOR, SDEI_LIBRARY_MINOR, \
			    SDEI_LIBRARY_PATCH)

SDEI_BEGIN_C

/*
 * SDEI_LIBRARY_VERSION of the library that is linked. A program whose own differs in
 * what docs/packages.md calls the interface's part was compiled with other headers
 * than its library. Any time, from any PE.
 */
uint32_t sdei_library_version(void);

SDEI_END_C

#endif
