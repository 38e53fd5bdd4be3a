"""The command line: python -m bot run | chat | ask | check | draw | table | settings | unanswered | telegram."""

from __future__ import annotations

import argparse
import logging
import sqlite3
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

from bot import wording as w
from bot.channels.telegram import wording as wt
from bot.command_parser import Parser
from bot.config import DEFAULT_FILE, Config, ConfigError, document, limits_of, load_config, unknown_variables
from flows.model import LAST_YEAR
from knowledge.errors import XiaoanError

_LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(LAST_YEAR, 12, 31)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; its exit code."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    options = _parser().parse_args(arguments)
    try:
        config = _config(options.config)
        logging.basicConfig(level=config.text("log_level").upper(), format=_LOG_FORMAT)
        command: Callable[[argparse.Namespace, Config], int] = options.command
        return _run_command(command, options, config)
    except XiaoanError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0


def _run_command(
    command: Callable[[argparse.Namespace, Config], int], options: argparse.Namespace, config: Config
) -> int:
    """Its exit code; a database that fails on the way is told like one that can't be opened."""
    try:
        return command(options, config)
    except sqlite3.Error as error:
        from bot.store import unusable

        raise unusable(Path(config.text("database")), error) from error


def _config(named: str | None) -> Config:
    """The settings; only the default file may be missing, and a variable that means nothing is pointed out."""
    if named is not None and not Path(named).exists():
        raise ConfigError(w.CLI_NO_CONFIG.format(file=named))
    if unknown := unknown_variables():
        sys.stderr.write(unknown + "\n")
    return load_config(DEFAULT_FILE if named is None else Path(named))


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m bot", description=w.CLI_ABOUT)
    parser.add_argument("--config", metavar="文件", help=w.CLI_CONFIG)
    commands = parser.add_subparsers(title=w.CLI_COMMANDS, metavar="命令", required=True)
    _add(commands, "run", _run, w.CLI_RUN)
    chat = _add(commands, "chat", _chat, w.CLI_CHAT)
    ask = _add(commands, "ask", _ask, w.CLI_ASK)
    for parser_ in (chat, ask):
        parser_.add_argument("--jsonl", action="store_true", help=w.CLI_JSONL)
        parser_.add_argument("--today", type=_day, metavar="YYYY-MM-DD", help=w.CLI_TODAY)
    ask.add_argument("--explain", action="store_true", help=w.CLI_EXPLAIN)
    ask.add_argument("question", nargs="*", metavar="问题", help=w.CLI_QUESTION)
    _add(commands, "check", _check, w.CLI_CHECK)
    for name, command, text in (("draw", _draw, w.CLI_DRAW), ("table", _table, w.CLI_TABLE)):
        _add(commands, name, command, text).add_argument("flow", nargs="?", metavar="对话", help=w.CLI_FLOW)
    _add(commands, "settings", _settings, w.CLI_SETTINGS)
    _add(commands, "unanswered", _unanswered, w.CLI_UNANSWERED)
    telegram = _add(commands, "telegram", _telegram, wt.CLI_TELEGRAM)
    telegram.add_argument("--check", action="store_true", help=wt.CLI_CHECK)
    return parser


def _add(
    commands: argparse._SubParsersAction[Parser],
    name: str,
    command: Callable[[argparse.Namespace, Config], int],
    text: str,
) -> Parser:
    parser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(command=command)
    return parser


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(w.CLI_BAD_DAY.format(text=text)) from None
    if not _FIRST_DAY <= day <= _LAST_DAY:
        raise argparse.ArgumentTypeError(w.CLI_FAR_DAY.format(first=_FIRST_DAY, last=_LAST_DAY, text=text))
    return day


def _run(options: argparse.Namespace, config: Config) -> int:
    from bot.server import run

    run(config)
    return 0


def _telegram(options: argparse.Namespace, config: Config) -> int:
    if options.check:
        from bot.channels.telegram.check import check

        return check(config)
    from bot.channels.telegram.alone import run

    return run(config)


def _chat(options: argparse.Namespace, config: Config) -> int:
    return _chat_lines(options, config) if options.jsonl else _chat_person(options, config)


def _chat_lines(options: argparse.Namespace, config: Config) -> int:
    from bot.assistant import Assistant
    from bot.channels import lines
    from bot.clock import now
    from bot.mind import load_mind

    today = options.today or now().date()
    assistant = Assistant(load_mind(limits_of(config), cache=Path(config.text("cache")), today=today))
    for line in lines.talk(assistant, sys.stdin, today):
        print(line, flush=True)  # noqa: T201
    return 0


def _chat_person(options: argparse.Namespace, config: Config) -> int:
    from bot.channels import terminal
    from bot.opening import kept_fresh, make_keeper
    from bot.service import Service
    from bot.store import Store

    keeper = make_keeper(config, options.today)
    with closing(Store(Path(config.text("database")))) as store, kept_fresh(keeper, config.whole("reload_seconds")):
        terminal.talk(Service(store, keeper, today=options.today), sys.stdin, sys.stdout)
    return 0


def _ask(options: argparse.Namespace, config: Config) -> int:
    from bot.assistant import Assistant
    from bot.channels import lines
    from bot.clock import now
    from bot.mind import load_mind
    from bot.render import plain
    from bot.reply import Message
    from bot.state import State

    if not (options.jsonl or options.question):
        sys.stderr.write(w.CLI_NO_QUESTION + "\n")
        return 2
    today = options.today or now().date()
    assistant = Assistant(load_mind(limits_of(config), cache=Path(config.text("cache")), today=today))
    if options.jsonl:
        for line in lines.ask(assistant, sys.stdin, today):
            print(line, flush=True)  # noqa: T201
        return 0
    question = " ".join(options.question)
    if options.explain:
        from bot.explain import explain

        print(explain(assistant.mind, question, today))  # noqa: T201
    print(plain(assistant.reply(State(), Message(text=question), today).reply))  # noqa: T201
    return 0


def _check(options: argparse.Namespace, config: Config) -> int:
    from bot.check import check
    from bot.clock import now

    mistakes, hints, counted = check(now().date())
    for line in (*mistakes, *hints):
        print(line)  # noqa: T201
    print(w.CHECK_BAD.format(count=len(mistakes)) if mistakes else counted)  # noqa: T201
    return 1 if mistakes else 0


def _draw(options: argparse.Namespace, config: Config) -> int:
    from flows.graph import draw

    return _each_flow(options, lambda flow, entries: draw(flow))


def _table(options: argparse.Namespace, config: Config) -> int:
    from flows.graph import table

    return _each_flow(options, table)


def _unanswered(options: argparse.Namespace, config: Config) -> int:
    from bot.unanswered import report

    for line in report(Path(config.text("database"))):
        print(line)  # noqa: T201
    return 0


def _settings(options: argparse.Namespace, config: Config) -> int:
    print(document(config), end="")  # noqa: T201
    return 0


def _each_flow(options: argparse.Namespace, show: Callable[..., str]) -> int:
    from flows.loader import load_flows
    from knowledge.loader import load

    entries = load().entries
    flows = load_flows(entries=entries)
    if options.flow and options.flow not in flows:
        sys.stderr.write(w.CLI_NO_FLOW.format(flow=options.flow, known="、".join(flows)) + "\n")
        return 2
    for name in [options.flow] if options.flow else list(flows):
        print(show(flows[name], entries))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
