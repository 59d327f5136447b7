# SPDX-License-Identifier: BSD-2-Clause
# TF-A with libsdei inside (integrations/tf-a), and what tests need for it.

TF_A_CLIENT := $(BUILD)/tf_a/client.bin
TF_A_OBJECTS := $(addprefix $(BUILD)/tf_a/,client.o entry.o)

$(TF_A_CLIENT): $(BUILD)/tf_a/client.elf
	$(call say,OBJCOPY)$(CROSS_OBJCOPY) -O binary $< $@

$(BUILD)/tf_a/client.elf: $(BENCH_BUILD)/image.ld $(BENCH_COMMON) $(TF_A_OBJECTS)
	$(call say,LD)$(CROSS_LD) --fatal-warnings -z max-page-size=4096 -T $< -o $@ \
		$(filter %.o,$^)

$(BUILD)/tf_a/%.o: tests/tf_a/%.c
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(BARE_FLAGS) $(DEVICE_FLAGS) -c $< -o $@

$(BUILD)/tf_a/%.o: tests/tf_a/%.S
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(BARE_FLAGS) -c $< -o $@

tests: $(TF_A_CLIENT) $(ARM64)/.tfa

# All maps and options, on Debian's release and the next; a quarter of an hour. The next
# is there only as long as Debian's server has what its list names: without it, one.
TF_A_NEXT ?= $(BACKPORTS)/tfa
next_tf_a = $$(if [ -n "$(TF_A_NEXT)" ]; then readlink -e "$(TF_A_NEXT)" || \
	echo "tf-a: no newer TF-A in $(TF_A_NEXT): 2.12.1 alone" >&2; fi)

.PHONY: tf-a
#: make tf-a      TF-A with libsdei: maps, options, its README; TF_A_NEXT=folder of a newer TF-A, or empty
tf-a: all $(TF_A_CLIENT) $(BENCH) $(ARM64)/.tfa $(THIRD_PARTY) $(GUEST_INITRD)
	@[ "$(TF_A_NEXT)" != "$(BACKPORTS)/tfa" ] || $(MAKE) -s $(BACKPORTS)/.tfa || :
	TF_A=1 ARM64=$(abspath $(ARM64)) TF_A_NEXT="$(next_tf_a)" \
		$(PYTEST) -n 1 -rP tests/system/test_tf_a.py
