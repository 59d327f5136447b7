/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers that cross an exception level: system calls of processes (the SVC's
 * immediate), and calls of a host at EL1 to its stub (x0 of an HVC).
 */
#ifndef HOST_SYSTEM_H
#define HOST_SYSTEM_H

#define SYS_EXIT      0 /* x0 = code */
#define SYS_SIGNAL    1 /* x0 = where signals are wanted */
#define SYS_SIGRETURN 2
#define SYS_RUN       3 /* the VMM's guest; x0: 1 it left, 0 a signal */
#define SYS_LOOK      4 /* the kernel keeps the frame */

#define VMM_MARK 0x5de1 /* what user_vmm_twice exits with */

/* Below 2^31, so none of SMCCC's fast calls. */
#define STUB_GUEST 1 /* x1 = the vcpu's physical address */
#define STUB_START 2 /* x1 = entry point at EL2, MMU off; x2 = x0 */

#endif
