# SPDX-License-Identifier: BSD-2-Clause
"""What the demonstration thinks of a machine, without one."""

import pytest

from demo import ghes_events

CORRECTED, FATAL = "0x40000100", "0x40000105"


def event(number, listens=1, pe=None):
    where = {} if pe is None else {"pe": pe}
    return {"number": number, "registered": 1, "enabled": listens, **where}


@pytest.mark.parametrize("events, heard", (
    ([event(CORRECTED), event(FATAL, pe=0), event(FATAL, pe=1)], [CORRECTED, FATAL]),
    # With ARM_SDEI_NMI.
    ([event("0x0", pe=0), event(CORRECTED), event(FATAL, pe=0)], [CORRECTED, FATAL]),
    ([event("0x0", pe=0), event(CORRECTED), event(FATAL, 0, pe=0)], [CORRECTED]),
    ([event(CORRECTED), event(FATAL, pe=0), event(FATAL, 0, pe=1)], [CORRECTED]),
    ([event(CORRECTED, 0), event(FATAL, 0, pe=0)], []),
    ([], [])))
def test_events(events, heard):
    status = {"event": events, "source": [{"event": CORRECTED}, {"event": FATAL}]}
    assert ghes_events(status) == heard
