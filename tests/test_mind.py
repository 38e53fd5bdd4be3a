"""The mind while running: a good edit is taken up, a bad one reported, what is not in force is not found."""

from __future__ import annotations

import asyncio
import os
import shutil
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.assistant import Assistant
from bot.clock import ZONE
from bot.mind import MindKeeper, load_mind
from bot.reply import Message
from bot.service import Service
from bot.state import State
from bot.store import Store
from knowledge.decide import Limits
from tests.conftest import CACHE

ROOT = Path(__file__).parents[1]
NOON = datetime(2026, 11, 23, 12, tzinfo=ZONE)
ME = "one"
LAPSED = ("materials-renewal", "renewal-window")


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the files that are taken up while running."""
    folder = tmp_path_factory.mktemp("tree")
    for name in ("flows", "knowledge"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    return folder


@pytest.fixture(scope="module")
def renewed(copied: Path) -> MindKeeper:
    return MindKeeper(Limits(0.6, 0.35), copied, CACHE)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    stat = path.stat()
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1_000_000_000))


def test_untouched_files_renew_nothing(renewed: MindKeeper) -> None:
    before = renewed.mind
    assert (renewed.renew(), renewed.mind is before) == (False, True)


def test_a_good_edit_is_taken_up_and_a_bad_one_reported_while_the_old_stays(
    renewed: MindKeeper, copied: Path, tmp_path: Path
) -> None:
    path = copied / "flows" / "definitions" / "type.yaml"
    edit(path, "ask: 你有中级", "ask: 请问你有中级")
    assert renewed.renew()
    good = renewed.mind
    assert good.flows["type"].parts[0].nodes["certificate"].ask.startswith("请问你有")
    edit(path, "rule: validity\n", "rule: validity_of_sorts\n")
    assert not renewed.renew()
    assert renewed.mind is good
    assert [line for line in renewed.problems if line.startswith("flows/definitions/type.yaml:")]
    store = Store(tmp_path / "x.db")
    service = Service(store, renewed, lambda: NOON)
    assert service.health()["knowledge"] is False
    assert asyncio.run(service.say(ME, "test", Message(choose="f.type"))).node == "certificate"
    edit(path, "rule: validity_of_sorts\n", "rule: validity\n")
    assert renewed.renew()
    assert service.health()["knowledge"] is True
    store.close()


def test_an_edited_answer_is_said_from_then_on(renewed: MindKeeper, copied: Path, tmp_path: Path) -> None:
    edit(copied / "knowledge" / "registration" / "process.yaml", "short: 在中级注册", "short: 改过了，在中级注册")
    assert renewed.renew()
    store = Store(tmp_path / "x.db")
    reply = asyncio.run(Service(store, renewed, lambda: NOON).say(ME, "test", Message(choose="e.system-address")))
    assert reply.answers[0].short.startswith("改过了")
    store.close()


def test_an_entry_is_found_only_while_it_is_in_force(copied: Path, tmp_path: Path) -> None:
    path = copied / "knowledge" / "registration" / "process.yaml"
    edit(path, "  - id: system-address\n", "  - id: system-address\n    valid_until: 2026-11-23\n")
    day = [NOON]
    keeper = MindKeeper(Limits(0.6, 0.35), copied, tmp_path, lambda: day[0])
    with closing(Store(tmp_path / "x.db")) as store:
        service = Service(store, keeper, lambda: day[0])
        assert asyncio.run(service.say(ME, "test", Message(text="系统网址是什么"))).entry == "system-address"
        day[0] += timedelta(days=1)
        assert keeper.renew()
        assert asyncio.run(service.say(ME, "test", Message(text="系统网址是什么"))).entry != "system-address"
        assert asyncio.run(service.say(ME, "test", Message(choose="e.system-address"))).entry == "system-address"
    edit(path, "    valid_until: 2026-11-23\n", "")


@pytest.fixture(scope="module")
def lapsed(copied: Path, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """Over a knowledge in which the entries of LAPSED are no longer in force."""
    folder = copied / "knowledge" / "registration"
    for name in LAPSED:
        path = next(path for path in folder.glob("*.yaml") if f"- id: {name}\n" in path.read_text(encoding="utf-8"))
        edit(path, f"- id: {name}\n", f"- id: {name}\n    valid_until: 2020-01-01\n")
    mind = load_mind(Limits(0.6, 0.35), copied, tmp_path_factory.mktemp("cache"), NOON.date())
    for path in folder.glob("*.yaml"):
        shutil.copy(ROOT / "knowledge" / "registration" / path.name, path)
    return Assistant(mind)


@pytest.mark.parametrize(
    "texts",
    [
        ("延续要交什么材料",),
        ("变更要交什么材料", "那延续呢"),
        ("要交什么材料", "第二个"),
        ("延续注册是什么意思", "材料呢"),
        ("我的注册2027年1月10日到期，单位没换，什么时候可以办", "材料呢"),
        ("延续注册的方案", "有", "注册过", "2027年1月10日", "没有变化"),
    ],
)
def test_an_entry_no_longer_in_force_is_said_in_no_way(lapsed: Assistant, texts: tuple[str, ...]) -> None:
    state = State()
    for text in texts:
        turn = lapsed.reply(state, Message(text=text), NOON.date())
        state, reply = turn.state, turn.reply
        shown = {reply.entry, *(answer.entry for answer in reply.answers), *(c.entry for c in reply.choices)}
        assert not shown & set(LAPSED), text
        assert not any(name in str(reply.outcome) for name in LAPSED), text


def test_a_button_of_an_old_message_opens_what_is_no_longer_in_force(lapsed: Assistant) -> None:
    turn = lapsed.reply(State(), Message(choose=f"e.{LAPSED[0]}"), NOON.date())
    assert turn.reply.entry == LAPSED[0]
    assert lapsed.reply(turn.state, Message(text="这个再说一遍"), NOON.date()).reply.entry != LAPSED[0]


def test_a_file_that_is_half_written_is_reported_not_raised(renewed: MindKeeper, copied: Path) -> None:
    path = copied / "knowledge" / "registration" / "process.yaml"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2 + 1])
    before = renewed.mind
    assert not renewed.renew()
    assert renewed.mind is before
    assert renewed.problems
    path.write_bytes(whole)
    assert renewed.renew()


def test_what_nobody_expected_is_over_when_it_does_not_come_again(
    renewed: MindKeeper, copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = copied / "flows" / "definitions" / "login.yaml"
    with monkeypatch.context() as patched:
        patched.setattr("bot.mind.load_mind", lambda *_: 1 / 0)
        edit(path, "part: login", "part: login ")
        for _ in range(2):
            assert not renewed.renew()
            assert renewed.problems
    assert renewed.renew()
    assert not renewed.problems


def test_a_file_that_nothing_reads_is_told_once(
    renewed: MindKeeper, copied: Path, caplog: pytest.LogCaptureFixture
) -> None:
    beside = [copied / "knowledge" / "registration" / "new.yml", copied / "flows" / "definitions" / "new.yaml"]
    for path in beside:
        path.write_text("topic: t", encoding="utf-8")
        renewed.renew()
    assert [line.split(":")[0] for line in caplog.messages if "没有读" in line] == [
        "knowledge/registration/new.yml",
        "flows/definitions/new.yaml",
    ]
    for path in beside:
        path.unlink()
    renewed.renew()


def test_a_file_put_back_as_it_was_ends_the_trouble(renewed: MindKeeper, copied: Path) -> None:
    beside = copied / "knowledge" / "registration" / "half.yaml"
    beside.write_text("topic: [", encoding="utf-8")
    before = renewed.mind
    assert not renewed.renew()
    assert renewed.problems
    beside.unlink()
    assert not renewed.renew()
    assert not renewed.problems
    assert renewed.mind is before


def test_a_file_that_can_not_even_be_looked_at_is_reported(renewed: MindKeeper, copied: Path) -> None:
    path = copied / "flows" / "definitions" / "login.yaml"
    beside = path.rename(path.with_suffix(".kept"))
    path.symlink_to(path)
    assert not renewed.renew()
    assert renewed.problems
    path.unlink()
    beside.rename(path)
    edit(path, "part: login", "part: login ")
    assert renewed.renew()
    assert not renewed.problems


def test_a_file_that_is_gone_is_reported_not_raised(renewed: MindKeeper, copied: Path) -> None:
    path = copied / "flows" / "definitions" / "login.yaml"
    whole = path.read_bytes()
    path.unlink()
    assert not renewed.renew()
    assert renewed.problems
    path.write_bytes(whole)
    assert renewed.renew()
