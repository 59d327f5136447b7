/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A saved guest's file: what is saved comes back, and no file does harm. Each
 * file is resumed in a process of its own, because a refusal ends it.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sanitizer/lsan_interface.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <kvm/vmm/state.h>

#define REFUSED  3 /* not 1: that is the sanitizer's */
#define STATE_AT (8 * HEADER_WORDS)
#define PAGE     4096
#define VCPUS    2
#define SMALL    1024 /* here every word counts */

static struct vmm vmm;
static char folder[] = "/tmp/test_vmm_save.XXXXXX", path[64], again[64];
static char refusal[PAGE];
static uint8_t *file;
static size_t file_size;
static const char blob[] = "SDEI's own state, 27 bytes";

/* What the VMM has elsewhere. */

void vmm_die(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(refusal, sizeof(refusal), format, list);
	va_end(list);
	_exit(REFUSED);
}

void *vmm_memory(struct vmm *v, uint64_t address, uint64_t size)
{
	uint64_t offset = address - RAM_BASE;

	if (address < RAM_BASE || offset > v->options.memory ||
	    size > v->options.memory - offset)
		return NULL;
	return v->ram + offset;
}

bool sdei_kvm_raise(struct sdei_kvm *vm, uint32_t number, unsigned vcpu)
{
	(void)vm, (void)number, (void)vcpu;
	return true;
}

bool sdei_kvm_query(const struct sdei_kvm *vm, unsigned vcpu, unsigned index,
		    struct sdei_report *report)
{
	(void)vm, (void)vcpu, (void)index;
	*report = (struct sdei_report){ 0 };
	return true;
}

bool sdei_kvm_masked(const struct sdei_kvm *vm, unsigned vcpu)
{
	(void)vm, (void)vcpu;
	return true;
}

bool sdei_kvm_sgis(struct sdei_kvm *vm, uint32_t *sgis)
{
	(void)vm, (void)sgis;
	return false;
}

uint64_t vcpu_midr(const struct vmm *v)
{
	(void)v;
	return 0;
}

bool vcpu_in_handler(const struct vmm *v, unsigned i)
{
	(void)v, (void)i;
	return false;
}

int sdei_kvm_line(struct sdei_kvm *vm, uint32_t interrupt, bool high)
{
	(void)vm, (void)interrupt, (void)high;
	return 0;
}

size_t sdei_kvm_save(struct sdei_kvm *vm, void *buffer, size_t size)
{
	(void)vm;
	if (size >= sizeof(blob))
		memcpy(buffer, blob, sizeof(blob));
	return sizeof(blob);
}

bool sdei_kvm_load(struct sdei_kvm *vm, const void *buffer, size_t size,
		   const char **why)
{
	(void)vm;
	*why = "it is another";
	return size == sizeof(blob) && !memcmp(buffer, blob, size);
}

struct sdei_kvm_counts vcpus_count(const struct vmm *v, unsigned i)
{
	return v->earlier[i];
}

/* KVM's part is a word each. */
void vcpu_put(struct vmm *v, unsigned i, struct state *s)
{
	(void)v;
	state_put(s, 100 + i);
}

void vcpu_get(struct vmm *v, unsigned i, struct state *s)
{
	(void)v;
	if (state_get(s) != 100 + i)
		state_fail(s, "vcpu %u is another", i);
}

void gic_put(struct vmm *v, struct state *s)
{
	(void)v;
	state_put(s, 200);
}

void gic_get(struct vmm *v, struct state *s)
{
	(void)v;
	state_get(s);
}

struct clock clock_read(struct vmm *v, struct state *s)
{
	(void)v, (void)s;
	return (struct clock){ 300, 301 };
}

void clock_set(struct vmm *v, struct clock clock, struct state *s)
{
	(void)v, (void)clock, (void)s;
}

static uint64_t bad_pages;

uint64_t poison_count(struct vmm *v)
{
	(void)v;
	return bad_pages;
}

bool poison_guard(void (*access)(void *argument), void *argument)
{
	access(argument);
	return true;
}

bool guest_read(struct vmm *v, uint64_t address, void *to, size_t size)
{
	memcpy(to, vmm_memory(v, address, size), size);
	return true;
}

bool guest_write(struct vmm *v, uint64_t address, const void *from, size_t size)
{
	memcpy(vmm_memory(v, address, size), from, size);
	return true;
}

bool poison_renew(struct vmm *v, uint64_t address)
{
	(void)v, (void)address;
	return false;
}

/* Files. */

static void write_file(const char *to, const void *bytes, size_t size)
{
	FILE *out = fopen(to, "wb");

	assert_non_null(out);
	assert_int_equal(fwrite(bytes, 1, size, out), size);
	fclose(out);
}

static size_t read_file(const char *from, uint8_t *bytes, size_t max)
{
	FILE *in = fopen(from, "rb");
	size_t size;

	assert_non_null(in);
	size = fread(bytes, 1, max, in);
	fclose(in);
	return size;
}

static uint64_t word_at(const uint8_t *bytes, size_t at)
{
	uint64_t word;

	memcpy(&word, bytes + at, 8);
	return word;
}

#define set_word(to, at, word) memcpy((to) + (at), &(uint64_t){ word }, 8)

/* As who wants to do harm would. */
static void correct_sum(uint8_t *bytes, size_t size)
{
	set_word(bytes, size - 8, state_sum(0, bytes, size - 8));
}

static void map_memory(struct vmm *v)
{
	v->ram = mmap(NULL, v->options.memory, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	assert_true(v->ram != MAP_FAILED);
}

/*
 * Resume what is in `path`, and save it once more if it is taken. The process has
 * our memory: to copy what the sanitizer keeps would take longer than all the rest.
 */
static int resume(bool save_again)
{
	static struct vmm fresh;
	int status;
	pid_t child;

	memset(&fresh, 0, sizeof(fresh));
	__lsan_disable(); /* it frees nothing */
	child = vfork();
	if (child == 0) {
		restore_open(&fresh, path);
		map_memory(&fresh);
		restore(&fresh);
		_exit(save_again && !save(&fresh, again, refusal, PAGE));
	}
	__lsan_enable();
	assert_int_equal(waitpid(child, &status, 0), child);
	if (fresh.ram)
		munmap(fresh.ram, fresh.options.memory);
	/* The sanitizer has spoken, and can do that once. */
	if (!WIFEXITED(status) ||
	    (WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != REFUSED))
		_exit(1);
	return WEXITSTATUS(status);
}

static void refused(const uint8_t *bytes, size_t size, const char *why)
{
	refusal[0] = '\0';
	write_file(path, bytes, size);
	assert_int_equal(resume(false), REFUSED);
	if (!strstr(refusal, why))
		fail_msg("'%s' and not '%s'", refusal, why);
}

/* A guest with something everywhere; `file` is what it is saved as. */
static int start(void **state)
{
	struct outcome outcome;
	char why[200];

	(void)state;
	vmm.options = (struct options){ .vcpus = VCPUS,
					.acpi = true,
					.memory = MEMORY_MIN * MIB };
	map_memory(&vmm);
	/* save() looks at every page: not by 32,768 page faults. */
	madvise(vmm.ram, vmm.options.memory, MADV_HUGEPAGE);
	vmm.wake = -1;
	records_start(&vmm);
	for (unsigned i = 0; i < 5; i++)
		records_report_memory(&vmm, SDEI_CPER_CORRECTED,
				      RAM_BASE + PAGE * i, 0, &outcome);
	devices_type(&vmm, 'x');
	devices_type(&vmm, 'y');
	vmm.earlier[1].dispatches = 77;
	memset(vmm.ram + 9 * PAGE, 0x5a, 2 * PAGE);
	vmm.ram[vmm.options.memory - 1] = 1;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/guest", folder);
	snprintf(again, sizeof(again), "%s/again", folder);
	file = malloc(MIB);
	assert_true(save(&vmm, path, why, sizeof(why)));
	file_size = read_file(path, file, MIB);
	return 0;
}

static int end(void **state)
{
	(void)state;
	unlink(path);
	unlink(again);
	free(file);
	return rmdir(folder);
}

/* What was saved, resumed and saved again is the same. */
static void comes_back(void **state)
{
	uint8_t *second = malloc(MIB);
	struct stat status;

	(void)state;
	write_file(path, file, file_size);
	assert_int_equal(resume(true), 0);
	assert_int_equal(read_file(again, second, MIB), file_size);
	assert_memory_equal(second, file, file_size);
	assert_int_equal(stat(again, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	/* Five pages, a few words of each, and no zeros. */
	assert_true(file_size < 10 * PAGE);
	free(second);
}

static void other_versions(void **state)
{
	uint8_t *copy = malloc(file_size);

	(void)state;
	memcpy(copy, file, file_size);
	set_word(copy, 8 * HEADER_VERSION, STATE_VERSION + 1);
	refused(copy, file_size,
		"version 6, and this sdei-vmm reads version 5");
	set_word(copy, 8 * HEADER_VERSION, 0);
	refused(copy, file_size,
		"version 0, and this sdei-vmm reads version 5");
	set_word(copy, 8 * HEADER_MAGIC, 0);
	refused(copy, file_size, "it is no guest that sdei-vmm saved");
	free(copy);
}

static void sizes(void **state)
{
	static const struct {
		unsigned word;
		uint64_t value;
		const char *why;
	} wrong[] = {
		{ HEADER_VCPUS, 0,
		  "its number of vcpus is 0: it can be 1 to 8" },
		{ HEADER_VCPUS, 9,
		  "its number of vcpus is 9: it can be 1 to 8" },
		{ HEADER_MEMORY, 127 * MIB, "its memory is 133169152" },
		{ HEADER_MEMORY, UINT64_MAX, "its memory is" },
		{ HEADER_MEMORY, 128 * MIB + 1, "not in whole MiB" },
		{ HEADER_ACPI, 2, "its use of ACPI is 2: it can be 0 to 1" },
		{ HEADER_STATE, STATE_MAX + 8, "the size of its state is" },
		{ HEADER_STATE, 7, "its state is not in whole words" },
	};
	uint8_t *copy = malloc(file_size);

	(void)state;
	for (unsigned i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		memcpy(copy, file, file_size);
		set_word(copy, 8 * wrong[i].word, wrong[i].value);
		correct_sum(copy, file_size);
		refused(copy, file_size, wrong[i].why);
	}
	free(copy);
}

static void cut_or_longer(void **state)
{
	uint8_t *copy = calloc(1, file_size + 1);

	(void)state;
	memcpy(copy, file, file_size);
	for (size_t size = 0; size < file_size;
	     size += size < SMALL ? 8 : PAGE - 1)
		refused(copy, size, "it ends early");
	refused(copy, file_size - 1, "it ends early");
	refused(copy, file_size + 1, "something follows behind its end");
	free(copy);
}

/* One bit anywhere. */
static void damaged(void **state)
{
	uint8_t *copy = malloc(file_size);

	(void)state;
	memcpy(copy, file, file_size);
	for (size_t at = 0; at < file_size; at += at < SMALL ? 8 : 1021) {
		copy[at] ^= 1u << at % 7;
		refused(copy, file_size, "");
		copy[at] ^= 1u << at % 7;
	}
	copy[file_size / 2] ^= 4;
	refused(copy, file_size, "its checksum is wrong");
	free(copy);
}

/* Any word of the state, with a good checksum: taken or refused, no harm. */
static void hostile(void **state)
{
	static const uint64_t words[] = { 0, UINT64_MAX, 33, 257 };
	size_t end_of_state = STATE_AT + word_at(file, 8 * HEADER_STATE);
	uint8_t *copy = malloc(file_size);

	(void)state;
	memcpy(copy, file, file_size);
	for (size_t at = 0; at < end_of_state + 16; at += 8) {
		uint64_t was = word_at(copy, at);

		for (unsigned i = 0; i < sizeof(words) / sizeof(*words); i++) {
			int ended;

			set_word(copy, at, words[i]);
			correct_sum(copy, file_size);
			write_file(path, copy, file_size);
			ended = resume(false);
			assert_true(ended == 0 || ended == REFUSED);
		}
		set_word(copy, at, was);
	}
	free(copy);
}

static void parts_refuse(void **state)
{
	size_t end_of_state = STATE_AT + word_at(file, 8 * HEADER_STATE);
	uint8_t *copy = malloc(file_size);

	(void)state;
	memcpy(copy, file, file_size);
	set_word(copy, end_of_state, UINT64_MAX);
	correct_sum(copy, file_size);
	refused(copy, file_size, "a place in its memory is");
	set_word(copy, end_of_state, 8);
	correct_sum(copy, file_size);
	refused(copy, file_size, "its memory is not in whole pages");
	memcpy(copy, file, file_size);
	for (size_t at = STATE_AT; at < end_of_state; at += 8)
		if (!memcmp(copy + at, blob, 8)) {
			copy[at]++;
			correct_sum(copy, file_size);
			refused(copy, file_size, "its SDEI: it is another");
			copy[at]--;
			set_word(copy, at - 8, sizeof(blob) + 8);
			correct_sum(copy, file_size);
			refused(copy, file_size, "its SDEI: it is another");
		}
	free(copy);
}

/* The guest is as it was, and nothing is left behind (rmdir() in the end). */
static void cannot_be_saved(void **state)
{
	char why[200], nowhere[SAVE_PATH_MAX + 2] = "";

	(void)state;
	assert_false(save(&vmm, "/nowhere/guest", why, sizeof(why)));
	assert_string_equal(why, "/nowhere/guest: No such file or directory");
	assert_false(save(&vmm, folder, why, sizeof(why)));
	assert_non_null(strstr(why, "Is a directory"));
	memset(nowhere, 'x', sizeof(nowhere) - 1);
	assert_false(save(&vmm, nowhere, why, sizeof(why)));
	assert_string_equal(why, "the file's name is longer than 240 bytes");
	bad_pages = 1;
	assert_false(save(&vmm, path, why, sizeof(why)));
	assert_non_null(strstr(why, "went bad"));
	bad_pages = 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_back),
		cmocka_unit_test(other_versions),
		cmocka_unit_test(sizes),
		cmocka_unit_test(cut_or_longer),
		cmocka_unit_test(damaged),
		cmocka_unit_test(hostile),
		cmocka_unit_test(parts_refuse),
		cmocka_unit_test(cannot_be_saved),
	};

	return cmocka_run_group_tests(tests, start, end);
}
