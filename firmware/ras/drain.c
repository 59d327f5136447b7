/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How much the kernel has taken and not yet worked on.
 *
 * In a handler a kernel can do no more than copy a record. It works on the copy
 * later, by an interrupt that it sends itself, and until then the copy takes
 * room that all sources share in Linux: once that is full, Linux drops records of
 * any severity without acknowledging. So no source has more records out than
 * the HEST asked the kernel to make room for (PLAT_RAS_PREALLOCATED), until the
 * kernel is seen to be done with them.
 *
 * It is, when every PE that ran a handler since has been seen without an SGI of
 * the client's pending or active, outside of handlers: that PE has taken what it
 * sent itself, and returned. One PE is not enough: Linux's interrupt stays on the
 * PE that asked for it first. It lies pending there while that PE masks
 * interrupts, whatever others do. An SGI that means something else errs on the
 * safe side.
 *
 * How a handler ended would not tell: an idle Linux masks interrupts around WFI,
 * so its handlers end by COMPLETE as do those of a PE that hangs.
 */
#include <ras/source.h>
#include <el3/machine.h>

static struct {
	unsigned taken[PLAT_RAS_SOURCES];
	unsigned suspects; /* PEs that are suspected */
	struct {
		bool suspected; /* work may wait there */
		uint8_t inside; /* handlers, one within the other */
	} pe[PLAT_MAX_PES];
} drain;

static void clear(unsigned pe)
{
	if (!drain.pe[pe].suspected)
		return;
	drain.pe[pe].suspected = false;
	if (--drain.suspects == 0)
		__builtin_memset(drain.taken, 0, sizeof(drain.taken));
}

static void look(unsigned pe)
{
	if (drain.pe[pe].suspected && !drain.pe[pe].inside &&
	    !machine_pe_has_sgi(pe))
		clear(pe);
}

void drain_start(void)
{
	__builtin_memset(&drain, 0, sizeof(drain));
}

/* A PE that is still in a handler stays suspected. */
void drain_new_client(void)
{
	for (unsigned pe = 0; pe < machine_pe_count(); pe++)
		if (!drain.pe[pe].inside)
			clear(pe);
	__builtin_memset(drain.taken, 0, sizeof(drain.taken));
}

void drain_entered(unsigned pe)
{
	look(pe);
	drain.pe[pe].inside++;
	if (drain.pe[pe].suspected)
		return;
	drain.pe[pe].suspected = true;
	drain.suspects++;
}

void drain_left(unsigned pe)
{
	drain.pe[pe].inside--;
}

void drain_pe_off(unsigned pe)
{
	clear(pe);
}

void drain_taken(unsigned index)
{
	drain.taken[index]++;
}

bool drain_has_room(unsigned index)
{
	if (drain.taken[index] < PLAT_RAS_PREALLOCATED)
		return true;
	if (!drain.suspects)
		drain.taken[index] = 0;
	for (unsigned pe = 0; pe < machine_pe_count(); pe++)
		look(pe);
	return drain.taken[index] < PLAT_RAS_PREALLOCATED;
}
