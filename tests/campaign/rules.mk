# SPDX-License-Identifier: BSD-2-Clause
# What a campaign's other engines, and a browser, make of it: each in a fresh system, and
# too heavy for every day. docs/campaign.md has what they printed.

# Where that system is made and kept; another of Debian's suites: SUITE=.
CAMPAIGN_SYSTEM ?= $(BUILD)/campaign-system
.PHONY: campaign-slurm campaign-lava campaign-browser
#: make campaign-slurm    a campaign as Slurm's job array, in a fresh Debian; root
#: make campaign-lava     as LAVA's jobs: its validator, its dispatcher; so, too
#: make campaign-browser  its page in a real browser; so, too
campaign-slurm campaign-lava campaign-browser: campaign-%: $(SDEI) $(FIRMWARE_IMAGES) \
		$(GUEST_INITRD) $(ARM64)/.kernel
	@BUILD=$(BUILD) ARM64=$(ARM64) tests/campaign/check.sh $(CAMPAIGN_SYSTEM) $*
