# SPDX-License-Identifier: BSD-2-Clause
# How the sources look, by the one program that decides it (.clang-format).

CLANG_FORMAT ?= clang-format
C_FILES = git ls-files '*.c' '*.h'

.PHONY: format format-check
#: make format           format all C sources, as .clang-format says
format:
	@$(C_FILES) | xargs $(CLANG_FORMAT) -i

# Each place as file:line:column.
format-check:
	@$(C_FILES) | xargs $(CLANG_FORMAT) --dry-run --Werror
