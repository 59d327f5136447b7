# SPDX-License-Identifier: BSD-2-Clause
# What others build with: the libraries once more, as a stranger's program needs them,
# and all that is installed. docs/packages.md is its manual.

PREFIX ?= /usr/local
DESTDIR ?=
# Each part is a Debian package as well; firmware and kvm need arm64's tools only.
PARTS ?= dev kvm native firmware tools
# The machine's own programs: where its libraries lie.
NATIVE_LIB ?= lib
# Not empty: no manual pages, and no help2man.
NODOC ?=
# Told to the compiler behind all that the libraries themselves need.
EMBED_FLAGS ?= -mbranch-protection=standard

PACKAGE := $(BUILD)/package
CROSS_NM := $(if $(filter 1,$(LLVM)),llvm-nm,aarch64-linux-gnu-nm)
NATIVE_NM := $(if $(filter 1,$(LLVM)),llvm-nm,nm)
NATIVE_OBJCOPY := $(if $(filter 1,$(LLVM)),llvm-objcopy,objcopy)

# Of any size and at any address: not -mcmodel=tiny, position-independent, no GOT. Who
# links with --gc-sections gets what is called and no more.
ANYWHERE := -g0 -fno-ident -fpie -ffunction-sections -fdata-sections
PACKAGE_BARE = $(filter-out -g -fno-pic,$(BARE_FLAGS)) $(ANYWHERE) -include lib/hidden.h $(SPEED)
PACKAGE_USER = $(filter-out -g,$(C_FLAGS)) -D_GNU_SOURCE -Iinclude $(ANYWHERE) \
	-fPIC -fvisibility=hidden

# Here nobody links the decoder who does not call it.
PACKAGE_RAS := $(RAS_SRC) $(DECODE_SRC) lib/version.c
PACKAGE_ARCHIVES := $(addprefix $(PACKAGE)/,libsdei.a libsdei-fdt.a libsdei-ras.a)
PACKAGE_KVM := $(PACKAGE)/libsdei-kvm.a
PACKAGE_NATIVE := $(RAS_NATIVE)

objects = $(patsubst %,$(PACKAGE)/$1/%.o,$(basename $2))
$(PACKAGE)/libsdei.a: $(call objects,bare,$(DISPATCHER_SRC) $(CLIENT_SRC) $(CLIENT_ASM) \
	lib/version.c)
$(PACKAGE)/libsdei-fdt.a: $(call objects,bare,lib/client/fdt.c)
$(PACKAGE)/libsdei-ras.a: $(call objects,bare,$(PACKAGE_RAS))
$(PACKAGE_KVM): $(call objects,kvm,$(KVM_SRC) $(DISPATCHER_SRC) lib/version.c)
$(PACKAGE_NATIVE): $(call objects,native,$(PACKAGE_RAS))

$(PACKAGE_ARCHIVES) $(PACKAGE_KVM):
	@rm -f $@
	$(call say,AR)$(CROSS_AR) rcsD $@ $^
	@mk/private.sh $@ $(CROSS_NM) $(CROSS_OBJCOPY)

$(PACKAGE_NATIVE):
	@rm -f $@
	$(call say,AR)$(AR) rcsD $@ $^
	@mk/private.sh $@ $(NATIVE_NM) $(NATIVE_OBJCOPY)

# What was built with other flags is built again.
built_with = $(CROSS_CC) $(EMBED_FLAGS); $(HOST_CC)
$(PACKAGE)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(built_with)' | cmp -s - $@ || echo '$(built_with)' > $@
FORCE:

$(PACKAGE)/bare/%.o: %.c $(PACKAGE)/flags
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(PACKAGE_BARE) $(PACKAGE_MORE) $(EMBED_FLAGS) -c $< -o $@

$(PACKAGE)/bare/lib/client/%.o: PACKAGE_MORE := -Ilib/client/aarch64
$(PACKAGE)/bare/lib/client/fdt.o: PACKAGE_MORE := -isystem $(LIBFDT_INCLUDE)
$(PACKAGE)/bare/lib/client/fdt.o: $(ARM64)/.libfdt

$(PACKAGE)/bare/%.o: %.S $(PACKAGE)/flags
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(BARE_FLAGS) -g0 $(EMBED_FLAGS) -c $< -o $@

$(PACKAGE)/kvm/%.o: %.c $(PACKAGE)/flags
	@mkdir -p $(@D)
	$(call say,CC)$(CROSS_CC) $(PACKAGE_USER) -march=armv8-a $(EMBED_FLAGS) -c $< -o $@

$(PACKAGE)/native/%.o: %.c $(PACKAGE)/flags
	@mkdir -p $(@D)
	$(call say,HOSTCC)$(HOST_CC) $(PACKAGE_USER) -c $< -o $@

# Descriptions for other people's build systems: @NAME@ is filled in.
FILLED := $(addprefix $(PACKAGE)/,libsdei.pc libsdei-fdt.pc libsdei-ras.pc libsdei-kvm.pc \
	libsdei-ras-native.pc OpenSDEIConfig.cmake OpenSDEIConfigVersion.cmake)
fill = @mkdir -p $(@D); sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' \
	-e 's|@MACHINE@|aarch64|' -e 's|@NATIVE_LIB@|$(NATIVE_LIB)|' $< > $@
$(PACKAGE)/%.pc: integrations/pkg-config/%.pc.in FORCE
	$(fill)
$(PACKAGE)/%.cmake: integrations/cmake/%.cmake.in FORCE
	$(fill)

# One manual page for each command, out of what it says with --help.
MAN := $(if $(NODOC),,$(addprefix $(PACKAGE)/man/,sdei.1 $(addprefix sdei-,$(addsuffix \
	.1,run inject status trace explain doctor list stop conformance decode bench \
	campaign))))
$(MAN): $(SDEI) tools/manual.sh
	@mkdir -p $(@D)
	$(call say,MAN)tools/manual.sh $(SDEI) $(VERSION) $@

# What other platforms run is made by a make for each (Makefile). The first one's
# payload bears no platform's name (conformance/rules.mk).
images_of = $(IMAGES)/opensdei-$1.bin \
	$(IMAGES)/conformance$(if $(filter-out $(firstword $(PLATFORMS)),$1),-$1).bin
define other_images
FIRMWARE_IMAGES += $(call images_of,$1)
$(call images_of,$1): $1 ;
endef
$(foreach platform,$(filter-out $(PLATFORM),$(PLATFORMS)),$(eval $(call \
	other_images,$(platform))))

# source:folder below PREFIX. A new image, header or page is a new word here.
INSTALL_dev := $(patsubst %,%:include/opensdei/sdei,$(wildcard include/sdei/*.h)) \
	$(PACKAGE_ARCHIVES:%=%:lib/opensdei/aarch64) \
	$(patsubst %,$(PACKAGE)/%.pc:share/pkgconfig,libsdei libsdei-fdt libsdei-ras) \
	$(patsubst %,$(PACKAGE)/OpenSDEI%.cmake:share/cmake/OpenSDEI,Config ConfigVersion)
INSTALL_kvm := $(PACKAGE_KVM):lib/opensdei/aarch64 \
	$(PACKAGE)/libsdei-kvm.pc:share/pkgconfig
INSTALL_native := $(PACKAGE_NATIVE):$(NATIVE_LIB) \
	$(PACKAGE)/libsdei-ras-native.pc:$(NATIVE_LIB)/pkgconfig
INSTALL_firmware := $(patsubst %,%:share/opensdei,$(FIRMWARE_IMAGES) $(BENCH))
INSTALL_tools := $(SDEI):bin $(MAN:%=%:share/man/man1) \
	tools/completion/sdei:share/bash-completion/completions \
	$(CAMPAIGN:%=%:share/opensdei/campaign)

INSTALL_ALL := $(foreach part,$(PARTS),$(or $(INSTALL_$(part)),$(error PARTS: there is no \
	part '$(part)'; there are dev, kvm, native, firmware and tools)))
source_of = $(firstword $(subst :, ,$1))
target_of = $(DESTDIR)$(PREFIX)/$(lastword $(subst :, ,$1))/$(notdir $(source_of))

.PHONY: install uninstall package-files FORCE
#: make install           libraries, firmware and tools: PREFIX=, DESTDIR=, PARTS=
#: make uninstall         takes away what that has put there
package-files: $(foreach file,$(INSTALL_ALL),$(call source_of,$(file)))
install: package-files
	@$(foreach file,$(INSTALL_ALL),install -D -m $(if $(filter $(SDEI),$(call \
		source_of,$(file))),755,644) $(call source_of,$(file)) \
		'$(call target_of,$(file))' &&) :

# Folders that nobody else has files in go, too.
uninstall:
	@rm -f $(foreach file,$(INSTALL_ALL),'$(call target_of,$(file))')
	@for folder in include/opensdei/sdei include/opensdei lib/opensdei/aarch64 \
		lib/opensdei share/cmake/OpenSDEI share/opensdei/campaign \
		share/opensdei; do \
		rmdir '$(DESTDIR)$(PREFIX)'/$$folder 2>/dev/null || :; \
	done

# Where fresh systems are made, each in a folder with its suite's name; kept.
SYSTEMS ?= $(BUILD)/packages
SUITES ?= bookworm trixie
.PHONY: packages-check
#: make packages-check    Debian packages, used in a fresh Debian 12 and 13; root, minutes
packages-check:
	@tests/packages/check.sh $(SYSTEMS) $(SUITES)
