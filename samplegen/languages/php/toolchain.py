"""PHP scripts."""

from __future__ import annotations

import os
from pathlib import Path

from samplegen.verify.toolchain._base import Missing, Prepared, Say, Step, Toolchain, Tools
from samplegen.verify.toolchain._cache import once
from samplegen.verify.toolchain._finding import find, installation, new_enough, output

# What PHP reads beside its own file.
_PLACES = (
    "echo implode(PATH_SEPARATOR, [PHP_BINARY, PHP_EXTENSION_DIR, php_ini_loaded_file(), "
    "PHP_CONFIG_FILE_SCAN_DIR]);"
)


class Php(Toolchain):
    """PHP with its curl extension."""

    id = "php"
    installs = False

    def tools(self, say: Say | None) -> Tools:
        advice = "apt-get install php-cli php-curl"
        php = find("php", advice)
        version = new_enough(self.id, [php, "-r", "echo PHP_VERSION;"], advice)
        if not output([php, "-r", "echo phpversion('curl');"]):
            raise Missing(f"PHP has no curl extension: {advice}")
        return Tools({"php": php}, {"php": version})

    def sees(self, prepared: Prepared) -> list[Path]:
        php = prepared.tools["php"]
        told = output([php, "-r", _PLACES]).split(os.pathsep)
        return [*installation(php), *(Path(one) for one in told if one)]

    def run(self, prepared: Prepared, source: Path, work: Path) -> Step:
        return Step([prepared.tools["php"], str(source)], {})

    def trust(self, prepared: Prepared, ca: Path, work: Path) -> dict[str, str]:
        folder = work / "php.d"
        folder.mkdir(exist_ok=True)
        settings = "".join(f'{name}="{ca}"\n' for name in ("curl.cainfo", "openssl.cafile"))
        once(folder / "ca.ini", lambda new: new.write_text(settings))
        # The empty entry is PHP's own folder, which loads the extensions.
        return {"PHP_INI_SCAN_DIR": f"{os.pathsep}{folder}"}
