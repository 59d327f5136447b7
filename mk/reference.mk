# SPDX-License-Identifier: BSD-2-Clause
# The public headers as a book, by Doxygen.

REFERENCE := $(BUILD)/reference

.PHONY: reference
#: make reference         the public headers as pages: build/reference/html/index.html
reference:
	@rm -rf $(REFERENCE)
	@mkdir -p $(REFERENCE)
	$(call say,DOXYGEN)REFERENCE=$(REFERENCE) VERSION=$(VERSION) doxygen mk/Doxyfile
