"""The web page without a browser: what it says and what it keeps."""

from __future__ import annotations

import asyncio
import itertools
import re
from datetime import date

import pytest
from icalendar import Calendar

from bot import links
from bot import wording as w
from bot.channels.web import wording as ww
from bot.channels.web.trouble import FRAGMENT
from bot.mind import Mind, MindKeeper
from bot.store import Store
from tests.web_kit import Page, Visitor, visitor

# what it says


def test_the_dialogues_are_one_tap_away(someone: Visitor) -> None:
    page = someone.page()
    assert {f"f.{flow}" for flow in w.FLOWS} <= {b["value"] for b in page.all("button", name="choice")}


def test_every_dialogue_has_its_words_and_its_icon(someone: Visitor, mind: Mind) -> None:
    icons = [found["d"] for found in someone.page().all("path")]
    assert set(mind.flows) == set(w.FLOWS) == set(ww.FLOW_HINTS)
    assert all(icons)
    assert len(set(icons)) >= len(w.FLOWS)


def test_an_answer_shows_its_source_and_asks_whether_it_helped(someone: Visitor) -> None:
    page = someone.press("e.initial-deadline")
    assert page.all("details", class_="why")
    assert {w.USEFUL, w.USELESS} <= set(page.buttons())


def test_each_source_is_named_once_with_its_sections_and_days(someone: Visitor) -> None:
    someone.plan()
    why = someone.page("/plan").html.split('<details class="why">')[1].split("</details>")[0]
    assert "2021年1月18日发布" in why
    assert "2026年11月23日核对" in why
    titles = re.findall(r'class="source">([^<]+)<', why)
    sections = re.findall(r"<ul>(.*?)</ul>", why)
    assert len(titles) == len(set(titles)) == len(sections)
    assert sections[titles.index("《注册有关说明》")].count("<li>") > 1


def test_a_supplementary_answer_is_marked(someone: Visitor) -> None:
    assert ww.STANDINGS["supplementary"] in someone.press("e.education-hours").text


def test_feedback_is_stored_and_shown_and_leaves_the_question_open(someone: Visitor, store: Store) -> None:
    someone.press("f.type")
    someone.press("e.initial-deadline")
    page = someone.press("y.initial-deadline")
    assert store.read("select useful from feedback where entry = 'initial-deadline'")[0]["useful"] == 1
    assert page.all("button", value="y.initial-deadline")[0]["aria-pressed"] == "true"
    assert page.all("section", class_="question")
    assert "从没注册过" in someone.press(page.buttons()["有"]).buttons()


def test_after_useless_the_way_to_a_person_is_the_only_thing_offered(someone: Visitor) -> None:
    someone.plan()
    someone.press("e.initial-deadline")
    html = someone.press("n.initial-deadline").html
    aside = html[html.index('<li class="turn aside"') : html.index("</ol>", html.index('<li class="turn aside"'))]
    assert list(Page(aside).buttons()) == [w.TO_HUMAN]


def test_the_whole_plan_with_back_and_edit(someone: Visitor) -> None:
    someone.press("f.plan")
    someone.press(someone.page().buttons()["有"])
    someone.press("back")
    page = someone.plan()
    assert _verdict(page) == "延续注册"
    page = someone.press("b.change")
    page = someone.press(page.buttons()["换了聘用单位"])
    assert _verdict(someone.press(page.buttons()["只办变更"])).startswith("变更注册")


def _verdict(page: Page) -> str:
    return str(re.findall(r'class="verdict-type">([^<]+)<', page.html)[-1])


def test_how_much_is_left_is_said_towards_the_end(someone: Visitor, store: Store) -> None:
    assert "最多还有" not in someone.press("f.plan").text
    page = someone.press("f.login")
    assert "第 1 问，最多还有 3 问" in page.text
    assert "第 2 问，最后一问" in someone.press(page.buttons()["能登录，密码一直没改过"]).text
    older = "update turns set reply = json_remove(reply, '$.question.left')"
    store.write_now(lambda connection: connection.execute(older))
    assert "第 2 问" in someone.page().text


def test_a_date_can_be_a_day_or_only_a_year_and_a_month(someone: Visitor) -> None:
    page = someone.press("f.type")
    for word in ("有", "注册过"):
        page = someone.press(page.buttons()[word])
    page = Page(someone.post("/say", {"day": "", "year": "2030", "month": "5"}).text)
    assert "2030年5月" in page.text


def test_a_day_that_can_not_lie_ahead_is_not_offered(someone: Visitor) -> None:
    page = someone.press("f.type")
    for word in ("有", "从没注册过"):
        page = someone.press(page.buttons()[word])
    assert page.all("input", type="date")[0]["max"] == "2026-11-23"
    assert max(str(option["value"]) for option in page.all("option") if len(str(option["value"])) == 4) == "2026"


@pytest.mark.parametrize(
    "fields",
    [
        {"day": "", "year": "²", "month": ""},
        {"day": "9" * 5000, "year": "", "month": ""},
        {"day": "", "year": "٢٠٢٤", "month": "٣"},
        {"day": "2024-01-01-01", "year": "x" * 5000, "month": "1"},
    ],
)
def test_a_date_that_our_fields_do_not_send_is_no_crash(someone: Visitor, fields: dict[str, str]) -> None:
    assert someone.post("/say", fields).status_code == 200


def test_the_bare_address_leads_to_where_one_was(someone: Visitor) -> None:
    assert someone.get("/").url.path == "/"
    assert not someone.get("/").url.fragment
    someone.press("f.type")
    assert someone.get("/").url.fragment == "last"
    assert someone.page("/").all("li", id="last")


def test_only_what_is_new_is_sent_to_the_script(someone: Visitor) -> None:
    first = someone.say("你好").all("li", class_="turn newest")[0]["data-turn"]
    answer = someone.post("/say", {"text": "怎么登录", "after": str(first)}, {"Accept": FRAGMENT})
    assert len(Page(answer.text).all("li")) >= 1
    assert f'data-turn="{first}"' not in answer.text


def test_headings_skip_no_level(someone: Visitor) -> None:
    for page in (someone.page(), someone.plan(), someone.page("/plan"), someone.page("/nope")):
        levels = [int(tag[1]) for tag, _ in page.elements if tag in ("h1", "h2", "h3", "h4")]
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_what_was_wrong_is_tied_to_the_field(someone: Visitor) -> None:
    page = someone.press("f.type")
    for word in ("有", "从没注册过"):
        page = someone.press(page.buttons()[word])
    page = someone.say("1980年")
    field = page.all("input", type="date")[0]
    assert field["aria-invalid"] == "true"
    assert page.all("p", id=str(field["aria-describedby"]))


def test_what_did_not_match_is_not_asked_for_by_a_number_that_is_not_shown(someone: Visitor) -> None:
    someone.press("f.review_body")
    page = someone.say("蓝色")
    assert "没对上" in page.text
    assert "序号" not in page.text


def test_a_plan_answered_anew_is_shown_live_once(someone: Visitor) -> None:
    someone.plan()
    page = someone.press("resume")
    assert len(page.all("details", class_="card")) == 2
    assert len(page.all("section", id="materials")) == 1


# a long conversation


def _lengthen(store: Store, turns: int) -> list[int]:
    """Many turns more, as the last one was; the ids of all."""
    copy = (
        "insert into turns (conversation, at, said, reply) select conversation, at, said, reply from turns where id = 1"
    )
    store.write_now(lambda connection: [connection.execute(copy) for _ in range(turns)])
    return [row["id"] for row in store.read("select id from turns order by id")]


def _turns(page: Page) -> list[int]:
    return [int(str(a["data-turn"])) for a in page.all("li") if "data-turn" in a]


def test_without_a_script_links_lead_to_all_that_was_said_page_by_page(someone: Visitor, store: Store) -> None:
    someone.say("延续注册要交什么材料")
    expected, seen, path = _lengthen(store, 200), list[int](), "/"
    while path:
        page = someone.page(path)
        assert len(_turns(page)) <= 60
        seen = _turns(page) + seen
        path = next((str(a["href"]) for a in page.all("a") if str(a.get("href")).startswith("/?before=")), "")
    assert seen == expected


def test_what_was_said_earlier_is_only_to_be_read_and_leads_back(someone: Visitor, store: Store) -> None:
    someone.say("延续注册要交什么材料")
    page = someone.page(f"/?before={_lengthen(store, 100)[-1]}")
    assert ww.LATEST in page.text
    assert not page.all("li", class_="turn newest")
    assert not page.all("ol", id="log")  # the script would fetch all that came after


def test_the_script_gets_all_that_is_new_in_several_steps(someone: Visitor, store: Store) -> None:
    someone.say("延续注册要交什么材料")
    expected, seen, more = _lengthen(store, 200), [0], True
    while more:
        page = Page(someone.get(f"/turns?after={seen[-1]}", {"Accept": FRAGMENT}).text)
        assert 0 < len(_turns(page)) <= 60
        seen += _turns(page)
        more = any("data-more" in found for _, found in page.elements)
    assert seen[1:] == expected


# the plan


def test_ticks_stay(someone: Visitor) -> None:
    page = someone.plan()
    key = page.all("input", name="key")[0]["value"]
    material = page.all("input", name="material")[0]["value"]
    someone.post("/tick", {"key": str(key), "material": str(material), "done": "1"})
    assert len(someone.page("/plan").all("li", class_="done")) == 1


def test_a_tick_of_another_plan_is_refused(someone: Visitor) -> None:
    someone.plan()
    assert someone.post("/tick", {"key": "other", "material": "form", "done": "1"}).status_code == 400


def test_the_calendar_holds_the_dates_of_the_plan(someone: Visitor) -> None:
    someone.plan()
    events = Calendar.from_ical(someone.get("/plan.ics").content).walk("VEVENT")
    assert date(2027, 2, 23) in [event.decoded("dtstart") for event in events]


def test_the_document_holds_the_plan(someone: Visitor) -> None:
    someone.plan()
    assert someone.get("/plan.md").text.startswith(f"# {w.CARD_TITLE}")


@pytest.mark.parametrize("path", ["/plan", "/plan.md", "/plan.ics"])
def test_without_a_plan_the_page_offers_to_make_one(someone: Visitor, path: str) -> None:
    answer = someone.get(path)
    assert answer.status_code == 404
    assert ww.NO_PLAN in answer.text


@pytest.mark.parametrize("path", ["/plan", "/plan.ics"])
def test_while_an_answer_is_being_changed_the_way_to_the_plan_leads_back_to_the_question(
    someone: Visitor, path: str
) -> None:
    someone.plan()
    someone.press("b.change")
    answer = someone.get(path)
    assert answer.status_code == 404
    assert ww.PLAN_UNFINISHED in answer.text
    assert {a["href"] for a in Page(answer.text).all("a")} == {"/"}


# links


def test_looking_at_a_link_changes_nothing(
    someone: Visitor, keeper: MindKeeper, store: Store, loop: asyncio.Runner
) -> None:
    link = _link(someone.plan())
    other = visitor(keeper, store, loop)
    other.get(link)
    assert len(store.read("select id from conversations")) == 1
    assert "延续注册" in Page(other.post(link, {}).text).text


def test_a_link_says_nothing_that_we_do_not(someone: Visitor) -> None:
    token = links.make("plan", {"province": "加微信领证不用考", "k": "13800138000", "certificate": "have"})
    page = someone.page(f"/d/{token}")
    assert "加微信" not in page.text
    assert "13800138000" not in page.text
    assert len(page.all("dl", class_="known")) == 1


@pytest.mark.parametrize("last", ["9999-12-31", "2027-02-23"])
def test_a_day_out_of_all_time_is_not_taken_over(someone: Visitor, last: str) -> None:
    answers = {"certificate": "have", "registered": "before", "valid_to": last, "change": "unchanged"}
    someone.post(f"/d/{links.make('type', answers)}", {})
    assert someone.get("/plan.ics").status_code == (404 if last.startswith("9999") else 200)


def test_a_link_carries_no_name(someone: Visitor) -> None:
    someone.press("f.login")
    page = someone.page()
    for word in ("从没登录过", "不是，2012年或以后"):
        page = someone.press(page.buttons()[word]) if word in page.buttons() else page
    page = someone.say("单雄信")
    opened = someone.page(_link(page))
    assert "sxx" not in opened.text.lower()
    assert ww.LINK_LACKS in opened.text


def test_sharing_a_plan_says_what_the_link_carries(someone: Visitor) -> None:
    assert ww.LINK_HINT in someone.plan().text
    assert "带着你填的回答" in ww.LINK_HINT


def test_a_broken_link_leads_to_the_dialogues(someone: Visitor) -> None:
    answer = someone.get("/d/broken")
    assert answer.status_code == 404
    assert len([a for a in Page(answer.text).all("a") if str(a.get("href")).startswith("/d/")]) == len(w.FLOWS)


def _link(page: Page) -> str:
    return next(str(a["href"]) for a in page.all("a") if str(a.get("href")).startswith("/d/"))
