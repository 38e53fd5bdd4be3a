"""The loader says everything that is wrong, where, and at once."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from flows.loader import HERE, load_flows
from flows.model import FlowError
from flows.phrases import load_phrases
from flows.words import load_words
from tests.flow_kit import entries


def _changed(folder: Path, name: str, old: str, new: str) -> Path:
    shutil.copytree(HERE, folder, dirs_exist_ok=True)
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "old", "new", "complaint"),
    [
        ("type.yaml", "    why: 注册的前提是已经取得", "    reason: 注册的前提是已经取得", "缺少“why”"),
        ("type.yaml", "    label: 中级注安资格证书", "    label: 一\n    label: 二", "“label”写了两次"),
        ("type.yaml", "{have: registered,", "{have: nowhere,", "“nowhere”不存在"),
        ("type.yaml", "junior: no-certificate, other", "other", "没有写选项“junior”"),
        ("type.yaml", "      - id: have", "      - id: yes", "加引号"),
        ("type.yaml", "    rule: first_deadline\n", "    rule: guess\n", "没有叫“guess”的规则"),
        ("type.yaml", "next: change\n", "next: certificate\n", "绕回来了"),
        ("type.yaml", "最晚{deadline}要提交", "最晚{date}要提交", "不认识占位{date}"),
        ("type.yaml", "最晚{deadline}要提交", "最晚{deadline:q}要提交", "不认识占位{deadline:q}"),
        ("type.yaml", "cases: [initial, overdue-initial]", "cases: [initail]", "“initail”不是这里的结果"),
        ("type.yaml", "      - id: have", "      - id: have-and-hold-it-for-better-or-for-worse", "放不进按钮"),
        ("type.yaml", "materials: [form, contract, old-certificate]", "materials: [pass]", "“pass”没有一个条目列出"),
        ("type.yaml", "synonyms: [不要, 不用,", "synonyms: [不要, 一起办,", "指了两个选项"),
        ("type.yaml", "    fields: {type: 初始}\n", "", "缺少“fields”，请写上 type"),
        ("type.yaml", "fields: {type: 初始}", "fields: {login_id: 无}", "缺少“type”"),
        ("type.yaml", "fields: {type: 初始}", "fields: {tpye: 初始}", "不认识“tpye”，是不是“type”？"),
        (
            "type.yaml",
            "fields: {type: 逾期初始}",
            "fields: {type: 逾期初试}",
            "不能是“逾期初试”，可选：初始、逾期初始、",
        ),
        (
            "type.yaml",
            "cases: [initial, over",
            "cases: [no-certificate, over",
            "“no-certificate”的 type 是“not possible",
        ),
        ("login.yaml", "entries: [login-before-2012]", "entries: [login-1999]", "条目“login-1999”不存在"),
        ("flows.yaml", "parts: [type, review_body, login]", "parts: [typ]", "没有“typ”这一部分"),
        ("materials.yaml", "include: type", "include: tpye", "“tpye”不存在"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(tmp_path: Path, name: str, old: str, new: str, complaint: str) -> None:
    folder = _changed(tmp_path, name, old, new)
    with pytest.raises(FlowError) as caught:
        load_flows(folder, entries())
    assert any(complaint in line and line.startswith(f"{name}:") for line in caught.value.mistakes)


def test_the_definitions_name_only_entries_and_materials_that_exist() -> None:
    assert load_flows(entries=entries()).keys() == {"plan", "type", "review_body", "materials", "login"}


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    folder = _changed(tmp_path, "type.yaml", "{have: registered,", "{have: nowhere,")
    folder = _changed_again(folder, "login.yaml", "start: login", "start: logon")
    with pytest.raises(FlowError) as caught:
        load_flows(folder, entries())
    assert {line.split(":")[0] for line in caught.value.mistakes} >= {"type.yaml", "login.yaml"}


def test_a_file_that_can_not_be_read_is_all_that_is_complained_of(tmp_path: Path) -> None:
    folder = _changed(tmp_path, "type.yaml", "part: type", "part： type")
    with pytest.raises(FlowError) as caught:
        load_flows(folder, entries())
    assert [line.split(":")[0] for line in caught.value.mistakes] == ["type.yaml"]


def test_a_start_that_is_nowhere_is_all_that_is_complained_of(tmp_path: Path) -> None:
    with pytest.raises(FlowError) as caught:
        load_flows(_changed(tmp_path, "login.yaml", "start: login", "start: logon"), entries())
    assert ["start 写的“logon”" in line for line in caught.value.mistakes] == [True]


def _changed_again(folder: Path, name: str, old: str, new: str) -> Path:
    path = folder / name
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    return folder


def test_the_version_changes_with_the_definitions(tmp_path: Path) -> None:
    folder = _changed(tmp_path, "type.yaml", "你有中级注册安全工程师", "您有中级注册安全工程师")
    assert load_flows(folder)["plan"].version != load_flows()["plan"].version


@pytest.mark.parametrize(
    ("name", "old", "new", "changed"),
    [
        ("phrases.yaml", "          - 跳槽\n", "          - 跳槽了\n", set()),
        ("words.yaml", "没对上。", "没有对上。", set()),
        ("login.yaml", "part: login", "# note\npart: login", {"plan", "login"}),
        ("type.yaml", "part: type", "# note\npart: type", {"plan", "type", "materials"}),
    ],
)
def test_the_buttons_of_a_dialogue_age_with_its_own_questions_only(
    tmp_path: Path, name: str, old: str, new: str, changed: set[str]
) -> None:
    before, after = load_flows(), load_flows(_changed(tmp_path, name, old, new))
    assert {flow for flow in after if after[flow].version != before[flow].version} == changed


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("没看出日期。", "没看出}日期。", "不成对"),
        ('day: "{year}年', 'day: "{year:q}年', "不认识占位{year:q}，可选：{day}、{month}、{year}"),
        ("没看出日期。", "没看出日期{known}。", "不认识占位{known}，可选：{example}"),
        ("没对上。", "没对上{example}。", "不认识占位{example}，这里不能用占位"),
        ('either: "或"', 'either: "{year}或"', "不认识占位{year}，这里不能用占位"),
        ("例如“{example}”，不用写别的", "例如“{exmaple}”，不用写别的", "{exmaple}"),
        ('name: "{letters}"', 'name: "{letters"', "不成对"),
        ("deadline_near: silent", 'deadline_near: "{day}"  # silent', "不能用占位"),
    ],
)
def test_a_word_that_can_not_be_filled_in_is_told(tmp_path: Path, old: str, new: str, says: str) -> None:
    folder = _changed(tmp_path, "words.yaml", old, new)
    with pytest.raises(FlowError, match=rf"words\.yaml:\d+: .*{re.escape(says)}"):
        load_words(folder / "words.yaml")


def test_a_phrase_that_is_no_pattern_is_told_with_its_line(tmp_path: Path) -> None:
    folder = _changed(tmp_path, "phrases.yaml", "          - 跳槽\n", "          - 跳(槽\n")
    with pytest.raises(FlowError, match=r"phrases\.yaml:\d+: “跳\(槽”不是可用的正则表达式"):
        load_phrases(folder / "phrases.yaml")


def test_a_missing_word_is_told(tmp_path: Path) -> None:
    folder = _changed(tmp_path, "words.yaml", "  date_future:", "  date_futur:")
    with pytest.raises(FlowError, match="date_future"):
        load_words(folder / "words.yaml")
