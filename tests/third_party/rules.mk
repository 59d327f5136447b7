# SPDX-License-Identifier: BSD-2-Clause
# Firmware that is not ours: Debian's TF-A, whose dispatcher has event 0 on this
# machine. Like ours it starts at EL2 what was loaded at 0x60000000.

TFA := $(ARM64)/tfa
THIRD_PARTY := $(BUILD)/third_party/tfa.bin
THIRD_PARTY_DIR := $(abspath $(BUILD)/third_party)
TFA_BUILD := $(THIRD_PARTY_DIR)/qemu/release
TFA_OPTIONS := PLAT=qemu DEBUG=0 SDEI_SUPPORT=1 EL3_EXCEPTION_HANDLING=1 \
	QEMU_USE_GIC_DRIVER=QEMU_GICV3 PRELOADED_BL33_BASE=0x60000000 \
	CROSS_COMPILE=aarch64-linux-gnu- BUILD_BASE=$(THIRD_PARTY_DIR)

#: make build/third_party/tfa.bin   TF-A from Debian's source, to compare with
# Its makefiles know nothing of ours: none of our variables may reach them.
$(THIRD_PARTY): $(ARM64)/.tfa
	@mkdir -p $(@D)
	$(call say,TF-A)env -u MAKEFLAGS -u MAKEOVERRIDES -u BUILD -u V \
		$(MAKE) -C $(TFA) -j 2 $(TFA_OPTIONS) bl1 bl2 bl31 > $(@D)/log 2>&1 || \
		{ tail -n 30 $(@D)/log; exit 1; }
	@fiptool create --tb-fw $(TFA_BUILD)/bl2.bin --soc-fw $(TFA_BUILD)/bl31.bin \
		$(@D)/fip.bin
	@cp $(TFA_BUILD)/bl1.bin $@
	@dd if=$(@D)/fip.bin of=$@ bs=256K seek=1 conv=notrunc status=none
