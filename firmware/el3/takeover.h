/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef EL3_TAKEOVER_H
#define EL3_TAKEOVER_H

#include "pe.h"

/*
 * To be called before PRIVATE_RESET or SHARED_RESET, with which a client
 * begins: if it is a new one, free it of what its predecessor left behind.
 */
void takeover_reset(bool shared);
/* A PE is being switched on by this one, and so is the client's of now. */
void takeover_pe_on(struct pe *pe);

#endif
