/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls into the dispatcher, and the one that does not come back where it was
 * made.
 */
#include "macros.h"

	.text
	.globl	sdei_smc, client_smc
	.type	sdei_smc, %function
	.type	client_smc, %function
sdei_smc:
client_smc:
	landing_pad
	smc	#0
	ret

	.globl	sdei_hvc, client_hvc
	.type	sdei_hvc, %function
	.type	client_hvc, %function
sdei_hvc:
client_hvc:
	landing_pad
	hvc	#0
	ret

	/*
	 * unsigned client_abandon(uint64_t fid, uint32_t hvc, uint64_t
	 * world_el2): the handler ends, and what it interrupted would go on at
	 * the label. It is not there, we are: x18 to x30 and SP are ours still.
	 * A stub comes back behind the call with 0, and may lose x20 to x22.
	 */
	.globl	client_abandon
	.type	client_abandon, %function
client_abandon:
	sign_return
	stp	x19, x30, [sp, #-48]!
	stp	x20, x21, [sp, #16]
	str	x22, [sp, #32]
	mrs	x19, daif
	mov	x22, x2
	mov	w9, w1
	adr	x1, abandoned
	conduit	w9
	cbz	x0, abandoned
	mov	w0, #0
	b	1f
abandoned:
	msr	daif, x19
	mov	w0, #1
1:	ldr	x22, [sp, #32]
	ldp	x20, x21, [sp, #16]
	ldp	x19, x30, [sp], #48
	check_return
	ret

	properties
