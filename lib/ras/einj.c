/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * EINJ: the client asks for an error (ACPI 6.5, 18.6). It writes what it wants
 * into its registers and rings.
 *
 * The registers are the client's to write at any moment: each is read once, and
 * only that copy is judged.
 */
#include <sdei/apei.h>

/* What SET_ERROR_TYPE_WITH_ADDRESS points at, and its extension (18.6.4). */
struct target {
	uint32_t type;
	uint32_t vendor_extension; /* offset; 0: there is none */
	uint32_t flags;
	uint32_t processor;
	uint64_t address, mask;
	uint32_t sbdf;
	uint32_t length; /* of what version 2 adds: from here to its end */
	uint16_t revision, count;
	struct component {
		uint32_t id[4];
		uint32_t syndrome[4];
	} component[SDEI_EINJ_COMPONENTS];
} SDEI_PACKED(4);
_Static_assert(offsetof(struct target, length) == 36, "ACPI 6.5, 18.6.4");
_Static_assert(offsetof(struct target, component) == 44, "ACPI 6.5, 18.6.4");

struct vendor_extension {
	uint32_t length;
	uint32_t sbdf;
	uint16_t id, device;
	uint8_t revision;
	uint8_t reserved[3];
};
_Static_assert(sizeof(struct vendor_extension) == 16, "ACPI 6.5, 18.6.4");

/* The trigger table's header (18.6.3); no entry follows. */
struct trigger {
	uint32_t header_size, revision, size, entries;
};

struct registers {
	uint64_t busy, status, types, trigger;
	uint64_t type, types2, reserved[2];
	struct target target;
	uint32_t padding;
	struct vendor_extension extension;
	uint8_t vendor[SDEI_EINJ_VENDOR_MAX];
	uint8_t padding_too[32];
	struct trigger trigger_table;
	uint8_t rest[16];
};
_Static_assert(offsetof(struct registers, types2) == SDEI_EINJ_TYPES2, "");
_Static_assert(offsetof(struct registers, target) == SDEI_EINJ_TARGET, "");
_Static_assert(sizeof(struct registers) == SDEI_EINJ_SIZE, "");

#define FLAG_PROCESSOR (1u << 0)
#define FLAG_MEMORY    (1u << 1)
#define FLAG_PCIE      (1u << 2)
#define FLAG_VERSION2  (1u << 3)
#define HAS_VERSION2   (1u << 30) /* GET_ERROR_TYPE */

/* An error of version 1: a type's bit is its class times three, and its severity. */
enum class { PROCESSOR, MEMORY, PCIE, PLATFORM, CXL_CACHE, CXL_MEM, VENDOR };

static const uint8_t severities[] = { SDEI_CPER_CORRECTED,
				      SDEI_CPER_RECOVERABLE, SDEI_CPER_FATAL };

/* A request on its way to be a record of at most SDEI_RECORD_MAX bytes. */
struct request {
	const struct sdei_einj_config *config;
	const struct registers *registers;
	struct sdei_record *record;
};

static bool put_register(const struct sdei_einj_config *c, size_t at,
			 const void *from, size_t bytes)
{
	return c->ops->write(c->context, c->registers + at, from, bytes);
}

bool sdei_einj_publish(const struct sdei_einj_config *config)
{
	struct registers r = {
		.types = config->types | (config->types2 ? HAS_VERSION2 : 0),
		.types2 = config->types2,
		.trigger = config->registers +
			   offsetof(struct registers, trigger_table),
		.trigger_table = { sizeof(struct trigger), 0,
				   sizeof(struct trigger), 0 },
	};

	if (config->types2) {
		r.target.length = sizeof(r.target) -
				  offsetof(struct target, length);
		r.target.revision = 1;
	}
	if (config->types & SDEI_EINJ_VENDOR) {
		r.target.vendor_extension = offsetof(struct registers,
						     extension) -
					    offsetof(struct registers, target);
		r.extension = (struct vendor_extension){
			.length = (uint32_t)sizeof(r.extension) +
				  config->vendor_bytes,
			.sbdf = config->vendor_sbdf,
			.id = config->vendor_id,
			.device = config->vendor_device,
			.revision = config->vendor_revision,
		};
	}
	return put_register(config, 0, &r, sizeof(r));
}

static void *add(const struct request *q, enum sdei_section_kind kind,
		 unsigned severity, size_t size)
{
	return sdei_record_add(q->record, SDEI_RECORD_MAX, kind, severity, size,
			       NULL, 0);
}

/* An address given with a processor goes into its record. */
static bool add_processor(const struct request *q, unsigned severity,
			  const uint32_t *uid)
{
	const struct target *t = &q->registers->target;
	struct sdei_cper_arm_error *error =
		sdei_record_processor(q->record, SDEI_RECORD_MAX, severity);
	int pe;

	if (!error)
		return false;
	if (t->flags & FLAG_MEMORY) {
		error->valid |= SDEI_ARM_HAS_PHYSICAL;
		error->physical_address = t->address;
	}
	pe = q->config->einj->processor(
		q->config->context, uid,
		(struct sdei_cper_processor *)(void *)error - 1);
	if (pe >= 0 && q->record->sections == 1)
		q->record->pe = (uint16_t)pe;
	return pe >= 0;
}

static bool add_memory(const struct request *q, unsigned severity,
		       const uint32_t *device)
{
	const struct target *t = &q->registers->target;
	struct sdei_cper_memory *body;

	if (!(t->flags & FLAG_MEMORY) || (device && *device > UINT16_MAX) ||
	    !q->config->einj->address(q->config->context, t->address))
		return false;
	body = sdei_record_memory(q->record, SDEI_RECORD_MAX, severity);
	if (!body)
		return false;
	body->valid |= SDEI_MEMORY_HAS_ADDRESS | SDEI_MEMORY_HAS_ADDRESS_MASK;
	body->physical_address = t->address;
	body->physical_address_mask = t->mask;
	if (device) {
		body->valid |= SDEI_MEMORY_HAS_DEVICE;
		body->device = (uint16_t)*device;
	}
	return true;
}

/* What is known of that function; false: there is none. */
static bool find_function(const struct request *q, uint32_t sbdf,
			  struct sdei_cper_pcie *body)
{
	body->valid = SDEI_PCIE_HAS_ID;
	body->id.segment = (uint8_t)(sbdf >> 24);
	body->id.bus = (uint8_t)(sbdf >> 16);
	body->id.device = sbdf >> 11 & 0x1f;
	body->id.function = sbdf >> 8 & 7;
	return q->config->einj->device(q->config->context, sbdf, body);
}

static bool add_pcie(const struct request *q, unsigned severity,
		     const uint32_t *sbdf)
{
	struct sdei_cper_pcie *body = add(q, SDEI_SECTION_PCIE, severity,
					  sizeof(*body));

	return body && sbdf && find_function(q, *sbdf, body);
}

/*
 * Which CXL agent that is, by the device/port type of its PCIe capability (PCI
 * Express 6.0, 7.5.3.2); a root port, whose errors EINJ's are, if nobody says.
 */
static uint8_t agent_of(const struct sdei_cper_pcie *port)
{
	if (!(port->valid & SDEI_PCIE_HAS_PORT_TYPE))
		return SDEI_CXL_AGENT_ROOT_PORT;
	switch (port->port_type) {
	case 0:
		return SDEI_CXL_AGENT_DEVICE;
	case 5:
		return SDEI_CXL_AGENT_UPSTREAM_PORT;
	case 6:
		return SDEI_CXL_AGENT_DOWNSTREAM_PORT;
	default:
		return SDEI_CXL_AGENT_ROOT_PORT;
	}
}

/* What a CXL section says of its function is what the PCIe section says. */
static void name_port(struct sdei_cper_cxl_protocol *c,
		      const struct sdei_cper_pcie *port)
{
	c->valid = SDEI_CXL_PROTOCOL_HAS_AGENT_TYPE |
		   SDEI_CXL_PROTOCOL_HAS_ADDRESS | SDEI_CXL_PROTOCOL_HAS_ID;
	c->agent_type = agent_of(port);
	c->address.segment = port->id.segment;
	c->address.bus = port->id.bus;
	c->address.device = port->id.device;
	c->address.function = port->id.function;
	c->vendor_id = port->id.vendor_id;
	c->device_id = port->id.device_id;
	c->class_code = (uint16_t)(port->id.class_code[2] << 8 |
				   port->id.class_code[1]);
	c->slot = port->id.slot;
	if (port->valid & SDEI_PCIE_HAS_CAPABILITY) {
		c->valid |= SDEI_CXL_PROTOCOL_HAS_CAPABILITY;
		__builtin_memcpy(c->capability, port->capability,
				 sizeof(c->capability));
	}
}

/*
 * A CXL protocol error (CXL 3.1, 8.2.4.17): an ECC error of that protocol's data,
 * in the log as in the port's own registers. `uncorrected` and `corrected` are its
 * bits there.
 */
static bool add_cxl(const struct request *q, unsigned severity,
		    const uint32_t *sbdf, uint32_t uncorrected,
		    uint32_t corrected)
{
	struct sdei_cper_cxl_protocol *c =
		add(q, SDEI_SECTION_CXL_PROTOCOL, severity,
		    sizeof(*c) + sizeof(struct sdei_cxl_ras));
	struct sdei_cper_pcie port = { 0 };
	struct sdei_cxl_ras *log;

	if (!c || !sbdf || !find_function(q, *sbdf, &port))
		return false;
	name_port(c, &port);
	log = (struct sdei_cxl_ras *)(void *)(c + 1);
	c->valid |= SDEI_CXL_PROTOCOL_HAS_LOG;
	c->log_length = sizeof(*log);
	if (severity == SDEI_CPER_CORRECTED)
		log->corrected_status = corrected;
	else
		log->uncorrected_status = uncorrected;
	if (severity == SDEI_CPER_FATAL)
		log->uncorrected_severity = uncorrected;
	return true;
}

static bool add_cxl_cache(const struct request *q, unsigned severity,
			  const uint32_t *sbdf)
{
	return add_cxl(q, severity, sbdf, 1u << 3, 1u << 0);
}

static bool add_cxl_mem(const struct request *q, unsigned severity,
			const uint32_t *sbdf)
{
	return add_cxl(q, severity, sbdf, 1u << 7, 1u << 1);
}

/* A platform's error refers to a record of its firmware: revision 2, of a SoC. */
static bool add_platform(const struct request *q, unsigned severity,
			 const uint32_t *id)
{
	struct sdei_cper_firmware *body = add(q, SDEI_SECTION_FIRMWARE,
					      severity, sizeof(*body));

	(void)id;
	if (!body)
		return false;
	body->type = 2;
	body->revision = 2;
	__builtin_memcpy(body->record_guid, q->config->platform_guid,
			 sizeof(body->record_guid));
	return true;
}

static bool add_vendor(const struct request *q, unsigned severity,
		       const uint32_t *id)
{
	const size_t guid = sizeof(q->config->vendor_guid);
	uint8_t *body = add(q, SDEI_SECTION_VENDOR, severity,
			    guid + q->config->vendor_bytes);

	(void)id;
	if (!body)
		return false;
	__builtin_memcpy(body, q->config->vendor_guid, guid);
	__builtin_memcpy(body + guid, q->registers->vendor,
			 q->config->vendor_bytes);
	return true;
}

static bool (*const add_of[])(const struct request *, unsigned severity,
			      const uint32_t *id) = {
	[PROCESSOR] = add_processor, [MEMORY] = add_memory,
	[PCIE] = add_pcie,           [PLATFORM] = add_platform,
	[CXL_CACHE] = add_cxl_cache, [CXL_MEM] = add_cxl_mem,
	[VENDOR] = add_vendor,
};

/* The bit's number in a type that is one of the offered ones; 32: it is not. */
static unsigned bit_of(uint32_t type, uint32_t offered)
{
	if (!(type & offered) || type & (type - 1))
		return 32;
	return (unsigned)__builtin_ctz(type);
}

/* A type of version 1 has one error, which is where the target says. */
static bool make_one(const struct request *q)
{
	const struct target *t = &q->registers->target;
	const bool vendor = t->type & q->config->types & SDEI_EINJ_VENDOR;
	const uint32_t rest = t->type & ~SDEI_EINJ_VENDOR;
	unsigned bit, of, severity;
	const uint32_t *id = NULL;

	if (vendor)
		bit = rest ? bit_of(rest, SDEI_EINJ_PLATFORM) : 0;
	else
		bit = bit_of(t->type, q->config->types);
	of = bit / 3;
	if (of >= VENDOR)
		return false;
	severity = severities[bit % 3];
	if (of == PROCESSOR && t->flags & FLAG_PROCESSOR)
		id = &t->processor;
	if ((of == PCIE || of >= CXL_CACHE) && t->flags & FLAG_PCIE)
		id = &t->sbdf;
	q->record->severity = (uint8_t)severity;
	return add_of[vendor ? VENDOR : of](q, severity, id);
}

/* Is there nothing but `value` in these 16 bytes? */
static bool is_only(const uint32_t words[4], uint32_t value)
{
	return words[0] == value && !(words[1] | words[2] | words[3]);
}

static bool make_several(const struct request *q)
{
	const struct target *t = &q->registers->target;
	const unsigned of = bit_of(t->type, q->config->types2);
	unsigned worst = 0;

	if (of > PCIE || !t->count || t->count > SDEI_EINJ_COMPONENTS)
		return false;
	for (unsigned i = 0; i < t->count; i++) {
		const struct component *c = &t->component[i];
		const uint32_t id = c->id[0], severity = c->syndrome[0];

		if (severity >= sizeof(severities) ||
		    !is_only(c->syndrome, severity) || !is_only(c->id, id) ||
		    !add_of[of](q, severities[severity], &id))
			return false;
		if (worst < severity)
			worst = severity;
	}
	q->record->severity = severities[worst];
	return true;
}

static bool make(const struct request *q)
{
	const uint32_t flags = q->registers->target.flags;

	sdei_record_start(q->record, 0, 0);
	if (flags >> 4)
		return false;
	return flags & FLAG_VERSION2 ? make_several(q) : make_one(q);
}

static bool take(const struct sdei_einj_config *c, struct registers *r,
		 size_t at, size_t end)
{
	return c->ops->read(c->context, c->registers + at, (uint8_t *)r + at,
			    end - at);
}

#define COMMON_END \
	(offsetof(struct registers, target) + offsetof(struct target, length))

/* What of a request no other has. */
static bool take_rest(const struct sdei_einj_config *c, struct registers *r)
{
	/* A client that knows only SET_ERROR_TYPE gives no target. */
	if (!r->target.type) {
		r->target.type = (uint32_t)r->type;
		r->target.flags = 0;
	}
	if (r->target.flags & FLAG_VERSION2)
		return take(c, r, COMMON_END,
			    offsetof(struct registers, padding));
	if (r->target.type & SDEI_EINJ_VENDOR)
		return take(c, r, offsetof(struct registers, vendor),
			    offsetof(struct registers, padding_too));
	return true;
}

enum request_is { ABSENT, BAD, GOOD };

/*
 * Take the request and make its record. Apart, so that the registers are off the
 * stack when the record is reported, which goes deep.
 */
static __attribute__((noinline)) enum request_is
take_request(const struct sdei_einj_config *config)
{
	struct registers registers;
	const struct request q = { config, &registers, config->record };
	uint64_t zero = 0;

	if (!take(config, &registers, 0, sizeof(registers.busy)) ||
	    !(registers.busy & 1))
		return ABSENT;
	/* It has not rung for it yet if another's doorbell brought us here: then
	 * nothing else orders the request behind `busy`. */
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	if (!take(config, &registers, sizeof(registers.busy), COMMON_END) ||
	    !take_rest(config, &registers))
		return ABSENT;
	if (registers.type)
		put_register(config, SDEI_EINJ_TYPE, &zero, sizeof(zero));
	put_register(config, SDEI_EINJ_TARGET, &zero,
		     sizeof(registers.target.type));
	return make(&q) ? GOOD : BAD;
}

void sdei_einj_serve(const struct sdei_einj_config *config)
{
	const enum request_is request = take_request(config);
	uint64_t status = SDEI_EINJ_INVALID_ACCESS, zero = 0;

	if (request == ABSENT)
		return;
	if (request == GOOD)
		status = config->einj->report(config->context, config->record,
					      SDEI_RECORD_MAX);
	put_register(config, SDEI_EINJ_STATUS, &status, sizeof(status));
	__atomic_thread_fence(__ATOMIC_RELEASE);
	put_register(config, SDEI_EINJ_BUSY, &zero, sizeof(zero));
}
