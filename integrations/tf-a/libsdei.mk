# SPDX-License-Identifier: BSD-2-Clause
#
# TF-A's SDEI, served by libsdei. TF-A's makefiles read this before their own:
#
#	make MAKEFILES=.../integrations/tf-a/libsdei.mk PLAT=... SDEI_SUPPORT=1 ...
#
# and nothing in TF-A's tree is changed. SDEI_LIBSDEI is the tree of OpenSDEI, this
# file's own if it is not given; SDEI_LIBSDEI=0 builds TF-A as if this were not there.
# Tools that TF-A builds on the way read this, too: it must mean nothing to them.

SDEI_LIBSDEI_MK := $(lastword $(MAKEFILE_LIST))
SDEI_LIBSDEI ?= $(abspath $(dir $(SDEI_LIBSDEI_MK))/../..)

ifneq ($(SDEI_LIBSDEI),0)

# The minor version that SDEI_VERSION reports: 1, or 0 for clients that insist on 1.0.
SDEI_VERSION_MINOR ?= 1

SDEI_LIBSDEI_TFA := $(SDEI_LIBSDEI)/integrations/tf-a
ifeq ($(wildcard $(SDEI_LIBSDEI_TFA)/libsdei.mk),)
    $(error SDEI_LIBSDEI=$(SDEI_LIBSDEI) is not the tree of OpenSDEI)
endif
ifeq ($(filter 0 1,$(SDEI_VERSION_MINOR)),)
    $(error SDEI_VERSION_MINOR=$(SDEI_VERSION_MINOR) is neither 0 nor 1)
endif
SDEI_LIBSDEI_SOURCES := $(wildcard $(SDEI_LIBSDEI_TFA)/*.c)
SDEI_LIBSDEI_GIC := drivers/arm/gic/v3/gicv3_main.c

# How TF-A puts an image together: BL_SOURCES is what the list of its sources passes
# through, with BL the image's name. Of its own dispatcher the way out of EL3 and back,
# sdei_dispatch.S, stays.
sdei_libsdei_is_tfa = $(filter services/std_svc/sdei/%.c,$(BL31_SOURCES))
sdei_libsdei_gic = $(if $(filter $(SDEI_LIBSDEI_GIC),$(BL31_SOURCES)),,\
    $(error libsdei in TF-A needs a GICv3, and its driver $(SDEI_LIBSDEI_GIC): \
    this platform has not got that; build it with SDEI_LIBSDEI=0))
sdei_libsdei_el2 = $(if $(filter 1,$(CTX_INCLUDE_EL2_REGS)),\
    $(error libsdei in TF-A does not build with CTX_INCLUDE_EL2_REGS, which RME and \
    SPMD_SPM_AT_SEL2 set, nor does the SDEI of TF-A 2.12 itself))
override BL_SOURCES = $(if $(and $(filter BL31,$(BL)),$(sdei_libsdei_is_tfa)),\
    $(sdei_libsdei_gic)$(sdei_libsdei_el2)\
    $(SDEI_LIBSDEI_SOURCES) $(filter-out services/std_svc/sdei/%.c,$(BL31_SOURCES)),\
    $($(BL)_SOURCES))

# First of all, for <services/sdei.h>.
INCLUDES = -I$(SDEI_LIBSDEI_TFA)/include -I$(SDEI_LIBSDEI)/include

# All of BL31 is within 1 MiB of our code, unless its parts lie apart: an address takes one
# instruction instead of two. (With LTO the linker has one model for all.)
SDEI_LIBSDEI_NEAR ?= 1
sdei_libsdei_tiny = $(if $(filter-out 1,$(SDEI_LIBSDEI_NEAR))$(filter 1,\
    $(SEPARATE_NOBITS_REGION) $(SEPARATE_RWDATA_REGION) $(ENABLE_LTO)),,-mcmodel=tiny)
# The library: gcc may not call its helpers for atomics, which nobody links here.
%/bl31/libsdei_fast.o %/bl31/libsdei_rest.o %/bl31/libsdei_calls.o \
%/bl31/libsdei_init.o %/bl31/libsdei_map.o %/bl31/libsdei_gic.o \
%/bl31/libsdei_power.o: \
    TF_CFLAGS += -mno-outline-atomics -fomit-frame-pointer $(sdei_libsdei_tiny) \
    -I$(SDEI_LIBSDEI)/lib/dispatcher -DSDEI_CONTEXT_H='<libsdei_context.h>' \
    -DLIBSDEI_VERSION_MINOR=$(SDEI_VERSION_MINOR)
# As lib/rules.mk has it: no padding, no copies of loops' beginnings; no copies at all.
sdei_libsdei_gcc = $(if $(filter gnu-gcc,$($(ARCH)-cc-id)),$(1))
%/bl31/libsdei_fast.o: TF_CFLAGS += -O2 $(call sdei_libsdei_gcc,-fno-align-functions \
    -fno-align-jumps -fno-align-loops -fno-align-labels -fno-tree-ch \
    -freorder-blocks-algorithm=simple)
%/bl31/libsdei_rest.o: TF_CFLAGS += $(call sdei_libsdei_gcc,-fno-thread-jumps \
    -fno-shrink-wrap -fno-guess-branch-probability -fno-move-loop-invariants \
    -fschedule-insns)

endif
