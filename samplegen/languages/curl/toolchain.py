"""Shell scripts that call curl."""

from __future__ import annotations

import os
import re
from pathlib import Path

from samplegen.verify.toolchain._base import Prepared, Say, Step, Toolchain, Tools
from samplegen.verify.toolchain._finding import find, installation, new_enough

# `name=value`, `export name=value`, and `$name` or `${name}` of them.
_ASSIGNED = re.compile(r"^\s*(?:export\s+|local\s+)?([A-Za-z_]\w*)=", re.MULTILINE)
_EXPANDED = re.compile(r"\$\{?([A-Za-z_]\w*)")


class Curl(Toolchain):
    """curl and a shell."""

    id = "curl"
    installs = False
    reads_answers = False

    def tools(self, say: Say | None) -> Tools:
        advice = "apt-get install curl"
        shell = find("sh", "install a POSIX shell")
        curl = find("curl", advice)
        version = new_enough(self.id, [curl, "--version"], advice)
        return Tools({"curl": curl, "sh": shell}, {"curl": version})

    def names_given(self, code: str, *, imported: bool = True) -> set[str]:
        return set(_ASSIGNED.findall(code))

    def names_used(self, code: str) -> set[str]:
        return set(_EXPANDED.findall(code)) - self.names_given(code)

    def sees(self, prepared: Prepared) -> list[Path]:
        return installation(prepared.tools["curl"], "include/curl", "lib/libcurl.so.4")

    def run(self, prepared: Prepared, source: Path, work: Path) -> Step:
        # The script finds curl on the path: let it be the one that was checked.
        folders = dict.fromkeys(str(Path(path).parent) for path in prepared.tools.values())
        path = os.pathsep.join([*folders, *os.defpath.split(os.pathsep)])
        return Step([prepared.tools["sh"], str(source)], {"PATH": path})
