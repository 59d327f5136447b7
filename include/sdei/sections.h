/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sections of error records, as they lie in memory (UEFI 2.10, appendix N;
 * the events of a CXL component: CXL 3.1, 8.2.9.2.1).
 *
 * Most are what C makes of them; the packed ones have fields that are not
 * aligned. A section's body in a struct sdei_record is aligned to 8. What a
 * section says counts only if its validation bit is set, unless there is none.
 */
#ifndef SDEI_SECTIONS_H
#define SDEI_SECTIONS_H

#include <sdei/language.h>

#include <stdint.h>

SDEI_BEGIN_C

#define SDEI_PACKED(n) __attribute__((packed, aligned(n)))

/* Memory error (N.2.5). */
struct sdei_cper_memory {
	uint64_t valid;        /* SDEI_MEMORY_HAS_* */
	uint64_t error_status; /* N.2.5.1: type in bits 15:8 */
	uint64_t physical_address, physical_address_mask;
	uint16_t node, card, module;
	uint16_t bank; /* or group in bits 15:8, address in bits 7:0 */
	uint16_t device, row, column, bit_position;
	uint64_t requestor_id, responder_id, target_id;
	uint8_t error_type; /* SDEI_MEMORY_* */
	uint8_t extended;   /* bits 1:0 row's bits 17:16; 7:5 chip */
	uint16_t rank;
	uint16_t card_handle, module_handle; /* SMBIOS type 16, 17 */
};

#define SDEI_MEMORY_HAS_ERROR_STATUS  (UINT64_C(1) << 0)
#define SDEI_MEMORY_HAS_ADDRESS       (UINT64_C(1) << 1)
#define SDEI_MEMORY_HAS_ADDRESS_MASK  (UINT64_C(1) << 2)
#define SDEI_MEMORY_HAS_NODE          (UINT64_C(1) << 3)
#define SDEI_MEMORY_HAS_CARD          (UINT64_C(1) << 4)
#define SDEI_MEMORY_HAS_MODULE        (UINT64_C(1) << 5)
#define SDEI_MEMORY_HAS_BANK          (UINT64_C(1) << 6)
#define SDEI_MEMORY_HAS_DEVICE        (UINT64_C(1) << 7)
#define SDEI_MEMORY_HAS_ROW           (UINT64_C(1) << 8)
#define SDEI_MEMORY_HAS_COLUMN        (UINT64_C(1) << 9)
#define SDEI_MEMORY_HAS_BIT_POSITION  (UINT64_C(1) << 10)
#define SDEI_MEMORY_HAS_REQUESTOR     (UINT64_C(1) << 11)
#define SDEI_MEMORY_HAS_RESPONDER     (UINT64_C(1) << 12)
#define SDEI_MEMORY_HAS_TARGET        (UINT64_C(1) << 13)
#define SDEI_MEMORY_HAS_ERROR_TYPE    (UINT64_C(1) << 14)
#define SDEI_MEMORY_HAS_RANK          (UINT64_C(1) << 15)
#define SDEI_MEMORY_HAS_CARD_HANDLE   (UINT64_C(1) << 16)
#define SDEI_MEMORY_HAS_MODULE_HANDLE (UINT64_C(1) << 17)
#define SDEI_MEMORY_HAS_EXTENDED_ROW  (UINT64_C(1) << 18)
#define SDEI_MEMORY_HAS_BANK_GROUP    (UINT64_C(1) << 19)
#define SDEI_MEMORY_HAS_BANK_ADDRESS  (UINT64_C(1) << 20)
#define SDEI_MEMORY_HAS_CHIP          (UINT64_C(1) << 21)

/* Types of memory error, of both sections. */
#define SDEI_MEMORY_SINGLE_BIT 2
#define SDEI_MEMORY_MULTI_BIT  3
#define SDEI_MEMORY_TYPE_LAST  15

/* Memory error 2 (N.2.6): wider fields. */
struct sdei_cper_memory2 {
	uint64_t valid; /* SDEI_MEMORY2_HAS_* */
	uint64_t error_status;
	uint64_t physical_address, physical_address_mask;
	uint16_t node, card, module;
	uint16_t bank; /* or group in bits 15:8, address in bits 7:0 */
	uint32_t device, row, column, rank, bit_position;
	uint8_t chip;
	uint8_t error_type; /* SDEI_MEMORY_* */
	uint8_t status;     /* bit 0: uncorrected */
	uint8_t reserved;
	uint64_t requestor_id, responder_id, target_id;
	uint32_t card_handle, module_handle;
};

#define SDEI_MEMORY2_HAS_ERROR_STATUS  (UINT64_C(1) << 0)
#define SDEI_MEMORY2_HAS_ADDRESS       (UINT64_C(1) << 1)
#define SDEI_MEMORY2_HAS_ADDRESS_MASK  (UINT64_C(1) << 2)
#define SDEI_MEMORY2_HAS_NODE          (UINT64_C(1) << 3)
#define SDEI_MEMORY2_HAS_CARD          (UINT64_C(1) << 4)
#define SDEI_MEMORY2_HAS_MODULE        (UINT64_C(1) << 5)
#define SDEI_MEMORY2_HAS_BANK          (UINT64_C(1) << 6)
#define SDEI_MEMORY2_HAS_DEVICE        (UINT64_C(1) << 7)
#define SDEI_MEMORY2_HAS_ROW           (UINT64_C(1) << 8)
#define SDEI_MEMORY2_HAS_COLUMN        (UINT64_C(1) << 9)
#define SDEI_MEMORY2_HAS_RANK          (UINT64_C(1) << 10)
#define SDEI_MEMORY2_HAS_BIT_POSITION  (UINT64_C(1) << 11)
#define SDEI_MEMORY2_HAS_CHIP          (UINT64_C(1) << 12)
#define SDEI_MEMORY2_HAS_ERROR_TYPE    (UINT64_C(1) << 13)
#define SDEI_MEMORY2_HAS_STATUS        (UINT64_C(1) << 14)
#define SDEI_MEMORY2_HAS_REQUESTOR     (UINT64_C(1) << 15)
#define SDEI_MEMORY2_HAS_RESPONDER     (UINT64_C(1) << 16)
#define SDEI_MEMORY2_HAS_TARGET        (UINT64_C(1) << 17)
#define SDEI_MEMORY2_HAS_CARD_HANDLE   (UINT64_C(1) << 18)
#define SDEI_MEMORY2_HAS_MODULE_HANDLE (UINT64_C(1) << 19)
#define SDEI_MEMORY2_HAS_BANK_GROUP    (UINT64_C(1) << 20)
#define SDEI_MEMORY2_HAS_BANK_ADDRESS  (UINT64_C(1) << 21)

/*
 * Arm processor error (N.2.4.4): this, error_count struct sdei_cper_arm_error (at
 * least one), context_count struct sdei_cper_arm_context with their registers,
 * and, up to `length`, what the vendor has to say.
 */
struct sdei_cper_processor {
	uint32_t valid; /* SDEI_PROCESSOR_HAS_* */
	uint16_t error_count, context_count;
	uint32_t length; /* of the whole section */
	uint8_t affinity_level;
	uint8_t reserved[3];
	uint64_t mpidr;      /* affinity fields; MPIDR_EL1 */
	uint64_t midr;       /* MIDR_EL1 */
	uint32_t running;    /* SDEI_PROCESSOR_RUNNING */
	uint32_t psci_state; /* only if it does not run */
};

#define SDEI_PROCESSOR_HAS_MPIDR   (1u << 0)
#define SDEI_PROCESSOR_HAS_LEVEL   (1u << 1)
#define SDEI_PROCESSOR_HAS_RUNNING (1u << 2)
#define SDEI_PROCESSOR_HAS_VENDOR  (1u << 3)
#define SDEI_PROCESSOR_RUNNING     (1u << 0)

/* Arm processor error information (N.2.4.4.1). */
struct sdei_cper_arm_error {
	uint8_t version; /* 0 */
	uint8_t length;  /* 32 */
	uint16_t valid;  /* SDEI_ARM_HAS_* */
	uint8_t type; /* SDEI_ARM_*: bits since 2.9A, numbers 0 to 3 before */
	uint16_t multiple;    /* 0: one error; 1: several; else so many */
	uint8_t flags;        /* SDEI_ARM_FLAG_* */
	uint64_t information; /* tables N.18 to N.20, by type */
	uint64_t virtual_address, physical_address;
} SDEI_PACKED(8);

#define SDEI_ARM_HAS_MULTIPLE    (1u << 0)
#define SDEI_ARM_HAS_FLAGS       (1u << 1)
#define SDEI_ARM_HAS_INFORMATION (1u << 2)
#define SDEI_ARM_HAS_VIRTUAL     (1u << 3)
#define SDEI_ARM_HAS_PHYSICAL    (1u << 4)

#define SDEI_ARM_CACHE  (1u << 1)
#define SDEI_ARM_TLB    (1u << 2)
#define SDEI_ARM_BUS    (1u << 3)
#define SDEI_ARM_VENDOR (1u << 4)

#define SDEI_ARM_FLAG_FIRST      (1u << 0)
#define SDEI_ARM_FLAG_LAST       (1u << 1)
#define SDEI_ARM_FLAG_PROPAGATED (1u << 2)
#define SDEI_ARM_FLAG_OVERFLOW   (1u << 3)

/*
 * Its information, of caches, TLBs and buses: validation bits, and where in it
 * each field begins. The last five are a bus's alone.
 */
#define SDEI_ARM_INFO_HAS_TRANSACTION   (UINT64_C(1) << 0)
#define SDEI_ARM_INFO_HAS_OPERATION     (UINT64_C(1) << 1)
#define SDEI_ARM_INFO_HAS_LEVEL         (UINT64_C(1) << 2)
#define SDEI_ARM_INFO_HAS_CORRUPT       (UINT64_C(1) << 3)
#define SDEI_ARM_INFO_HAS_CORRECTED     (UINT64_C(1) << 4)
#define SDEI_ARM_INFO_HAS_PRECISE       (UINT64_C(1) << 5)
#define SDEI_ARM_INFO_HAS_RESTARTABLE   (UINT64_C(1) << 6)
#define SDEI_ARM_INFO_HAS_PARTICIPATION (UINT64_C(1) << 7)
#define SDEI_ARM_INFO_HAS_TIMEOUT       (UINT64_C(1) << 8)
#define SDEI_ARM_INFO_HAS_SPACE         (UINT64_C(1) << 9)
#define SDEI_ARM_INFO_HAS_ATTRIBUTES    (UINT64_C(1) << 10)
#define SDEI_ARM_INFO_HAS_MODE          (UINT64_C(1) << 11)
#define SDEI_ARM_INFO_TRANSACTION       16 /* 2 bits */
#define SDEI_ARM_INFO_OPERATION         18 /* 4 bits */
#define SDEI_ARM_INFO_LEVEL             22 /* 3 bits */
#define SDEI_ARM_INFO_CORRUPT           25
#define SDEI_ARM_INFO_CORRECTED         26
#define SDEI_ARM_INFO_PRECISE           27
#define SDEI_ARM_INFO_RESTARTABLE       28
#define SDEI_ARM_INFO_PARTICIPATION     29 /* 2 bits */
#define SDEI_ARM_INFO_TIMEOUT           31
#define SDEI_ARM_INFO_SPACE             32 /* 2 bits */
#define SDEI_ARM_INFO_ATTRIBUTES        34 /* 9 bits */
#define SDEI_ARM_INFO_MODE              43 /* 1: Normal world */

/*
 * Arm processor context information (N.2.4.4.2): `size` bytes of registers follow,
 * and zeros, up to a multiple of 16 of all.
 */
struct sdei_cper_arm_context {
	uint16_t version; /* 0 */
	uint16_t type;    /* 0 to 8: table N.21 */
	uint32_t size;    /* of the registers */
};

/* PCI Express error (N.2.7). */
struct sdei_cper_pcie {
	uint64_t valid;     /* SDEI_PCIE_HAS_* */
	uint32_t port_type; /* device/port type of its PCIe capability */
	struct {
		uint8_t minor, major; /* two decimal digits each */
		uint8_t reserved[2];
	} version;
	uint16_t command, status;
	uint32_t reserved;
	struct sdei_cper_pcie_id {
		uint16_t vendor_id, device_id;
		uint8_t class_code[3]; /* lowest byte first */
		uint8_t function, device;
		uint16_t segment;
		uint8_t bus, secondary_bus;
		uint16_t slot; /* number in bits 15:3 */
		uint8_t reserved;
	} SDEI_PACKED(1) id;
	uint32_t serial_lower, serial_upper;
	uint16_t bridge_secondary_status, bridge_control;
	uint8_t capability
		[60];    /* PCIe capability structure, from its first byte */
	uint8_t aer[96]; /* AER extended capability, from its first byte */
};

#define SDEI_PCIE_HAS_PORT_TYPE  (UINT64_C(1) << 0)
#define SDEI_PCIE_HAS_VERSION    (UINT64_C(1) << 1)
#define SDEI_PCIE_HAS_COMMAND    (UINT64_C(1) << 2) /* and status */
#define SDEI_PCIE_HAS_ID         (UINT64_C(1) << 3)
#define SDEI_PCIE_HAS_SERIAL     (UINT64_C(1) << 4)
#define SDEI_PCIE_HAS_BRIDGE     (UINT64_C(1) << 5)
#define SDEI_PCIE_HAS_CAPABILITY (UINT64_C(1) << 6)
#define SDEI_PCIE_HAS_AER        (UINT64_C(1) << 7)

/* Firmware error record reference (N.2.10); its data may follow. */
struct sdei_cper_firmware {
	uint8_t type;     /* 0: IPF SAL; 1, 2: SoC firmware */
	uint8_t revision; /* 2 */
	uint8_t reserved[6];
	uint64_t record_id;      /* of revision 0 */
	uint8_t record_guid[16]; /* of revision 1 and later */
};

/*
 * CXL protocol error (N.2.13): this, dvsec_length bytes of the device's DVSEC,
 * log_length bytes of error log: a struct sdei_cxl_ras.
 */
struct sdei_cper_cxl_protocol {
	uint64_t valid;     /* SDEI_CXL_PROTOCOL_HAS_* */
	uint8_t agent_type; /* SDEI_CXL_AGENT_* */
	uint8_t reserved[7];
	union {
		uint64_t rcrb; /* SDEI_CXL_AGENT_RCH_PORT */
		SDEI_EXTENSION struct {
			uint8_t function, device, bus;
			uint16_t segment;
			uint8_t reserved[3];
		} SDEI_PACKED(1);
	} address;
	uint16_t vendor_id, device_id;
	uint16_t subsystem_vendor_id, subsystem_id;
	uint16_t class_code; /* base class in bits 15:8 */
	uint16_t slot;       /* number in bits 15:3 */
	uint8_t reserved_id[4];
	uint32_t serial_lower, serial_upper;
	uint8_t capability[60]; /* PCIe capability structure */
	uint16_t dvsec_length, log_length;
	uint8_t reserved_end[4];
} SDEI_PACKED(4);

#define SDEI_CXL_PROTOCOL_HAS_AGENT_TYPE (UINT64_C(1) << 0)
#define SDEI_CXL_PROTOCOL_HAS_ADDRESS    (UINT64_C(1) << 1)
#define SDEI_CXL_PROTOCOL_HAS_ID         (UINT64_C(1) << 2)
#define SDEI_CXL_PROTOCOL_HAS_SERIAL     (UINT64_C(1) << 3)
#define SDEI_CXL_PROTOCOL_HAS_CAPABILITY (UINT64_C(1) << 4)
#define SDEI_CXL_PROTOCOL_HAS_DVSEC      (UINT64_C(1) << 5)
#define SDEI_CXL_PROTOCOL_HAS_LOG        (UINT64_C(1) << 6)

#define SDEI_CXL_AGENT_RCD             0 /* restricted CXL device */
#define SDEI_CXL_AGENT_RCH_PORT        1 /* its host's downstream port */
#define SDEI_CXL_AGENT_DEVICE          2
#define SDEI_CXL_AGENT_LD              3 /* logical device */
#define SDEI_CXL_AGENT_FMLD            4 /* managed by a fabric manager */
#define SDEI_CXL_AGENT_ROOT_PORT       5
#define SDEI_CXL_AGENT_DOWNSTREAM_PORT 6
#define SDEI_CXL_AGENT_UPSTREAM_PORT   7

/* The error log: CXL RAS capability structure (CXL 3.1, 8.2.4.17). */
struct sdei_cxl_ras {
	uint32_t uncorrected_status, uncorrected_mask, uncorrected_severity;
	uint32_t corrected_status, corrected_mask;
	uint32_t control;
	uint32_t header_log[16];
};

/*
 * CXL component event (N.2.14): this and the event record without its UUID, which
 * is the section's type.
 */
struct sdei_cper_cxl_event {
	uint32_t length; /* of the whole section */
	uint64_t valid;  /* SDEI_CXL_EVENT_HAS_* */
	uint16_t vendor_id, device_id;
	uint8_t function, device, bus;
	uint16_t segment;
	uint16_t slot; /* number in bits 15:3 */
	uint8_t reserved;
	uint32_t serial_lower, serial_upper;
} SDEI_PACKED(4);

#define SDEI_CXL_EVENT_HAS_ID     (UINT64_C(1) << 0)
#define SDEI_CXL_EVENT_HAS_SERIAL (UINT64_C(1) << 1)
#define SDEI_CXL_EVENT_HAS_LOG    (UINT64_C(1) << 2)

/* Common event record, without its UUID (CXL 3.1, table 8-43). */
struct sdei_cxl_record {
	uint8_t length;   /* 128: with its UUID */
	uint8_t flags[3]; /* bits 1:0: severity, 0 to 3 */
	uint16_t handle, related_handle;
	uint64_t timestamp; /* nanoseconds since 1970 */
	uint8_t maintenance_class, maintenance_subclass;
	uint16_t ld_id;
	uint8_t head_id;
	uint8_t reserved[11];
};

/* General media event (CXL 3.1, table 8-45). */
struct sdei_cper_cxl_media {
	struct sdei_cper_cxl_event event;
	struct sdei_cxl_record record;
	uint64_t physical_address; /* the device's; bits 5:0 are flags */
	uint8_t descriptor, type, transaction_type;
	uint8_t valid[2]; /* bits 0 channel, 1 rank, 2 device, 3 component */
	uint8_t channel, rank;
	uint8_t device[3];
	uint8_t component_id[16];
	uint8_t threshold_flags;
	uint8_t count[3];
	uint8_t subtype;
	uint8_t reserved[41];
};

/* DRAM event (CXL 3.1, table 8-46). */
struct sdei_cper_cxl_dram {
	struct sdei_cper_cxl_event event;
	struct sdei_cxl_record record;
	uint64_t physical_address;
	uint8_t descriptor, type, transaction_type;
	/* Bits 0 channel, 1 rank, 2 nibble mask, 3 bank group, 4 bank, 5 row,
	 * 6 column, 7 correction mask, 8 component, 10 sub-channel. */
	uint8_t valid[2];
	uint8_t channel, rank;
	uint8_t nibble_mask[3];
	uint8_t bank_group, bank;
	uint8_t row[3];
	uint8_t column[2];
	uint8_t correction_mask[32];
	uint8_t component_id[16];
	uint8_t sub_channel;
	uint8_t threshold_flags;
	uint8_t count[3];
	uint8_t subtype;
	uint8_t reserved;
};

/* Memory module event (CXL 3.1, table 8-47; its health: table 8-133). */
struct sdei_cper_cxl_module {
	struct sdei_cper_cxl_event event;
	struct sdei_cxl_record record;
	uint8_t type;
	uint8_t health_status, media_status, additional_status, life_used;
	uint8_t temperature[2]; /* degrees Celsius, signed */
	uint8_t dirty_shutdowns[4];
	uint8_t corrected_volatile[4], corrected_persistent[4];
	uint8_t valid[2]; /* bit 0: component */
	uint8_t component_id[16];
	uint8_t subtype;
	uint8_t reserved[42];
};

SDEI_END_C

#endif
