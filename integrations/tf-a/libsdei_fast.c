/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The library's sources that calls and events go through: TF-A names objects after their
 * files, so these have one name for all. They are built for speed (libsdei.mk).
 */
#include <calls.c>
#include <deliver.c>
#include <register.c>
#include <state.c>
