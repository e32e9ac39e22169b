"""Java programs."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from posixpath import commonpath
from xml.sax.saxutils import escape

from samplegen.model.catalog import Catalog, Package
from samplegen.verify.toolchain._base import (
    Build,
    Prepared,
    Say,
    Server,
    Step,
    Toolchain,
    Tools,
)
from samplegen.verify.toolchain._cache import once
from samplegen.verify.toolchain._finding import find, installation, new_enough
from samplegen.verify.toolchain._packages import process

_PASSWORD = "changeit"  # Java's own default: a trust store holds no secret.

_QUICK = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData"]
# Told which encodings to use, this version will do; samples leave that to a later one.
_OLDEST = "17"
_TEXT = ["-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8", "-Dstderr.encoding=UTF-8"]

# The class of a program is not for readers of stack traces: without line numbers and names
# of variables, a comment more or less makes no difference to it.
_COMPILE = ["-g:none", "-encoding", "UTF-8", "-proc:none"]


class Java(Toolchain):
    """A JDK, with a folder of jars for each package."""

    id = "java"
    warms = True

    def bound(self) -> str:
        return "".join(part.read_text() for part in _parts())

    def tools(self, say: Say | None) -> Tools:
        advice = "apt-get install openjdk-17-jdk-headless"
        home = os.environ.get("JAVA_HOME")
        folder = str(Path(home) / "bin") if home else None
        names = ("java", "javac", "keytool")
        paths = {name: find(name, advice, folder) for name in names}
        version = new_enough(self.id, [paths["javac"], "-version"], advice, _OLDEST)
        return Tools(paths, {"java": version})

    def install(self, tools: Tools, packages: Sequence[Package], folder: Path) -> None:
        self._install_own(tools, folder)
        maven = find("mvn", "apt-get install maven")
        for package in packages:
            jars = folder.joinpath("lib", *package.name.split(":"))
            jars.mkdir(parents=True)
            project = jars.with_name(f"{jars.name}.xml")
            project.write_text(_project_of(package))
            quiet = ["-q", "-B", "-Dstyle.color=never"]
            goal = ["dependency:copy-dependencies", "-DincludeScope=runtime"]
            process(
                [maven, *quiet, "-f", str(project), *goal, f"-DoutputDirectory={jars}"],
                f"{package.name}:{package.version}",
                folder,
            )

    def _install_own(self, tools: Tools, folder: Path) -> None:
        """A jar of the compiler's server, and of what rehearses a program."""
        classes = folder / "classes"
        command = [tools.paths["javac"], *_COMPILE, "-d", str(classes), *map(str, _parts())]
        process(command, "the server of the Java compiler", folder)
        with zipfile.ZipFile(folder / _OWN, "w") as jar:
            for file in sorted(classes.rglob("*.class")):
                jar.write(file, file.relative_to(classes))

    def warm(self, prepared: Prepared, catalog: Catalog, folder: Path) -> None:
        """Keep the classes that programs load, parsed and checked: an archive for each class path.

        An archive holds for the class path that it was made with, and whatever follows that.
        """
        from samplegen.verify.toolchain._rehearsal import rehearsals

        java = [prepared.tools["java"], *_QUICK]
        programs: dict[Path, dict[str, str]] = {}
        # Programs that stream or run tools load more, and over HTTP another package.
        for one in rehearsals(prepared, catalog, ("streaming", "tools")):
            archive = folder / _archive(_packages(prepared, one.source))
            # One of each kind, where both protocols' programs have the same class path.
            of_archive = programs.setdefault(archive, {})
            if one.kind in of_archive:
                continue
            of_archive[one.kind] = str(one.work / "classes")
            path = os.pathsep.join(_jars(prepared, one.source))
            main = ["-cp", path, "samplegen.Rehearsal", *of_archive.values()]
            # Half an archive would be mapped all the same, and crash.
            written = archive.with_suffix(".tmp")
            keep = f"-XX:ArchiveClassesAtExit={written}"
            if one.play([*java, *_TEXT, keep, *main], {}) and written.exists():
                written.rename(archive)
            else:
                del of_archive[one.kind]

    def idle(self, code: str) -> bool:
        return not re.search(r"\bvoid\s+main\s*\(", code)

    def missing(self, prepared: Prepared, code: str) -> list[str]:
        # `import a.b.C;`, and `import a.b.*;` with its star.
        asked = re.findall(r"^\s*import\s+(?:static\s+)?([\w.]+(?:\.\*)?)\s*;", code, re.MULTILINE)
        foreign = [one for one in asked if not one.startswith(("java.", "javax.", "jdk."))]
        folders = _packages_of(prepared, code)
        named = {folder: _named(folder) for folder in folders}
        known = frozenset[str]().union(*named.values())
        # What an SDK does not have is a slip, or another version, and fails.
        own = tuple(_top(folder.parent.name, names) for folder, names in named.items())
        return [
            one
            for one in foreign
            if one.rpartition(".")[0] not in known and not f"{one}.".startswith(own)
        ]

    def sees(self, prepared: Prepared) -> list[Path]:
        return [
            path
            for name in ("java", "javac")
            for path in installation(prepared.tools[name], "lib/modules", "lib/rt.jar")
        ]

    def build(self, prepared: Prepared, source: Path, work: Path) -> Build:
        classes = work / "classes"
        path = os.pathsep.join([*_jars(prepared, source), str(classes)])
        quick = [f"-J{option}" for option in _QUICK]
        command = [prepared.tools["javac"], *quick, *_COMPILE, "-d", str(classes), "-cp", path]
        if "javac" in prepared.versions:
            return Build([Step([*command, *_for(prepared), str(source)], {})], [classes], [])
        own = str(prepared.folder / _OWN)
        # Compiled itself, the compiler needs more stack for long chains of calls than interpreted.
        java = (prepared.tools["java"], *_QUICK, "-Xss4m", *_TEXT)
        server = Server((*java, "-cp", own, "samplegen.Compiler"), ())
        return Build([Step([*command, str(source)], {}, server)], [classes], [])

    def run(self, prepared: Prepared, source: Path, work: Path) -> Step:
        jars, main = _jars(prepared, source), _main_class(source)
        # SDKs bring programs, too, in no package: one of the same name is not what is meant.
        taken = any(main in _named(one) for one in _packages(prepared, source))
        at = 1 if taken else len(jars)
        path = os.pathsep.join([*jars[:at], str(work / "classes"), *jars[at:]])
        archive = prepared.warm / _archive(_packages(prepared, source))
        # Where it does not fit, Java does without, and is to do so without a word.
        kept = ["-Xlog:cds*=off", f"-XX:SharedArchiveFile={archive}"] if archive.exists() else []
        java = [prepared.tools["java"], *_QUICK, *kept, *_TEXT]
        return Step([*java, "-cp", path, main], {})

    def trust(self, prepared: Prepared, ca: Path, work: Path) -> dict[str, str]:
        store = work / "trust.jks"
        once(store, lambda new: _make_store(prepared.tools["keytool"], ca, new))
        # Reading this kind costs less than PKCS12, where the password makes a key.
        properties = {"": store, "Type": "JKS", "Password": _PASSWORD}
        options = [f'"-Djavax.net.ssl.trustStore{key}={it}"' for key, it in properties.items()]
        return {"JAVA_TOOL_OPTIONS": " ".join(options)}


def _for(prepared: Prepared) -> list[str]:
    """The options that make a compiler write for a runtime of another version."""
    versions = (prepared.versions[name] for name in ("java", "javac"))
    return ["--release", str(min(int(one.partition(".")[0]) for one in versions))]


# First on every class path: an archive needs a jar to be bound to.
_OWN = "samplegen.jar"


def _parts() -> list[Path]:
    return sorted((Path(__file__).parent / "parts").glob("*.java"))


def _packages(prepared: Prepared, source: Path) -> list[Path]:
    """The folders of the packages that a program names: by the first two words of their group.

    So it meets the very versions that they depend on, and one that names none has to
    do without.
    """
    return _packages_of(prepared, source.read_text(encoding="utf-8", errors="replace"))


def _packages_of(prepared: Prepared, text: str) -> list[Path]:
    folders = sorted(prepared.folder.glob("lib/*/*/"))
    owners = (".".join(folder.parent.name.split(".")[:2]) for folder in folders)
    return [
        folder for folder, owner in zip(folders, owners, strict=True) if f"import {owner}." in text
    ]


def _jars(prepared: Prepared, source: Path) -> list[str]:
    jars = [jar for folder in _packages(prepared, source) for jar in sorted(folder.glob("*.jar"))]
    return [str(prepared.folder / _OWN), *map(str, jars)]


@cache
def _top(group: str, names: frozenset[str]) -> str:
    """What all names of an SDK begin with, such as `com.alibaba.dashscope.`.

    Others may be of the same group: `com.alibaba.fastjson`.
    """
    own = [name.replace(".", "/") for name in names if f"{name}.".startswith(f"{group}.")]
    return (commonpath(own).replace("/", ".") if own else group) + "."


@cache
def _named(folder: Path) -> frozenset[str]:
    """The packages, and the classes that hold others, in the jars of a folder."""
    found = set()
    for jar in folder.glob("*.jar"):
        with zipfile.ZipFile(jar) as opened:
            for name in opened.namelist():
                if name.endswith(".class"):
                    found |= {
                        name.rpartition("/")[0],
                        name.partition("$")[0].removesuffix(".class"),
                    }
    return frozenset(name.replace("/", ".") for name in found)


_CLASS = re.compile(
    r"^([ \t]*)(?:(?:public|final|abstract)\s+)*(?:class|record|enum)\s+(\w+)", re.M
)


def _main_class(source: Path) -> str:
    """The class whose `main` runs: the last of the outermost that begin before it."""
    before, _, _ = source.read_text(encoding="utf-8", errors="replace").partition("void main(")
    named: list[tuple[str, str]] = _CLASS.findall(before)
    outermost = min((len(indent) for indent, _ in named), default=0)
    return next((name for indent, name in reversed(named) if len(indent) == outermost), source.stem)


def _archive(packages: list[Path]) -> str:
    return "-".join(["classes", *(folder.name for folder in packages)]) + ".jsa"


def _make_store(keytool: str, ca: Path, store: Path) -> None:
    file = ["-keystore", str(store), "-storetype", "JKS", "-storepass", _PASSWORD]
    command = [keytool, "-importcert", "-noprompt", "-alias", "ca", "-file", str(ca), *file]
    process(command, f"a trust store for {ca}", store.parent)


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
