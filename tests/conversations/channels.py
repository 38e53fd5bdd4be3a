"""The channels a script is played on: the assistant itself, the command line, the web page without a script."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from bot.assistant import Assistant
from bot.mind import Mind
from bot.render import card_markdown
from bot.reply import Message
from bot.service import Service
from bot.state import State, dump, load
from tests.conversations.runner import Step, Told
from tests.web_kit import Page, Visitor

ROOT = Path(__file__).parents[2]


class Direct:
    """The assistant, its state kept as a store keeps it."""

    def __init__(self, mind: Mind, today: date) -> None:
        self._assistant = Assistant(mind)
        self._today = today
        self._shown: dict[str, str] = {}
        self._state = State()

    def send(self, step: Step) -> Told:
        """One turn."""
        message = Message(text=step.say) if step.say else Message(choose=step.choose or self._shown[step.press])
        turn = self._assistant.reply(self._state, message, self._today)
        self._state = load(dump(turn.state))
        reply = turn.reply
        self._shown = {choice.label: choice.id for choice in reply.choices}
        return Told(
            status=reply.status.value,
            node=reply.node,
            entry=reply.entry,
            flow=reply.flow,
            outcome=reply.outcome,
            facts=tuple(fact.node for fact in reply.facts),
            problem=bool(reply.question and reply.question.problem),
            labels=tuple(self._shown),
            plan=card_markdown(reply.card) if reply.card else "",
        )


class CommandLine:
    """`python -m bot chat --jsonl` as a program uses it; `close` it."""

    def __init__(self, today: date) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot", "chat", "--jsonl", "--today", today.isoformat()],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip
        self._shown: dict[str, str] = {}

    def send(self, step: Step) -> Told:
        """A line in, a line out."""
        line = {"text": step.say} if step.say else {"choose": step.choose or self._shown[step.press]}
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(line) + "\n")
        self._process.stdin.flush()
        reply = json.loads(self._process.stdout.readline())
        self._shown = {choice["label"]: choice["id"] for choice in reply["choices"]}
        told = {name: reply[name] for name in ("status", "node", "entry", "flow", "outcome")}
        return Told(**told, labels=tuple(self._shown), plan=_plan_in(reply["text"]) if reply["outcome"] else "")

    def close(self) -> int:
        """End of input; the exit code."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()
        return self._process.wait(timeout=20)


class Web:
    """The page in a browser without a script; what was said is read from the store it was saved in."""

    def __init__(self, visitor: Visitor, service: Service) -> None:
        self._visitor = visitor
        self._service = service
        self._page = visitor.page()

    def send(self, step: Step) -> Told:
        """Fill in the form, or press a button that is on the page."""
        if step.say:
            self._page = self._visitor.say(step.say)
        else:
            shown = _buttons(self._page)
            choice = step.choose or shown.get(step.press, "")
            assert choice in shown.values(), f"the page has no button for {step.press or step.choose}: {sorted(shown)}"
            self._page = self._visitor.press(choice)
        return self._told(self._last())

    def _last(self) -> Mapping[str, Any]:
        rows = self._service.store.read("select id from conversations")
        assert len(rows) == 1
        return self._service.turns(rows[0]["id"])[-1].reply

    def _told(self, reply: Mapping[str, Any]) -> Told:
        plan = self._visitor.get("/plan.md").text if reply["card"] else ""
        return Told.stored(reply, labels=tuple(_buttons(self._page)), plan=plan)


def _buttons(page: Page) -> dict[str, str]:
    """Label -> choice id, of every button of the page's forms; the latest where a label stands twice."""
    found = re.findall(r'<button name="choice" value="([^"]+)"[^>]*>(.*?)</button>', page.html, re.S)
    return {" ".join(re.sub(r"<[^>]+>", " ", label).split()): choice for choice, label in found}


def _plan_in(text: str) -> str:
    found = re.search(r"^# .*", text, re.M | re.S)
    return found.group() if found else ""
