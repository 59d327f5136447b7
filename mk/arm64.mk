# SPDX-License-Identifier: BSD-2-Clause
# Debian's arm64 packages, downloaded once for all builds: each stamp stands for
# one group of files in build/arm64/root.

ARM64 ?= build/arm64

#: make fetch     download the arm64 kernel, busybox, libraries, TF-A
.PHONY: fetch
ARM64_STAMPS := $(addprefix $(ARM64)/.,kernel busybox libfdt libjansson tfa old)
fetch: $(ARM64_STAMPS)

$(ARM64_STAMPS):
	mk/arm64.sh $(ARM64) $(patsubst .%,%,$(@F))
