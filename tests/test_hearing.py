"""Understanding a message in its conversation: what leans on the turn before, what is told, what is corrected."""

from __future__ import annotations

from datetime import date

import pytest

from bot import wording as w
from bot.assistant import Assistant
from bot.hearing.case import registration_of, settle
from bot.hearing.hear import hear
from bot.hearing.narrowing import entry_about
from bot.mind import Mind
from bot.reply import Message
from bot.state import State

TODAY = date(2026, 11, 23)


def after(assistant: Assistant, *lines: str) -> State:
    state = State()
    for line in lines:
        state = assistant.reply(state, Message(text=line), TODAY).state
    return state


def said(assistant: Assistant, *lines: str) -> str | None:
    state = after(assistant, *lines[:-1])
    return assistant.reply(state, Message(text=lines[-1]), TODAY).reply.entry


@pytest.mark.parametrize(
    ("before", "now", "entry"),
    [
        ("延续注册要什么材料", "那变更呢", "materials-change"),
        ("变更注册要什么材料", "那延续呢", "materials-renewal"),
        ("初始注册要什么材料", "重新注册呢", "materials-reregister"),
        ("延续注册什么时候申请", "材料呢", "materials-renewal"),
        ("变更注册要什么材料", "不对，我是要延续", "materials-renewal"),
        ("建筑施工选哪个初审机构", "煤矿的呢", "review-body-coal"),
    ],
)
def test_a_word_is_understood_from_what_was_asked_before(
    assistant: Assistant, before: str, now: str, entry: str
) -> None:
    assert said(assistant, before, now) == entry


@pytest.mark.parametrize("text", ["材料呢", "那变更呢", "煤矿的呢", "不对"])
def test_without_a_turn_before_nothing_is_made_up(mind: Mind, text: str) -> None:
    assert hear(mind, State(), text, TODAY).answers == hear(mind, State(), text, TODAY).told.answers


def test_known_dates_say_which_registration_is_meant(assistant: Assistant) -> None:
    assert said(assistant, "我的注册有效期到2027年1月31日，单位没变", "要交什么材料") == "materials-renewal"


def test_a_full_question_is_not_bent_to_the_turn_before(assistant: Assistant) -> None:
    assert said(assistant, "延续注册要什么材料", "变更注册要交哪些材料") == "materials-change"


def test_what_is_told_is_added_to_what_is_known(mind: Mind) -> None:
    heard = hear(mind, State(answers={"certificate": "have"}), "2018年3月拿的证", TODAY)
    assert {"certificate", "cert_date"} <= heard.answers.keys()


def test_a_correction_replaces_the_date_said_last(mind: Mind) -> None:
    heard = hear(mind, State(answers={"certificate": "have", "cert_date": "2018"}), "不对，是2017年", TODAY)
    assert heard.answers["cert_date"] == "2017"


@pytest.mark.parametrize("text", ["我同事2018年3月拿的证", "我老公2018年拿的中级证，一直没注册"])
def test_another_persons_case_is_known_for_one(mind: Mind, text: str) -> None:
    assert not hear(mind, State(), text, TODAY).about_self


@pytest.mark.parametrize(
    "text",
    [
        "我叫罗贯中，就职于一家民营公路货运公司，负责道路运输安全，2025年1月6日取得中级证",
        "我叫张大山，我同事都注册了，就我还没有。2022年3月1日拿的中级证",
        "我是公司的安全管理人员，2022年3月1日拿的中级证",
    ],
)
def test_the_own_case_is_not_taken_for_anothers(mind: Mind, text: str) -> None:
    # 司负 sounds like 师傅; who gives a name speaks of themselves, whoever else is mentioned.
    assert hear(mind, State(), text, TODAY).about_self


def test_facts_settle_a_registration_or_do_not(mind: Mind) -> None:
    known = {"certificate": "have", "registered": "before", "valid_to": "2025-01-31"}
    assert registration_of(settle(mind, known, TODAY)) == "重新"
    assert settle(mind, {"certificate": "have"}, TODAY) is None


@pytest.mark.parametrize("registration", ["初始", "逾期初始", "延续", "变更", "重新"])
def test_every_registration_has_an_answer_about_its_materials(mind: Mind, registration: str) -> None:
    entry = entry_about(mind, registration, "materials")
    assert entry is not None
    assert registration in entry.facets.registration


def test_a_registration_that_is_not_known_has_none(mind: Mind) -> None:
    assert entry_about(mind, "", "materials") is None


@pytest.mark.parametrize(
    ("lines", "entry"),
    [
        (("2018年的证注册有没有期限", "20年的呢"), "initial-deadline"),  # a date alone: the same matter
        (("盖楼的初审选谁", "看走眼了，我们是采煤的"), "review-body-coal"),
        (("初审机构怎么选", "我们厂归一个央企集团管"), "review-body-group"),
        (("延续最早什么时候办", "那过期了呢"), "reregister"),
        (("扫描的材料传不上去", "这可怎么办"), "upload-failed"),
        (("注册有哪几种", "第三种"), "change"),
        (("注册有哪几种", "第三种", "最后那个呢"), "reregister"),
        (("公司改名了办哪种注册", "要什么证明"), "rename-proof"),
    ],
)
def test_what_is_left_to_the_turn_before_is_taken_from_it(
    assistant: Assistant, lines: tuple[str, ...], entry: str
) -> None:
    assert said(assistant, *lines) == entry


def test_trouble_told_beside_the_case_is_answered_and_the_dialogue_opened(assistant: Assistant) -> None:
    told = Message(text="我09年注册的，这系统一次没登过，身份证号进不去")
    reply = assistant.reply(State(), told, TODAY).reply
    assert reply.node
    assert reply.answers[0].entry == "login-before-2012"


def test_what_would_happen_is_not_taken_for_the_own_case(assistant: Assistant) -> None:
    lines = ("注册证2027年1月20日到期，单位没换", "万一没赶上过期了办哪种")
    assert said(assistant, *lines) == "reregister"


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("三个员工王芳、李强、单雄信的初始密码分别是什么", ["wf", "lq", "sxx"]),
        ("帮我算王芳的默认密码", ["wf"]),
        ("我老公叫李建国，他的默认密码是什么", ["ljg"]),
        ("阿不都·热合曼的密码", ["abdrhm"]),
        ("系统的登录密码怎么改", []),
    ],
)
def test_names_beside_a_password_are_read_whosever_they_are(mind: Mind, text: str, letters: list[str]) -> None:
    assert [readings[0] for readings in hear(mind, State(), text, TODAY).names] == letters


def test_one_persons_initials_are_not_said_for_another_whose_name_cannot_be_read(assistant: Assistant) -> None:
    state = after(assistant, "我叫高兴，密码是多少")
    reply = assistant.reply(state, Message(text="我叫安全，密码是多少"), TODAY).reply
    assert "gx" not in "".join(line for answer in reply.answers for line in answer.own)


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("小王2018年拿的证没注册过，小李2021年12月注册的快到期了", True),
        ("张三，2020年10月取得证书；李四，2023年注册", True),
        ("小王2018年拿的证没注册过", False),
        ("我2018年拿的证没注册过", False),
    ],
)
def test_the_cases_of_several_people_are_told_from_one(mind: Mind, text: str, several: bool) -> None:
    assert hear(mind, State(), text, TODAY).several is several


def test_several_cases_at_once_are_taken_one_at_a_time(assistant: Assistant) -> None:
    text = "小王2018年拿的证没注册过，小李2021年12月注册的快到期了，分别怎么办"
    turn = assistant.reply(State(), Message(text=text), TODAY)
    assert turn.reply.lead == w.ONE_AT_A_TIME
    assert not turn.state.answers


def test_who_holds_the_certificate_is_not_told_to_get_it_first(assistant: Assistant) -> None:
    assert said(assistant, "证书拿到了 能注册吧") == "conditions"


@pytest.mark.parametrize(("year", "entry"), [("2021年12月", "renewal"), ("2015年", "reregister")])
def test_by_the_year_of_registration_the_likely_registration_is_meant(
    assistant: Assistant, year: str, entry: str
) -> None:
    assert said(assistant, f"{year}注册的，现在该办哪种注册") == entry
