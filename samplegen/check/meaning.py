"""The call that a sample is to make, as a `Call`, where texts say all of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from samplegen.check.groups import groups, usual_of
from samplegen.errors import InputError
from samplegen.readback import call_of

if TYPE_CHECKING:
    from samplegen.check.rule import PageView, SampleView
    from samplegen.model.call import Call


def intended(sample: SampleView, page: PageView) -> Call | None:
    """The call that a sample is to make: the page's, else what most samples beside it make.

    Raises:
        InputError: it says what no call may.
    """
    if page.call:
        protocol = sample.call.protocol or page.call.protocol
        return replace(page.call, protocol=protocol)
    own = meant(sample)
    group = next((one for one in groups(page) if any(sample is beside for beside in one)), [])
    if own is None or not group:
        return own
    usual = usual_of(call.messages for one in group if (call := _perhaps(one)))
    # Another model may be what the sample is there to show.
    return replace(own, messages=usual) if usual else own


def _perhaps(sample: SampleView) -> Call | None:
    try:
        return meant(sample)
    except InputError:
        return None


def meant(sample: SampleView) -> Call | None:
    """The call of a sample; None where it says too little, or more than a call can.

    Raises:
        InputError: it says what no call may.
    """
    # A second call is another sample's matter.
    return None if sample.call.others else call_of(sample.call, sample.catalog)
