# SPDX-License-Identifier: BSD-2-Clause
# The sdei command, for the machine we build on, and the demonstration.

SDEI := $(BUILD)/sdei
SDEI_SRC := $(wildcard tools/*.c)
# Of lib/ras what makes records, and what reads them.
SDEI_RAS_SRC := $(addprefix lib/ras/,record.c sections.c time.c usual.c) $(DECODE_SRC)

# Each platform's line for the command.
TOOLS_FLAGS := -Iinclude -Ifirmware/platform/common -I$(BUILD)/tools -I. \
	-DOPENSDEI_VERSION='"$(VERSION)"'
PLATFORM_LINES := $(PLATFORMS:%=firmware/platform/%/run.h)

$(BUILD)/tools/platforms.h: $(PLATFORM_LINES) tools/rules.mk Makefile
	@mkdir -p $(@D)
	@printf '#include "%s"\n' $(PLATFORM_LINES) >$@

# bench/limits as the command's table: up to the library's rows.
$(BUILD)/tools/bench_rows.h: bench/limits tools/rules.mk
	@mkdir -p $(@D)
	@awk '/^# bench_lib/ { exit } !/^#/ && NF { name = $$1; limit = $$2 + 0; \
		sub(/^[^ ]+ +[^ ]+ +/, ""); \
		printf "{ \"%s\", %d, \"%s\" },\n", name, limit, $$0 }' $< >$@

$(BUILD)/tools/bench.o: $(BUILD)/tools/bench_rows.h
$(BUILD)/tools/platform.o: $(BUILD)/tools/platforms.h

all: $(SDEI)
#: make build/sdei            the sdei command

# `sdei campaign` is Python: what it needs lies in one folder, beside the command here
# and in share/opensdei where it is installed.
CAMPAIGN_SRC := $(wildcard tools/campaign/*.py) tools/machine.py tools/patience.py \
	docs/campaign.schema.json
CAMPAIGN := $(addprefix $(BUILD)/campaign/,$(notdir $(CAMPAIGN_SRC)))
all: $(CAMPAIGN)

define campaign_file
$(BUILD)/campaign/$(notdir $1): $1
	@mkdir -p $$(@D)
	@cp $$< $$@
endef
$(foreach file,$(CAMPAIGN_SRC),$(eval $(call campaign_file,$(file))))

$(SDEI): | $(CAMPAIGN)
$(SDEI): $(SDEI_SRC:%.c=$(BUILD)/%.o) $(SDEI_RAS_SRC:lib/%.c=$(BUILD)/tools/%.o)
	$(call say,HOSTLD)$(HOST_CC) $^ -ljansson -o $@

$(BUILD)/tools/%.o: tools/%.c
	@mkdir -p $(@D)
	$(call say,HOSTCC)$(HOST_CC) $(C_FLAGS) $(TOOLS_FLAGS) -c $< -o $@

$(BUILD)/tools/ras/%.o: lib/ras/%.c
	@mkdir -p $(@D)
	$(call say,HOSTCC)$(HOST_CC) $(C_FLAGS) -Iinclude -c $< -o $@

# The sdei command for an arm64 host: what `make` builds on one, with no libraries
# to be found there.
$(ARM64_SDEI): $(SDEI_SRC) $(SDEI_RAS_SRC) $(ARM64)/.libjansson \
		$(wildcard tools/*.h include/sdei/*.h) lib/ras/decode.h \
		$(BUILD)/tools/platforms.h $(BUILD)/tools/bench_rows.h
	@mkdir -p $(@D)
	$(call say,CC)$(GUEST_CC) $(C_FLAGS) -static $(TOOLS_FLAGS) \
		-isystem $(ARM64)/root/usr/include \
		-isystem $(ARM64)/root/usr/include/aarch64-linux-gnu \
		$(SDEI_SRC) $(SDEI_RAS_SRC) \
		$(ARM64)/root/usr/lib/aarch64-linux-gnu/libjansson.a -o $@

# With MACHINE= it may be another platform's.
STARTED_FIRMWARE := $(FIRMWARE) $(if $(MACHINE),$(filter-out $(PLATFORM),$(PLATFORMS)))

# With KERNEL= and INITRD= nothing need be downloaded.
.PHONY: demo
#: make demo      boot Linux, inject errors, show what it logged
demo: $(SDEI) $(STARTED_FIRMWARE) $(GUEST_KERNEL)/.kernel $(if $(INITRD),,demo-einj)
	@BUILD=$(BUILD) ARM64=$(ARM64) $(STARTED) python3 -B tools/demo.py

# Half of the errors come from inside.
.PHONY: demo-einj
demo-einj: $(GUEST_INITRD)
	@test ! -e $(GUEST)/no-einj || \
		{ sed 's/^/demo: /' $(GUEST)/no-einj >&2; exit 1; }

.PHONY: demo-kvm
#: make demo-kvm  the whole chain: firmware, host, VMM, guest, with a timeline
demo-kvm: $(SDEI) $(FIRMWARE) $(GUEST_KERNEL)/.kernel $(KVM_INITRD)
	@BUILD=$(BUILD) ARM64=$(ARM64) $(STARTED) python3 -B tools/demo_kvm.py

# A Debian system for the kernel that is started.
LAB := $(GUEST)/lab.cpio

$(LAB): tools/lab/pack.sh tools/lab/init tools/lab/profile $(GUEST_INITRD) $(ARM64)/.lab
	$(call say,INITRD)tools/lab/pack.sh $@ $(GUEST_INITRD) $(ARM64)/lab

.PHONY: lab
#: make lab       a Debian system with rasdaemon, and its shell
lab: $(SDEI) $(STARTED_FIRMWARE) $(GUEST_KERNEL)/.kernel $(if $(INITRD),,$(LAB))
	@BUILD=$(BUILD) ARM64=$(ARM64) $(STARTED) python3 -B tools/lab.py

.PHONY: picture
#: make picture   what docs/tracing.md shows, from a run
picture: $(SDEI) $(FIRMWARE) $(GUEST_KERNEL)/.kernel $(GUEST_INITRD)
	@BUILD=$(BUILD) ARM64=$(ARM64) $(STARTED) python3 -B tools/picture.py docs
