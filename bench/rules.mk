# SPDX-License-Identifier: BSD-2-Clause
# Payloads that count instructions, and the runner that judges the counts.

BENCH_BUILD := $(BUILD)/bench
BENCH := $(BUILD)/bench.bin
BENCH_LIB := $(BUILD)/bench_lib.bin
BENCH_CLIENT := $(BUILD)/bench_client.bin
BENCH_COMMON := $(addprefix $(BENCH_BUILD)/,start.o support.o)
BENCH_RUN = BUILD=$(BUILD) python3 -B bench/bench.py --compiler "$(CROSS_CC)" \
	--size "$(CROSS_SIZE)" --json $(BUILD)/bench.json
CROSS_SIZE := $(if $(filter 1,$(LLVM)),llvm-size,aarch64-linux-gnu-size)

.PHONY: bench
#: make bench     count instructions and bytes; FIRMWARE=file [CPU=model] another's
ifeq ($(origin FIRMWARE),command line)
bench: $(BENCH)
	@$(BENCH_RUN) --firmware "$(FIRMWARE)" $(if $(CPU),--cpu "$(CPU)")
else
bench: $(BENCH) $(BENCH_LIB) $(BENCH_CLIENT) $(FIRMWARE)
	@$(BENCH_RUN)
endif

# Tests run at the same time do not build the same.
tests: $(BENCH) $(BENCH_LIB) $(BENCH_CLIENT)
tests-quick: $(BENCH) $(BENCH_LIB) $(BENCH_CLIENT)

.PHONY: bench-memory
#: make bench-memory  what the firmware occupies in Secure RAM, and its deepest stack
bench-memory: $(FIRMWARE)
	@BUILD=$(BUILD) python3 -B bench/memory.py

.PHONY: bench-profile
#: make bench-profile  where the firmware's instructions go, function by function
bench-profile: $(BUILD)/bench_short.bin $(BUILD)/opensdei-qemu-virt.bin
	@BUILD=$(BUILD) python3 -B bench/profile.py

# The same payload as a guest of sdei-vmm, and a host's file system with it.
BENCH_GUEST := $(BUILD)/bench_guest.bin
BENCH_KVM_INITRD := $(BUILD)/initrd-bench.cpio

.PHONY: bench-kvm
#: make bench-kvm  count what KVM and sdei-vmm spend on each call and event
bench-kvm: $(BENCH_KVM_INITRD) $(BUILD)/opensdei-qemu-virt.bin $(SDEI) $(GUEST_KERNEL)/.kernel
	@BUILD=$(BUILD) ARM64=$(ARM64) python3 -B bench/bench_kvm.py

$(BENCH_KVM_INITRD): tests/guest/kvm.sh $(GUEST_INITRD) $(SDEI_VMM) $(ARM64_SDEI) \
		$(BENCH_GUEST)
	$(call say,INITRD)tests/guest/kvm.sh $@ $(GUEST_INITRD) $(GUEST_KERNEL)/vmlinuz \
		$(SDEI_VMM) $(ARM64_SDEI) $(BENCH_GUEST)

tests: $(BENCH_KVM_INITRD)

$(BENCH_GUEST): $(BENCH_BUILD)/bench_guest.elf
$(BENCH_BUILD)/bench_guest.elf: $(addprefix $(BENCH_BUILD)/guest/,start.o support.o firmware.o shot.o)

# An exit to user space takes ten thousand times longer than a trap to EL3.
BENCH_GUEST_FLAGS := $(BARE_FLAGS) $(DEVICE_FLAGS) -DGUEST -DLOOPS=512 -DSHOTS=512

$(BENCH_BUILD)/guest/%.o: bench/%.c
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(BENCH_GUEST_FLAGS) -c $< -o $@

$(BENCH_BUILD)/guest/%.o: bench/%.S
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(BENCH_GUEST_FLAGS) -c $< -o $@

$(BUILD)/bench.bin: $(BENCH_BUILD)/bench.elf
$(BUILD)/bench_lib.bin: $(BENCH_BUILD)/bench_lib.elf
$(BUILD)/bench_short.bin: $(BENCH_BUILD)/bench_short.elf
$(BENCH_CLIENT): $(BENCH_BUILD)/bench_client.elf
$(BENCH) $(BENCH_LIB) $(BENCH_CLIENT) $(BENCH_GUEST) $(BUILD)/bench_short.bin:
	$(call say,OBJCOPY)$(CROSS_OBJCOPY) -O binary $< $@

$(BENCH_BUILD)/bench.elf: $(BENCH_COMMON) $(addprefix $(BENCH_BUILD)/,firmware.o shot.o)
$(BENCH_BUILD)/bench_short.elf: $(BENCH_COMMON) $(addprefix $(BENCH_BUILD)/,firmware_short.o shot.o)
$(BENCH_BUILD)/bench_lib.elf: $(BENCH_COMMON) $(BENCH_BUILD)/library.o $(LIBSDEI)
$(BENCH_BUILD)/bench_client.elf: $(BENCH_COMMON) $(addprefix $(BENCH_BUILD)/,client.o client_shot.o shot.o) $(LIBSDEI)
$(BENCH_BUILD)/%.elf: $(BENCH_BUILD)/image.ld
	$(call say,LD)$(CROSS_LD) --fatal-warnings -z max-page-size=4096 -T $< -o $@ \
		$(filter %.o,$^) $(filter %.a,$^)

$(BENCH_BUILD)/image.ld: bench/image.ld.S
	@mkdir -p $(@D)
	$(call say,CPP)$(CROSS_CC) -E -P -MMD -MP -MF $@.d -MT $@ $< -o $@

$(BENCH_BUILD)/firmware_short.o: bench/firmware.c
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(BARE_FLAGS) -DLOOPS=4 -DSHOTS=4 -c $< -o $@

$(BENCH_BUILD)/%.o: bench/%.c
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(BARE_FLAGS) -c $< -o $@

$(BENCH_BUILD)/%.o: bench/%.S
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(BARE_FLAGS) -c $< -o $@

# Of Linux's errors, so a kernel is needed.
.PHONY: bench-ras
#: make bench-ras  count what an error costs at EL3; FIRMWARE=file another build's
ifeq ($(origin FIRMWARE),command line)
bench-ras: $(SDEI) $(GUEST_KERNEL)/.kernel $(GUEST_INITRD)
	@BUILD=$(BUILD) ARM64=$(ARM64) python3 -B bench/bench_ras.py --firmware "$(FIRMWARE)"
else
bench-ras: $(BUILD)/opensdei-qemu-virt.bin $(SDEI) $(GUEST_KERNEL)/.kernel $(GUEST_INITRD)
	@BUILD=$(BUILD) ARM64=$(ARM64) python3 -B bench/bench_ras.py
endif
