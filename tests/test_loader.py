"""Loading the knowledge: what is wrong is said, all at once, each with file and line."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from knowledge.errors import KnowledgeError
from knowledge.files import fingerprint
from knowledge.loader import HERE, load

ENTRY = """topic: t
entries:
  - id: one
    title: 标题
    questions: [怎么办]
    short: 答案
    sources:
      - {source: notes, section: 一}
"""
Break = Callable[[str], str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small sound knowledge."""
    for name in ("sources.yaml", "materials.yaml", "vocabulary.yaml"):
        shutil.copy(HERE / name, tmp_path / name)
    (tmp_path / "registration").mkdir()
    (tmp_path / "registration" / "t.yaml").write_text(ENTRY, encoding="utf-8")
    return tmp_path


def mistakes(folder: Path, text: str) -> list[str]:
    """What loading says of this topic file."""
    (folder / "registration" / "t.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load(folder)
    return caught.value.mistakes


def test_a_sound_knowledge_loads(folder: Path) -> None:
    assert list(load(folder).entries) == ["one"]


def test_the_real_knowledge_loads_and_rests_on_the_notes() -> None:
    source = load().entries["initial-deadline"].citations[0].source
    assert (source.id, source.published) == ("notes", date(2021, 1, 18))


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("short: 答案", "shrot: 答案", 6, "不认识“shrot”"),
        ("short: 答案", "", 3, "缺少“short”"),
        ("title: 标题", "title: 标题\n    title: 又一个", 5, "写了两次"),
        ("title: 标题", "title: no", 4, "请加引号"),
        ("id: one", "id: One_two", 3, "只能用小写字母"),
        ("id: one", f"id: {'o' * 59}", 3, "最多58个字符"),
        ("short: 答案", "short: 答案\n    when: [{on: 2024-03-01, ahead: '还有}天', passed: 过了}]", 7, "花括号要成对"),
        ("title: 标题", "title: 标题\n    valid_from: 2026-02-30", 5, "不存在"),
        ("title: 标题", "title: 标题\n    valid_from: ２０１９-11-25", 5, "用半角数字"),
        ("title: 标题", "title: 标题\n    valid_from: 明天", 5, "2024-03-01 这样的日期"),
        ("title: 标题", "title: 标题\n    kind: answr", 5, "可选：answer"),
        ("title: 标题", "title: 标题\n    related:\n      - two", 6, "related 写的“two”没有这个条目"),
        ("title: 标题", "title: 标题\n    related: [two，one]", 5, "半角逗号"),
        ("title: 标题", "title: 标题\n    facets: {registration: [出生]}", 5, "不认识注册种类“出生”"),
        ("title: 标题", "title: 标题\n    materials: [hat]", 5, "不认识材料“hat”"),
        (
            "title: 标题",
            "title: 标题\n    when:\n      - {on: 2024-03-01, ahead: '{dayz}', passed: 过}",
            6,
            "只能用 {days}",
        ),
        (
            "short: 答案",
            "short: 答案\n    when: [{on: 2024-03-01, ahead: '{days:q}', passed: 过了}]",
            7,
            "只能用 {days}",
        ),
        ("source: notes", "source: nowhere", 8, "没有出处“nowhere”"),
        ("questions: [怎么办]", "questions: [怎么办, 怎么办]", 5, "不止一次"),
        ("questions: [怎么办]", "questions: 怎么办", 5, "应当是一个列表"),
        ("short: 答案", "short: '", 6, "引号没有收尾"),
        ("title: 标题", "title：标题", 4, "冒号要用半角"),
        ("topic: t", "topic：t", 1, "冒号要用半角"),
        ("title: 标题", "title:标题", 4, "冒号后面要空一格"),
        ("- id: one", "-id: one", 3, "“-”后面要空一格"),
        ("    short: 答案", "\tshort: 答案", 6, "Tab"),
        ("short: 答案", "facets: ｛matter: photo｝", 6, "括号要用半角"),
        ("short: 答案", "short: 注意: 答案", 6, "多了一个冒号"),
        ("short: 答案", "short: @答案", 6, "加引号"),
        ("short: 答案", "short: *答案", 6, "加引号"),
        ("short: 答案", "short: *bold", 6, "加引号"),
        ("[怎么办]", "[怎么办", 5, "方括号没有收尾"),
        ("一}", "一", 8, "花括号没有收尾"),
        ("    short", "      short", 6, "缩进"),
        ("答案", "\x00", 6, "控制字符"),
    ],
)
def test_a_mistake_is_said_with_its_line(folder: Path, old: str, new: str, line: int, says: str) -> None:
    said = mistakes(folder, ENTRY.replace(old, new))
    fitting = [m for m in said if says in m]
    assert fitting, said
    assert fitting[0].startswith(f"t.yaml:{line}:")


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("{registration}注册申请表", "{registraton}注册申请表", 4, "不认识占位{registraton}，可选：{registration}"),
        ("{registration}注册申请表", "{registration:q}注册申请表", 4, "不认识占位{registration:q}"),
        ("在系统里下载", "在{registration}系统里下载", 5, "这里不能用占位"),
    ],
)
def test_a_material_whose_words_can_not_be_filled_in_is_told(
    folder: Path, old: str, new: str, line: int, says: str
) -> None:
    path = folder / "materials.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    assert any(m.startswith(f"materials.yaml:{line}:") and says in m for m in mistakes(folder, ENTRY))


def test_all_mistakes_are_said_at_once(folder: Path) -> None:
    said = mistakes(folder, ENTRY.replace("short: 答案", "").replace("title: 标题", "title: yes"))
    assert len(said) == 2


def test_the_samples_of_the_instructions_load(tmp_path: Path) -> None:
    shutil.copytree(HERE, tmp_path / "knowledge", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    text = (HERE.parent / "docs" / "knowledge.md").read_text(encoding="utf-8")
    entry, source = re.findall(r"^```yaml\n(.*?)^```", text, re.M | re.S)
    (tmp_path / "knowledge" / "registration" / "sample.yaml").write_text(
        entry.replace("source: notes", "source: sample-notice-2026"), encoding="utf-8"
    )
    with (tmp_path / "knowledge" / "sources.yaml").open("a", encoding="utf-8") as sources:
        sources.write(source.removeprefix("sources:\n"))
    assert load(tmp_path / "knowledge").entries["sample-no-paper"].valid_until == date(2030, 12, 31)


def test_an_answer_needs_a_source(folder: Path) -> None:
    text = ENTRY[: ENTRY.index("    sources:")]
    for none in ("", "    sources: []\n"):
        assert any("没有写出处" in m for m in mistakes(folder, text + none))


def test_one_id_that_is_nowhere_is_one_mistake(folder: Path) -> None:
    again = ENTRY[ENTRY.index("  - id") :].replace("怎么办", "咋办").replace("id: one", "id: two")
    (said,) = mistakes(folder, (ENTRY + again).replace("source: notes", "source: note"))
    assert said.startswith("t.yaml:8:")
    assert "另有1处" in said


def test_a_question_written_twice_is_told_once(folder: Path) -> None:
    (said,) = mistakes(folder, ENTRY.replace("[怎么办]", "[怎么办, 怎么办]"))
    assert "不止一次" in said


def test_the_same_id_twice_names_both_places(folder: Path) -> None:
    again = ENTRY[ENTRY.index("  - id") :].replace("怎么办", "咋办")
    said = mistakes(folder, ENTRY + again)
    assert any("t.yaml:3" in m and m.startswith("t.yaml:9") for m in said)


def test_a_file_of_another_encoding_is_said_plainly(folder: Path) -> None:
    (folder / "registration" / "t.yaml").write_bytes(ENTRY.encode("gbk"))
    with pytest.raises(KnowledgeError, match="UTF-8"):
        load(folder)


def test_the_fingerprint_changes_with_an_edit(folder: Path) -> None:
    before = fingerprint(folder)
    (folder / "registration" / "t.yaml").write_text(ENTRY + "\n# more\n", encoding="utf-8")
    assert fingerprint(folder) != before


def test_the_fingerprint_changes_with_who_may_read_a_file(folder: Path) -> None:
    before = fingerprint(folder)
    (folder / "registration" / "t.yaml").chmod(0o600)
    assert fingerprint(folder) != before


@pytest.mark.parametrize("name", [".#t.yaml", "._t.yaml"])
def test_what_editors_and_systems_leave_is_nobodys_mistake(folder: Path, name: str) -> None:
    before = fingerprint(folder)
    (folder / "registration" / name).symlink_to("nobody@nowhere:1")
    assert list(load(folder).entries) == ["one"]
    assert fingerprint(folder) == before


def test_a_file_that_can_not_be_looked_at_is_told_by_name(folder: Path) -> None:
    (folder / "registration" / "u.yaml").symlink_to("nowhere")
    assert fingerprint(folder)
    with pytest.raises(KnowledgeError, match=r"u\.yaml: 读不到文件"):
        load(folder)


@pytest.mark.parametrize("broken", ["sources.yaml", "materials.yaml", "registration/other.yaml"])
def test_a_file_that_cannot_be_read_is_all_that_is_complained_of(folder: Path, broken: str) -> None:
    (folder / broken).write_text("a: [", encoding="utf-8")
    text = ENTRY.replace("    sources:", "    related: [elsewhere]\n    materials: [contract]\n    sources:")
    assert [one.split(":")[0] for one in mistakes(folder, text)] == [Path(broken).name]
