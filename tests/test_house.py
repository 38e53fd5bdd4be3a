"""The house keeps its shape: imports run one way, nothing that must not be committed is committed."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ALLOWED = {"knowledge": {"knowledge"}, "flows": {"flows", "knowledge"}, "bot": {"bot", "flows", "knowledge"}}
EDGES = (
    *("bot/__main__.py", "bot/channels/", "bot/clock.py", "bot/config.py", "bot/limits.py", "bot/mind.py"),
    *("bot/opening.py", "bot/server.py", "bot/service.py", "bot/store.py", "bot/unanswered.py"),
    "knowledge/cache.py",
)
"""Where clock, network and disk are met; everything else is given what it needs."""
READERS = (
    *("flows/graph.py", "flows/loader.py", "flows/phrases.py", "flows/words.py"),
    *("knowledge/files.py", "knowledge/loader.py", "knowledge/name_readings.py", "knowledge/reading.py"),
    *("knowledge/regions.py", "knowledge/vocabulary.py"),
)
"""What may read the YAML, and nothing more."""
IMPURE = {"os", "socket", "sqlite3", "time", "random", "pathlib", "subprocess", "urllib", "asyncio", "threading"}
CLOCKS = {"now", "today", "utcnow", "time", "time_ns"}
"""What a call that asks for the time is named; `date.today`, `datetime.now`, `time.time`, and `now` of bot.clock."""
REGISTRY = re.compile(r"""(index-url|find-links|trusted-host|registry\s*[=:]|"resolved")\W{0,6}\s*["']?https?:""", re.I)
PACKAGE_PAGE = re.compile(r"https?://[^\s\"']*/simple(/|\"|'|\s|$)")
MACHINE_PATH = re.compile(r"(?<![\w.~/])/(root|home/\w+|work|opt/pypi)/")


def imported(path: Path) -> Iterator[str]:
    """The modules a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def committed() -> list[Path]:
    """Every file git knows, with those not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


@pytest.mark.parametrize("package", list(ALLOWED))
def test_imports_run_one_way(package: str) -> None:
    ours = set(ALLOWED)
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in (ROOT / package).rglob("*.py")
        for name in imported(path)
        if (top := name.split(".")[0]) in ours and top not in ALLOWED[package]
    ]
    assert not wrong


@pytest.mark.parametrize(
    ("library", "homes"),
    [
        ("telegram", ("bot/channels/telegram/",)),
        ("sqlite_utils", ("bot/store.py", "bot/migrations.py")),
        ("starlette", ("bot/channels/",)),
    ],
)
def test_a_library_is_used_in_its_room_only(library: str, homes: tuple[str, ...]) -> None:
    users = [
        str(path.relative_to(ROOT))
        for package in ALLOWED
        for path in (ROOT / package).rglob("*.py")
        if any(name.split(".")[0] == library for name in imported(path))
    ]
    assert users
    assert all(user.startswith(homes) for user in users)


def core() -> Iterator[Path]:
    """Every file of ours but the edges."""
    for package in ALLOWED:
        for path in sorted((ROOT / package).rglob("*.py")):
            if not str(path.relative_to(ROOT)).startswith(EDGES):
                yield path


def clocks(code: str) -> list[int]:
    """The lines that ask what time it is."""
    calls = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call))
    return [call.lineno for call in calls if ast.unparse(call.func).split(".")[-1] in CLOCKS]


def test_the_core_imports_no_clock_network_or_disk() -> None:
    for path in core():
        allowed = {"pathlib"} if str(path.relative_to(ROOT)) in READERS else set()
        assert not (IMPURE - allowed) & {module.split(".")[0] for module in imported(path)}, path


def test_the_core_asks_no_clock() -> None:
    assert [f"{path}:{line}" for path in core() for line in clocks(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "call",
    ["datetime.now(ZONE)", "date.today()", "datetime.date.today()", "time.time()", "now().date()", "x = self.today()"],
)
def test_the_search_for_clocks_finds_one(call: str) -> None:
    assert clocks(f"def rule():\n    {call}\n") == [2]
    assert clocks("def rule(today):\n    return today.year, datetime.combine(today, now)\n") == []


def test_every_edge_is_there() -> None:
    assert [name for name in (*EDGES, *READERS) if not (ROOT / name).exists()] == []


def test_what_is_imported_is_declared() -> None:
    """What only comes along with another library may go with it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    used = {name.split(".")[0] for package in ALLOWED for p in (ROOT / package).rglob("*.py") for name in imported(p)}
    comes_from = packages_distributions()
    undeclared = [
        name
        for name in used - set(ALLOWED) - sys.stdlib_module_names
        if not {found.lower() for found in comes_from.get(name, ())} & set(project["dependencies"])
    ]
    assert not undeclared


def test_no_registry_address_and_no_machine_path_is_committed() -> None:
    found = []
    for path in committed():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if REGISTRY.search(line) or PACKAGE_PAGE.search(line) or MACHINE_PATH.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}")
    assert not found


def test_the_search_for_addresses_finds_one() -> None:
    assert REGISTRY.search("index-" + "url = https://packages.example")
    assert PACKAGE_PAGE.search("https://packages.example" + "/simple/")
    assert PACKAGE_PAGE.search("https://packages.example/" + "simple/")


def test_every_target_of_the_makefile_is_explained() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    declared = re.search(r"^\.PHONY: (.*)$", text, re.M)
    assert declared
    for target in declared[1].split():
        assert re.search(rf"^{target}:.*## ", text, re.M), f"make help does not say what {target} does"
