/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What sdei-vmm's files share: one guest, its memory, its devices.
 *
 * The one thing to know: the machine has the addresses and interrupts of QEMU's
 * `virt`, so that whatever runs there bare (conformance.bin) runs here, too.
 */
#ifndef VMM_H
#define VMM_H

#include <sdei/kvm.h>
#include <sdei/ras.h>

#include <linux/kvm.h>
#include <pthread.h>
#include <stdio.h>
#include <trace_format.h>

#define GICD_BASE          UINT64_C(0x08000000)
#define GICD_SIZE          UINT64_C(0x00010000)
#define GICR_BASE          UINT64_C(0x080a0000)
#define GICR_STRIDE        UINT64_C(0x00020000) /* a vcpu */
#define UART_BASE          UINT64_C(0x09000000)
#define RTC_BASE           UINT64_C(0x09010000)
#define DEVICE_SIZE        UINT64_C(0x00001000)
#define RTC_EFI_TIME       (RTC_BASE + 0x800) /* runtime.S */
#define IRQ_UART           33
#define IRQ_RTC            34
#define IRQ_VIRTUAL_TIMER  27
#define IRQ_PHYSICAL_TIMER 30
#define IRQ_COUNT          96 /* as KVM counts: SGIs and PPIs with them */

/* What the guest finds at the start of its memory. */
#define RAM_BASE     UINT64_C(0x40000000)
#define TREE_BASE    RAM_BASE
#define TREE_SIZE    UINT64_C(0x00100000)
#define RAS_BASE     (TREE_BASE + TREE_SIZE)
#define RAS_SIZE     UINT64_C(0x00010000)
#define TABLES_BASE  (RAS_BASE + RAS_SIZE) /* ACPI, EFI */
#define TABLES_SIZE  UINT64_C(0x00010000)
#define RUNTIME_BASE (TABLES_BASE + TABLES_SIZE) /* UEFI's services */
#define RUNTIME_SIZE UINT64_C(0x00010000) /* at least (UEFI 2.10, 2.3.6.1) */
#define KERNEL_BASE  (RAM_BASE + UINT64_C(0x00200000))
#define PAYLOAD_BASE UINT64_C(0x60000000) /* conformance/platform.h */

#define VCPUS_MAX   8
#define MIB         (UINT64_C(1) << 20)
#define MEMORY_MIN  128 /* MiB */
#define MEMORY_MAX  3072
#define GUEST_RESET 256
#define TRACE_MIN   64 /* KiB */
#define TRACE_MAX   4096

/* The guest's events; the first ones have an error source each (sources.c). */
enum {
	EVENT_MEMORY_CORRECTED,
	EVENT_MEMORY_UNCORRECTED,
	EVENT_PROCESSOR_CORRECTED,
	EVENT_PROCESSOR_UNCORRECTED,
	EVENT_MEMORY_FATAL,
	EVENT_PROCESSOR_FATAL,
	EVENT_PCIE_CORRECTED,
	EVENT_PCIE_UNCORRECTED,
	EVENT_PCIE_FATAL,
	EVENT_PLATFORM_CORRECTED,
	EVENT_PLATFORM_UNCORRECTED,
	EVENT_PLATFORM_FATAL,
	SOURCES,
	EVENT_WATCHDOG = SOURCES,
	EVENT_ZERO,
	EVENTS
};
extern const struct sdei_event_info vmm_events[EVENTS];
extern const struct sdei_ras_source vmm_sources[SOURCES];

struct options {
	const char *kernel, *initrd, *append, *payload, *control, *name,
		*resume;
	unsigned vcpus;
	uint64_t memory;     /* bytes */
	uint64_t trace_size; /* KiB, of the live trace */
	bool acpi;
	bool forward; /* the host's corrected errors, too */
};

struct vmm {
	struct options options;
	int kvm, vm, gic;
	uint8_t *ram;
	struct {
		int fd;
		struct kvm_run *run;
		pthread_t thread;
		bool entered; /* a handler, in the last run */
		struct aborts {
			unsigned row;   /* none of them handled */
			uint64_t pc;    /* where the last was taken */
			uint64_t page;  /* touched last, and how often it */
			unsigned tries; /* could not: see abort.c */
		} aborts;
	} vcpus[VCPUS_MAX];
	struct sdei_kvm *sdei;
	/* What SDEI cost before the guest was saved and resumed. */
	struct sdei_kvm_counts earlier[VCPUS_MAX];
	uint64_t start, argument;     /* of vcpu 0: PC and x0 */
	uint64_t initrd, initrd_size; /* guest address */
	int wake;                     /* eventfd: a vcpu thread has news */
	/* -1 while the guest runs, then GUEST_RESET or an exit status. Of what a thread
	 * did before it ended the guest nothing is looked at before it is joined. */
	int ending;
	bool paused; /* vcpus stand still; ending as it was */
};

/* Where the VMM sees `size` bytes of guest memory; NULL if they are not all. */
void *vmm_memory(struct vmm *vmm, uint64_t address, uint64_t size);
/* End the guest, from any thread; the first status counts. */
void vmm_end(struct vmm *vmm, int status);
/* Say what cannot be done and exit with 1. */
void vmm_die(const char *format, ...)
	__attribute__((noreturn, format(printf, 1, 2)));

/* machine.c: KVM's part of the machine; and what a reset does to it. */
void machine_make(struct vmm *vmm);
void machine_reset(struct vmm *vmm);
/* vcpu.c: from where the image starts, or from where they are. */
void vcpus_boot(struct vmm *vmm);
void vcpus_start(struct vmm *vmm);
void vcpus_stop(struct vmm *vmm);
/* Stop them with nothing half done, as sdei_kvm_save() wants it. */
void vcpus_pause(struct vmm *vmm);
/* Finish what a vcpu's last exit left undone; in its thread. */
void vcpu_settle(struct vmm *vmm, unsigned i);
/* MIDR_EL1, of any of them, while none runs. */
uint64_t vcpu_midr(const struct vmm *vmm);
/* Does a handler run on it? */
bool vcpu_in_handler(const struct vmm *vmm, unsigned i);
/* What SDEI has cost since the guest was booted. */
struct sdei_kvm_counts vcpus_count(const struct vmm *vmm, unsigned i);
/* image.c: kernel, initrd or payload into memory. */
void image_load(struct vmm *vmm);
/* tree.c */
void tree_make(struct vmm *vmm, const char *command_line);
/* The tree for ACPI: /chosen, and what EFI would say (docs/firmware.md). */
struct efi {
	uint64_t system_table, map;
	uint32_t map_size;
};
void tree_make_for_acpi(struct vmm *vmm, const char *command_line,
			const struct efi *efi);
/* sources.c: what code and tables go by; `ops` and `context` are not in it. */
struct sdei_ras_config sources_config(const struct vmm *vmm);
/* acpi.c: the tables; returns the RSDP's address. */
uint64_t acpi_make(struct vmm *vmm);
/* efi.c */
struct efi efi_make(struct vmm *vmm, uint64_t rsdp);
/* Memory for both; zeroed, aligned to 8. All is free again after a reset. */
void tables_reset(void);
void *tables_take(struct vmm *vmm, uint64_t size, uint64_t *address);

/* devices.c: accesses outside of memory, from vcpu threads. */
void devices_reset(struct vmm *vmm);
void devices_access(struct vmm *vmm, uint64_t address, bool write,
		    uint8_t data[8], unsigned size);
/* A byte that was typed. */
void devices_type(struct vmm *vmm, uint8_t byte);

/* records.c: libsdei-ras, for the guest's GHES driver. */
#define SOURCE_BLOCK_SIZE UINT64_C(0x1000)
#define SOURCE_QUEUE_SIZE 3904 /* bytes: as in the firmware, 4 KiB a source */
#define SOURCE_RECORDS    64   /* that the guest has to have room for */
void records_start(struct vmm *vmm);
/* Room for a record of one of the usual sections. */
struct record_buffer {
	struct sdei_record record;
	uint64_t sections[16];
};
struct outcome {
	uint32_t event;
	struct sdei_ras_outcome report;
};
/*
 * Report an error: a sound record (sdei_record_wrong()); its time, if it has none,
 * its sequence number and what it does not say of its vcpu are filled in. Returns
 * NULL, or what is wrong, and then nothing is reported. `mask` 0: there is none.
 */
const char *records_report(struct vmm *vmm, struct sdei_record *record,
			   struct outcome *outcome);
/* A memory error's. */
void records_make_memory(struct record_buffer *buffer, unsigned severity,
			 uint64_t address, uint64_t mask);
const char *records_report_memory(struct vmm *vmm, unsigned severity,
				  uint64_t address, uint64_t mask,
				  struct outcome *outcome);
/* A handler of the source's event is entered; is done, on a vcpu. */
void records_entered(unsigned source, unsigned vcpu);
void records_completed(unsigned source, unsigned vcpu);
/* Do what is due; in how many ms the next is, or -1. */
int records_poll(struct vmm *vmm);
struct sdei_ras_counters records_count(unsigned source);
/* A live trace begins: what is acknowledged already is not news. */
void records_trace(void);
/*
 * A page went bad, `address` where it begins. If it is a source's: it is new
 * again, with what was in it, and true is returned.
 */
bool records_renew(struct vmm *vmm, uint64_t address);
/* records_event.c: why an event would wait (for that vcpu), and in words; NULL, and
 * TRACE_WAITS_NOT: one takes it. */
enum trace_why records_why(const struct vmm *vmm, unsigned event,
			   unsigned vcpu);
const char *records_why_pending(const struct vmm *vmm, unsigned event,
				unsigned vcpu);

/*
 * storm.c: the same error many times. One that has begun goes on when its first error
 * was reported like any other; NULL: there can be no such storm, *why. The id.
 */
struct sdei_storm;
void storm_reset(struct vmm *vmm); /* no storm runs */
struct sdei_storm *storm_begin(const struct sdei_record *record, uint64_t count,
			       uint64_t rate, const char **why);
uint32_t storm_go_on(struct sdei_storm *storm, const struct outcome *outcome);
/* Report what is due; in how many ms the next is, or -1. */
int storm_poll(void);
unsigned storm_stop(uint32_t id);        /* 0: all; how many ran */
void storm_show(FILE *out, uint32_t id); /* a line; 0: for each */

/* poison.c: host memory that goes bad. A descriptor to poll, and its news. */
int poison_start(struct vmm *vmm);
void poison_serve(struct vmm *vmm);
void poison_reset(struct vmm *vmm); /* all pages are new */
/* How many pages of the guest's went bad since then. */
uint64_t poison_count(struct vmm *vmm);
/* Do what reads or writes the guest's memory; false if a page there went bad. */
bool poison_guard(void (*access)(void *argument), void *argument);
/*
 * The calling thread is a vcpu's: the guest address that made its run end by
 * EINTR, for it was bad, is left in *address.
 */
void poison_attach(uint64_t *address);
/*
 * Tell the guest of an address that went bad, once, `*ago` ms ago (0: just now).
 * It may be memory that the VMM itself has made new.
 */
enum poison_news { POISON_TOLD, POISON_UNTOLD, POISON_RENEWED };
enum poison_news poison_tell(struct vmm *vmm, uint64_t address, uint32_t *ago);
/* A page that is zero again, for the bad one there; false if there is none. */
bool poison_renew(struct vmm *vmm, uint64_t address);
/*
 * The guest's memory, from any thread; 4 or 8 bytes are one access if aligned.
 * False if it is not all there, or went bad: then nothing is known of what was
 * read or written.
 */
bool guest_read(struct vmm *vmm, uint64_t address, void *to, size_t size);
bool guest_write(struct vmm *vmm, uint64_t address, const void *from,
		 size_t size);

/*
 * abort.c: a vcpu's last run ended by EINTR because it touched a bad address;
 * `entered`: it has entered a handler, too. Or by EXIT_ARM_SEA. In its thread.
 */
void abort_start(struct vmm *vmm);
void abort_touched(struct vmm *vmm, unsigned i, uint64_t address, bool entered);
void abort_taken(struct vmm *vmm, unsigned i, const struct kvm_run *run);

/* pagemap.c: where a guest address lies in the host; 0 if nowhere, or not ours
 * to know. */
uint64_t pagemap_physical(struct vmm *vmm, uint64_t address);
/* The other way round; 0 if it is not the guest's, or not ours to know. */
uint64_t pagemap_guest(struct vmm *vmm, uint64_t physical);

/* forward.c: the host's corrected errors. A descriptor to poll, and its news. */
int forward_start(void);
void forward_serve(struct vmm *vmm);

/* name.c: make the run folder of a name; where its control socket is to be, and the
 * file of its live trace. */
#define NAME_LENGTH_MAX 32
bool name_valid(const char *name);
const char *name_claim(const char *name, char **trace);

/*
 * save.c: a guest whose vcpus are paused, to a file. On failure `why` says what
 * is wrong, there is no file, and the guest can go on.
 */
#define SAVE_PATH_MAX 240
bool save(struct vmm *vmm, const char *path, char *why, size_t why_size);
/* restore.c: which machine the file wants; then, when that is made, all else. */
void restore_open(struct vmm *vmm, const char *path);
void restore(struct vmm *vmm);

/* time.c: time that passes. */
uint64_t time_ms(void);
/* Seconds as the first half of an EFI_TIME (UEFI 2.10, 8.3.1), and back; false if
 * there is no such date, or not in 32 bits. */
uint64_t time_to_efi(uint32_t seconds);
bool time_from_efi(uint64_t efi, uint32_t *seconds);

/* trace.c: a moment to remember; all of them, in the control line's words. */
void trace_add(const char *what, uint32_t event, unsigned vcpu,
	       uint64_t address);
void trace_show(FILE *out);
uint64_t trace_now(void); /* ns */

uint64_t trace_ticks(void); /* of the system counter */
uint64_t trace_hz(void);

/* live.c: a live trace in that file; a thread is vcpu's; `trace live` and `trace off`. */
void live_open(struct vmm *vmm, const char *path);
void live_attach(unsigned vcpu);
void live_answer(FILE *out, bool on);
extern bool live_on;
static inline bool live_is_on(void)
{
	return __atomic_load_n(&live_on, __ATOMIC_ACQUIRE);
}
/* A step of the calling thread's, while there is a live trace. */
void live_add(enum trace_kind kind, uint32_t code, uint64_t v0, uint64_t v1,
	      uint64_t v2);
void live_add_all(enum trace_kind kind, uint32_t code,
		  const uint64_t values[TRACE_VALUES]);
static inline void live_note(enum trace_kind kind, uint32_t code, uint64_t v0,
			     uint64_t v1, uint64_t v2)
{
	if (live_is_on())
		live_add(kind, code, v0, v1, v2);
}
/* For config->watch of libsdei-kvm. */
void live_watch(void *context, unsigned vcpu, enum sdei_kvm_step step,
		const uint64_t value[6]);

/* confine.c: from now on only system calls that a running guest needs. */
void confine(void);

/* inject.c: what is behind `inject ` in a request, and its answer. */
void inject_answer(struct vmm *vmm, FILE *out, const char *request);
/* `storms`, and what is behind it. */
void inject_storms(FILE *out, const char *request);
/* The number behind ` key=` in a request, or `missing`. */
uint64_t request_number(const char *request, const char *key, uint64_t missing);

/* control.c: the control socket (docs/control.md). */
int control_listen(const char *path);
void control_serve(struct vmm *vmm, int listening);
/* The other end: send a request ("-": those of stdin), print the answer. */
int control_ask(const char *path, const char *request);

#endif
