# SPDX-License-Identifier: BSD-2-Clause
# OpenSDEI. `make` builds everything into build/; `make help` lists the rest.
#
# Each part has its rules in its own folder (rules.mk) and adds what it makes
# to `all`. CROSS tools build what runs on the machine, HOST tools what runs
# here. LLVM=1 takes clang and lld instead of gcc and binutils.

BUILD ?= build
# include/sdei/version.h has the only copy.
VERSION := $(shell awk '/define SDEI_LIBRARY_(MAJOR|MINOR|PATCH) / { \
	v = v dot $$3; dot = "." } END { print v }' include/sdei/version.h)

ifeq ($(LLVM),1)
CROSS_CC := clang --target=aarch64-linux-gnu
CROSS_LD := ld.lld
CROSS_AR := llvm-ar
CROSS_OBJCOPY := llvm-objcopy
HOST_CC := clang
else
CROSS_CC := aarch64-linux-gnu-gcc
CROSS_LD := aarch64-linux-gnu-ld
CROSS_AR := aarch64-linux-gnu-ar
CROSS_OBJCOPY := aarch64-linux-gnu-objcopy
HOST_CC := gcc
endif

WARNINGS := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wundef -Wvla
C_FLAGS := -std=c11 -O2 -g $(WARNINGS) -MMD -MP
# What runs without an operating system.
BARE_FLAGS := $(C_FLAGS) -ffreestanding -fno-common -fno-pic -fno-stack-protector \
	-fno-asynchronous-unwind-tables -march=armv8-a -mgeneral-regs-only \
	-mstrict-align -mno-outline-atomics -ffixed-x18 -fomit-frame-pointer -Iinclude
# A hypervisor can emulate an access to a device only if ESR_EL2 describes it: not
# one that writes its address back (DDI0487 D24.2.40, ISS.ISV). gcc makes those.
DEVICE_FLAGS := $(if $(filter 1,$(LLVM)),,-fno-auto-inc-dec)
# The platform that is built for: a folder below firmware/platform. What the images of
# another than the first are made of lies in a folder of its own.
PLATFORMS := qemu-virt $(filter-out qemu-virt,$(notdir $(patsubst %/hardware.h,%,\
	$(wildcard firmware/platform/*/hardware.h))))
PLATFORM := $(firstword $(PLATFORMS))
ifeq ($(filter $(PLATFORM),$(PLATFORMS)),)
$(error PLATFORM=$(PLATFORM): it can be one of: $(PLATFORMS))
endif
IMAGES := $(BUILD)
ifneq ($(PLATFORM),$(firstword $(PLATFORMS)))
override BUILD := $(BUILD)/$(PLATFORM)
OTHER_PLATFORM := 1
endif
PLATFORM_DIR := firmware/platform/$(PLATFORM)
PLATFORM_FLAGS := -I$(PLATFORM_DIR) -Ifirmware/platform/common
PLATFORM_HEADERS := $(wildcard $(PLATFORM_DIR)/*.h firmware/platform/common/*.h)
# What runs on a machine: each part adds its own, and `make install` installs them.
FIRMWARE_IMAGES :=

# One short line for each thing made; V=1 shows the commands instead.
say = $(if $(V),,@printf '  %-8s%s\n' $(1) $@;)

.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: all clean help
all:

include mk/arm64.mk
include lib/rules.mk
include firmware/rules.mk
include conformance/rules.mk
include host/rules.mk
include tests/storm/rules.mk
include tests/guest/rules.mk
include kvm/rules.mk
include tools/rules.mk
include examples/rules.mk
include tests/rules.mk
include bench/rules.mk
include tests/tf_a/rules.mk
include mk/install.mk
include mk/abi.mk
include mk/style.mk
include mk/reference.mk

# All others of them, one make each.
OTHERS := $(filter-out $(PLATFORM),$(PLATFORMS))
.PHONY: images $(OTHERS)
#: make PLATFORM=NAME images   firmware and conformance payload of one platform
images: $(FIRMWARE) $(CONFORMANCE)
	@:
all: $(OTHERS)
# Both need this, and only one may fetch it.
$(OTHERS): | $(ARM64)/.libfdt
	+@$(MAKE) --no-print-directory PLATFORM=$@ BUILD=$(IMAGES) images

# Who says which version it is knows it from the command line.
$(addprefix $(BUILD)/,tools/main.o kvm/vmm/main.o kvm/vmm/control.o \
	firmware/el3/control.o) $(ARM64_SDEI): include/sdei/version.h

clean:
	rm -rf $(BUILD)

help:
	@sed -n 's/^#: //p' $(MAKEFILE_LIST)

# Headers that objects were found to depend on: not what is called so in a system.
-include $(shell find $(BUILD) \( -path $(BUILD)/arm64 -o -path $(SYSTEMS) -o \
	-path $(CAMPAIGN_SYSTEM) \) -prune -o -type f -name '*.d' -print 2>/dev/null)
