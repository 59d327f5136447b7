/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * EINJ: how the kernel asks for an error (ACPI 6.5, 18.6). Beginning sets busy,
 * and the firmware clears it once it has answered: the doorbell's interrupt
 * may be taken by another PE than the one that rings.
 */
#include "platform.h"
#include "../registers.h"

#define READ_REGISTER           0
#define READ_REGISTER_VALUE     1
#define WRITE_REGISTER          2
#define WRITE_REGISTER_VALUE    3
#define NOOP                    4

[0004]                          Signature : "EINJ"    [Error Injection table]
#include "header.asl"

[0004]            Injection Header Length : 00000030
[0001]                              Flags : 00
[0003]                           Reserved : 000000
[0004]              Injection Entry Count : 00000009

/* Begin */
#define ACTION 0
#define INSTRUCTION WRITE_REGISTER_VALUE
#define REGISTER PLAT_RAS_EINJ + EINJ_BUSY
#define VALUE 1
#include "einj-entry.asl"

/* Get the trigger table */
#define ACTION 1
#define INSTRUCTION READ_REGISTER
#define REGISTER PLAT_RAS_EINJ + EINJ_TRIGGER
#include "einj-entry.asl"

/* Set the error type */
#define ACTION 2
#define INSTRUCTION WRITE_REGISTER
#define REGISTER PLAT_RAS_EINJ + EINJ_TYPE
#define MASK 0xFFFFFFFF
#include "einj-entry.asl"

/* Get the error types that there are */
#define ACTION 3
#define INSTRUCTION READ_REGISTER
#define REGISTER PLAT_RAS_EINJ + EINJ_CAPABILITIES
#define MASK 0xFFFFFFFF
#include "einj-entry.asl"

/* End */
#define ACTION 4
#define INSTRUCTION NOOP
#include "einj-entry.asl"

/* Execute: ring the doorbell */
#define ACTION 5
#define INSTRUCTION WRITE_REGISTER_VALUE
#define REGISTER PLAT_RTC_BASE + EINJ_DOORBELL
#define WIDTH 0x20
#define ACCESS 3
#define VALUE 1
#define MASK 0xFFFFFFFF
#include "einj-entry.asl"

/* Check whether the firmware is busy */
#define ACTION 6
#define INSTRUCTION READ_REGISTER_VALUE
#define REGISTER PLAT_RAS_EINJ + EINJ_BUSY
#define VALUE 1
#define MASK 1
#include "einj-entry.asl"

/* Get the command's status */
#define ACTION 7
#define INSTRUCTION READ_REGISTER
#define REGISTER PLAT_RAS_EINJ + EINJ_STATUS
#include "einj-entry.asl"

/* Set the error type with an address: the register is a whole structure */
#define ACTION 8
#define INSTRUCTION WRITE_REGISTER
#define REGISTER PLAT_RAS_EINJ + EINJ_TARGET
#define WIDTH 0x20
#define ACCESS 3
#define MASK 0xFFFFFFFF
#include "einj-entry.asl"
