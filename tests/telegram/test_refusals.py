"""The fake refuses what the real server refuses, with the same words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from . import limits, spec
from .fake import FakeTelegram
from .person import Person
from .state import Json, Upload
from .town import Town

pytestmark = pytest.mark.anyio


@dataclass(frozen=True, slots=True)
class Broken:
    """A request that must fail. `{me}` and `{mine}` stand for the person's chat and a message of the bot there."""

    method: str
    params: Json
    says: str
    code: int = 400
    files: dict[str, Upload] = field(default_factory=dict)


def text(**more: Any) -> Json:
    return {"chat_id": "{me}", "text": "好"} | more


def button(**more: Any) -> Json:
    return text(reply_markup={"inline_keyboard": [[{"text": "下一步"} | more]]})


def html(source: str) -> Json:
    return text(text=source, parse_mode="HTML")


def document(content: bytes) -> dict[str, Upload]:
    return {"document": Upload("a.ics", content)}


PARSE = "Bad Request: can't parse entities: "
EDIT: Json = {"chat_id": "{me}", "message_id": "{mine}"}
ARTICLE: Json = {"type": "article", "id": "1", "title": "t", "input_message_content": {"message_text": "x"}}
BROKEN = [
    Broken("sendMesage", text(), "Not Found: method not found", 404),
    Broken("sendPhoto", {"chat_id": "{me}", "photo": "x"}, "Not Found: method not found", 404),
    Broken("sendMessage", {"text": "好"}, "Bad Request: chat_id is empty"),
    Broken("sendMessage", {"chat_id": "{me}"}, "Bad Request: message text is empty"),
    Broken("sendMessage", text(text=" \n "), "Bad Request: message text is empty"),
    Broken("sendMessage", html("<b> </b>"), "Bad Request: message text is empty"),
    Broken("sendMessage", text(chat_id=42), "Bad Request: chat not found"),
    Broken("sendMessage", text(chat_id="@nowhere"), "Bad Request: chat not found"),
    Broken("sendMessage", text(text="安" * 4097), "Bad Request: message is too long"),
    Broken("sendMessage", text(text="😀" * 2049), "Bad Request: message is too long"),
    Broken("sendMessage", html("<p>好</p>"), PARSE + 'Unsupported start tag "p" at byte offset 0'),
    Broken("sendMessage", html("好<b>好"), PARSE + 'Can\'t find end tag corresponding to start tag "b"'),
    Broken("sendMessage", html("好</b>"), PARSE + "Unexpected end tag at byte offset 3"),
    Broken(
        "sendMessage", html("<b>好</i>"), PARSE + 'Unmatched end tag at byte offset 6, expected "</b>", found "</i>"'
    ),
    Broken("sendMessage", html("1 < 2"), PARSE + 'Unsupported start tag "" at byte offset 2'),
    Broken("sendMessage", html("好 <b"), PARSE + "Unclosed start tag at byte offset 4"),
    Broken("sendMessage", html("<span>好</span>"), PARSE + 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    Broken("sendMessage", text(parse_mode="BBCode"), "Bad Request: unsupported parse_mode"),
    Broken("sendMessage", text(disable_web_page_preview=True), "Bad Request: schema: "),
    Broken("sendMessage", text(reply_to_message_id=1), "Bad Request: schema: "),
    Broken("sendMessage", text(txt="好"), "Bad Request: schema: sendMessage.txt: unknown field"),
    Broken("sendMessage", text(text=5), "Bad Request: schema: "),
    Broken("sendMessage", text(disable_notification="yes"), "Bad Request: schema: "),
    Broken("sendMessage", text(message_thread_id=3), "Bad Request: message thread not found"),
    Broken("sendMessage", text(reply_parameters={"message_id": 999}), "Bad Request: message to be replied not found"),
    Broken("sendMessage", text(reply_markup="{"), "Bad Request: can't parse reply keyboard markup JSON object"),
    Broken("sendMessage", button(callback_data="安" * 22), "Bad Request: BUTTON_DATA_INVALID"),
    Broken("sendMessage", button(callback_data=""), "Bad Request: BUTTON_DATA_INVALID"),
    Broken("sendMessage", button(), "Bad Request: can't parse inline keyboard button: Text buttons are unallowed"),
    Broken("sendMessage", button(callback_data="a", url="https://a.cn"), "Bad Request: can't parse inline keyboard"),
    Broken("sendMessage", button(text=" ", callback_data="a"), "Bad Request: inline keyboard button text must be"),
    Broken("sendMessage", button(url="注册系统"), "Bad Request: inline keyboard button URL '注册系统' is invalid"),
    Broken("sendMessage", button(callback_data="a", colour="red"), "Bad Request: schema: "),
    Broken("sendMessage", button(callback_data="a", style="pink"), "Bad Request: can't parse inline keyboard button"),
    Broken("sendDocument", {"chat_id": "{me}"}, "Bad Request: there is no document in the request"),
    Broken("sendDocument", {"chat_id": "{me}", "document": "nope"}, "Bad Request: wrong file identifier/HTTP URL"),
    Broken("sendDocument", {"chat_id": "{me}"}, "Bad Request: file must be non-empty", files=document(b"")),
    Broken(
        "sendDocument",
        {"chat_id": "{me}", "caption": "安" * 1025},
        "Bad Request: message caption is too long",
        files=document(b"1"),
    ),
    Broken("editMessageText", EDIT | {"text": "你好"}, "Bad Request: message is not modified: "),
    Broken("editMessageText", EDIT | {"text": "x", "message_id": 999}, "Bad Request: message to edit not found"),
    Broken("editMessageText", EDIT | {"text": "x", "message_id": "{theirs}"}, "Bad Request: message can't be edited"),
    Broken("editMessageText", {"text": "x"}, "Bad Request: chat_id is empty"),
    Broken("editMessageText", {"text": "x", "inline_message_id": "no"}, "Bad Request: MESSAGE_ID_INVALID"),
    Broken("editMessageReplyMarkup", EDIT, "Bad Request: message is not modified: "),
    Broken("deleteMessage", EDIT | {"message_id": 999}, "Bad Request: message to delete not found"),
    Broken("sendChatAction", {"chat_id": "{me}", "action": "thinking"}, "Bad Request: wrong parameter action"),
    Broken("answerCallbackQuery", {"callback_query_id": "77"}, "Bad Request: query is too old and response timeout"),
    Broken("answerInlineQuery", {"inline_query_id": "77", "results": []}, "Bad Request: query is too old and"),
    Broken(
        "setMyCommands", {"commands": [{"command": "Help", "description": "x"}]}, "Bad Request: BOT_COMMAND_INVALID"
    ),
    Broken(
        "setMyCommands", {"commands": [{"command": "帮助", "description": "x"}]}, "Bad Request: BOT_COMMAND_INVALID"
    ),
    Broken(
        "setMyCommands",
        {"commands": [{"command": "a", "description": ""}]},
        "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID",
    ),
    Broken(
        "setMyCommands",
        {"commands": [{"command": f"c{n}", "description": "x"} for n in range(101)]},
        "Bad Request: BOT_COMMANDS_TOO_MUCH",
    ),
    Broken("setMyDescription", {"description": "安" * 513}, "Bad Request: BOT_DESCRIPTION_TOO_LONG"),
    Broken("setMyShortDescription", {"short_description": "安" * 121}, "Bad Request: BOT_SHORT_DESCRIPTION_TOO_LONG"),
    Broken("setWebhook", {"url": "http://bot.example.org/"}, "Bad Request: bad webhook: An HTTPS URL must be provided"),
    Broken(
        "setWebhook", {"url": "https://bot.example.org:444/"}, "Bad Request: bad webhook: Webhook can be set up only"
    ),
    Broken("setWebhook", {"url": "https://a.cn", "secret_token": "密"}, "Bad Request: secret token contains unallowed"),
    Broken("getChat", {"chat_id": -100}, "Bad Request: chat not found"),
    Broken("leaveChat", {"chat_id": "{me}"}, "Bad Request: chat can't be left"),
]


def filled(params: Json, person: Person, mine: int, theirs: int) -> Json:
    names = {"{me}": person.id, "{mine}": mine, "{theirs}": theirs}
    return {key: names.get(value, value) if isinstance(value, str) else value for key, value in params.items()}


@pytest.mark.parametrize("broken", BROKEN, ids=lambda b: f"{b.method}: {b.says[:50]}")
async def test_a_broken_request_is_refused(broken: Broken, fake: FakeTelegram, town: Town) -> None:
    person = town.person("王芳")
    theirs = person.say("你好").id
    mine = (await fake.call("sendMessage", {"chat_id": person.id, "text": "你好"}))["result"]["message_id"]
    answer = await fake.call(broken.method, filled(broken.params, person, mine, theirs), broken.files)
    assert (answer["ok"], answer["error_code"]) == (False, broken.code)
    assert answer["description"].startswith(broken.says)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({"results": [ARTICLE, ARTICLE]}, "RESULT_ID_DUPLICATE"),
        ({"results": [ARTICLE | {"id": str(n)} for n in range(51)]}, "RESULTS_TOO_MUCH"),
        ({"results": [ARTICLE | {"id": "x" * 65}]}, "RESULT_ID_INVALID"),
        ({"results": [ARTICLE | {"title": ""}]}, "ARTICLE_TITLE_EMPTY"),
        ({"results": [ARTICLE | {"hide_url": True}]}, "schema: "),
        ({"results": [], "button": {"text": "私聊", "start_parameter": "a b"}}, "START_PARAM_INVALID"),
    ],
)
async def test_a_broken_inline_answer_is_refused(answer: Json, says: str, fake: FakeTelegram, town: Town) -> None:
    ask = town.person("王芳").ask_inline("材料")
    refused = await fake.call("answerInlineQuery", {"inline_query_id": ask.id} | answer)
    assert refused.get("description", "").startswith(f"Bad Request: {says}")


@pytest.mark.parametrize(
    ("shut", "says"),
    [
        (lambda town: town.group("甲", bot="kicked"), "Forbidden: bot was kicked from the supergroup chat"),
        (lambda town: town.group("乙", bot="left"), "Forbidden: bot is not a member of the supergroup chat"),
        (lambda town: town.group("丙", small=True, bot="left"), "Forbidden: bot is not a member of the group chat"),
        (lambda town: town.group("丁", bot=None), "Bad Request: chat not found"),
        (lambda town: town.channel("戊"), "Forbidden: bot is not a member of the channel chat"),
        (lambda town: town.channel("己", bot="member"), "Bad Request: need administrator rights in the channel chat"),
    ],
)
async def test_no_word_where_the_bot_has_no_place(
    shut: Callable[[Town], Any], says: str, fake: FakeTelegram, town: Town
) -> None:
    answer = await fake.call("sendMessage", {"chat_id": shut(town).chat.id, "text": "好"})
    assert answer["description"] == says


async def test_the_limits_themselves_are_allowed(fake: FakeTelegram, town: Town) -> None:
    person = town.person("王芳")
    person.start()
    keyboard = {"inline_keyboard": [[{"text": "好", "callback_data": "安" * 21 + "x"}]]}
    longest = {"chat_id": person.id, "text": f"<b>{'安' * 4096}</b>", "parse_mode": "HTML", "reply_markup": keyboard}
    assert (await fake.call("sendMessage", longest))["ok"]


@pytest.mark.parametrize("name", sorted(limits.LIMITS))
def test_each_limit_is_stated_where_it_says(name: str) -> None:
    if not spec.present():
        pytest.skip("../shared/telegram/api.min.json is not here; the sentences can't be looked up")
    limit = limits.LIMITS[name]
    assert limit.sentence in spec.description(limit.where)
