/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the two sides of the runtime services agree on: efi.c, which tells the
 * kernel of them, and runtime.c, which is them.
 */
#ifndef BOOT_EFI_H
#define BOOT_EFI_H

#include <stdint.h>

#define EFI_REVISION          ((2u << 16) | 100)           /* 2.10 */
#define EFI_RUNTIME_SIGNATURE UINT64_C(0x56524553544e5552) /* "RUNTSERV" */

/* UEFI 2.10, 4.5. */
struct efi_runtime_services {
	uint64_t signature;
	uint32_t revision;
	uint32_t header_size;
	uint32_t crc; /* Linux does not look */
	uint32_t reserved;
	const void *service[14];
};

/* UEFI 2.10, 4.6: the bits of the services that there are. */
#define EFI_RT_GET_TIME (1u << 0)
#define EFI_RT_SET_TIME (1u << 1)

#endif
