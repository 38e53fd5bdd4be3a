"""The cache only saves time: with it, without it, with a damaged one, the same is found."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.mind import Mind
from knowledge.cache import searcher
from knowledge.model import Knowledge

ASKED = ("初始注册要什么材料", "换单位了怎么办", "网址", "一级造价师")


@pytest.fixture(scope="module")
def small(mind: Mind) -> Knowledge:
    """A part of the real knowledge, quickly prepared."""
    entries = dict(list(mind.knowledge.entries.items())[:15])
    return replace(mind.knowledge, entries=entries)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "cache"
    if (tmp_path / "cache").is_dir():
        (tmp_path / "cache").chmod(0o700)


def found(knowledge: Knowledge, folder: Path) -> list[tuple[str, float]]:
    made = searcher(knowledge, folder)
    return [(c.entry.id, round(c.score, 9)) for text in ASKED for c in made.rank(text).candidates]


def test_what_is_read_back_finds_the_same(small: Knowledge, folder: Path) -> None:
    first = found(small, folder)
    kept = list(folder.glob("index-*.npz"))
    before = kept[0].stat().st_mtime_ns
    assert found(small, folder) == first
    assert [path.stat().st_mtime_ns for path in folder.glob("index-*.npz")] == [before]


def test_how_words_sound_is_read_back(small: Knowledge, folder: Path) -> None:
    looked_up = searcher(small, folder).analyst.sounds
    assert looked_up.words["重新注册"][0] == "cong"
    assert searcher(small, folder).analyst.sounds == looked_up


def test_only_the_finished_file_is_left(small: Knowledge, folder: Path) -> None:
    searcher(small, folder)
    assert [path.suffixes for path in folder.iterdir()] == [[".npz"]]


@pytest.mark.parametrize("damage", ["", "no archive", "PK\x03\x04half", None], ids=["empty", "text", "zip", "cut"])
def test_a_damaged_file_counts_as_absent(small: Knowledge, folder: Path, damage: str | None) -> None:
    first = found(small, folder)
    (path,) = folder.glob("index-*.npz")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] if damage is None else damage.encode())
    assert found(small, folder) == first
    assert path.read_bytes() == whole or len(path.read_bytes()) == len(whole)


@pytest.mark.parametrize("method", [1, 14, 99], ids=["shrunk", "lzma", "unknown"])
def test_a_wrong_word_on_how_it_is_packed_counts_as_damage(small: Knowledge, folder: Path, method: int) -> None:
    first = found(small, folder)
    (path,) = folder.glob("index-*.npz")
    content = bytearray(path.read_bytes())
    entry = content.rfind(b"PK\x01\x02")
    content[entry + 8] |= 1  # and encrypted
    content[entry + 10] = method
    path.write_bytes(bytes(content))
    assert found(small, folder) == first


@pytest.mark.parametrize("at", [0.5, 0.9])
def test_a_turned_byte_is_never_taken_for_good(small: Knowledge, folder: Path, at: float) -> None:
    first = found(small, folder)
    (path,) = folder.glob("index-*.npz")
    content = bytearray(path.read_bytes())
    content[int(len(content) * at)] ^= 0xFF
    path.write_bytes(bytes(content))
    assert found(small, folder) == first


def test_a_folder_that_can_not_be_made_costs_only_time(
    small: Knowledge, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "cache").write_text("a file stands where the folder should be", encoding="utf-8")
    assert searcher(small, tmp_path / "cache").rank("初始注册要什么材料").best()
    assert "缓存写不进" in caplog.text


def test_a_folder_that_can_not_be_written_costs_only_time(
    small: Knowledge, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    folder.mkdir()
    folder.chmod(0o500)
    assert searcher(small, folder).rank("初始注册要什么材料").best()
    assert "缓存写不进" in caplog.text


def test_other_words_make_another_file_and_few_are_kept(small: Knowledge, folder: Path) -> None:
    entries = dict(small.entries)
    for number in range(3):
        name = next(iter(entries))
        entries[name] = replace(entries[name], title=f"标题{number}")
        searcher(replace(small, entries=dict(entries)), folder)
    assert len(list(folder.glob("index-*.npz"))) == 2
