"""A program sees its own folder, its toolchain and the system, and nothing else of the machine."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT
from toolchains import need_all

from samplegen import Call, render
from samplegen.errors import InputError
from samplegen.model.catalog import builtin
from samplegen.protocols.request import Request
from samplegen.rendering.sample import Sample
from samplegen.verify import roots, seal
from samplegen.verify.subject import Result, Subject
from samplegen.verify.toolchain._finding import installation
from samplegen.verify.verification import verify

# Each looks at what it must not see, and says so on standard error, and fails: what stands in
# PATHS are files and folders, of which none may be there to be read or looked into.
PROBES = {
    "python": """
import os, sys
leaks = []
for path in PATHS:
    try:
        leaks += [(path, os.listdir(path) if os.path.isdir(path) else open(path).read())]
    except OSError:
        pass
leaks = [one for one in leaks if one[1]]
others = [pid for pid in os.listdir("/proc") if pid.isdigit() and int(pid) not in (1, os.getpid())]
leaks += others and [("/proc", others)]
leaks += [("environment", name) for name in os.environ if name.startswith("SAMPLEGEN")]
leaks += [("user", os.getuid())] if os.getuid() != USER else []
for path in ("/there", "/etc/there", "/usr/there", "/tmp/there", "/dev/shm/trust/ca.pem", PARENT):
    try:
        open(path, "a").close()
        leaks.append(("written", path))
    except OSError:
        pass
if leaks:
    sys.exit(f"SEEN {leaks}")
""",
    "nodejs": """
import * as fs from "node:fs";
const leaks = [];
for (const path of PATHS) {
  try {
    const found = fs.statSync(path).isDirectory() ? fs.readdirSync(path) : fs.readFileSync(path);
    if (found.length) leaks.push([path, `${found}`]);
  } catch {}
}
const others = fs.readdirSync("/proc").filter((name) => /^[0-9]+$/.test(name));
if (others.length > 2) leaks.push(["/proc", others]);
leaks.push(...Object.keys(process.env).filter((name) => name.startsWith("SAMPLEGEN")));
if (process.getuid() !== USER) leaks.push(["user", process.getuid()]);
if (leaks.length) {
  console.error(`SEEN ${JSON.stringify(leaks)}`);
  process.exit(1);
}
""",
    "php": """
$leaks = [];
foreach (PATHS as $path) {
    $found = is_dir($path) ? array_diff(scandir($path), ['.', '..']) : @file_get_contents($path);
    if ($found) $leaks[] = [$path, $found];
}
if (count(array_filter(scandir('/proc'), 'is_numeric')) > 2) $leaks[] = scandir('/proc');
foreach (getenv() as $name => $value) if (str_starts_with($name, 'SAMPLEGEN')) $leaks[] = $name;
if (fileowner('/proc/self') !== USER) $leaks[] = ['user', fileowner('/proc/self')];
if ($leaks) { fwrite(STDERR, 'SEEN ' . json_encode($leaks)); exit(1); }
""",
    "curl": """
leaks=
for path in PATHS; do
  [ -n "$(ls -A "$path/" 2>/dev/null || cat "$path" 2>/dev/null)" ] && leaks="$leaks $path"
done
tr '\\0' '\\n' 2>/dev/null </proc/1/environ | grep . && leaks="$leaks environ"
env | grep '^SAMPLEGEN' && leaks="$leaks environment"
[ "$(id -u)" = USER ] || leaks="$leaks user"
kill -0 -1 2>/dev/null && [ "$(ls -d /proc/[0-9]* | wc -l)" -gt 4 ] && leaks="$leaks processes"
if [ -n "$leaks" ]; then echo "SEEN $leaks" >&2; exit 1; fi
""",
}


def probing(language: str, paths: list[str], user: int) -> Sample:
    """A good sample that looks around before it calls."""
    sample = render(Call(), language, client="http")
    quotes = {"python": "[%s]", "nodejs": "[%s]", "php": "[%s]", "curl": "%s"}[language]
    written = quotes % (" " if language == "curl" else ", ").join(f"'{one}'" for one in paths)
    probe = PROBES[language].replace("PATHS", written).replace("USER", str(user))
    probe = probe.replace("PARENT", "'/dev/shm/there/there'")
    first, rest = {
        "php": ("<?php\n", ""),
    }.get(language, ("", ""))
    assert sample.code.startswith(first)
    return sample._replace(code=first + probe + rest + sample.code.removeprefix(first))


@pytest.fixture
def secrets(tmp_path: Path) -> Iterator[list[str]]:
    """Paths with something to see in this machine's own root."""
    home = Path.home() / f".samplegen-test-{os.getpid()}"
    home.write_text("a secret of the home folder\n")
    (tmp_path / "secret").write_text("a secret of a temporary folder\n")
    git = ROOT / ".git"
    paths = [home, tmp_path / "secret", tmp_path, Path.home(), ROOT, ROOT / "README.md"]
    paths += [git if git.is_file() else git / "config", Path("/etc/shadow")]
    paths += [Path("/proc/1", name) for name in ("environ", "root")]
    paths += [Path("/", name) for name in ("run", "var", "sys", "mnt")]
    yield [str(path) for path in paths]
    home.unlink()


def run(samples: list[Sample]) -> list[Result]:
    subjects = [Subject(one, Request.of(Call(), "")) for one in samples]
    return list(verify(subjects, builtin(), once=True))


@pytest.mark.usefixtures("namespaces")
@pytest.mark.parametrize("language", PROBES)
def test_a_program_sees_nothing_of_the_machine(
    language: str, secrets: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    need_all(language)
    monkeypatch.setenv("SAMPLEGEN_TEST", "a secret of the environment")
    seen = [one for one in secrets if one not in _above_toolchains()]
    [result] = run([probing(language, seen, _user())])
    assert result.failures == []


def _user() -> int:
    """Who programs are: not root, where that can be."""
    return 0 if "--map-root-user" in (seal.sealing() or []) else roots._NOBODY


def _above_toolchains() -> set[str]:
    """Folders that are there for what is in them alone: a toolchain."""
    kept = (Path.home() / ".cache", Path(sys.base_prefix), Path(sys.executable))
    return {str(above) for one in kept for above in (one, *one.parents)}


@pytest.mark.usefixtures("namespaces")
@pytest.mark.parametrize("language", PROBES)
def test_a_probe_sees_what_is_there(language: str) -> None:
    """Else the test above would prove nothing."""
    need_all(language)
    [result] = run([probing(language, ["/etc/passwd"], -1)])
    [failure, *_] = [one for one in result.failures if "SEEN" in one]
    assert "passwd" in failure
    assert "user" in failure


@pytest.mark.usefixtures("namespaces")
def test_it_is_the_same_in_a_user_namespace(
    secrets: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where whoever runs samplegen is not root, or root is all that there is."""
    need_all("python")
    need_all("curl")
    unshare = str(shutil.which("unshare"))
    monkeypatch.setattr(seal, "sealing", lambda: [unshare, "--map-root-user", *seal._NAMESPACES])
    seen = [one for one in secrets if one not in _above_toolchains()]
    for result in run([probing("python", seen, 0), probing("curl", seen, 0)]):
        assert result.failures == []


@pytest.mark.usefixtures("namespaces")
@pytest.mark.parametrize(("mask", "passes"), [("0*", True), ("f*", False)])
def test_a_program_has_no_capability_and_gets_none(mask: str, passes: bool) -> None:
    need_all("curl")
    sample = render(Call(), "curl")
    probe = f"grep -q '^CapBnd:[^0-9a-f]*{mask}$' /proc/self/status || exit 9\n"
    [result] = run([sample._replace(code=probe + sample.code)])
    assert result.passed == passes, result.failures


@pytest.mark.usefixtures("namespaces")
def test_what_a_program_left_running_is_gone() -> None:
    """And it keeps nobody waiting: standard files of its own are not waited for."""
    need_all("curl")
    sample = render(Call(), "curl")
    [result] = run([sample._replace(code=f"(setsid sleep 300 &)\n{sample.code}")])
    assert result.failures == []
    assert result.seconds < 60


@pytest.mark.usefixtures("namespaces")
def test_a_toolchain_of_a_user_is_seen_by_the_links_that_lead_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As version managers have it: `current` is a link to the folder of a version."""
    need_all("nodejs")
    version = tmp_path / "versions" / "v22"
    (version / "include" / "node").mkdir(parents=True)
    (version / "bin").mkdir()
    shutil.copyfile(
        os.environ.get("SAMPLEGEN_NODE") or shutil.which("node") or "",
        node := version / "bin" / "node",
    )
    node.chmod(0o755)
    (version / "secret").touch()
    (tmp_path / "current").symlink_to("versions/v22")
    monkeypatch.setenv("SAMPLEGEN_NODE", str(tmp_path / "current" / "bin" / "node"))
    [result] = run([probing("nodejs", [str(tmp_path / "secret")], _user())])
    assert result.failures == []


def test_a_toolchain_that_is_a_home_is_refused() -> None:
    for path in (Path.home(), Path("/")):
        with pytest.raises(InputError, match="install it in a folder of its own"):
            roots._refuse_home(path)
    roots._refuse_home(Path.home() / ".nvm")


def test_the_installation_of_a_program(tmp_path: Path) -> None:
    node = tmp_path / ".nvm/versions/node/v22/bin/node"
    node.parent.mkdir(parents=True)
    node.touch()
    assert installation(str(node), "include/node") == [node, node]
    (node.parent.parent / "include" / "node").mkdir(parents=True)
    assert installation(str(node), "include/node") == [node, node.parent.parent]
    current = tmp_path / "current"
    current.symlink_to(node.parent.parent)
    found = current / "bin" / "node"
    assert installation(str(found), "include/node") == [found, node.parent.parent]
    # In a home's own bin there is a program, and beside it what nobody is to see.
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "node").touch()
    assert installation(str(tmp_path / "bin" / "node"), "include/node") == [
        tmp_path / "bin" / "node",
        tmp_path / "bin" / "node",
    ]
