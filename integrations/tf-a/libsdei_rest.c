/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rest of the library, but for what saves and loads a guest's dispatcher.
 */
#include <bind.c>
#include <check.c>
#include <dispatch_now.c>
#include <events.c>
#include <init.c>
#include <pending.c>
#include <pstate.c>
#include <reset.c>
