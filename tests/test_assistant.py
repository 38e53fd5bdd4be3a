"""The assistant as a whole: whatever comes, it answers, shows a way on, and its memory survives storage."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot import wording as w
from bot.assistant import LONGEST, Assistant
from bot.render import as_json, plain
from bot.reply import Message, Reply, Role, Status
from bot.state import State, dump, load
from bot.turn import Turn
from flows.engine import nodes_of, resolve

TODAY = date(2026, 11, 23)
QUICK = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
WRITTEN = (
    *("给我办理方案", "我18年3月拿的证一直没注册", "不对，是2022年", "没有", "有", "注册过", "2027年1月31日"),
    *("今天到期", "记不清", "广东", "单雄信", "换了单位", "初始注册要什么材料", "那延续呢", "你好", "谢谢"),
    *("？", "上一步", "重来", "退出", "继续", "转人工", "1", "9", "2021-02-30"),
    *("一级造价师怎么注册", "身份证号110101199003071234"),
)
PRESSED = (
    *("f.plan", "f.type", "f.login", "f.materials", "f.review_body", "f.nothing", "back", "restart", "quit", "resume"),
    *("human", "none", "e.initial", "e.nothing", "w.initial", "w.nothing", "y.initial", "n.initial", "y.nothing"),
    *("b.cert_date", "b.name", "b.nothing", "a.00000000.certificate.have", "a.00000000.nothing.have", "a..", "a", "."),
    *("a.00000000.certificate.nothing", "\x00", "e." + "甲" * 100, "x" * 5000),
)
ODD = ("\x00", "\n\n", "\u202e", "😀" * 30, "\ufeff", "‍", "a" * 3000, "？" * 500, "零" * 200, "\ud800", "2018年" * 50)
TEXTS = st.sampled_from(WRITTEN) | st.sampled_from(ODD) | st.text(max_size=30)
Act = Message | int
ACTS: st.SearchStrategy[Act] = st.one_of(
    TEXTS.map(lambda text: Message(text=text)),
    st.sampled_from(PRESSED).map(lambda choice: Message(choose=choice)),
    st.integers(0, 12),  # press the nth of the buttons shown
)


def turn(assistant: Assistant, state: State, message: Message) -> Turn:
    return assistant.reply(state, message, TODAY)


def pressed(reply: Reply | None, act: Act) -> Message:
    if isinstance(act, Message):
        return act
    choices = reply.choices if reply else ()
    return Message(choose=choices[act % len(choices)].id) if choices else Message(text="有")


@example(acts=[Message(text="\ud800"), Message(text="我2018年3月拿的证，\ue030取得证书")])
@given(acts=st.lists(ACTS, min_size=1, max_size=12))
@QUICK
def test_whatever_comes_there_is_a_reply_with_a_way_on(assistant: Assistant, acts: list[Act]) -> None:
    state, reply = State(), None
    for act in acts:
        done = turn(assistant, state, pressed(reply, act))
        reply, state = done.reply, load(dump(done.state))
        assert state == done.state
        assert plain(reply).strip()
        assert as_json(reply)
        assert reply.question or reply.choices or reply.card or reply.lead or reply.answers
        assert all(choice.id.isascii() and len(choice.id) <= 60 for choice in reply.choices)


@given(acts=st.lists(ACTS, min_size=1, max_size=10))
@QUICK
def test_an_open_dialogue_is_never_lost_from_sight(assistant: Assistant, acts: list[Act]) -> None:
    state, reply = State(), None
    for act in [Message(choose="f.plan"), *acts]:
        done = turn(assistant, state, pressed(reply, act))
        reply, state = done.reply, done.state
        if state.flow and resolve(assistant.mind.flows[state.flow], _asked(state), TODAY).node is not None:
            assert reply.question, (act, reply)
            assert any(choice.id == "quit" for choice in reply.choices)


def _asked(state: State) -> dict[str, str]:
    return {node: value for node, value in state.answers.items() if node != state.editing}


@given(picks=st.lists(st.integers(0, 5), max_size=9))
@QUICK
def test_back_undoes_an_answer(assistant: Assistant, picks: list[int]) -> None:
    state = turn(assistant, State(), Message(choose="f.plan")).state
    reply = turn(assistant, State(), Message(choose="f.plan")).reply
    for pick in picks:
        before, asked = state, reply.node
        options = [choice for choice in reply.choices if choice.role is Role.OPTION]
        if asked is None or not options:
            break
        done = turn(assistant, state, Message(choose=options[pick % len(options)].id))
        undone = turn(assistant, done.state, Message(choose="back"))
        assert (undone.reply.node, dict(undone.state.answers)) == (asked, dict(before.answers))
        state, reply = done.state, done.reply


def test_whoever_changes_an_answer_sees_the_one_that_stands(assistant: Assistant) -> None:
    asked = State(flow="type", answers={"certificate": "have", "registered": "before", "valid_to": "2027-02-23"})
    editing = turn(assistant, asked, Message(choose="b.valid_to"))
    assert "2027年2月23日" in editing.reply.lead
    assert turn(assistant, editing.state, Message(text="不改了")).state == asked


def test_starting_anew_can_be_undone(assistant: Assistant) -> None:
    given_before = {"certificate": "have", "registered": "before"}
    anew = turn(assistant, State(flow="type", answers=given_before), Message(text="重来"))
    assert anew.state.answers == {}
    assert "undo" in {choice.id for choice in anew.reply.choices}
    again = turn(assistant, anew.state, Message(choose="restart"))
    assert turn(assistant, again.state, Message(choose="undo")).state.answers == given_before


@given(picks=st.lists(st.integers(0, 5), max_size=9))
@QUICK
def test_quitting_and_resuming_asks_the_same_question(assistant: Assistant, picks: list[int]) -> None:
    done = turn(assistant, State(), Message(choose="f.plan"))
    for pick in picks:
        options = [choice for choice in done.reply.choices if choice.role is Role.OPTION]
        if done.reply.node is None or not options:
            break
        done = turn(assistant, done.state, Message(choose=options[pick % len(options)].id))
    left = turn(assistant, done.state, Message(choose="quit"))
    again = turn(assistant, left.state, Message(choose="resume"))
    assert left.state.flow == ""
    if done.state.answers:
        assert (again.reply.node, again.reply.outcome) == (done.reply.node, done.reply.outcome)


@pytest.mark.parametrize("text", ["", "   ", "\n", "　"])
def test_nothing_written_is_met_with_ways_to_begin(assistant: Assistant, text: str) -> None:
    assert {c.id for c in turn(assistant, State(), Message(text=text)).reply.choices} >= {"f.plan"}


def test_nothing_written_to_a_question_is_said_of_that_question(assistant: Assistant) -> None:
    asked = State(flow="type", answers={"certificate": "have", "registered": "before"})
    question = turn(assistant, asked, Message()).reply.question
    assert question is not None
    assert question.problem.startswith("没看出日期")


def test_a_very_long_message_is_not_searched_but_told_so(assistant: Assistant) -> None:
    done = turn(assistant, State(), Message(text="注册" * LONGEST))
    assert (done.reply.status, done.unanswered) == (Status.UNANSWERED, "")
    assert len(done.said) <= LONGEST


def test_half_a_character_in_a_changed_message_is_left_out(assistant: Assistant) -> None:
    assert assistant.again(State(), "延续\ud800要交什么材料", "", TODAY).reply.entry == "materials-renewal"


def test_a_button_of_an_older_dialogue_still_answers_and_says_so(assistant: Assistant) -> None:
    state = turn(assistant, State(), Message(choose="f.type")).state
    done = turn(assistant, state, Message(choose="a.00000000.certificate.have"))
    assert (done.reply.node, done.state.answers["certificate"]) == ("registered", "have")
    assert done.reply.lead


def test_an_answer_of_another_dialogue_counts_in_this_one(assistant: Assistant) -> None:
    state = turn(assistant, State(), Message(choose="f.type")).state
    state = turn(assistant, state, Message(text="有")).state
    assert turn(assistant, state, Message(choose="f.plan")).reply.node == "registered"


def test_asking_for_a_person_keeps_the_question_that_got_no_answer(assistant: Assistant) -> None:
    first = turn(assistant, State(), Message(text="注册证上的名字打错了一个字要去哪改"))
    second = turn(assistant, first.state, Message(choose="human"))
    assert (second.wants_person, bool(second.unanswered)) == (True, True)


def test_feedback_is_for_the_entry_of_its_button(assistant: Assistant) -> None:
    assert turn(assistant, State(), Message(choose="n.initial")).feedback == ("initial", False)


def test_feedback_for_what_is_no_entry_counts_for_nothing(assistant: Assistant) -> None:
    assert turn(assistant, State(), Message(choose="y.nothing")).feedback is None


@pytest.mark.parametrize("text", ["我叫单雄信，身份证110101199003071234，电话13800138000，初始注册要什么材料"])
def test_what_is_kept_of_a_message_tells_nobody_who_wrote_it(assistant: Assistant, text: str) -> None:
    done = turn(assistant, State(), Message(text=text))
    kept = dump(done.state) + done.said + done.unanswered + as_json(done.reply)
    assert not [secret for secret in ("单雄信", "110101199003071234", "13800138000") if secret in kept]


def test_a_name_given_as_an_answer_is_kept_as_initials_only(assistant: Assistant) -> None:
    state = replace(State(), flow="login", answers={"login": "works-default"})
    done = turn(assistant, state, Message(text="单雄信"))
    assert done.state.answers["name"].startswith("sxx")
    assert "单雄信" not in dump(done.state) + done.said + as_json(done.reply)


@pytest.mark.parametrize(
    "text",
    [
        "仇建国，2月30日",
        "转人工 仇建国",
        "转人工 Qiu 建国",
        "仇建国，人工客服在吗",
        "诸葛建国 帮我转人工",
        "仇女士",
        "密码是什么 仇建国",
    ],
)
def test_nothing_typed_where_a_name_is_asked_for_is_kept(assistant: Assistant, text: str) -> None:
    asked = State(flow="login", answers={"login": "works-default"})
    assert turn(assistant, asked, Message(text="嗯")).reply.node == "name"
    done = turn(assistant, asked, Message(text=text))
    kept = "".join((done.said, done.unanswered, dump(done.state), as_json(done.reply)))
    assert not [name for name in ("建国", "仇") if name in kept]


def test_a_number_is_warned_of_where_a_name_is_asked_for_too(assistant: Assistant) -> None:
    asked = State(flow="login", answers={"login": "works-default"})
    done = turn(assistant, asked, Message(text="我身份证号110101199003071234"))
    assert done.said == w.SAID_NOT_KEPT
    assert done.reply.lead.startswith(w.PRIVATE)


def test_what_is_said_for_a_person_where_a_name_is_asked_for_reaches_them(assistant: Assistant) -> None:
    asked = State(flow="login", answers={"login": "works-default"})
    done = turn(assistant, asked, Message(text="转人工 我的章丢了，我叫仇建国，电话13800138000"))
    assert done.wants_person
    assert "我的章丢了" in done.unanswered
    assert not [secret for secret in ("仇建国", "13800138000") if secret in done.unanswered]


def test_what_is_told_of_another_person_is_not_taken_for_the_own_case(assistant: Assistant) -> None:
    done = turn(assistant, State(), Message(text="我同事2018年3月拿的证，一直没注册，他现在还能注册吗"))
    assert not done.state.answers


def test_after_one_registration_its_materials_are_meant(assistant: Assistant) -> None:
    state = turn(assistant, State(), Message(text="延续注册什么时候申请")).state
    assert turn(assistant, state, Message(text="那材料呢")).reply.entry == "materials-renewal"


def test_the_same_words_after_another_registration_mean_another_thing(assistant: Assistant) -> None:
    state = turn(assistant, State(), Message(text="变更注册什么时候申请")).state
    assert turn(assistant, state, Message(text="那材料呢")).reply.entry == "materials-change"


def test_a_dialogue_opened_from_an_answer_knows_what_was_told(assistant: Assistant) -> None:
    state = turn(assistant, State(), Message(text="我2018年3月拿的证一直没注册")).state
    nodes = nodes_of(assistant.mind.flows["type"])
    assert {"cert_date", "registered"} <= state.answers.keys() & nodes.keys()


def test_the_plan_can_be_had_when_the_answers_settle_it(assistant: Assistant) -> None:
    state = replace(State(), answers={"certificate": "missing"})
    card = assistant.card(state, TODAY)
    assert card is not None
    assert card.materials == ()


def test_without_answers_there_is_no_plan(assistant: Assistant) -> None:
    assert assistant.card(State(), TODAY) is None
