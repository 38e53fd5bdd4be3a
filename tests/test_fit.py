"""Whether knowledge, dialogues and code fit together: what one names and another lacks is said, and not taken up."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.answers import PERSONAL
from bot.fit import CONCEPTS, ENTRIES, left_out
from bot.hearing.tables import BY_TYPE, OF_THE_CASE, PLACE
from bot.mind import Mind, MindKeeper, load_mind
from knowledge.decide import Limits
from knowledge.errors import FilesError
from knowledge.loader import MATTERS

ROOT = Path(__file__).parents[1]
LIMITS = Limits(0.6, 0.35)
DAY = date(2026, 11, 23)
ASK, PHRASES = "knowledge/registration/ask.yaml", "flows/definitions/phrases.yaml"
VOCABULARY, WORDS = "knowledge/vocabulary.yaml", "flows/definitions/words.yaml"
Edit = tuple[str, str, str, str]
"""A file, what is replaced in it (once), by what, and how the line on it goes on after the file."""
MISFITS: tuple[Edit, ...] = (
    (ASK, "flow: plan", "flow: typo", r":\d+: “.+”要打开的对话（flow）“typo”不存在，可选：plan、"),
    (PHRASES, "- node: renew_too", "- node: renew_two", r":\d+: 没有一个对话问“renew_two”，可选："),
    (PHRASES, "- node: registered_year", "- node: employed", r":\d+: 没有一个对话问“employed”"),
    (PHRASES, "- value: transport", "- value: transports", r":\d+: 问题“business”没有“transports”这个选项，可选："),
    (PHRASES, "{value: junior, when", "{value: juniors, when", r":\d+: 问题“certificate”没有“juniors”这个选项"),
    (PHRASES, "of: [left, employer]", "of: [lefts, employer]", r":\d+: 问题“change”没有“lefts”这个选项"),
    (PHRASES, "to: employer-category", "to: employer-class", r":\d+: 问题“change”没有“employer-class”这个选项"),
    (PHRASES, "when: {employer: central}", "when: {employer: centre}", r":\d+: 问题“employer”没有“centre”这个选项"),
    (PHRASES, "when: before_2012, is: earlier", "when: before_2012, is: old", r":\d+: 问题“before_2012”没有“old”"),
    (PHRASES, "when: cert_date, then", "when: cert_dates, then", r":\d+: 没有一个对话问“cert_dates”"),
    (PHRASES, "then: {employer: central}", "then: {employers: central}", r":\d+: 没有一个对话问“employers”"),
    (PHRASES, "to: change_kind", "to: change_sort", r":\d+: 没有一个对话问“change_sort”"),
    (PHRASES, "values: [employer, ren", "values: [boss, ren", r":\d+: 问题“change”没有“boss”这个选项"),
    (WORDS, "window_edge: silent", "window_edge: loud", r": cautions 里“window_edge”写的条目“loud-.+”不存在"),
    ("flows/definitions/flows.yaml", "- id: login", "- id: signing-in", r": 程序用到的对话“login”不存在，请改回"),
    (ASK, "id: ask-expiring", "valid_until: 2099-01-01\n    id: ask-expiring", r":\d+: 程序随时要用到条目“ask-exp"),
    (VOCABULARY, "- id: expired\n", "- id: has-expired\n", r": 程序用到的概念“expired”不存在，请改回"),
    (VOCABULARY, "- id: register\n", "- id: enrol\n", r": 程序用到的概念“register…”不存在，请改回"),
)
RENAMED = ("system-address", "ask-expired", "human")
"""Entries that code names and nothing else does, so that the loader has nothing against another id."""


def copied(folder: Path) -> Path:
    """A copy of the project that may be broken."""
    for name in ("bot", "flows", "knowledge"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return copied(tmp_path)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def rename(tree: Path, entry: str) -> None:
    """Give an entry another id wherever YAML names it."""
    for path in tree.rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(rf"(?<=[ \[]){entry}(?=$|[,\]])", f"{entry}-2", text, flags=re.M), encoding="utf-8")


def refused(tree: Path) -> list[str]:
    """What the mind is not loaded for."""
    with pytest.raises(FilesError) as caught:
        load_mind(LIMITS, tree, tree / "cache")
    return caught.value.mistakes


def checked(tree: Path) -> list[str]:
    """What `python -m bot check` complains of."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", "check"],
        cwd=tree, env=os.environ, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    return done.stdout.splitlines()


def told(lines: list[str], file: str, says: str) -> bool:
    return any(re.search(rf"(^|/){re.escape(Path(file).name)}{says}", line) for line in lines)


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What is said of a project with everything wrong at once: on loading, and by the check."""
    tree = copied(tmp_path_factory.mktemp("misfit"))
    for file, old, new, _ in MISFITS:
        edit(tree / file, old, new)
    for entry in RENAMED:
        rename(tree, entry)
    return {"load": refused(tree), "check": checked(tree)}


@pytest.mark.parametrize("by", ["load", "check"])
@pytest.mark.parametrize(("file", "new", "says"), [(file, new, says) for file, _, new, says in MISFITS])
def test_what_does_not_fit_is_told(complaints: dict[str, list[str]], by: str, file: str, new: str, says: str) -> None:
    assert told(complaints[by], file, says), new


@pytest.mark.parametrize("by", ["load", "check"])
@pytest.mark.parametrize("entry", RENAMED)
def test_an_entry_that_code_names_can_not_be_renamed(complaints: dict[str, list[str]], by: str, entry: str) -> None:
    assert told(complaints[by], "*.yaml", rf": 程序用到的条目“{entry}”不存在，请改回"), entry


def test_the_check_says_what_loading_says(complaints: dict[str, list[str]]) -> None:
    assert complaints["check"][:-1] == complaints["load"]


def test_a_matter_that_does_not_exist_is_told_with_its_line(tree: Path) -> None:
    edit(tree / ASK, "facets: {matter: validity}", "facets: {matter: valid}")
    says = r":8: 不认识事项（matter）“valid”，可选：type、"
    assert told(refused(tree), ASK, says)
    assert told(checked(tree), ASK, says)


def test_the_old_mind_stays_in_service(tree: Path) -> None:
    keeper = MindKeeper(LIMITS, tree, tree / "cache")
    before = keeper.mind
    edit(tree / ASK, "flow: plan", "flow: typo")
    assert not keeper.renew()
    assert keeper.mind is before
    assert told(list(keeper.problems), ASK, r":\d+: .*“typo”")


def test_every_matter_that_code_names_exists() -> None:
    assert {*PERSONAL, *BY_TYPE, *OF_THE_CASE, PLACE, "login", "password", "type", "deadline"} <= set(MATTERS)


def test_every_matter_is_that_of_some_entry(mind: Mind) -> None:
    assert {entry.facets.matter for entry in mind.knowledge.entries.values()} - {""} == set(MATTERS)


def test_no_id_is_named_in_code_without_being_checked(mind: Mind) -> None:
    ours = mind.knowledge.entries.keys() | mind.knowledge.vocabulary.concepts.keys()
    named = {
        node.value
        for package in ("bot", "knowledge")
        for path in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "-" in node.value
    }
    assert named & ours <= ENTRIES | CONCEPTS | set(MATTERS)


def test_who_goes_without_an_entry_that_is_not_in_force_is_told(mind: Mind) -> None:
    assert not list(left_out(mind.knowledge, mind.flows, mind.words, DAY))
    entries, window = dict(mind.knowledge.entries), mind.words.cautions["window_edge"]
    for name in ("password-reset", "renewal-window", window):
        entries[name] = replace(entries[name], valid_until=DAY - timedelta(days=1))
    told = "".join(left_out(replace(mind.knowledge, entries=entries), mind.flows, mind.words, DAY))
    assert "提示：程序要用到“password-reset”，它今天不在有效期内" in told
    assert re.search(
        r"提示：结果“renewal”（flows/definitions/type\.yaml:\d+）要用到“renewal-window”，它今天不在有效期内", told
    )
    assert f"“window_edge”要用到“{window}”" in told
