"""Playing samples once at installation, so that what they load can be kept for later runs."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import NamedTuple

from samplegen.examples import path_of
from samplegen.model.call import Call
from samplegen.model.catalog import Catalog, Region, builtin
from samplegen.rendering.sample import chosen, render
from samplegen.rendering.targets import targets
from samplegen.verify import mock, toolchain

_SECONDS = 60
_KEY = "sk-rehearsal"


class Rehearsal(NamedTuple):
    """A sample that calls a mock on this machine, built in a folder that is removed after it."""

    source: Path
    work: Path
    environment: dict[str, str]
    kind: str
    """The named example that it is, or empty for the question that nothing is said of."""

    def play(self, arguments: list[str], environment: dict[str, str]) -> bool:
        """Run a program, and say whether it came to a good end."""
        with suppress(subprocess.TimeoutExpired):
            done = subprocess.run(
                arguments,
                cwd=self.work,
                env={**self.environment, **environment},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_SECONDS,
                check=False,
            )
            return done.returncode == 0
        return False


def rehearsals(
    prepared: toolchain.Prepared, catalog: Catalog, examples: Sequence[str] = ()
) -> Iterator[Rehearsal]:
    """Each sample of a language, with a mock that answers it while it is in turn.

    Args:
        examples: names of those that are wanted beside the question that nothing is said of.

    There are none where the packages that the mock needs are not installed.
    """
    try:
        import trustme
        import uvicorn  # noqa: F401
    except ImportError:
        return
    # Which service it is makes no difference to what an SDK loads; another may not have all.
    catalog = replace(builtin(), packages=catalog.packages)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="samplegen-")))
        authority = trustme.CA()
        certificate, served = folder / "ca.pem", folder / "server.pem"
        authority.cert_pem.write_to_path(str(certificate))
        authority.issue_cert(mock.LOOPBACK).private_key_and_cert_chain_pem.write_to_path(
            str(served)
        )
        server = mock.Mock(catalog)
        server.expect(_KEY)
        [(host, port)] = stack.enter_context(mock.serve(server, certificate=served))
        # No sample that is played here knows a host but this one.
        here = Region(name="here", host=f"{host}:{port}")
        local = replace(catalog, regions=dict.fromkeys(catalog.regions, here))
        wanted = [target for target in targets() if target.language == prepared.language]
        for number, (kind, target) in enumerate(product(("", *examples), wanted)):
            call = _call(kind, target.protocol, local)
            flow = chosen(None, call, target)
            sample = render(call, target.language, target.client, catalog=local, flow=flow)
            work = folder / str(number)
            work.mkdir()
            source = work / sample.filename
            source.write_bytes(sample.code.encode())
            environment = {
                "PATH": os.defpath,
                "HOME": str(work),
                "TMPDIR": str(work),
                "LANG": "C.UTF-8",
                catalog.key_env(call.region): _KEY,
                **toolchain.trust(prepared, certificate, folder),
            }
            rehearsal = Rehearsal(source, work, environment, kind)
            built = toolchain.build(prepared, source, work)
            for step in [*built.compile, *built.link]:
                rehearsal.play(step.arguments, step.environment)
            yield rehearsal


def _call(example: str, protocol: str, catalog: Catalog) -> Call:
    """The call of a named example in a protocol, or the one of which nothing is said."""
    path = path_of(example) if example else None
    form = {} if path is None else json.loads(path.read_text(encoding="utf-8"))
    return Call.parse(form | {"protocol": protocol}, catalog)
