"""What is taken from free text, and above all what is not."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.engine import fits, nodes_of
from flows.extract import DATES, merge
from tests.flow_kit import flows, said

TODAY = date(2026, 11, 23)

_TAKEN: list[tuple[str, dict[str, str]]] = [
    (
        "我18年3月拿的证一直没注册,在中石化下面的炼油厂,叫单雄信",
        {"cert_date": "2018-03", "registered": "never", "employer": "central", "group": "中国石油化工集团"},
    ),
    ("2019年考过的，2020年3月下的证，没注册", {"cert_date": "2020-03", "registered": "never"}),
    ("批准日期2021年11月10日，签发日期2021年12月6日", {"cert_date": "2021-11-10/2021-12-06"}),
    ("我2022年5月批准注册，有效期到2027年5月", {"valid_to": "2027-05", "registered_year": "2022-05"}),
    ("注册有效期2022年3月1日至2027年2月28日", {"valid_to": "2027-02-28", "registered": "before"}),
    ("注册还有三个月到期 换了单位", {"valid_to": "2027-02", "change": "employer"}),
    ("资格证是2016年的，2018年注册过一次，2021年就过期了", {"cert_date": "2016", "valid_to": "2021"}),
    ("没换单位，就是公司改名了", {"change": "renamed"}),
    ("单位没变，类别想改", {"change": "category"}),
    ("单位和注册类别都没变", {"change": "unchanged"}),
    ("上周跳槽到一家民营纺织厂，类别也要改成化工安全", {"change": "employer-category", "employer": "other"}),
    ("刚离职，新单位还没找到", {"change": "left", "business": "jobless"}),
    ("去年从民企跳槽到央企", {"employer": "central", "change": "employer"}),
    ("国企，不是央企，山东省属的", {"employer": "other", "province": "山东"}),
    ("从没登录过系统，2010年注册的", {"login": "never", "registered_year": "2010"}),
    ("12年以前注册的，身份证号登录不上", {"before_2012": "earlier", "id_number": "failed"}),
    ("系统能登录，密码还是默认的没改过", {"login": "works-default"}),
    ("以前登过，密码忘了，刚做了重置", {"login": "reset"}),
    ("没考过注册安全工程师，只有消防工程师证", {"certificate": "other"}),
    ("只有初级注册安全工程师证", {"certificate": "junior"}),
    ("央企，列表里没有我们集团", {"employer": "central", "group_list": "unlisted"}),
    ("山西的煤矿，列表里有山西煤监", {"business": "coal", "coal_list": "listed", "province": "山西"}),
    ("中煤集团的煤矿，在山西，煤监列表里有", {"group": "中国中煤能源集团", "coal_list": "listed"}),
    ("我拿证那天是2021年4月9日", {"cert_date": "2021-04-09"}),
    ("原来叫甲公司，现改名为乙公司", {"change": "renamed"}),
    ("公司人事用我的账号登的，密码不给我", {"login": "forgot"}),
    ("2020年10月考的试，2021年3月公示，证书4月20日才发下来", {"cert_date": "2021-04-20"}),
    ("初级的，2023年9月取得", {"certificate": "junior"}),
    ("只过了三科，还没拿到证", {"certificate": "missing"}),
    ("单位不变，想变成化工安全", {"change": "category"}),
    ("单位还是原来那家", {"change": "unchanged"}),
    ("2021年10月考的，没注册", {"cert_date": "2021/2022", "registered": "never"}),
    ("我96年入行2004年就考过了", {"cert_date": "2004/2005"}),
    ("我不记得登过没", {"login": "unsure"}),
    ("登没登过忘了", {"login": "unsure"}),
    ("从没登录过", {"login": "never"}),
    ("我证2026年12月31号到期 单位没变但是改名了", {"valid_to": "2026-12-31", "change": "renamed"}),
    ("我考的是初级", {"certificate": "junior"}),
    ("说错了 是中级", {"certificate": "have"}),
    ("是中级", {"certificate": "have"}),
    ("中级和初级都有", {"certificate": "have"}),
    ("没有单位的能注册吗", {"change": "left"}),
    ("我叫要武，密码忘了", {"name": "yw", "login": "forgot"}),
    ("我叫乐嘉，密码忘了", {"name": "lj/yj", "login": "forgot"}),
]


@pytest.mark.parametrize(("text", "expected"), _TAKEN, ids=[text for text, _ in _TAKEN])
def test_taken_from_what_was_written(text: str, expected: dict[str, str]) -> None:
    assert expected.items() <= said(text, TODAY).answers.items()


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("我想考中级注安", "certificate"),
        ("没有注册安全工程师证", "registered"),
        ("我同事注册过，我没注册过", "registered"),
        ("证书2021年就过期了", "valid_to"),
        ("不是2018年拿的证", "cert_date"),
        ("2024年12月拿到新单位的聘用文件", "cert_date"),
        ("在沈阳一家煤矿设计院", "business"),
        ("我是做安全评价咨询的，客户是建筑公司", "business"),
        ("在煤矿建设公司做矿建", "business"),
        ("我是国企的", "employer"),
        ("我在中石化", "business"),
        ("中煤集团的煤矿，煤监列表里有", "group_list"),
        ("总部在北京，我在广东分公司", "province"),
        ("我叫张重庆", "province"),
        ("想重置密码", "login"),
        ("不能登录", "login"),
        ("能不能登录", "login"),
        ("延续注册需要什么材料", "change"),
        ("变更注册需要什么材料", "change"),
        ("怎么注册", "registered"),
        ("我没有单位的章", "change"),
        ("没有单位公章怎么办", "employer"),
        ("现在没有公司的盖章", "change"),
        ("2021年10月考的 证还没领", "cert_date"),
        ("21年考过的，证还没下来", "cert_date"),
        ("怎么能登", "login"),
        ("还有啥招能登", "login"),
        ("登过没有", "login"),
        ("中石化下面三产改制企业", "employer"),
        ("中石化下面三产改制企业", "group"),
        ("中石化下面三产改制企业", "business"),
        ("央企的改制企业", "employer"),
        ("我身份证2026年12月31号到期", "valid_to"),
        ("注册了，合同2027年2月到期", "valid_to"),
        ("2008年", "before_2012"),
        ("我要考的是中级", "certificate"),
        ("山西煤矿，列表里有没有煤监?", "coal_list"),
        ("山西煤矿，列表里有煤监吗", "coal_list"),
        ("央企，列表里有没有我们集团", "group_list"),
        ("注册没注册过都忘了", "registered"),
        ("不对，我是要延续", "name"),
        ("我是要咨询", "name"),
    ],
)
def test_not_taken_where_it_is_not_sure(text: str, node: str) -> None:
    assert node not in said(text, TODAY).answers


@pytest.mark.parametrize("text", ["不对，是2017年", "不是2018年，是2017年", "说错了 2017年"])
def test_a_correction_replaces_the_date_given_last(text: str) -> None:
    before = {"registered": "never", "cert_date": "2018-03"}
    assert merge(before, said(text, TODAY))["cert_date"] == "2017"


def test_a_date_without_a_role_replaces_nothing() -> None:
    before = {"cert_date": "2018-03"}
    assert merge(before, said("我2025年结的婚", TODAY)) == before


def test_what_is_said_later_counts() -> None:
    before = dict(said("没换单位", TODAY).answers)
    assert merge(before, said("哦不对，去年换了单位", TODAY))["change"] == "employer"


def test_a_name_is_kept_as_initials_only() -> None:
    found = said("我叫单雄信，在广东的厂里，2018年3月拿的证", TODAY).answers
    assert not {"单", "雄", "信"} & set("".join(found.values()))


@given(st.text(alphabet="我没注册过证2018年3月1日到期有效换单位登录密码忘了，。不在厂煤矿央企叫王", max_size=40))
def test_whatever_is_taken_is_an_answer_to_its_question(text: str) -> None:
    nodes = nodes_of(flows()["plan"]) | nodes_of(flows()["materials"])
    found = said(text, TODAY).answers
    wrong = {n: v for n, v in found.items() if not nodes[n].past and not fits(nodes[n], v, {}, TODAY)}
    assert wrong == {}


def test_a_leap_day_takes_no_year_that_has_none() -> None:
    assert said("2021年公示，2月29日拿到证", TODAY).answers["cert_date"] == "2024-02-29"


def test_a_correction_without_a_year_is_left_to_be_asked() -> None:
    before = {"cert_date": "2021-03-05"}
    assert merge(before, said("不对，是4月20日", TODAY)) == before


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("我2010年注册的，一直没管", {"registered": "before", "registered_year": "2010"}),
        ("2017年的中级注安证书，一直没管", {"registered": "never", "cert_date": "2017"}),
        ("证书日期2024年9月，没注册过", {"registered": "never", "cert_date": "2024-09"}),
        ("资格证2021年11月26日批准的，今天还来得及吗", {"cert_date": "2021-11-26"}),
        ("没注册过，拿证4年半了", {"registered": "never", "cert_date": "2022-05"}),
        ("有效期2027年12月31号，单位先改了名，我又换到另一家", {"change": "employer"}),
        ("换了单位也换了类别", {"change": "employer-category"}),
        ("下周三到期，还是原单位", {"valid_to": "2026-12-02", "change": "unchanged"}),
    ],
)
def test_what_a_story_says(text: str, answers: dict[str, str]) -> None:
    found = said(text, TODAY).answers
    assert {node: found.get(node) for node in answers} == answers


@pytest.mark.parametrize(
    "text",
    [
        "我2021年1月拿的证，截止是2024年3月1日吧",
        "2018年的证，2024年3月1日过期了怎么办",
        "注册有效期是10年吗",
        "新规定有效期改为10年",
    ],
)
def test_the_day_of_a_claim_is_no_validity_of_a_registration(text: str) -> None:
    assert not {"valid_to", "registered"} & said(text, TODAY).answers.keys()


@pytest.mark.parametrize(
    "text",
    [
        "疫情那年拿的证",
        "我疫情第一年拿的证，没注册",
        "证是孩子出生那年拿的",
        "奥运那年考的",
        "新冠那会儿注册的",
        "疫情前拿的证",
        "虎年拿的证",
        "前几年拿的证",
        "好几年前拿的证",
        "五六年前拿的证",
        "2年多前拿的证",
        "2021年冬天拿的证",
        "去年冬天拿的证",
        "注册今年冬天到期",
        "毕业那年",
    ],
)
def test_a_time_that_leaves_the_year_open_is_no_date(text: str) -> None:
    found = said(text, TODAY)
    assert found.vague
    assert not set(DATES) & found.answers.keys()


@pytest.mark.parametrize(
    ("text", "date_"),
    [
        ("2019年疫情那年拿的证", "2019"),
        ("拿证那年是2021年", "2021"),
        ("2021年冬天12月拿的证", "2021-12"),
        ("三年前拿的证", "2023"),
        ("2022年夏天拿的证", "2022"),
    ],
)
def test_a_year_that_is_said_counts_beside_such_a_time(text: str, date_: str) -> None:
    found = said(text, TODAY)
    assert (found.answers["cert_date"], found.vague) == (date_, False)


@pytest.mark.parametrize(
    "text", ["疫情期间能注册吗", "注册过期前几年的继续教育算吗", "初始注册时好几年前的合同能用吗", "拿证那年我在老单位"]
)
def test_what_tells_no_time_of_a_certificate_needs_no_year(text: str) -> None:
    assert not said(text, TODAY).vague


def test_a_place_in_the_name_of_an_event_is_no_province() -> None:
    assert "province" not in said("北京冬奥会那年拿的证，没注册", TODAY).answers


def test_the_end_of_the_month_is_that_of_the_month_before_it() -> None:
    assert said("注册有效期到2026年12月，月底就到期了", TODAY).answers["valid_to"] == "2026-12"


@pytest.mark.parametrize(
    "text", ["我2018年3月拿的证，\ue030取得证书", "\ue000到期", "\ue100,改了名", "叫王\ue863，18年3月拿的证"]
)
def test_private_characters_stand_for_no_date(text: str) -> None:
    found = said(text, TODAY).answers
    assert found.get("cert_date") in (None, "2018-03")
    assert "valid_to" not in found
