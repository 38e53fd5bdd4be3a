"""Initials of names, finding a name in text, and taking personal data out of text."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import Style, pinyin

from flows.words import load_words
from knowledge.errors import KnowledgeError
from knowledge.name_finding import find_name
from knowledge.name_readings import load_readings
from knowledge.names import NameProblem, as_told, initials
from knowledge.redaction import ID, NUMBER, PHONE, redact

READINGS = load_readings()
OURS = Path(__file__).parent / "data" / "names.tsv"
SAMPLE = Path(__file__).parents[2] / "shared" / "eval" / "names.tsv"
PEOPLE = ["单雄信", "尉迟恭", "任长霞", "曾国强", "阿不都·热合曼", "王芳", "欧阳锋", "扎西顿珠"]


def _rows(path: Path) -> list[tuple[str, str, str]]:
    if not path.exists():
        return []
    fields = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return [(name, letters, remark) for name, letters, remark in fields]


@pytest.mark.parametrize(("name", "letters", "remark"), [*_rows(OURS), *_rows(SAMPLE)])
def test_initials_and_the_other_reading(name: str, letters: str, remark: str) -> None:
    found = initials(name, READINGS)
    other = set(re.findall(r"alt=(\w+)", remark))
    assert found.best == letters, f"{name}: {remark}"
    assert other <= set(found.alternatives), f"{name}: {remark}"


def test_enough_names_of_our_own() -> None:
    assert len({name for name, _, _ in _rows(OURS)} - {name for name, _, _ in _rows(SAMPLE)}) >= 200


@pytest.mark.parametrize("surname", sorted(READINGS.surnames))
def test_what_a_naive_table_gives_is_offered_too(surname: str) -> None:
    naive = pinyin(surname, style=Style.NORMAL)[0][0][0]
    found = initials(surname + "国强", READINGS)
    assert naive + "gq" in (found.best, *found.alternatives)


@pytest.mark.parametrize("name", ["员建军", "缪昌文", "任建新", "盛中国", "王芳"])
def test_readings_that_change_nothing_are_not_offered(name: str) -> None:
    assert initials(name, READINGS).alternatives == ()


def test_surname_readings_hold_at_the_head_only() -> None:
    assert initials("李解放", READINGS).best == "ljf"


@pytest.mark.parametrize(
    ("written", "letters"),
    [
        ("我叫单雄信", "sxx"),
        ("我是曾国强。", "zgq"),
        ("名字是 单雄信", "sxx"),
        ("我叫单雄信，请问密码是多少", "sxx"),
        ("姓名：单 雄 信", "sxx"),
        ("　单雄信　先生", "sxx"),
        ("单雄信女士", "sxx"),
        ("單雄信", "sxx"),
        ("\u200b单雄信\ufe0f", "sxx"),
        ("阿不都．热合曼", "abdrhm"),
        ("阿不都。热合曼", "abdrhm"),
        ("阿不都.热合曼", "abdrhm"),
        ("阿不都 热合曼", "abdrhm"),
        ("王(yan)丽", "wyl"),
        ("王＊（yǎn）丽", "wyl"),
        ("王□丽(yan)", "w?ly"),
        ("王[岩]丽", "wyl"),
        ("单(shàn)雄信", "sxx"),
        ("张Ｌ三", "zls"),
    ],
)
def test_ways_of_writing_a_name(written: str, letters: str) -> None:
    assert initials(written, READINGS).best == letters


@pytest.mark.parametrize(
    ("text", "name", "letters"),
    [
        ("我叫乐美琪，姓乐，读“月”", "乐美琪", "ymq"),
        ("我叫乐美琪，姓乐，念lè", "乐美琪", "lmq"),
        ("我叫单小红，单读山", "单小红", "sxh"),
        ("我姓查（读zhā），查志强", "查志强", "zzq"),
        ("我叫曾国强，曾字念增", "曾国强", "zgq"),
        ("我复姓万俟（念“莫奇”），万俟雪", "万俟雪", "mqx"),
        ("我叫王芳，念在我不懂", "王芳", "wf"),
    ],
)
def test_a_reading_that_is_told_counts(text: str, name: str, letters: str) -> None:
    found = initials(as_told(name, text, READINGS), READINGS)
    assert found.best == letters
    assert not found.alternatives or name == "万俟雪"


@pytest.mark.parametrize("name", ["王*丽", "王□丽", "王\ue000丽", "王\U00031349丽"])
def test_unknown_characters_are_said_not_guessed(name: str) -> None:
    found = initials(name, READINGS)
    assert found.unknown == (name[1],)
    assert found.best[1] == "?"


def test_a_as_surname_and_in_transliterated_names() -> None:
    assert initials("阿晨光", READINGS).best == "ecg"
    assert initials("阿卜杜拉", READINGS).best == "abdl"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "123",
        "张3",
        "我想问一下初始注册要什么材料",
        "你好！",
        "不知道",
        "王先生",
        "Zhang San",
        "啊" * 16,
        "张三/李四",
        "13800138000",
    ],
)
def test_what_is_no_name_is_refused_with_help(text: str) -> None:
    with pytest.raises(NameProblem) as caught:
        initials(text, READINGS)
    assert "请" in load_words().problem(caught.value.kind, example="欧阳锋", **caught.value.values)


@given(st.text(max_size=30))
def test_any_text_gives_initials_or_a_problem(text: str) -> None:
    try:
        found = initials(text, READINGS)
    except NameProblem:
        return
    assert re.fullmatch(r"[a-z?]+", found.best)
    assert len(found.alternatives) <= 5
    assert found.best not in found.alternatives


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("我叫单雄信", "单雄信"),
        ("我是任长霞，河南一家民营长途客运公司的", "任长霞"),
        ("叫单雄信", "单雄信"),
        ("姓名：张三 电话：无", "张三"),
        ("本人李四，男", "李四"),
        ("名字叫阿不都·热合曼", "阿不都·热合曼"),
        ("我叫重庆生，姓重", "重庆生"),
        ("我叫张三丰在北京上班", "张三丰"),
        ("你好，我叫欧阳锋怎么算密码", "欧阳锋"),
        ("我叫單雄信，請問", "單雄信"),
        ("我叫王𬍛，", "王𬍛"),
        ("我是扎西顿珠。", "扎西顿珠"),
        ("缪建平，宁波镇海，一家炼化企业安环部的", "缪建平"),
        ("小安在吗，我尉晓峰，单姓尉。永康一家私人五金厂", "尉晓峰"),
        ("我姓区，区伟雄，珠海一间危货运输公司的", "区伟雄"),
        ("我现在叫张若妤，以前不叫这个", "张若妤"),
        ("我叫那明珠（姓那），大连的", "那明珠"),
        ("我复姓万俟（念“莫奇”），万俟雪。八月份换的单位", "万俟雪"),
        ("杨朝晖（朝晖就是早上阳光那个意思），注册到2027年", "杨朝晖"),
    ],
)
def test_finds_the_name_a_person_states(text: str, name: str) -> None:
    assert find_name(text, READINGS) == name


@pytest.mark.parametrize(
    "text",
    [
        "我是做安全的",
        "我是安徽这边一个煤矿的",
        "领导让我叫我去办",
        "叫我去办",
        "我是安全员，",
        "我是车间主任，问下",
        "我是单位人事",
        "我是高工，",
        "我是江苏的",
        "我是石油公司的",
        "我是和平建筑的",
        "我叫什么名字你知道吗",
        "他叫张三，初始密码是多少",
        "请叫我王总",
        "本人任职于中石化",
        "本人于2018年取得证书",
        "温州，民营化工厂，管安全的，想注册",
        "安全员，干了八年，今年考下来的",
        "要签字，要盖章，还要什么，都告诉我",
        "姓名拼音首字母",
        "姓名是中文的怎么登录",
        "初始注册需要什么材料",
    ],
)
def test_takes_no_other_word_for_a_name(text: str) -> None:
    assert find_name(text, READINGS) is None


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("我叫单雄信，单雄信的密码", "我叫〔姓名〕，〔姓名〕的密码"),
        ("他叫张三，密码是多少", "他叫〔姓名〕，密码是多少"),
        ("我名字仇建国，默认密码多少", "我名字〔姓名〕，默认密码多少"),
        ("仇建国的初始密码是什么", "〔姓名〕的初始密码是什么"),
        ("密码：仇建国", "密码：〔姓名〕"),
        ("转人工 仇建国", "转人工 〔姓名〕"),
        ("做安全技术研究，谌立夏。证快到期了", "做安全技术研究，〔姓名〕。证快到期了"),
        ("身份证110101199003071234手机13800138000", "身份证〔身份证号〕手机〔电话〕"),
        ("１１０１０１１９９００３０７１２３Ｘ登不上", "〔身份证号〕登不上"),
        ("110101 19900307 123x", "〔身份证号〕"),
        ("110101-19900307-1234", "〔身份证号〕"),
        ("老号110101900307123", "老号〔身份证号〕"),
        ("110101199003071234 13800138000", "〔身份证号〕 〔电话〕"),
        ("138-0013-8000或者138 0013 8000", "〔电话〕或者〔电话〕"),
        ("+86 13800138000", "〔电话〕"),
        ("1 3 8 0 0 1 3 8 0 0 0", "〔电话〕"),
        ("010-62345678、(0755)88881234", "〔电话〕、〔电话〕"),
        ("电话62345678", "电话〔电话〕"),
        ("400-800-7119", "〔电话〕"),
        ("注册证号04123456789登录", "注册证号〔号码〕登录"),
        ("zhang.san@qq.com", "〔邮箱〕"),
        ("13800138000@163.com我", "〔邮箱〕我"),
        ("2018-03-05取得，13800138000", "2018-03-05取得，〔电话〕"),
        ("我姓仇，名建国，密码多少", "我姓〔姓名〕，密码多少"),
        ("我姓王，名字不方便说", "我姓王，名字不方便说"),
        ("护照EA1234567，护照号码：E12345678", f"护照{NUMBER}，护照号码：{NUMBER}"),
        ("台胞证12345678，通行证号 CA1234567", f"台胞证{NUMBER}，通行证号 {NUMBER}"),
        ("手机号138，1234，5678或138/1234/5678", f"手机号{PHONE}或{PHONE}"),
        ("手机一三八 一二三四 五六七八", f"手机{NUMBER}"),
        ("身份证11O1O519491231OO2X", f"身份证{ID}"),
        ("𝟏𝟑𝟖𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖", PHONE),
        ("1️⃣3️⃣8️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣", PHONE),
        ("v信 wangfang_88，薇信：wangfang88", f"v信 {NUMBER}，薇信：{NUMBER}"),
    ],
)
def test_redacts(text: str, redacted: str) -> None:
    assert redact(text, READINGS) == redacted


@pytest.mark.parametrize(
    "text",
    [
        "2018-03-05 2023-03-05",
        "20180305-20230305",
        "价格12345678901元",
        "合同金额13800000000元",
        "ISBN 9787111111111",
        "统一社会信用代码 91110000100000001X",
        "11位注册证号",
        "5年内48学时",
        "12306也崩了",
        "5100余人",
        "我是做安全的",
    ],
)
def test_leaves_dates_and_counts(text: str) -> None:
    assert redact(text, READINGS) == text


_FILLER = st.text(alphabet="证书注册的，。有效期年月 系统登不上", max_size=12)
_ID = st.from_regex(r"[1-9][0-9]{5}19[5-9][0-9]0[1-9]1[0-9][0-9]{3}[0-9X]", fullmatch=True)
_MOBILE = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


def _gaps(number: str, gap: str) -> str:
    return gap.join((number[:3], number[3:7], number[7:])) if len(number) == 11 else number


@given(st.lists(st.tuples(_FILLER, st.one_of(_ID, _MOBILE)), min_size=1, max_size=4), st.sampled_from(["", " ", "-"]))
def test_no_number_survives(pieces: list[tuple[str, str]], gap: str) -> None:
    text = "，".join(filler + _gaps(number, gap) for filler, number in pieces)
    assert not re.search(r"\d{3,}", redact(text, READINGS)), text


@given(_FILLER, st.sampled_from(PEOPLE), st.sampled_from(["我叫{}，", "姓名：{} ", "本人{}。", "我是{}，"]), _FILLER)
def test_no_stated_name_survives(before: str, name: str, stated: str, after: str) -> None:
    assert name not in redact(f"{before}，{stated.format(name)}{after}", READINGS)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("我是刘强换了单位怎么办", "刘强"),
        ("转人工，我是刘强，在线等", "刘强"),
        ("我叫 Li Ming", "Li Ming"),
        ("我的名字: 陈 静", "陈 静"),
        ("申请人姓名是欧阳娜娜的能注册吗", "欧阳娜娜"),
        ("张伟的账号登录不了", "张伟"),
        ("经办人：赵敏 电话13812345678", "赵敏"),
    ],
)
def test_names_told_in_passing_are_not_stored(text: str, name: str) -> None:
    assert name not in redact(text, READINGS)


@pytest.mark.parametrize(
    "text",
    [
        "我是安全员要注册吗",
        "单位的证过期了",
        "我是今年考过的",
        "名字要和身份证一致吗",
        "我是从中石化跳槽的",
        "管理员的账号忘了",
    ],
)
def test_what_only_stands_where_a_name_could_is_kept(text: str) -> None:
    assert redact(text, READINGS) == text


@given(st.text(alphabet="我叫是单雄信王芳本人姓名：，。 0123456789-Xx@.q", max_size=60))
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    once = redact(text, READINGS)
    assert redact(once, READINGS) == once
    assert not re.search(r"\d{11}", once)


def test_marks_without_end_are_gone_through_once() -> None:
    began = time.process_time()
    redact("，" * 20_000, READINGS)
    assert time.process_time() - began < 1


def test_a_broken_table_is_reported_with_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "surnames.yaml"
    path.write_text("surnames:\n  - {name: 单, readings: [Shàn]}\n  - {name: 单, readings: [dan]}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load_readings(path)
    assert any(mistake.startswith("surnames.yaml:2:") for mistake in caught.value.mistakes)
    assert any(mistake.startswith("surnames.yaml:3:") for mistake in caught.value.mistakes)
