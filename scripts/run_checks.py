"""Run every check of the project, two at a time, and say how it went.

    .venv/bin/python scripts/run_checks.py [NAME ...]

Prints each check's outcome and seconds, the output of those that failed, the total minutes, the ten
slowest tests and as the last line "N passed, N failed". Exit 1 when a check failed or a test was
skipped. With names, only those checks.
"""

import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
RESULTS = ROOT / "build" / "checks"
LANES = 2
SLOWEST = 10


@dataclass(frozen=True, slots=True)
class Check:
    """One command; ``tests`` are the folders that pytest runs, none for other tools."""

    name: str
    command: tuple[str, ...]
    tests: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a check ended."""

    check: Check
    code: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Test:
    """One test as pytest reports it."""

    name: str
    seconds: float
    state: str


def pytest(name: str, *folders: str, before: Sequence[str] = ()) -> Check:
    """A run of pytest that leaves its report in RESULTS."""
    report = f"--junitxml={RESULTS / name}.xml"
    return Check(name, (*before, str(BIN / "pytest"), report, *folders), tests=True)


def tool(name: str, *command: str) -> Check:
    """A run of another tool of the environment."""
    return Check(name, (str(BIN / command[0]), *command[1:]))


# Tests of the doors and of whole programs that meet no database of their own run once, on SQLite.
_ONCE = (
    *("web/test_doors.py", "operation/test_base_map.py", "operation/test_line.py"),
    *("operation/test_relay.py", "operation/test_update_wheel.py"),
)
_APART = tuple(f"--ignore=tests/integration/{name}" for name in _ONCE)

# The longest first, so that neither lane ends long before the other.
CHECKS = (
    pytest("postgres", "tests/integration", *_APART, before=("scripts/test_postgres.sh",)),
    pytest("sqlite", "tests/integration"),
    pytest("browser", "tests/e2e"),
    tool("types", "mypy"),
    pytest("unit", "tests/unit", "tests/repository"),
    tool("imports", "lint-imports", "--no-logo"),
    tool("lint", "ruff", "check"),
    tool("format", "ruff", "format", "--check"),
)


def run(check: Check) -> Outcome:
    """Run one check with its output in RESULTS."""
    start = time.monotonic()
    with log_of(check).open("w", encoding="utf-8") as log:
        code = subprocess.run(
            check.command,
            cwd=ROOT,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    return Outcome(check, code, time.monotonic() - start)


def log_of(check: Check) -> Path:
    """Where the output of a check goes."""
    return RESULTS / f"{check.name}.log"


def tests_of(check: Check) -> Iterator[Test]:
    """The tests in the report of a run of pytest."""
    report = RESULTS / f"{check.name}.xml"
    if not report.is_file():
        yield Test(f"{check.name}: no report", 0.0, "failed")
        return
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        states = {child.tag for child in case}
        state = "passed"
        if states & {"failure", "error"}:
            state = "failed"
        elif "skipped" in states:
            state = "skipped"
        name = f"{check.name}: {case.get('classname')}.{case.get('name')}"
        yield Test(name, float(case.get("time") or 0), state)


def show(outcome: Outcome) -> None:
    """One line, and the whole output of a failure."""
    ended = "ok" if outcome.code == 0 else f"FAILED (exit {outcome.code})"
    print(f"{outcome.check.name:10} {outcome.seconds:6.1f} s  {ended}", flush=True)
    if outcome.code:
        print(log_of(outcome.check).read_text(encoding="utf-8", errors="replace"), flush=True)


def summary(tests: Sequence[Test], outcomes: Sequence[Outcome], seconds: float) -> bool:
    """Print the figures; whether all is well."""
    print(f"\nThe {SLOWEST} slowest tests")
    for test in sorted(tests, key=lambda t: -t.seconds)[:SLOWEST]:
        print(f"{test.seconds:7.2f} s  {test.name}")
    skipped = [test for test in tests if test.state == "skipped"]
    for test in skipped:
        print(f"skipped (none may be): {test.name}")
    others = [o for o in outcomes if not o.check.tests]
    silent = [o for o in outcomes if o.check.tests and o.code and not failed_in(tests, o.check)]
    failed = sum(t.state == "failed" for t in tests) + sum(o.code != 0 for o in others)
    failed += len(skipped) + len(silent)
    passed = sum(t.state == "passed" for t in tests) + sum(o.code == 0 for o in others)
    print(f"\nTotal: {seconds / 60:.1f} minutes; tools count as one test each")
    print(f"{passed} passed, {failed} failed")
    return failed == 0


def failed_in(tests: Sequence[Test], check: Check) -> bool:
    """Whether a run of pytest named the test that failed."""
    return any(t.state == "failed" and t.name.startswith(f"{check.name}: ") for t in tests)


def main(names: Sequence[str]) -> int:
    """Run the checks named, or all."""
    chosen = [check for check in CHECKS if not names or check.name in names]
    if unknown := set(names) - {check.name for check in CHECKS}:
        print(f"no such check: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    RESULTS.mkdir(parents=True, exist_ok=True)
    for old in RESULTS.iterdir():
        old.unlink()
    start = time.monotonic()
    outcomes = []
    with ThreadPoolExecutor(LANES) as lanes:
        for done in as_completed([lanes.submit(run, check) for check in chosen]):
            outcomes.append(done.result())
            show(outcomes[-1])
    tests = [test for o in outcomes if o.check.tests for test in tests_of(o.check)]
    return 0 if summary(tests, outcomes, time.monotonic() - start) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
