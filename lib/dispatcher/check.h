/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef DISPATCHER_CHECK_H
#define DISPATCHER_CHECK_H

#include <sdei/dispatcher.h>

/* What is wrong with the configuration, for people; NULL if nothing is. */
const char *disp_check_config(const struct sdei_config *config);

#endif
