/* SPDX-License-Identifier: BSD-2-Clause */
/* BERT: where the previous boot's fatal error is shown (ACPI 6.5, 18.3.1). */
#include "platform.h"

[0004]                          Signature : "BERT"    [Boot Error Record Table]
#include "header.asl"

[0004]           Boot Error Region Length : PLAT_RAS_BERT_SIZE
[0008]          Boot Error Region Address : PLAT_RAS_BERT
