"""小安 in a real browser, on a phone: ask, clarify, the whole plan, reload, restart, without script."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot import wording as w
from bot.channels.web import wording as ww
from tests.browser.kit import ARGUMENTS, CHROMIUM, EXPIRY, PHONE, Server, open_plan, plan, press, say

pytestmark = pytest.mark.browser


def test_ask(page: Page, shared: Server) -> None:
    page.goto(shared.url)
    say(page, "延续注册要交什么材料")
    expect(page.locator(".newest .answer")).to_contain_text("履职情况书面陈述")
    why = page.locator(".newest .why").first
    expect(why.locator("li").first).to_be_hidden()
    why.locator("summary").click()
    expect(why.locator("li").first).to_contain_text("注册有关说明")


def test_clarify(page: Page, shared: Server) -> None:
    page.goto(shared.url)
    say(page, "材料")
    page.locator(".newest .option, .newest .chip").first.click()
    expect(page.locator(".newest .answer, .newest .question").first).to_be_visible()


def test_the_whole_plan_with_back_and_edit(page: Page, shared: Server) -> None:
    page.goto(shared.url)
    plan(page)
    expect(page.locator(".newest .verdict-type")).to_have_text("延续注册")
    press(page, w.BACK)
    press(page, "能登录，用自己的密码")
    page.locator(".newest .facts summary").click()
    page.locator(".newest .fact", has_text="都没变").click()
    press(page, "换了聘用单位")
    press(page, "只办变更")
    expect(page.locator(".newest .verdict-type")).to_contain_text("变更注册")


def test_a_double_tap_does_not_answer_the_next_question(page: Page, shared: Server) -> None:
    page.goto(shared.url)
    page.locator(".tiles .flow-type").click()
    page.locator(".newest .option").first.click()
    expect(page.locator(".turn")).to_have_count(2)
    at = page.locator(".newest .option").last.bounding_box()
    assert at
    page.mouse.click(at["x"] + 9, at["y"] + 9)
    press(page, "从没注册过")
    expect(page.locator(".said")).to_have_text([re.compile("我该办"), re.compile("有$"), re.compile("从没注册过")])


def test_ticks_stay_after_a_reload(page: Page, shared: Server) -> None:
    open_plan(page, shared.url)
    page.locator(".newest .tick").first.click()
    expect(page.locator(".newest .tick").first).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".newest").get_by_role("status")).to_have_text(re.compile(r"1 / \d"))
    page.goto(f"{shared.url}/plan")
    expect(page.locator(".ticks .done")).to_have_count(1)
    page.context.set_offline(True)
    page.locator(".tick").last.click()
    expect(page.get_by_role("alert")).to_be_in_viewport()
    expect(page.locator(".ticks .done")).to_have_count(1)


def test_a_plan_that_was_replaced_is_no_longer_worked_with(page: Page, shared: Server) -> None:
    open_plan(page, shared.url)
    expect(page.locator(".card .tools")).to_have_count(1)
    press(page, w.BACK)
    expect(page.locator(".newest .question")).to_be_visible()
    expect(page.locator(".card .tools")).to_have_count(0)
    expect(page.locator(".card .tick:not([disabled])")).to_have_count(0)
    expect(page.locator(".top-plan")).to_be_hidden()


def test_a_page_that_is_too_old_keeps_what_was_written(page: Page, shared: Server) -> None:
    page.goto(shared.url)
    say(page, "你好")
    expect(page.locator(".newest")).to_be_visible()
    page.context.clear_cookies()
    say(page, "延续注册要交什么材料")
    page.get_by_role("button", name=ww.TRY_AGAIN).click()
    expect(page.locator(".newest .answer")).to_contain_text("履职情况书面陈述")


def test_a_tap_without_the_cookie_is_told_of(page: Page, shared: Server) -> None:
    page.goto(shared.url)
    page.context.clear_cookies()
    page.locator(".tiles .flow-plan").click()
    expect(page.get_by_role("heading")).to_have_text(ww.REFUSALS[403][0])
    page.get_by_role("link", name=ww.BACK_HOME).click()
    page.locator(".tiles .flow-plan").click()
    expect(page.locator(".newest .question")).to_be_visible()


def test_reload_in_the_middle(page: Page, shared: Server) -> None:
    page.goto(shared.url)
    page.locator(".tiles .flow-type").click()
    press(page, "有")
    asked = page.locator(".newest .question h2").inner_text()
    page.reload()
    expect(page.locator(".newest .question h2")).to_have_text(asked)
    press(page, "从没注册过")
    expect(page.locator(".newest input[type=date]")).to_be_visible()


def test_a_question_in_the_middle_leaves_the_open_one_in_sight(page: Page, shared: Server) -> None:
    page.set_viewport_size({"width": 375, "height": 740})
    page.goto(shared.url)
    page.locator(".tiles .flow-plan").click()
    expect(page.locator(".newest .question")).to_be_visible()
    say(page, "我18年3月拿的证一直没注册，在中石化下面的炼油厂")
    expect(page.locator(".newest .fact").first).to_be_hidden()
    expect(page.locator(".newest .facts small")).to_contain_text("2018年3月")
    say(page, "延续注册要交哪些材料")
    assert _in_sight(page, ".newest .question h2")
    expect(page.locator(".newest .materials")).to_be_hidden()
    page.locator(".newest .more summary").click()
    expect(page.locator(".newest .materials")).to_be_visible()
    press(page, "从没登录过")
    assert _in_sight(page, ".newest .choices-option")


def _in_sight(page: Page, selector: str) -> bool:
    """Whether something lies whole between what stands at the top and what stands at the bottom."""
    seen, top, dock = (page.locator(part).bounding_box() for part in (selector, ".top", ".write"))
    assert seen
    assert top
    assert dock
    return seen["y"] >= top["y"] + top["height"] and seen["y"] + seen["height"] <= dock["y"]


def test_restart_in_the_middle(page: Page, shared: Server) -> None:
    page.goto(shared.url)
    page.locator(".tiles .flow-type").click()
    press(page, "有")
    shared.restart()
    press(page, "从没注册过")
    expect(page.locator(".newest input[type=date]")).to_be_visible()


def test_a_message_that_can_not_be_sent_is_kept(page: Page, context: BrowserContext, shared: Server) -> None:
    page.goto(shared.url)
    context.set_offline(True)
    page.locator("#text").fill("我换单位了")
    page.locator("#text").press("Enter")
    expect(page.locator("#notice")).to_be_visible()
    expect(page.locator("#text")).to_have_value("我换单位了")


def test_what_is_missing_is_said_at_the_field(page: Page, shared: Server) -> None:
    page.goto(shared.url)
    page.locator(".tiles .flow-type").click()
    press(page, "有")
    press(page, "注册过")
    page.locator(".newest select[name=month]").select_option("3")
    page.get_by_role("button", name=ww.NEXT_STEP).click()
    expect(page.locator(".newest .problem")).to_have_text(ww.LACKING["date"])
    expect(page.locator(".newest select[name=year]")).to_be_focused()
    page.locator(".newest select[name=year]").select_option(str(EXPIRY.year))
    press(page, ww.NEXT_STEP)
    expect(page.locator(".newest .facts")).to_contain_text(f"{EXPIRY.year}年3月")


def test_that_the_connection_is_back_is_told(page: Page, shared: Server) -> None:
    page.goto(shared.url)
    shared.stop()
    page.locator(".tiles .flow-type").click()
    expect(page.locator("#notice")).to_have_text(ww.OFFLINE)
    shared.start(shared.port)
    expect(page.locator("#notice")).to_have_text(ww.ONLINE, timeout=30_000)


def test_where_one_was_is_there_at_once(browser: Browser, shared: Server) -> None:
    page = browser.new_page(viewport=PHONE)
    page.goto(shared.url)
    for text in ("延续注册要交哪些材料", "变更注册要交哪些材料"):
        say(page, text)
    page.goto(shared.url)
    later = "() => new Promise((told) => setTimeout(told, 200, scrollY)).then((before) => [before, scrollY])"
    before, after = page.evaluate(later)
    assert before == after > 0
    page.close()


def test_what_another_tab_says_leaves_the_reader_in_place(page: Page, context: BrowserContext, shared: Server) -> None:
    page.goto(shared.url)
    for text in ("延续注册要交哪些材料", "变更注册要交哪些材料"):
        say(page, text)
    page.evaluate("scrollTo(0, 0)")
    other = context.new_page()
    other.goto(shared.url)
    say(other, "怎么登录")
    expect(page.locator(".turn")).to_have_count(3)
    expect(page.locator("#hello")).to_be_in_viewport()


def test_another_tab_is_told(page: Page, context: BrowserContext, shared: Server) -> None:
    page.goto(shared.url)
    other = context.new_page()
    other.goto(shared.url)
    say(other, "怎么登录")
    expect(page.locator(".said")).to_contain_text("怎么登录")


def test_a_tab_left_far_behind_catches_up(page: Page, context: BrowserContext, shared: Server) -> None:
    page.goto(shared.url)
    say(page, "怎么登录")
    copy = (
        "insert into turns (conversation, at, said, reply)"
        " select conversation, at, said, reply from turns where id = (select max(id) from turns)"
    )
    with sqlite3.connect(shared.database) as database:
        for _ in range(130):
            database.execute(copy)
    other = context.new_page()
    other.goto(shared.url)
    say(other, "你好")
    expect(page.locator(".turn")).to_have_count(132)
    expect(page.locator(".newest")).to_have_count(1)


def test_a_composing_input_method_does_not_send(page: Page, shared: Server) -> None:
    page.goto(shared.url)
    page.locator("#text").fill("huan")
    page.locator("#text").dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    page.locator("#text").press("Shift+Enter")
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator("#text")).to_have_value("huan\n")


def test_useful_is_kept(page: Page, shared: Server) -> None:
    page.goto(shared.url)
    say(page, "初始注册的期限")
    page.locator(".newest .thumb", has_text=w.USEFUL).first.click()
    expect(page.locator(".newest .thumb", has_text=w.USEFUL).first).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".aside")).to_be_visible()
    with sqlite3.connect(shared.database) as database:
        assert database.execute("select count(*) from feedback where useful = 1").fetchone() == (1,)


def test_a_link_opens_the_plan_for_another_person(page: Page, browser: Browser, shared: Server) -> None:
    open_plan(page, shared.url)
    page.locator(".newest .share summary").click()
    link = page.locator(".newest .share a").get_attribute("href")
    other = browser.new_page()
    other.goto(f"{shared.url}{link}")
    other.get_by_role("button", name="开始").click()
    expect(other.locator(".newest .verdict-type")).to_have_text("延续注册")
    other.close()


def test_forget(page: Page, shared: Server) -> None:
    page.goto(shared.url)
    say(page, "怎么登录")
    page.locator("#menu > summary").click()
    page.locator(".menu .forget summary").click()
    page.locator(".menu .danger").click()
    expect(page.locator(".turn")).to_have_count(0)


def test_the_keyboard_alone(page: Page, shared: Server) -> None:
    page.goto(shared.url)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.type("怎么登录系统")
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator("#text")).to_be_focused()


def test_a_turn_is_read_once(page: Page, shared: Server) -> None:
    page.goto(shared.url)
    say(page, "我该办哪种注册")
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")
    press(page, "有")
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "off")
    expect(page.locator(".newest")).to_be_focused()


def test_the_menu_closes_behind_the_keyboard(page: Page, shared: Server) -> None:
    page.goto(shared.url)
    page.locator("#menu > summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".menu-flows")).to_be_visible()
    page.locator("#text").focus()
    expect(page.locator(".menu-flows")).to_be_hidden()


def test_the_trouble_of_a_proxy_is_told_in_our_words(page: Page, shared: Server) -> None:
    page.goto(shared.url)
    page.route("**/say", lambda route: route.fulfill(status=502, content_type="text/html", body="<h1>Bad Gateway</h1>"))
    page.locator("#text").fill("我换单位了")
    page.locator("#text").press("Enter")
    expect(page.locator("#notice")).to_have_text(ww.OFFLINE)
    expect(page.locator("#text")).to_have_value("我换单位了")


def test_without_script(browser: Browser, shared: Server) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(shared.url)
    page.locator(".tiles .flow-plan").click()
    for label in ("有", "注册过"):
        page.locator(".newest").get_by_role("button", name=label, exact=True).click()
    page.goto(shared.url)
    expect(page.locator(".newest h2")).to_be_in_viewport(ratio=1)
    page.locator(".newest select[name=year]").select_option(str(EXPIRY.year))
    page.locator(".newest select[name=month]").select_option(str(EXPIRY.month))
    page.locator(".newest .typed .primary").click()
    expect(page.locator(".newest")).to_contain_text(f"{EXPIRY.year}年{EXPIRY.month}月")
    page.locator("#text").fill("怎么登录")
    page.locator(".send").click()
    expect(page.locator(".newest")).to_contain_text(re.compile("登录"))
    context.close()


def test_nothing_is_wider_than_a_phone_and_targets_fit_a_finger(page: Page, shared: Server) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    open_plan(page, shared.url)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    boxes = [target.bounding_box() for target in page.locator("button:visible, summary:visible").all()]
    assert [box for box in boxes if box and (box["height"] < 43.5 or box["width"] < 43.5)] == []


def test_with_text_twice_as_large_nothing_is_wider_than_a_phone(
    browser: Browser, shared: Server, tmp_path: Path
) -> None:
    (tmp_path / "Default").mkdir()
    (tmp_path / "Default/Preferences").write_text('{"webkit": {"webprefs": {"default_font_size": 32}}}')
    context = browser.browser_type.launch_persistent_context(
        tmp_path, executable_path=CHROMIUM, args=list(ARGUMENTS), viewport={"width": 360, "height": 740}
    )
    page = context.pages[0]
    open_plan(page, shared.url)
    brand, button = page.locator(".brand").bounding_box(), page.locator(".top-plan").bounding_box()
    assert brand
    assert button
    assert brand["x"] + brand["width"] <= button["x"]
    page.locator(".newest .facts summary").click()
    page.locator(".newest .fact", has_text="有效期").first.click()
    expect(page.locator(".newest input[type=date]")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()


def test_the_text_is_large_enough_that_a_phone_does_not_zoom(page: Page, shared: Server) -> None:
    page.goto(shared.url)
    assert page.locator("#text").evaluate("field => parseFloat(getComputedStyle(field).fontSize)") >= 16


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out(page: Page, shared: Server, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(shared.url)
    say(page, "继续教育要多少学时")
    assert page.evaluate(CONTRAST) == []
    open_plan(page, shared.url)
    assert page.evaluate(CONTRAST) == []
    for path in ("/plan", "/nope"):
        page.goto(shared.url + path)
        assert page.evaluate(CONTRAST) == []


def test_words_without_a_break_stay_on_the_phone(page: Page, shared: Server) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(shared.url)
    say(page, "a" * 400)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_long_message_of_ones_own_leaves_the_answer_in_sight(page: Page, shared: Server) -> None:
    page.goto(shared.url)
    say(page, "延续注册要交哪些材料，我们单位说了很多。" * 40)
    expect(page.locator(".newest .reply")).to_be_in_viewport()
    shown = page.locator(".newest .said p").bounding_box()
    page.locator(".newest .said summary").click()
    whole = page.locator(".newest .said p").bounding_box()
    assert shown
    assert whole
    assert shown["height"] < whole["height"]


def test_on_paper_there_is_the_plan_and_its_sources_and_nothing_to_press(page: Page, shared: Server) -> None:
    open_plan(page, shared.url)
    page.goto(f"{shared.url}/plan")
    page.emulate_media(media="print")
    expect(page.locator(".verdict-type")).to_be_visible()
    expect(page.locator(".why li").first).to_be_visible()
    expect(page.locator(".why summary")).to_have_text(re.compile(w.CARD_SOURCES))
    expect(page.locator(".why summary small, .read").first).to_be_hidden()
    assert [
        b for b in page.locator("button, .button").all() if b.is_visible() and not b.evaluate("b => b.matches('.tick')")
    ] == []


CONTRAST = """() => {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const shine = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.backgroundImage !== "none") return null;
      const color = channels(style.backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const own = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  return [...document.querySelectorAll("main *, .dock *")].filter((e) => own(e) && e.checkVisibility()).flatMap((e) => {
    const under = ground(e);
    if (!under) return [];
    const [a, b] = [shine(channels(getComputedStyle(e).color)), shine(under)].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05) < 4.5 ? [e.className + ": " + e.textContent.slice(0, 20)] : [];
  });
}"""
