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

#include <linux/kvm.h>
#include <pthread.h>
#include <stdio.h>

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

/*
 * The guest's events; the first three have an error source each. A fatal error
 * has its own: it waits behind nothing.
 */
enum {
	EVENT_MEMORY_CORRECTED,
	EVENT_MEMORY_UNCORRECTED,
	EVENT_MEMORY_FATAL,
	SOURCES,
	EVENT_WATCHDOG = SOURCES,
	EVENT_ZERO,
	EVENTS
};
extern const struct sdei_event_info vmm_events[EVENTS];
/* How bad an error is (UEFI 2.10, N.2.2), and whose it is. */
enum severity { SEVERITY_RECOVERABLE, SEVERITY_FATAL, SEVERITY_CORRECTED };
static inline unsigned source_of(enum severity severity)
{
	return severity == SEVERITY_CORRECTED ? EVENT_MEMORY_CORRECTED
	       : severity == SEVERITY_FATAL   ? EVENT_MEMORY_FATAL
					      : EVENT_MEMORY_UNCORRECTED;
}

struct options {
	const char *kernel, *initrd, *append, *payload, *control, *name,
		*resume;
	unsigned vcpus;
	uint64_t memory; /* bytes */
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
	/* -1 while the guest runs, then GUEST_RESET or an exit status. */
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

/* records.c: error records for the guest's GHES driver. */
struct source_counts {
	uint64_t injected, published, acknowledged, dropped;
	/* Held back for want of room; raised once more; made way. */
	uint64_t held, again, withdrawn;
	unsigned queued;
	bool busy;
};
#define SOURCE_BLOCK_SIZE UINT64_C(0x1000)
#define SOURCE_RECORDS    64 /* that the guest has to have room for */
uint64_t source_block(unsigned source);
uint64_t source_register(unsigned source); /* holds the block's address */
uint64_t source_ack(unsigned source);
void records_start(struct vmm *vmm);
/*
 * "delivered", "pending" (the guest does not take its event now), "queued" or
 * "dropped", and why, or NULL; *sequence is the error's number.
 */
struct disposition {
	const char *what, *why;
};
struct disposition records_inject(struct vmm *vmm, enum severity severity,
				  uint64_t address, uint32_t *sequence);
/* A handler of the source's event is entered; is done, on a vcpu. */
void records_entered(unsigned source, unsigned vcpu);
void records_completed(struct vmm *vmm, unsigned source);
/* Do what is due; in how many ms the next is, or -1. */
int records_poll(struct vmm *vmm);
struct source_counts records_count(struct vmm *vmm, unsigned source);
/*
 * A page went bad, `address` where it begins. If it is a source's: it is new
 * again, with what was in it, and true is returned.
 */
bool records_renew(struct vmm *vmm, uint64_t address);

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
 * The guest's memory, from any thread; 4 or 8 bytes are aligned, and one access.
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

/* name.c: make the run folder of a name; where its control socket is to be. */
#define NAME_LENGTH_MAX 32
bool name_valid(const char *name);
const char *name_claim(const char *name);

/*
 * save.c: a guest whose vcpus are paused, to a file. On failure `why` says what
 * is wrong, there is no file, and the guest can go on.
 */
#define SAVE_PATH_MAX 240
bool save(struct vmm *vmm, const char *path, char *why, size_t why_size);
/* restore.c: which machine the file wants; then, when that is made, all else. */
void restore_open(struct vmm *vmm, const char *path);
void restore(struct vmm *vmm);

/* time.c: time that passes; now, as a record's timestamp (ACPI 6.5, 18.3.2.7.1). */
uint64_t time_ms(void);
uint64_t time_stamp(void);
/* Seconds as the first half of an EFI_TIME (UEFI 2.10, 8.3.1), and back; false if
 * there is no such date, or not in 32 bits. */
uint64_t time_to_efi(uint32_t seconds);
bool time_from_efi(uint64_t efi, uint32_t *seconds);

/* trace.c: a moment to remember; all of them, in the control line's words. */
void trace_add(const char *what, uint32_t event, unsigned vcpu,
	       uint64_t address);
void trace_show(FILE *out);
uint64_t trace_now(void); /* ns */

/* confine.c: from now on only system calls that a running guest needs. */
void confine(void);

/* control.c: the control socket (docs/control.md). */
int control_listen(const char *path);
void control_serve(struct vmm *vmm, int listening);
/* The other end: send a request ("-": those of stdin), print the answer. */
int control_ask(const char *path, const char *request);

#endif
