"""What people are told in the middle of their case; each once went wrong."""

from __future__ import annotations

import pytest

from bot.assistant import Assistant
from bot.reply import Status
from tests.case_kit import BEFORE, NEVER, REST, talk


def test_an_expired_registration_gets_no_answer_for_one_in_force(assistant: Assistant) -> None:
    reply = talk(assistant, "我的证2025年1月到期了，单位也改名了，要交什么材料")[1]
    assert reply.entry == "reregister"


@pytest.mark.parametrize(
    ("said", "entry"),
    [
        (("注册证2025年12月31号到期 没来得及延续", "那还能延续不"), "reregister"),
        (("第一次注册，要交啥", "说错了，我以前注册过，现在过期了，要交啥"), "materials-reregister"),
        (("第一次登录密码是什么", "不是，我2009年就注册过，没登过这系统，身份证号登不进"), "login-before-2012"),
        (("不注册能执业吗", "我去年拿的证，几年内要注册"), "initial-deadline"),
        (("换单位了", "2027年3月15号到期"), "change-in-last-year"),
        (("我不是煤矿的 是金属矿山的",), "review-body-order"),
        (("证书2024年6月拿的 没注册过", "从没登录过系统，怎么登录"), "first-login"),
        (("12306密码忘了",), "sibling-system"),
        (("来不及了咋办",), "ask-expired"),
        (("明天到期 昨天刚换的单位", "赶不上咋办"), "reregister"),
        (("我叫周伟 密码是啥", "12333密码忘了咋办"), "sibling-system"),
        (("没注册过，怎么办",), "initial-deadline"),
        (("差几天就五年了，没注册",), "initial-deadline"),
        (("拿证快五年，没注册",), "initial-deadline"),
        (("拿证好几年了，一直没注册，怎么办",), "overdue-initial"),
        (("2027年1月10日到期没换单位", "现在办什么"), "renewal"),
        (("2027年1月10日到期没换单位", "属于哪一种"), "renewal"),
        (("我注册证上周期满，怎么办",), "reregister"),
        (("拿了证一直没注册",), None),
        (("在哪办",), None),
        (("电话多少",), None),
    ],
    ids=lambda given: given[-1] if isinstance(given, tuple) else given,
)
def test_the_answer_is_for_this_person(assistant: Assistant, said: tuple[str, ...], entry: str | None) -> None:
    assert talk(assistant, *said)[1].entry == entry


def test_what_is_set_right_brings_nothing_of_what_it_was(assistant: Assistant) -> None:
    told = ("有效期到2027年1月10日，没换", "不是，是2026年1月10日", "等等又看错了，是2028年1月10日")
    assert talk(assistant, *told[:2])[1].entry == "reregister"
    assert talk(assistant, *told)[1].entry is None
    assert talk(assistant, "2018年拿证没注册", "说错了，注册过，2027年5月到期", "办啥")[1].entry == "which-type"


@pytest.mark.parametrize(
    "said",
    [
        "师傅，我2018年3月拿的证一直没注册，怎么办",
        "我2018年3月拿的证一直没注册，能让同事代替我去办吗",
        "我是从业人员，2018年3月拿的证一直没注册",
        "听朋友说要重新考，我2018年3月拿的证，没注册过",
        "我2018年3月拿的证没注册过，人事说他不管",
    ],
)
def test_ones_own_case_is_ones_own_whoever_is_named_beside_it(assistant: Assistant, said: str) -> None:
    state = talk(assistant, said)[0]
    assert (state.answers.get("cert_date"), dict(state.other)) == ("2018-03", {})


@pytest.mark.parametrize(
    ("said", "answers", "other"),
    [
        (
            ("给我办理方案", "我同事2015年拿的证一直没注册，怎么办", "有", "从没注册过", "退出", "2020年拿的证"),
            {"cert_date": "2020"},
            {"cert_date": "2015"},
        ),
        (("我同事默认密码是什么", "单雪"), {"name": None}, {"name": None}),
        (("我2020年5月注册的，2026年5月到期", "不对，是2027年6月"), {"valid_to": "2027-06"}, {}),
        (("我2018年3月拿的证，没注册过", "2030年5月"), {"cert_date": "2018-03"}, {}),
    ],
    ids=lambda given: given[-1] if isinstance(given, tuple) else "",
)
def test_what_is_told_lands_where_it_belongs(
    assistant: Assistant, said: tuple[str, ...], answers: dict[str, str], other: dict[str, str]
) -> None:
    state = talk(assistant, *said)[0]
    assert {name: state.answers.get(name) for name in answers} == answers
    assert {name: state.other.get(name) for name in other} == other


@pytest.mark.parametrize(
    ("said", "entry", "words"),
    [
        ((*NEVER, "其他行业", "我是公务员 应急局的"), "civil-servant", ""),
        (("给我办理方案", "有", "没注册过", "大概是很久以前吧"), None, "没看出日期"),
        ((*BEFORE, "2028年3月6日", "都还那样"), None, "没对上"),
    ],
    ids=lambda given: given[-1] if isinstance(given, tuple) else "",
)
def test_what_fits_no_question_is_met_with_what_it_is_about(
    assistant: Assistant, said: tuple[str, ...], entry: str | None, words: str
) -> None:
    reply = talk(assistant, *said)[1]
    assert (reply.entry, words in (reply.question.problem if reply.question else "")) == (entry, True)


def test_a_name_alone_names_no_subject(assistant: Assistant) -> None:
    state, reply = talk(assistant, "我叫陈伟")
    assert (state.answers["name"], reply.answers) == ("cw", ())


@pytest.mark.parametrize(("sign", "word"), [("😭😭", "别着急"), ("🙏", "不客气"), ("？？？", "没看懂")])
def test_signs_without_a_word_do_not_repeat_the_answer(assistant: Assistant, sign: str, word: str) -> None:
    assert word in talk(assistant, "注册证过期了怎么办", sign)[1].lead


@pytest.mark.parametrize("said", ["疫情那年拿的证", "我疫情那年拿的证，一直没注册，还能注册吗", "前几年考的，没注册"])
def test_a_year_that_is_not_said_is_asked_for(assistant: Assistant, said: str) -> None:
    reply = talk(assistant, said)[1]
    assert "哪一年" in reply.lead
    assert reply.answers == ()


def test_what_does_not_hang_on_the_year_is_answered(assistant: Assistant) -> None:
    assert "password-reset" in {a.entry for a in talk(assistant, "好几年前拿的证，密码忘了咋办")[1].answers}


@pytest.mark.parametrize(
    "said",
    [
        "单位合并了怎么办",
        "公司被收购了，我要办什么手续",
        "公司被兼并了，注册要变更吗",
        "公司被国企收购，名字没变，要办变更吗",
        "单位改制了",
        "单位分立了，我们注册要动吗",
        "总公司把我划转到子公司，要变更吗",
        "老板把公司卖了，注册要变更吗",
    ],
)
def test_a_merger_is_neither_a_new_employer_nor_a_new_name_by_itself(assistant: Assistant, said: str) -> None:
    state, reply = talk(assistant, said)
    assert (reply.entry, {c.entry for c in reply.choices} >= {"change", "rename"}) == ("ask-reorganised", True)
    assert "change" not in state.answers


@pytest.mark.parametrize(
    ("said", "change"),
    [
        ("单位被收购了", None),
        ("总公司划转到子公司", None),
        ("改制了，名称没变", None),
        ("单位分立，我去了新公司", "employer"),
        ("公司改制，只是改了个名", "renamed"),
    ],
)
def test_a_merger_in_the_dialogue_is_asked_about(assistant: Assistant, said: str, change: str | None) -> None:
    state, reply = talk(assistant, *BEFORE, "2028年5月10日", said)
    assert state.answers.get("change") == change
    assert ("没有单独写" in reply.lead) == (change is None)


def test_a_merger_that_renamed_the_firm_is_a_new_name(assistant: Assistant) -> None:
    assert talk(assistant, "公司改制后改了名，人没动，注册怎么办")[1].entry == "rename"


def test_what_is_asked_beside_a_merger_is_answered(assistant: Assistant) -> None:
    assert talk(assistant, "公司刚被收购，申请表盖哪个章")[1].entry != "ask-reorganised"


DONE = (*NEVER, *REST)


@pytest.mark.parametrize(
    "again", ["我2024年5月20日拿的证", "我没注册过", "我在浙江", "哦我是24年5月拿的证，没注册过", "单位是民企"]
)
def test_what_is_known_already_does_not_bring_the_plan_once_more(assistant: Assistant, again: str) -> None:
    before, plan = talk(assistant, *DONE)
    state, reply = talk(assistant, *DONE, again)
    assert plan.card
    assert reply.card is None
    assert "记着" in reply.lead
    assert state.answers == before.answers


def test_what_is_known_already_is_no_wrong_answer_to_the_question_asked(assistant: Assistant) -> None:
    reply = talk(assistant, *NEVER, "我2024年5月20日拿的证")[1]
    assert reply.question
    assert (reply.question.problem, reply.node) == ("", "business")


def test_a_fact_that_changes_no_plan_is_noted_without_it(assistant: Assistant) -> None:
    state, reply = talk(assistant, *DONE, "我单位改名了")
    assert (reply.card, state.answers["change"]) == (None, "renamed")
    assert "方案没有变" in reply.lead


@pytest.mark.parametrize("said", ["不知道", "不清楚啊", "记不清了"])
def test_what_must_be_known_is_said_to_be_needed(assistant: Assistant, said: str) -> None:
    reply = talk(assistant, "给我办理方案", said)[1]
    assert reply.question
    assert "定下来" in reply.question.problem


def test_a_name_alone_gives_its_letters(assistant: Assistant) -> None:
    reply = talk(assistant, "气死了 登录不上 打电话没人接 你说咋办", "我叫曾晟")[1]
    assert "zs" in reply.lead
    assert reply.answers == ()


@pytest.mark.parametrize("news", ["哦不对，我是2024年6月拿的证", "其实我注册过，有效期到2027年3月5日"])
def test_news_of_the_case_brings_the_plan(assistant: Assistant, news: str) -> None:
    assert "记着" not in talk(assistant, *DONE, news)[1].lead


SOON = "证27年1月到期，刚跳槽"
LAPSED = "我注册证2025年6月到期的"


@pytest.mark.parametrize(
    ("said", "entry"),
    [
        ((SOON, "来得及吗"), "change-window"),
        ((LAPSED, "那还能延续吗"), "reregister"),
        ((LAPSED, "咋整"), "reregister"),
        (("要不要继续教育", "初始的呢", "逾期的呢"), "education-required"),
        (("公司搬到外省了，名字没变，要变更吗",), "ask-change-what"),
        ((LAPSED, "延续注册是啥意思"), "renewal"),
        ((LAPSED, "履职报告呢"), "materials-reregister"),
        (("第二个李四，2021年12月拿的证，没注册过", "他还来得及不"), "initial-deadline"),
    ],
    ids=lambda given: given[-1] if isinstance(given, tuple) else "",
)
def test_what_is_asked_is_answered_for_the_case_that_was_told(
    assistant: Assistant, said: tuple[str, ...], entry: str
) -> None:
    assert talk(assistant, *said)[1].entry == entry


@pytest.mark.parametrize("said", [("去年",), ("2021年3月",), ("你好", "2024年5月吧")])
def test_of_a_date_alone_it_is_asked_what_it_is_of(assistant: Assistant, said: tuple[str, ...]) -> None:
    state, reply = talk(assistant, *said)
    assert (reply.status, reply.answers, state.answers) == (Status.CLARIFY, (), {})
    assert "哪一件事" in reply.lead


def test_a_date_alone_asks_nothing(assistant: Assistant) -> None:
    state, reply = talk(assistant, "给我办理方案", "有", "没注册过", "忘了", "大概19年吧")
    assert (state.answers["cert_date"], reply.answers) == ("2019", ())


def test_when_it_ends_is_not_what_was_asked_before(assistant: Assistant) -> None:
    reply = talk(assistant, "我2022年3月注册的，去年换的单位，没办变更", "补办变更要什么", "什么时候到期啊我这个")[1]
    assert reply.entry != "materials-renewal"


def test_what_was_missed_is_what_comes_after(assistant: Assistant) -> None:
    assert talk(assistant, "延续提前多久办", "要是没赶上呢")[1].entry == "reregister"


def test_a_number_beside_a_question_does_not_hide_it(assistant: Assistant) -> None:
    reply = talk(assistant, "我的身份证号是11010519491231002X，手机13812345678，密码忘了")[1]
    assert reply.entry == "password-reset"


def test_a_day_that_can_not_lie_ahead_is_told(assistant: Assistant) -> None:
    state, reply = talk(assistant, "我的证2030年拿的")
    assert "还没到" in reply.lead
    assert "cert_date" not in state.answers


def test_the_third_of_what_was_listed_can_be_asked_for(assistant: Assistant) -> None:
    assert talk(assistant, "注册有哪几种", "第三个")[1].entry == "change"


@pytest.mark.parametrize(
    ("said", "entry"),
    [
        (("注册有哪几种", "第四个"), "reregister"),
        (("注册有哪几种", "最后一个"), "reregister"),
        (("注册有哪几种", "第五个"), "registration-types"),
        (("注册有哪几种", "第十个"), "registration-types"),
        (("注册有哪几种", "第十十个"), "registration-types"),
        (("单位被收购了", "第二个"), "rename"),
        (("单位被收购了", "2"), "rename"),
        (("单位被收购了", "第四个"), "ask-reorganised"),
        (("单位被收购了", "最后一个"), "review-body-contact"),
        (("照片", "第九个"), "ask-photo"),
    ],
)
def test_which_of_a_list_is_meant_or_the_list_again(assistant: Assistant, said: tuple[str, ...], entry: str) -> None:
    assert talk(assistant, *said)[1].entry == entry


@pytest.mark.parametrize("said", [("第四个",), ("延续要什么材料", "第四个"), ("我要交材料", "第6个"), ("第十十个",)])
def test_which_of_no_list_is_asked_back(assistant: Assistant, said: tuple[str, ...]) -> None:
    reply = talk(assistant, *said)[1]
    assert (reply.status, reply.answers) == (Status.CLARIFY, ())


@pytest.mark.parametrize("text", ["第五个", "第十十个"])
def test_more_than_the_options_of_a_question_fits_none(assistant: Assistant, text: str) -> None:
    state, reply = talk(assistant, "给我办理方案", text)
    assert reply.question
    assert (reply.node, bool(reply.question.problem), state.answers) == ("certificate", True, {})


@pytest.mark.parametrize(
    ("said", "answered", "more"),
    [
        ("延续什么时候申请？延续要哪些材料？密码忘了怎么办？证件照怎么传？注册证怎么领？要审多久？", 4, True),
        ("1.延续什么时候办 2.要什么材料 3.初审机构怎么选 4.密码忘了怎么办 5.照片有什么要求 6.多久能下来", 4, True),
        ("延续什么时候申请？密码忘了怎么办？", 2, False),
        ("①延续注册材料 ②重新注册材料", 2, False),
        ("(1)初始注册要啥材料(2)初审选哪个", 2, False),
        ("1、延续注册材料；2、重新注册材料", 2, False),
        ("延续什么时候申请？", 1, False),
    ],
)
def test_questions_left_out_are_not_left_out_silently(
    assistant: Assistant, said: str, answered: int, more: bool
) -> None:
    reply = talk(assistant, said)[1]
    assert (len(reply.answers), "再发一次" in reply.lead) == (answered, more)


@pytest.mark.parametrize("hurry", [" 快点", "，赶紧的", "！速度", " 急"])
def test_haste_changes_nothing_of_what_is_asked(assistant: Assistant, hurry: str) -> None:
    assert talk(assistant, "换单位办哪种注册", f"材料{hurry}")[1].entry == "materials-change"


def test_two_kinds_of_employers_are_told_the_whole_order(assistant: Assistant) -> None:
    said = ("央企子公司初审选谁", "煤矿安全的跟应急管理部直属事业单位的也说说")
    assert talk(assistant, *said)[1].entry == "review-body-order"


def test_whether_it_is_needed_after_all_is_asked_of_what_went_before(assistant: Assistant) -> None:
    said = ("我是延续注册的", "要不要继续教育", "到底要不要")
    assert talk(assistant, *said)[1].entry == "education-required"


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("我注册去年3月过期的", "重新注册：要满足继续教育要求"),
        ("我2024年5月拿的证没注册过", "初始注册：不要求继续教育"),
        ("我注册有效期到2029年5月20日，没换单位", "现在还不用办：注册有效期"),
        ("我2027年1月10号到期，今天刚入职新单位", ""),
    ],
)
def test_whether_education_is_needed_is_said_of_the_case(assistant: Assistant, told: str, words: str) -> None:
    own = talk(assistant, told, "要继续教育吗")[1].answers[0].own
    assert words in "".join(own)
    assert bool(own) == bool(words)


@pytest.mark.parametrize(
    ("said", "letters"), [("我姓仇，名建国，密码多少", "qjg 或 cjg"), ("我姓欧阳 单名一个锋 密码", "oyf")]
)
def test_a_name_told_in_two_parts_gives_its_letters(assistant: Assistant, said: str, letters: str) -> None:
    assert letters in "".join(talk(assistant, said)[1].answers[0].own)


def test_whoever_forgot_the_password_is_not_told_that_the_default_counts_already(assistant: Assistant) -> None:
    reply = talk(assistant, "我怎么登录系统", "登录过，密码忘了", "张三")[1]
    assert reply.card is not None
    assert "重置以后密码是zs" in "".join(reply.card.login)
    assert reply.lead == ""


@pytest.mark.parametrize(
    ("said", "entry"),
    [
        (("我证去年12月31到期了咋办啊",), "reregister"),
        (("我注册过的，去年12月过期", "那我还用考试不"), "wrong-reexam"),
        (("身份证登不上",), "login-before-2012"),
        (("我注册证上周到期了 还能延续吗",), "reregister"),
        (("我岳父今年73，单位还聘着他，能给他延续注册吗",), "age-limit"),
    ],
)
def test_what_is_meant_is_answered(assistant: Assistant, said: tuple[str, ...], entry: str) -> None:
    assert talk(assistant, *said)[1].entry == entry
