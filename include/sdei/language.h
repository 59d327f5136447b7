/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What C11 and C++17 call by other names: the headers of this folder are both.
 */
#ifndef SDEI_LANGUAGE_H
#define SDEI_LANGUAGE_H

#ifdef __cplusplus
/* -Wshadow: some functions have the name of a structure, as stat() has. */
#define SDEI_BEGIN_C \
	extern "C" { \
	_Pragma("GCC diagnostic push") \
		_Pragma("GCC diagnostic ignored \"-Wshadow\"")
#define SDEI_END_C \
	_Pragma("GCC diagnostic pop") \
	}
#define SDEI_ALIGNED(bytes)      alignas(bytes)
#define SDEI_ASSERT(holds, text) static_assert(holds, text)
#define SDEI_POINTER(type, from) reinterpret_cast<type *>(from)
#else
#define SDEI_BEGIN_C
#define SDEI_END_C
#define SDEI_ALIGNED(bytes)      _Alignas(bytes)
#define SDEI_ASSERT(holds, text) _Static_assert(holds, text)
#define SDEI_POINTER(type, from) ((type *)(from))
#endif

/* What neither language has and gcc and clang do. */
#define SDEI_EXTENSION __extension__

#endif
