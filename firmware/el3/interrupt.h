/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Group 0 interrupts.
 */
#ifndef EL3_INTERRUPT_H
#define EL3_INTERRUPT_H

/* Acknowledge and serve all that are pending on the calling PE. */
void interrupt_serve(void);

#endif
