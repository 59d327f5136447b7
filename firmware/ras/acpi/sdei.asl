/* SPDX-License-Identifier: BSD-2-Clause */
/* SDEI: its presence says that the interface is there (DEN0054C, appendix C). */
[0004]                          Signature : "SDEI"    [Software Delegated Exception Interface Table]
#include "header.asl"
