# SPDX-License-Identifier: BSD-2-Clause
# The interface of the libraries, as a machine sees it: every public function and what
# it takes, every structure in a public header. abidw (Debian's abigail-tools) writes it
# down, tests/packages/abi.py compares.

ABI_OBJECT := $(BUILD)/abi/libopensdei.so
ABI_SRC = $(ABI_TYPES) $(DISPATCHER_SRC) $(CLIENT_SRC) $(CLIENT_ASM) $(PACKAGE_RAS) $(KVM_SRC)
# What the last release had; its name has that version.
ABI_BASELINE := $(wildcard abi/*.abi)

# A structure that no function takes is public, too: each has one here that takes it.
ABI_TYPES := $(BUILD)/abi/types.c

$(ABI_TYPES): $(wildcard include/sdei/*.h)
	@mkdir -p $(@D)
	@{ printf '#include <%s>\n' $(^:include/%=%) && \
	awk '/^(struct|enum|union) sdei_[a-z0-9_]+ \{/ { \
		print "void sdei_takes_" $$2 "(" $$1 " " $$2 " *it) { (void)it; }" }' $^; } > $@

# Always by gcc, for arm64; never run. -O0: each function is as it is declared.
$(ABI_OBJECT): $(ABI_SRC) $(wildcard include/sdei/*.h lib/*/*.h kvm/*.h) abi/exports
	@mkdir -p $(@D)
	$(call say,ABI)$(GUEST_CC) -std=c11 -g -O0 -fPIC -shared -nostdlib -D_GNU_SOURCE \
		-march=armv8-a -mno-outline-atomics -Iinclude -Ilib/client/aarch64 \
		-Wl,--version-script=abi/exports $(filter %.c %.S,$^) -o $@

.PHONY: abi-check abi-baseline
#: make abi-check         has a public function or structure changed without a new version?
abi-check: $(ABI_OBJECT)
	@tests/packages/abi.py $< '$(ABI_BASELINE)' $(VERSION)

#: make abi-baseline      after a release: abi/ has what that version has
abi-baseline: $(ABI_OBJECT)
	@rm -f $(ABI_BASELINE) $(ABI_BASELINE:.abi=.macros)
	@tests/packages/abi.py --write $< abi/opensdei-$(VERSION).abi
