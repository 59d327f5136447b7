/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events that only the platform can raise: the critical ones. Whoever reads the
 * console may do it (`sdei conformance` does). The payload prints
 * "# raise EVENT on PE N"; the answer is one typed character: 'y', it has been
 * raised, or 'n', it cannot be.
 */
#ifndef CONFORMANCE_HELP_H
#define CONFORMANCE_HELP_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The platform's critical event of this type (private, shared), unregistered
 * and not pending on PE 0. Skips the check if there is none or no help.
 */
uint32_t need_critical(unsigned type);

/* Ask and wait; fails the check if it was not raised. */
void raise(uint32_t event, unsigned pe);
/*
 * The same in steps. Prepare all of the request but the end of its line, which
 * sends it, so that what is done with the event's arrival can be ready. Then,
 * by the request's number, the answer: true if it was raised. No answer may be
 * left unread.
 */
unsigned help_prepare(uint32_t event, unsigned pe);
bool help_answered(unsigned request);

#endif
