"""Several people in one talk: nothing of one is said of another; each once went wrong."""

from __future__ import annotations

import pytest

from bot import wording as w
from bot.assistant import Assistant
from bot.state import dump
from tests.case_kit import BEFORE, talk

COLLEAGUE = "我同事2023年8月拿的证还没注册，他要办啥"
MINE = "我注册有效期到2027年1月20日，还在原单位"


@pytest.mark.parametrize(
    ("said", "entry"),
    [
        ((COLLEAGUE, "那他要交什么材料"), "materials-initial"),
        ((COLLEAGUE, "材料呢"), "materials-initial"),
        ((MINE, "退出", COLLEAGUE, "那他要交什么材料"), "materials-initial"),
        ((MINE, "退出", COLLEAGUE, "我要交什么材料"), "materials-renewal"),
        ((MINE, "退出", COLLEAGUE, "我要交什么材料", "他呢，要交什么材料"), "materials-initial"),
        (("我同事2023年8月拿的证", "还没注册", "他要交什么材料"), "materials-initial"),
        (("小王呢", "2018年8月拿的证，没注册", "他要交什么材料"), "materials-overdue"),
        ((COLLEAGUE, "我朋友要交什么材料"), "ask-materials"),
        ((COLLEAGUE, "小李要交什么材料"), "ask-materials"),
        ((COLLEAGUE, "还有个同事2018年5月拿的证，没注册", "他要交什么材料"), "materials-overdue"),
        ((COLLEAGUE, "我要交什么材料"), "ask-materials"),
        (("老李2018年8月拿的证，没注册", "小刘注册2027年3月到期，单位没换", "老李要交什么材料"), "materials-overdue"),
        (("老李2018年8月拿的证，没注册", "小刘注册2027年3月到期，单位没换", "小刘要交什么材料"), "materials-renewal"),
        (("老李2018年8月拿的证，没注册", "小刘注册2027年3月到期", "小刘要交什么材料", "那老李呢"), "materials-overdue"),
        (("我同事2018年8月拿的证，没注册", "我老婆2024年拿的证", "同事要交什么材料"), "materials-overdue"),
        (("我同事2018年8月拿的证，没注册", "我老婆2024年拿的证"), "initial-deadline"),
        (("老李有效期到2027年1月10日，单位没换", "小张换单位了，有效期到2029年5月", "那老李呢"), "renewal"),
        (("老张2022年3月拿的证没注册", "老李有效期到2027年1月10日", "老张最晚什么时候"), "initial-deadline"),
        (("王工有效期到2027年1月底，换单位了", "刘工2024年拿的证还没注册", "刘工要交什么材料"), "materials-initial"),
        (
            ("我们公司有个同事有效期到2027年1月15日，单位没变", "我2020年8月拿的证，没注册", "他什么时候办"),
            "renewal-window",
        ),
        (("我单位有个人2018年的证没注册过，他算哪种", "我2024年拿的证", "他要交什么材料"), "materials-overdue"),
        (("我领导2018年的证没注册过", "我2024年拿的证没注册", "我领导呢"), "overdue-initial"),
        (("老李2027年1月5日到期，没换单位", "老王2026年10月到期", "老李现在办什么"), "renewal"),
        (("我姐2027年1月8日到期没换单位", "我2026年1月8日到期", "我姐办什么"), "renewal"),
        (("我们经理的证2026年9月到期", "副经理2027年4月到期，没换单位", "我们经理办什么"), "reregister"),
        (("刘强的有效期到2026年10月1日", "陈静换了单位，2028年5月到期", "刘强办什么"), "reregister"),
        (("陈静：2018年拿证没注册", "刘强：2022年5月拿证没注册", "陈静还来得及吗"), "overdue-initial"),
        (("员工陈静2018年拿证没注册", "帮刘强问下，2022年5月拿证没注册", "刘强现在办什么"), "initial"),
        (("我是人事，陈静2018年拿证没注册", "刘强2022年5月拿证没注册", "陈静最晚哪天"), "overdue-initial"),
        (("陈静，2018年拿证没注册", "刘强，2022年5月拿证没注册"), "initial-deadline"),
        (("王建国2027-01-15到期，没换单位", "赵敏2026-09-01到期", "王建国呢"), "renewal"),
    ],
    ids=lambda given: given[-1] if isinstance(given, tuple) else "",
)
def test_what_is_told_of_somebody_else_is_kept_for_them_alone(
    assistant: Assistant, said: tuple[str, ...], entry: str
) -> None:
    assert talk(assistant, *said)[1].entry == entry


@pytest.mark.parametrize("said", [(COLLEAGUE, "2020年12月考过的"), ("小王呢", "2023年8月拿的证，没注册"), (COLLEAGUE,)])
def test_nothing_of_somebody_else_becomes_the_own_case(assistant: Assistant, said: tuple[str, ...]) -> None:
    state = talk(assistant, *said)[0]
    assert (state.answers, state.flow) == ({}, "")
    assert {"cert_date", "certificate"} <= state.other.keys()


def test_no_name_of_somebody_else_is_kept(assistant: Assistant) -> None:
    assert "王" not in dump(talk(assistant, "小王2023年8月拿的证没注册，他要办啥")[0])
    state, reply = talk(assistant, "王建国2027-01-15到期，没换单位")
    assert "王建国" not in dump(state)
    assert reply.entry == "renewal"


@pytest.mark.parametrize(
    "said",
    [
        "我同事小王2027年1月1日到期，没换单位。我自己2018年的证没注册",
        "甲：取得2021-11-30，未注册。乙：取得2021-11-20，未注册",
        "我是HR，三个人：李娜2023年拿证没注册；王建国2026年9月到期；孙丽换单位了",
        "批量：1.陈一 2026-11-20到期 2.林二 2026-12-01到期 3.黄三 2028-01-01到期 换单位",
        "有两个员工，一个是2021年5月拿证没注册，另一个2027年2月1日到期单位没换",
    ],
)
def test_two_cases_in_one_message_are_asked_for_one_at_a_time(assistant: Assistant, said: str) -> None:
    state, reply = talk(assistant, said)
    assert reply.lead == w.ONE_AT_A_TIME
    assert (state.answers, state.others) == ({}, {})


def test_each_of_a_list_of_people_is_asked_for_once(assistant: Assistant) -> None:
    assert talk(assistant, "老李2018年8月拿的证，没注册", "小张呢")[1].lead.startswith("好，说说这一位的情况")


def test_back_to_oneself_goes_on_with_what_is_known(assistant: Assistant) -> None:
    state, reply = talk(assistant, MINE, "退出", COLLEAGUE, "那我呢")
    assert (reply.node, state.answers["valid_to"]) == ("business", "2027-01-20")
    assert "说说你自己" in talk(assistant, COLLEAGUE, "那我呢")[1].lead


@pytest.mark.parametrize("turn", ["小李呢", "那我呢"])
def test_an_answer_for_one_person_is_not_said_again_for_the_next(assistant: Assistant, turn: str) -> None:
    reply = talk(assistant, "小王2018年3月拿的证一直没注册", turn, "2024年5月拿的证")[1]
    assert reply.entry != "overdue-initial"


STAFF = ("我们是贵州的煤矿，第一个王强，注册2028年6月到期，刚从别的公司跳槽过来",)


@pytest.mark.parametrize(
    ("said", "answers"),
    [
        ((*STAFF, "换一个人"), {"valid_to": None, "change": None, "business": "coal", "province": "贵州"}),
        (
            (*STAFF, "第二个李娜，2021年3月拿的证，还没注册"),
            {"valid_to": None, "cert_date": "2021-03", "business": "coal"},
        ),
    ],
)
def test_the_next_person_brings_nothing_of_the_one_before(
    assistant: Assistant, said: tuple[str, ...], answers: dict[str, str]
) -> None:
    known = talk(assistant, *said)[0].answers
    assert {name: known.get(name) for name in answers} == answers


@pytest.mark.parametrize(
    "said", ["第一个", "第二个", "第三个问题，2024年的证算哪种", "第二个单位，2024年去的", "下一个"]
)
def test_what_is_counted_is_not_always_a_person(assistant: Assistant, said: str) -> None:
    told = talk(assistant, *BEFORE, "2027年9月20日", said)[0]
    assert told.answers["valid_to"] == "2027-09-20"
    assert told.flow == "plan"
