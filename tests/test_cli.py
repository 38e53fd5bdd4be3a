"""The command line as a person or a program runs it: real processes, their lines, their exit codes."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import bot.__main__
from bot.__main__ import main
from bot.store import Store
from bot.wording import ASK_BAD_LINE, JSONL_BAD_LINE
from knowledge.files import unread

ROOT = Path(__file__).parents[1]
Done = subprocess.CompletedProcess[str]


def run(*arguments: str, given: str = "", cwd: Path = ROOT, **environment: str) -> Done:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=cwd, input=given, capture_output=True, text=True, encoding="utf-8", timeout=60,
        env={**os.environ, **environment}, check=False,
    )  # fmt: skip


def lines(done: Done) -> list[dict[str, Any]]:
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the project that may be broken."""
    for name in ("bot", "flows", "knowledge"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_a_question_is_answered_as_of_the_day_set_with_its_source() -> None:
    done = run("ask", "初始注册", "最晚什么时候", "--today", "2024-03-11")
    assert done.returncode == 0
    assert "10天" in done.stdout
    assert "《注册有关说明》" in done.stdout


def test_the_explanation_names_the_candidates_and_the_decision() -> None:
    done = run("ask", "--explain", "--today", "2026-11-23", "公章盖哪种")
    assert "form-and-seal" in done.stdout
    assert "决定：say form-and-seal" in done.stdout


def test_questions_for_programs_bad_lines_among_them() -> None:
    given = [
        *('{"q": "系统网址是什么"}', "no json", '{"text": "x"}', "", '{"q": 1}', "[]", "null"),
        *("[" * 100_000, '{"q": "\\ud800"}', '{"q": "量子力学"}'),
    ]
    said = lines(run("ask", "--jsonl", "--today", "2026-11-23", given="\n".join(given) + "\n"))
    assert [line.get("error") for line in said[1:7]] == [ASK_BAD_LINE] * 6
    assert (said[0]["entry"], said[0]["status"], bool(said[0]["sources"])) == ("system-address", "answered", True)
    assert (len(said), said[8]["status"]) == (9, "unanswered")


def test_a_conversation_for_programs_bad_lines_among_it() -> None:
    given = [
        *('{"text": "给我办理方案"}', "no json", '{"say": "x"}', "[]", '{"text": 1}', '{"choose": null}', "", "  "),
        *("[" * 100_000, '{"text": "\\ud800"}', '{"choose": "a.x.certificate.have"}', '{"choose": "nonsense"}'),
        '{"text": "没有"}',
    ]
    said = lines(run("chat", "--jsonl", "--today", "2026-11-23", given="\n".join(given) + "\n"))
    assert [line.get("error") for line in said[1:7]] == [JSONL_BAD_LINE] * 6
    told = [line["node"] for line in said if "node" in line]
    assert told == ["certificate", "certificate", "registered", "registered", "cert_date"]
    assert said[0].keys() == {"text", "choices", "flow", "node", "outcome", "status", "entry"}


def test_a_person_can_talk_and_goes_on_after_leaving(tmp_path: Path) -> None:
    database = str(tmp_path / "x.db")
    first = run("chat", given="给我办理方案\n1\nexit\n", XIAOAN_DATABASE=database)
    second = run("chat", given="2\n\n", XIAOAN_DATABASE=database)
    assert first.returncode == second.returncode == 0
    assert "以前注册成功过吗" in first.stdout
    assert "继续" in second.stdout or "接着" in second.stdout


def test_a_talk_on_another_day_is_by_what_was_in_force_then(tmp_path: Path) -> None:
    asked = "从什么时候起注册不收纸件了"
    said = [
        run("chat", "--today", day, given=f"{asked}\n", XIAOAN_DATABASE=str(tmp_path / f"{day}.db")).stdout
        for day in ("2019-11-24", "2019-11-25")
    ]
    assert ["2019年11月25日起" in shown for shown in said] == [False, True]


def test_the_knowledge_as_it_stands_has_no_mistakes() -> None:
    done = run("check")
    assert done.returncode == 0, done.stdout
    assert "没有错误" in done.stdout


def test_every_mistake_is_told_with_file_and_line(tree: Path) -> None:
    for name, old, new in (
        ("knowledge/registration/process.yaml", "    short:", "    shrot:"),
        ("flows/definitions/type.yaml", "rule: validity\n", "rule: validity_of_sorts\n"),
        ("flows/definitions/words.yaml", "unnamed_group:", "unnamed_grope:"),
    ):
        path = tree / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    done = run("check", cwd=tree)
    told = done.stdout.splitlines()
    assert done.returncode == 1
    assert [line for line in told if line.startswith("knowledge/registration/process.yaml:") and "shrot" in line]
    assert [line for line in told if line.startswith("flows/definitions/type.yaml:") and "validity_of_sorts" in line]
    assert [line for line in told if line.startswith("flows/definitions/words.yaml:") and "unnamed_grope" in line]


def test_a_file_of_another_ending_is_told_beside_the_mistakes(tree: Path) -> None:
    path = tree / "knowledge/registration/photo.yaml"
    path.rename(path.with_suffix(".yml"))
    assert "\nknowledge/registration/photo.yml: 提示：这个文件没有读" in run("check", cwd=tree).stdout


def test_every_file_that_lies_there_is_read() -> None:
    assert list(unread()) == []


def test_a_conversation_does_not_start_on_broken_knowledge(tree: Path) -> None:
    path = tree / "knowledge/registration/process.yaml"
    path.write_text("entries: [", encoding="utf-8")
    done = run("chat", "--jsonl", cwd=tree, given='{"text": "你好"}\n')
    assert done.returncode == 1
    assert "process.yaml:" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_dialogue_can_be_drawn() -> None:
    done = run("draw", "login")
    assert done.returncode == 0
    assert "before_2012" in done.stdout


def test_the_decision_table_names_outcomes_and_sources() -> None:
    done = run("table", "type")
    assert done.returncode == 0
    assert "逾期初始" in done.stdout


def test_a_dialogue_that_does_not_exist_is_refused_with_those_that_do() -> None:
    done = run("draw", "nothing")
    assert done.returncode == 2
    assert "review_body" in done.stderr


def test_every_command_is_named_where_a_maintainer_looks_first() -> None:
    offered = re.findall(r"^    ([a-z]+)\b", run("--help").stdout, re.M)
    assert offered
    assert bot.__main__.__doc__
    assert {*offered} == set(re.findall(r"[a-z]+(?= \||\.$)", bot.__main__.__doc__))


def test_help_is_in_chinese() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert "命令" in done.stdout
    assert "show this help" not in done.stdout
    assert "usage" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("ask", "--today", "tomorrow", "x"), "2026-11-23"),
        (("ask", "--today", "1999-12-31", "x"), "2000-01-01 到 2100-12-31"),
        (("chat", "--today", "2101-01-01"), "2000-01-01 到 2100-12-31"),
        (("ask", "--today"), "--today 后面要写上值"),
        (("ask", "x", "--nonsense"), "不认识：--nonsense"),
        (("nonsense",), "没有“nonsense”这个命令"),
        ((), "还缺：命令"),
    ],
)
def test_a_wrong_call_is_refused_and_told(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], says: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert says in capsys.readouterr().err


def test_no_question_at_all_is_told() -> None:
    done = run("ask")
    assert done.returncode == 2
    assert "请写上问题" in done.stderr


def test_a_wrong_setting_is_told_not_traced() -> None:
    done = run("ask", "x", XIAOAN_PORT="many")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "XIAOAN_PORT" in done.stderr


@pytest.mark.parametrize("command", ["chat", "run"])
@pytest.mark.parametrize("name", ["damaged.db", "folder"])
def test_a_database_that_can_not_be_used_is_told_in_one_line(tmp_path: Path, command: str, name: str) -> None:
    (tmp_path / "damaged.db").write_text("this is no database" * 100, encoding="utf-8")
    (tmp_path / "folder").mkdir()
    done = run(command, given="你好\n", XIAOAN_DATABASE=str(tmp_path / name), XIAOAN_PORT="0")
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(r"用不了数据库 .+\n", done.stderr)


@pytest.mark.slow
def test_a_database_held_by_another_program_is_told_without_a_traceback(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    Store(path).close()
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("begin immediate")
        done = run("chat", given="你好\n", XIAOAN_DATABASE=str(path))
    assert done.returncode == 1
    assert re.fullmatch(r"用不了数据库 .+请稍等再试.+", done.stderr.splitlines()[-1])
    assert "Traceback" not in done.stderr


def test_a_settings_file_that_is_named_must_be_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--config", "no/such.yaml", "settings"]) == 1
    assert "no/such.yaml" in capsys.readouterr().err


def test_only_the_default_settings_file_may_be_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["settings"]) == 0


def test_a_variable_that_means_nothing_is_pointed_out_with_those_that_do(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XIAOAN_PROT", "9000")
    assert main(["settings"]) == 0
    warned = capsys.readouterr().err.splitlines()
    assert len(warned) == 1
    assert "XIAOAN_PROT" in warned[0]
    assert "XIAOAN_PORT" in warned[0]


def test_what_tests_start_leaves_the_cache_of_a_running_server_alone() -> None:
    assert re.search(r'^cache: ".*/data/cache-tests"$', run("settings").stdout, re.M)
