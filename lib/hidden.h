/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For archives that others link (-include): nothing of the library is looked for in
 * another program or shared object. So position-independent code finds its own data
 * without a table of addresses (GOT), which firmware need not have.
 */
#pragma GCC visibility push(hidden)
