/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A machine with the library in it, and the model beside it. One step does one
 * thing to both and compares everything that can be seen.
 *
 * The machine is one object at one address, so a copy of its bytes, put back
 * later, is the same machine again: the library's pointers stay right.
 */
#ifndef MODEL_MACHINE_H
#define MODEL_MACHINE_H

#include <stddef.h>

#include <sdei/dispatcher.h>

#include "model.h"

#define LIBRARY_BYTES 8192

struct machine {
	struct model model;
	unsigned pes;
	/* Must yet call sdei_deliver(): was kicked, or has raised an event. */
	bool owed[MAX_PES];
	/*
	 * Who triggered a pending private event: its PE (1), another (2), or
	 * both. It makes no difference to anything but the library's insides.
	 */
	uint8_t origin[EVENTS][MAX_PES];
	/* What each handler interrupted, normal and critical. */
	struct sdei_context saved[MAX_PES][2];
	_Alignas(16) unsigned char library[LIBRARY_BYTES];
};

extern struct machine machine;
/* How much of the machine is in use, in bytes from its beginning. */
extern size_t machine_bytes;

enum doing { CALL, RAISE, INTERRUPT, DELIVER, PE_ON, PE_OFF, SUSPEND };

struct action {
	enum doing doing;
	unsigned pe;
	/* A call's x0 to x5, an event and its PE, or an interrupt. */
	uint64_t x[6];
	bool stranger; /* the call comes from EL1 */
};

/* All that a machine of `pes` PEs can be asked; see actions.c. */
#define MAX_ACTIONS 1200
extern struct action actions[MAX_ACTIONS];
unsigned list_actions(unsigned pes);
void print_action(const struct action *a);

/* A new machine. All PEs are off. */
void machine_start(unsigned pes);
/* Only a new library in it. */
void machine_library(void);
/* Save the library's state, and load it into a library just made. */
bool reload(void);
/* The same for equal states, saved contexts aside. */
uint32_t saved_digest(void);
/* Is this something that can happen to the machine as it is? */
bool possible(const struct action *a);
/*
 * Do it; false if the library's answer and the model's differ: then
 * `difference` says how. If the machine is not as before, settle() compares the
 * new states, too, and sees that every event that can run will.
 */
bool step(const struct action *a);
bool settle(const struct action *a);
/* Compare all that the library says of its state with the model. */
bool same_state(void);
extern char difference[512];
/* Note a difference; returns false. */
bool differs(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The model's state in words. */
void print_model(const struct model *m);

/* What the library's operations were asked for during a step: see ops.c. */
struct log {
	unsigned entered, completed, resumed, ends;
	unsigned entered_on;
	uint32_t entered_number;
	struct sdei_context interrupted;
	struct {
		unsigned pe;
		uint32_t number, status;
		enum sdei_ending how;
	} completion[4];
	struct {
		unsigned pe;
		uint32_t interrupt;
	} end[8];
	uint64_t taken, given; /* interrupts, a bit each */
	uint64_t elr, spsr;
	bool wrong; /* something that must never be asked */
};
extern struct log happened;
extern const struct sdei_ops machine_ops;

#define VBAR(pe) (0xffffa00000000000u + 0x100000u * (pe))

#endif
