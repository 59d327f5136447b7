/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Software Delegated Exception Interface (Arm DEN0054C, v1.1) in numbers.
 *
 * Section numbers in this file are those of DEN0054C. Nothing here depends on
 * anything else, and everything but the enums can be used from assembly.
 */
#ifndef SDEI_ABI_H
#define SDEI_ABI_H

/* Function identifiers: SMC64/HVC64 fast calls only (5.1). */
#define SDEI_FID_VERSION               0xC4000020
#define SDEI_FID_EVENT_REGISTER        0xC4000021
#define SDEI_FID_EVENT_ENABLE          0xC4000022
#define SDEI_FID_EVENT_DISABLE         0xC4000023
#define SDEI_FID_EVENT_CONTEXT         0xC4000024
#define SDEI_FID_EVENT_COMPLETE        0xC4000025
#define SDEI_FID_EVENT_COMPLETE_RESUME 0xC4000026
#define SDEI_FID_EVENT_UNREGISTER      0xC4000027
#define SDEI_FID_EVENT_STATUS          0xC4000028
#define SDEI_FID_EVENT_GET_INFO        0xC4000029
#define SDEI_FID_EVENT_ROUTING_SET     0xC400002A
#define SDEI_FID_PE_MASK               0xC400002B
#define SDEI_FID_PE_UNMASK             0xC400002C
#define SDEI_FID_INTERRUPT_BIND        0xC400002D
#define SDEI_FID_INTERRUPT_RELEASE     0xC400002E
#define SDEI_FID_EVENT_SIGNAL          0xC400002F
#define SDEI_FID_FEATURES              0xC4000030
#define SDEI_FID_PRIVATE_RESET         0xC4000031
#define SDEI_FID_SHARED_RESET          0xC4000032
/* The whole block is reserved for SDEI; what is not named above is unknown. */
#define SDEI_FID_FIRST 0xC4000020
#define SDEI_FID_LAST  0xC400003F

/* Results, sign-extended to 64 bits in x0 (5.3). */
#define SDEI_SUCCESS            0
#define SDEI_NOT_SUPPORTED      (-1)
#define SDEI_INVALID_PARAMETERS (-2)
#define SDEI_DENIED             (-3)
#define SDEI_PENDING            (-5)
#define SDEI_OUT_OF_RESOURCE    (-10)

/* SDEI_VERSION (5.1.1): [62:48] major, [47:32] minor, [31:0] vendor. */
#define SDEI_VERSION_MAJOR_SHIFT 48
#define SDEI_VERSION_MINOR_SHIFT 32
#define SDEI_VERSION_MAJOR       1

/*
 * Event numbers: bit 31 zero, bit 30 set in the vendor and bound space,
 * [29:24] zero, [23:0] the number.
 */
#define SDEI_EVENT_SIGNALLED     0x00000000
#define SDEI_EVENT_VENDOR        0x40000000
#define SDEI_EVENT_RESERVED_MASK 0xBF000000

/* SDEI_EVENT_REGISTER flags (5.1.2) and the routing mode of ROUTING_SET. */
#define SDEI_REGISTER_RM_PE    (1 << 0)
#define SDEI_REGISTER_RELATIVE (1 << 1)
#define SDEI_RM_ANY            0
#define SDEI_RM_PE             1

/* Affinity, in the layout of MPIDR_EL1: Aff3 in [39:32], Aff2-0 in [23:0]. */
#define SDEI_AFFINITY_MASK 0xFF00FFFFFF
/* And what else that register has: of no meaning where a PE is named. */
#define SDEI_MPIDR_OTHER 0x00FF000000

/* SDEI_EVENT_STATUS (5.1.9). */
#define SDEI_STATUS_REGISTERED (1 << 0)
#define SDEI_STATUS_ENABLED    (1 << 1)
#define SDEI_STATUS_RUNNING    (1 << 2)

/* SDEI_EVENT_GET_INFO (5.1.10): what to ask, and the answers. */
#define SDEI_INFO_TYPE          0
#define SDEI_INFO_SIGNALED      1
#define SDEI_INFO_PRIORITY      2
#define SDEI_INFO_ROUTING_MODE  3
#define SDEI_INFO_ROUTING_AFF   4
#define SDEI_TYPE_PRIVATE       0
#define SDEI_TYPE_SHARED        1
#define SDEI_CAN_BE_SIGNALED    0
#define SDEI_CANNOT_BE_SIGNALED 1
#define SDEI_PRIORITY_NORMAL    0
#define SDEI_PRIORITY_CRITICAL  1

/* SDEI_EVENT_COMPLETE status (5.1.6). */
#define SDEI_HANDLED 0
#define SDEI_FAILED  1

/* SDEI_FEATURES (5.1.17). */
#define SDEI_FEATURE_BIND_SLOTS    0
#define SDEI_FEATURE_RELATIVE_MODE 1

/* SDEI_EVENT_CONTEXT gives x0 to x17 of the interrupted context (5.1.5). */
#define SDEI_CONTEXT_REGISTERS 18

#endif
