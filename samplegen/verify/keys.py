"""The keys that samples are run with, and what becomes of the calls of each."""

from __future__ import annotations

import hashlib
from typing import Final

from samplegen.verify import mock

# Keys of no service, of the usual form. Who sent what is known without them.
GOOD: Final = "sk-5a3c1e2f00d94b7c8e6a1b2c3d4e5f60"
WRITTEN: Final = "sk-0b1d2c3e4f5a69788796a5b4c3d2e1f0"
WRONG: Final = "sk-ffeeddccbbaa99887766554433221100"


def let_in(server: mock.Mock) -> None:
    """Tell a mock the keys that the checks use."""
    for key in (GOOD, WRITTEN):
        server.expect(key)
    for behaviour in mock.BEHAVIOURS[1:]:
        server.expect(key_for(behaviour), behaviour)


def behaviour_of(key: str | None) -> mock.Behaviour:
    """What a mock does with a key of the checks; one that is not let in is none of its own."""
    return next((one for one in mock.BEHAVIOURS if key == key_for(one)), "answer")


def key_for(behaviour: mock.Behaviour) -> str:
    """The key that makes a mock behave so."""
    return f"sk-{hashlib.md5(behaviour.encode(), usedforsecurity=False).hexdigest()}"
