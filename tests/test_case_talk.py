"""What people add to, or take back from, their case in the middle of a dialogue; each once went wrong."""

from __future__ import annotations

from datetime import date

import pytest

from bot.assistant import Assistant
from bot.reply import Message, Reply, Status
from bot.state import State, dump

TODAY = date(2026, 11, 26)
BEFORE = ("给我办理方案", "有", "注册过")
NEVER = ("给我办理方案", "有", "没注册过", "2024年5月20日")
REST = ("其他", "其他单位", "浙江", "能登录，用自己的密码")


def talk(assistant: Assistant, *said: str) -> tuple[State, Reply]:
    """The state and the reply after these messages."""
    state = State()
    for text in said:
        turn = assistant.reply(state, Message(text=text), TODAY)
        state = turn.state
    return state, turn.reply


@pytest.mark.parametrize(
    ("said", "answers"),
    [
        (
            (*BEFORE, "2027年3月5日", "没换", *REST, "啊搞错了 我上个月换单位了"),
            {"valid_to": "2027-03-05", "change": "employer"},
        ),
        ((*BEFORE, "2027年9月20日", "换了单位", "去年12月换的"), {"valid_to": "2027-09-20", "change": "employer"}),
        ((*BEFORE, "2027年3月5日", "没换", *REST, "去年8月换的单位，我前面说错了"), {"change": "employer"}),
        ((*BEFORE, "我是2023年8月15号注册成功的"), {"registered_year": "2023-08-15", "valid_to": None}),
        ((*BEFORE, "2027年9月20日", "不在原单位了"), {"change": None}),
        ((*BEFORE, "2027年9月20日", "原单位不干了"), {"change": None}),
        ((*BEFORE, "2028年9月10日", "单位改了个名", "其实单位没换，就是名字变了"), {"change": "renamed"}),
        ((*BEFORE, "2027年9月20日", "从甲公司去了乙公司"), {"change": "employer"}),
        ((*BEFORE, "2027年9月20日", "还在老地方"), {"employer": None}),
        ((*BEFORE, "2027年9月20日", "离职了", "没有单位"), {"login": None}),
        ((*BEFORE, "2027年9月20日", "换了单位", "不办延续会咋样"), {"renew_too": None}),
        ((*BEFORE, "2027年9月20日", "换了单位", "能一起就一起"), {"renew_too": "both"}),
        ((*BEFORE, "2022年3月6日至2027年3月5日"), {"valid_to": "2027-03-05"}),
        ((*BEFORE, "2027年6月，不对，是7月"), {"valid_to": "2027-07"}),
        ((*BEFORE, "已经过期记不清哪天"), {"valid_to": "expired"}),
        ((*BEFORE, "到下月15"), {"valid_to": "2026-12-15"}),
        ((*BEFORE, "今天"), {"valid_to": "2026-11-26"}),
        ((*BEFORE, "还有俩月到期"), {"valid_to": "2027-01"}),
        (("给我办理方案", "有", "注册了没通过"), {"registered": "never"}),
        ((*NEVER, "地铁施工"), {"business": "construction"}),
        ((*NEVER, "监理公司"), {"business": None}),
        ((*NEVER, "监理"), {"business": None, "certificate": "have"}),
        ((*NEVER, "汽车修理厂"), {"business": None}),
        ((*NEVER, "危险品运输"), {"business": "transport"}),
        ((*NEVER, "市政工程"), {"business": "construction"}),
        ((*NEVER, "其他行业", "中石化"), {"employer": "central", "group": "中国石油化工集团"}),
        ((*NEVER, "地铁公司"), {"business": "other"}),
        ((*NEVER, "不是央企"), {"business": None, "employer": "other"}),
        ((*NEVER, "其他", "国企"), {"employer": None}),
        ((*NEVER, "其他", "中央企业", "不方便说"), {"group": "unknown"}),
        ((*NEVER, "其他", "中央企业", "从没登录过"), {"group": None, "login": "never"}),
        ((*NEVER, *REST[:3], "登过一次"), {"login": None}),
        ((*NEVER, *REST[:3], "从没登录过", "我名字叫曾晟"), {"name": "zs/zc/cs/cc"}),
        ((*NEVER, *REST[:3], "从没登录过", "名字就不说了"), {"name": "unknown"}),
        ((*BEFORE, "2026年12月5日", "月底"), {"valid_to": "2026-12-05"}),
        ((*BEFORE, "2026年12月", "月底"), {"valid_to": "2026-12"}),
        ((*BEFORE, "2026年11月", "月底最后一天"), {"valid_day": "2026-11-30"}),
        ((*BEFORE, "2026年11月", "就这个月底"), {"valid_day": None}),
        ((*BEFORE, "今年冬天", "2027年1月15日"), {"valid_to": "2027-01-15"}),
        (("疫情那年拿的证", "没注册过", "2020年"), {"registered": "never", "cert_date": "2020"}),
        (("给我办理方案", "有的，疫情那年拿的"), {"certificate": "have", "cert_date": None}),
        (("给我办理方案", "有的，2022年"), {"certificate": "have", "cert_date": "2022"}),
        (("给我办理方案", "有啊 2018年的"), {"certificate": "have", "cert_date": "2018"}),
        (("给我办理方案", "有证，2022"), {"certificate": "have", "cert_date": "2022"}),
        (("给我办理方案", "2022年3月"), {"certificate": "have", "cert_date": "2022-03"}),
        (("给我办理方案", "2027年"), {"certificate": None, "cert_date": None}),
        (("给我办理方案", "1，去年"), {"certificate": "have", "cert_date": "2025"}),
        (
            ("给我办理方案", "有，2022年的，没注册过"),
            {"certificate": "have", "cert_date": "2022", "registered": "never"},
        ),
        (("给我办理方案", "有的，初级的，2022年"), {"certificate": "junior", "cert_date": None}),
        (("给我办理方案", "有，消防的，2020年"), {"certificate": "other", "cert_date": None}),
        (("给我办理方案", "没有，2026年刚考完"), {"certificate": "missing", "cert_date": None}),
        (("给我办理方案", "有，2023年入职的"), {"cert_date": None}),
        (("给我办理方案", "有", "注册过，2022年"), {"registered": "before", "registered_year": "2022"}),
        (("给我办理方案", "有", "没有，刚拿证"), {"registered": "never"}),
        (("给我办理方案", "有", "没有，2022年"), {"registered": "never", "cert_date": None}),
        ((*BEFORE, "2028年5月10日", "没有，单位被收购了"), {"change": None}),
        (("小安，我2024年11月28号拿的证，还没注册",), {"cert_date": "2024-11-28", "registered": "never"}),
        ((*BEFORE, "2026年12月20日", "单位改了个名", "要一起办延续吗"), {"renew_too": None}),
        ((*BEFORE, "2026年12月20日", "单位改了个名", "好 一起"), {"renew_too": "both"}),
        (("证书2019年5月，注册过没有我不记得了，怎么查",), {"registered": None}),
        (("我换了单位又想换专业，有效期2028年",), {"change": "employer-category"}),
        (("我想换单位，有效期2028年",), {"change": None}),
        (("注册有效期2028年，我辞职了，不找工作了",), {"change": "left"}),
        (("20240301拿的证没注册", "2024/3"), {"cert_date": "2024-03-01"}),
        ((*BEFORE, "2026年12月20日", "单位改了个名", "要不要一起办延续"), {"renew_too": None}),
        (
            ("我2023年6月拿的证，注册过，有效期到2028年9月", "那我有效期写错了，是2027年9月"),
            {"valid_to": "2027-09", "cert_date": "2023-06"},
        ),
        (("我2023年6月拿的证，没注册", "证书日期写错了，是2022年6月"), {"cert_date": "2022-06"}),
        (("2021年取得证书，没注册", "11月份"), {"cert_date": "2021-11", "cert_day": None}),
        (("2021年取得证书，没注册", "11月份", "28号"), {"cert_day": "2021-11-28"}),
        (("2021年取得证书，没注册", "11月份", "11月份"), {"cert_day": "2021-11"}),
        (("2021年取得证书，没注册", "12月"), {"cert_date": "2021-12", "cert_day": None}),
        (("2021年11月26日发证没注册，今天行不行", "昨天呢"), {"cert_date": "2021-11-26"}),
        (
            ("第二位，2022年拿证没注册", "下一位，注册2027年3月到期，换了单位"),
            {"valid_to": "2027-03", "cert_date": None, "change": "employer"},
        ),
        (("我的证係舊年6月過期嘅",), {"valid_to": "2025-06"}),
        (("俺22年考哩，一直没整",), {"cert_date": "2022", "registered": "never"}),
        ((*BEFORE, "过期好多年了记不清了"), {"valid_to": "expired"}),
        ((*BEFORE, "早就过期了，哪天忘了"), {"valid_to": "expired"}),
        ((*BEFORE, "不知道什么时候过期的"), {"valid_to": "unknown"}),
        ((*BEFORE, "忘了过期没"), {"valid_to": "unknown"}),
        ((*BEFORE, "没过期，忘了哪天"), {"valid_to": "unknown"}),
        (("建筑公司的", "不是，是化工的"), {"certificate": None, "business": "other"}),
        (("注册过，过期2年了，中间没单位，现在新单位",), {"change": "employer", "business": None, "employer": None}),
        (("注册过，过期2年了，现在没单位",), {"change": "left", "business": "jobless"}),
        (("16年拿的证还没注册，原定最晚到哪天", "22年的呢"), {"cert_date": "2022"}),
        (("证拿了一年多了还没注册急急急咋弄",), {"cert_date": "2024/2025", "registered": "never"}),
        (("证拿到手了想头一回注册，要交哪几样",), {"cert_date": None, "registered": "never"}),
        (("注册有效期到2027年6月30日 没换单位",), {"valid_to": "2027-06-30", "change": "unchanged"}),
        ((*BEFORE, "2026年10月31日 没来得及延续"), {"valid_to": "2026-10-31"}),
        ((*BEFORE, "12年到期续了一次 到15年"), {"valid_to": "2015"}),
        ((*BEFORE, "标签上写的到2020年10月"), {"valid_to": "2020-10"}),
        (("我不是没注册过 是过期了",), {"registered": "before"}),
        (("我不是注册过期 是从没注册",), {"registered": "never"}),
        (("21年12月批准的，一直没时间注册",), {"cert_date": "2021-12", "registered": "never"}),
        ((*NEVER, "煤矿", "不是煤矿 是非煤矿山"), {"business": "other"}),
        ((*NEVER, "煤矿", "改一下 业务不是煤矿"), {"business": None}),
        ((*NEVER, "建筑施工", "我们不是做建筑的"), {"business": None}),
        ((*NEVER, *REST[:2], "山西那边要不要开证明"), {"province": None}),
        ((*NEVER, *REST[:2], "听说北京那边要社保"), {"province": None}),
        ((*NEVER, *REST[:2], "我在山西那边"), {"province": "山西"}),
        (("初级注安证能在这注册吗",), {"certificate": None}),
        ((*NEVER, "煤矿是不是要选煤监"), {"business": None}),
        ((*NEVER, "其他行业", "中石化的人选哪"), {"employer": None, "group": None}),
        ((*NEVER, "如果我2022年1月才领的证呢"), {"cert_date": "2024-05-20"}),
        ((*NEVER, *REST, "要是我在北京呢"), {"province": "浙江"}),
        ((*NEVER, *REST, "那2018年的证怎么办"), {"cert_date": "2024-05-20"}),
        (("给我办理方案", "有", "没注册过", "2024年拿的人是不是2029年到期"), {"registered": "never", "valid_to": None}),
        ((*BEFORE, "2028年3月6日", "没换", "换单位会影响不"), {"change": "unchanged"}),
        ((*BEFORE, "2028年3月6日", "没换", *REST, "公司要改名了 有影响吗"), {"change": "unchanged"}),
        ((*BEFORE, "2028年3月6日", "没换", *REST, "我上个月换单位了，要重新办吗"), {"change": "employer"}),
        (("18年3月拿的证还能注册吗",), {"cert_date": "2018-03"}),
        ((*BEFORE, "有效期五年 2021年12月3号批的"), {"valid_to": None}),
        ((*BEFORE, "自2022.01.15起5年"), {"valid_to": None}),
        (("给我办理方案", "有", "没注册过", "2021年11月到12月之间"), {"cert_date": "2021-11/2021-12"}),
        (("给我办理方案", "有", "没注册过", "21、22年的样子"), {"cert_date": "2021/2022"}),
        (("给我办理方案", "有", "没注册过", "2020年到2021年"), {"cert_date": "2020/2021", "valid_to": None}),
        (("给我办理方案", "有", "没注册过", "2021年11月26号之前"), {"cert_date": None}),
        (("给我办理方案", "有", "没注册过", "21年11月27号往后"), {"cert_date": None}),
        ((*NEVER, *REST, "单位不在浙江 在天津"), {"province": "天津"}),
        ((*NEVER, *REST, "不是浙江 是河南"), {"province": "河南"}),
        ((*NEVER, *REST, "浙江写错了 河南"), {"province": "河南"}),
        ((*NEVER, *REST, "母公司在北京"), {"province": "浙江"}),
        ((*NEVER, *REST, "老单位在山西"), {"province": "浙江"}),
        ((*NEVER, *REST, "又看了下 是2022年1月17"), {"cert_date": "2022-01-17"}),
        ((*NEVER, *REST, "刚翻了证书 2021-12-08"), {"cert_date": "2021-12-08"}),
        ((*BEFORE, "2028年3月6日", "没换", *REST, "单位和类别都换了"), {"change": "employer-category"}),
        ((*BEFORE, "2027年6月6日", "换单位了", "一起", *REST, "算了 不一起延续"), {"renew_too": "change-only"}),
        ((*BEFORE, "2028年3月6日", "没换", "没有"), {"business": None}),
        ((*BEFORE, "2028年3月6日", "没换", "煤矿", "其他单位", "山西", "列表里有煤监"), {"coal_list": "listed"}),
        (("注册过 有效期到2027年1月15日 换单位了 一起延续",), {"valid_to": "2027-01-15", "renew_too": "both"}),
        (("注册过的 到2027年1月15 没换单位",), {"valid_to": "2027-01-15"}),
        (("二零二三年五月注册的到二零二八年五月",), {"valid_to": "2028-05", "registered_year": "2023-05"}),
        (("我有中级注安 2023年10月",), {"cert_date": "2023-10"}),
        (("没注册过 拿到证2020年5月",), {"cert_date": "2020-05"}),
        (("我的注册有效期到今天，没换单位",), {"valid_to": "2026-11-26"}),
        (("明天到期 昨天刚换的单位",), {"valid_to": "2026-11-27", "change": "employer"}),
        (("我姓杨叫杨帆",), {"name": "yf"}),
        (("我只有初级证，能在这注册吗",), {"certificate": "junior"}),
        ((*NEVER, *REST[:3], "没有登录过 也可能登录过 记不清了"), {"login": "unsure"}),
    ],
    ids=lambda given: given[-1] if isinstance(given, tuple) else "",
)
def test_a_case_is_heard_as_it_is_meant(assistant: Assistant, said: tuple[str, ...], answers: dict[str, str]) -> None:
    known = talk(assistant, *said)[0].answers
    assert {name: known.get(name) for name in answers} == answers


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
    ],
    ids=lambda given: given[-1] if isinstance(given, tuple) else given,
)
def test_the_answer_is_for_this_person(assistant: Assistant, said: tuple[str, ...], entry: str) -> None:
    assert talk(assistant, *said)[1].entry == entry


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


@pytest.mark.parametrize("turn", ["小李呢", "那我呢"])
def test_an_answer_for_one_person_is_not_said_again_for_the_next(assistant: Assistant, turn: str) -> None:
    reply = talk(assistant, "小王2018年3月拿的证一直没注册", turn, "2024年5月拿的证")[1]
    assert reply.entry != "overdue-initial"


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


def test_back_to_oneself_goes_on_with_what_is_known(assistant: Assistant) -> None:
    state, reply = talk(assistant, MINE, "退出", COLLEAGUE, "那我呢")
    assert (reply.node, state.answers["valid_to"]) == ("business", "2027-01-20")
    assert "说说你自己" in talk(assistant, COLLEAGUE, "那我呢")[1].lead


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


@pytest.mark.parametrize("said", [("去年",), ("2021年3月",), ("我的证到期了", "去年"), ("你好", "2024年5月吧")])
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


def test_a_number_beside_a_question_does_not_hide_it(assistant: Assistant) -> None:
    reply = talk(assistant, "我的身份证号是11010519491231002X，手机13812345678，密码忘了")[1]
    assert reply.entry == "password-reset"


def test_a_day_that_can_not_lie_ahead_is_told(assistant: Assistant) -> None:
    state, reply = talk(assistant, "我的证2030年拿的")
    assert "还没到" in reply.lead
    assert "cert_date" not in state.answers


@pytest.mark.parametrize(
    "said", ["第一个", "第二个", "第三个问题，2024年的证算哪种", "第二个单位，2024年去的", "下一个"]
)
def test_what_is_counted_is_not_always_a_person(assistant: Assistant, said: str) -> None:
    told = talk(assistant, *BEFORE, "2027年9月20日", said)[0]
    assert told.answers["valid_to"] == "2027-09-20"
    assert told.flow == "plan"


def test_the_third_of_what_was_listed_can_be_asked_for(assistant: Assistant) -> None:
    assert talk(assistant, "注册有哪几种", "第三个")[1].entry == "change"


@pytest.mark.parametrize(
    ("said", "entry"),
    [
        (("注册有哪几种", "第四个"), "reregister"),
        (("注册有哪几种", "最后一个"), "reregister"),
        (("注册有哪几种", "第五个"), "registration-types"),
        (("注册有哪几种", "第十个"), "registration-types"),
        (("单位被收购了", "第二个"), "rename"),
        (("单位被收购了", "2"), "rename"),
        (("单位被收购了", "第四个"), "ask-reorganised"),
        (("单位被收购了", "最后一个"), "review-body-contact"),
        (("照片", "第九个"), "ask-photo"),
    ],
)
def test_which_of_a_list_is_meant_or_the_list_again(assistant: Assistant, said: tuple[str, ...], entry: str) -> None:
    assert talk(assistant, *said)[1].entry == entry


@pytest.mark.parametrize("said", [("第四个",), ("延续要什么材料", "第四个"), ("我要交材料", "第6个")])
def test_which_of_no_list_is_asked_back(assistant: Assistant, said: tuple[str, ...]) -> None:
    reply = talk(assistant, *said)[1]
    assert (reply.status, reply.answers) == (Status.CLARIFY, ())


def test_more_than_the_options_of_a_question_fits_none(assistant: Assistant) -> None:
    state, reply = talk(assistant, "给我办理方案", "第五个")
    assert reply.question
    assert (reply.node, bool(reply.question.problem), state.answers) == ("certificate", True, {})


@pytest.mark.parametrize(
    ("said", "answered", "more"),
    [
        ("延续什么时候申请？延续要哪些材料？密码忘了怎么办？证件照怎么传？注册证怎么领？要审多久？", 4, True),
        ("1.延续什么时候办 2.要什么材料 3.初审机构怎么选 4.密码忘了怎么办 5.照片有什么要求 6.多久能下来", 4, True),
        ("延续什么时候申请？密码忘了怎么办？", 2, False),
        ("延续什么时候申请？", 1, False),
    ],
)
def test_questions_left_out_are_not_left_out_silently(
    assistant: Assistant, said: str, answered: int, more: bool
) -> None:
    reply = talk(assistant, said)[1]
    assert (len(reply.answers), "再发一次" in reply.lead) == (answered, more)
