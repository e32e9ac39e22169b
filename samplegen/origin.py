"""Where samplegen itself came from, to say how its extras are installed."""

from __future__ import annotations

import json
import shlex
import shutil
import sys
from importlib import metadata
from pathlib import Path
from urllib.parse import unquote, urlsplit


def pip() -> str:
    """What to type for the pip of this Python: another one would install for another Python."""
    own = Path(sys.executable)
    found = shutil.which("pip")
    if not found or Path(found).parent == own.parent or sys.prefix == sys.base_prefix:
        return "pip"
    return f"{shlex.quote(str(own))} -m pip"


def install_line(extra: str) -> str:
    """What to type to get an extra, from where this samplegen was installed.

    The origin of a package that no registry gave stands in its `direct_url.json`: PEP 610.
    """
    wanted, install = f"samplegen[{extra}]", f"{pip()} install"
    try:
        text = metadata.distribution("samplegen").read_text("direct_url.json")
    except metadata.PackageNotFoundError:
        checkout = Path(__file__).parents[1]
        there = (checkout / "pyproject.toml").is_file()
        return f"{install} -e '{checkout}[{extra}]'" if there else f"{install} '{wanted}'"
    try:
        origin = json.loads(text or "{}")
        url = origin.get("url", "")
        if "vcs_info" in origin:
            of = origin["vcs_info"]
            at = of.get("requested_revision") or of["commit_id"]
            return f"{install} '{wanted} @ {of['vcs']}+{url}@{at}'"
        if "dir_info" in origin:
            editable = "-e " if origin["dir_info"].get("editable") else ""
            return f"{install} {editable}'{unquote(urlsplit(url).path)}[{extra}]'"
        if url:
            return f"{install} '{wanted} @ {url}'"
    except (ValueError, KeyError, AttributeError, TypeError):
        pass
    return f"{install} '{wanted}'"
