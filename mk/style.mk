# SPDX-License-Identifier: BSD-2-Clause
# How the sources look, by the one program that decides it (.clang-format), and what
# two others think of them.

CLANG_FORMAT ?= clang-format-19
CLANG_TIDY ?= clang-tidy-19
C_FILES = find . \( -path ./build -o -path './$(BUILD)' -o -path ./.git \) -prune -o \
	-name '*.[ch]' -print | LC_ALL=C sort

.PHONY: format format-check
#: make format           format all C sources, as .clang-format says
format:
	@$(C_FILES) | xargs $(CLANG_FORMAT) -i

# Each place as file:line:column.
format-check:
	@$(C_FILES) | xargs $(CLANG_FORMAT) --dry-run --Werror

# All C by cppcheck (mk/cppcheck: what it is not to say); what ships as libraries by
# clang-tidy as well (.clang-tidy). Seconds for one, a quarter of a minute for the other.
TIDY_FILES := $(filter-out lib/client/fdt.c,$(wildcard lib/*/*.c))

.PHONY: lint
#: make lint             cppcheck and clang-tidy; what they find is an error
lint:
	@$(C_FILES) | grep '\.c$$' | xargs cppcheck -q --std=c11 \
		--enable=warning,portability --inline-suppr \
		--suppressions-list=mk/cppcheck --error-exitcode=1 \
		-Iinclude -Ifirmware $(PLATFORM_FLAGS) '-DOPENSDEI_VERSION=""'
	@$(CLANG_TIDY) --quiet $(TIDY_FILES) -- --target=aarch64-linux-gnu $(BARE_FLAGS) \
		-Ilib/client/aarch64 -Wno-unused-command-line-argument \
		-Wno-unknown-argument 2>/dev/null
