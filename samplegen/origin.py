"""Where samplegen itself came from, to say how its extras are installed."""

from __future__ import annotations

import json
from importlib import metadata
from pathlib import Path
from urllib.parse import unquote, urlsplit


def install_line(extra: str) -> str:
    """What to type to get an extra, from where this samplegen was installed.

    The origin of a package that no registry gave stands in its `direct_url.json`: PEP 610.
    """
    wanted = f"samplegen[{extra}]"
    try:
        text = metadata.distribution("samplegen").read_text("direct_url.json")
    except metadata.PackageNotFoundError:
        checkout = Path(__file__).parents[1]
        there = (checkout / "pyproject.toml").is_file()
        return f"pip install -e '{checkout}[{extra}]'" if there else f"pip install '{wanted}'"
    try:
        origin = json.loads(text or "{}")
        url = origin.get("url", "")
        if "vcs_info" in origin:
            of = origin["vcs_info"]
            at = of.get("requested_revision") or of["commit_id"]
            return f"pip install '{wanted} @ {of['vcs']}+{url}@{at}'"
        if "dir_info" in origin:
            editable = "-e " if origin["dir_info"].get("editable") else ""
            return f"pip install {editable}'{unquote(urlsplit(url).path)}[{extra}]'"
        if url:
            return f"pip install '{wanted} @ {url}'"
    except (ValueError, KeyError, AttributeError, TypeError):
        pass
    return f"pip install '{wanted}'"
