"""Settings: one list gives names, defaults and help; config.yaml and the environment override the defaults."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from knowledge.decide import Limits
from knowledge.errors import XiaoanError
from knowledge.reading import Fields, Mistakes, read_yaml

TOKEN_VARIABLE = "TELEGRAM_TOKEN"  # noqa: S105
"""The environment variable that holds the messenger's secret; it is no setting, so that no file holds it."""
DEFAULT_FILE = Path("config.yaml")
_PREFIX = "XIAOAN_"


class ConfigError(XiaoanError):
    """The settings can't be used; the message lists every mistake and what to do."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting: its name in config.yaml, its default (which fixes its type), its range, what it is for."""

    name: str
    default: str | int | float
    help: str
    least: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()

    @property
    def variable(self) -> str:
        """The environment variable that overrides it."""
        return f"{_PREFIX}{self.name.upper()}"


SETTINGS = (
    Setting("host", "127.0.0.1", "网页监听的地址；0.0.0.0 表示所有网卡"),
    Setting("port", 8000, "网页监听的端口", 0, 65535),
    Setting("database", "data/xiaoan.db", "SQLite 数据库文件，相对路径从当前目录算起"),
    Setting("cache", "data/cache", "存放检索索引的文件夹，删掉也没关系，会重新生成；相对路径从当前目录算起"),
    Setting("keep_days", 365, "对话多少天没有动静就整段删掉；还在用的，比这更早的内容也删", 1, 36_500),
    Setting("public_url", "", "从外面访问的地址，如 https://example.org；留空表示只在本机使用"),
    Setting("log_level", "info", "日志详略", choices=("debug", "info", "warning", "error")),
    Setting("answer_at", 0.75, "有多大把握才直接回答（make calibrate 给出建议）", 0, 1),
    Setting("ask_at", 0.35, "有多大把握才反问是不是这个意思", 0, 1),
    Setting("reload_seconds", 1, "每隔几秒看一次知识和对话文件有没有改动", 1, 3600),
    Setting("body_bytes", 262144, "网页请求正文的上限（字节）", 1024, 10_000_000),
    Setting("messages_per_minute", 40, "每个会话每分钟最多几条消息", 1, 10_000),
    Setting("requests_per_minute", 600, "每个网络地址每分钟最多几次请求", 1, 1_000_000),
    Setting("streams_per_address", 60, "每个网络地址最多同时开着几个等新消息的页面连接", 1, 1_000_000),
    Setting("telegram_api", "https://api.telegram.org", "Telegram Bot API 的地址；自建 Bot API 服务器时才改"),
    Setting(
        "telegram_groups",
        "sure",
        "在群里和评论区什么时候说话：addressed 点名才答，sure 有把握也答，off 不说话；每个群可以自己改",
        choices=("addressed", "sure", "off"),
    ),
    Setting("telegram_sure_at", 0.9, "没有点名时，有多大把握才在群里回答", 0, 1),
    Setting("telegram_per_second", 30, "每秒一共最多发几条（Telegram 的上限约 30）", 1, 100_000),
    Setting("telegram_chat_per_second", 1, "每个聊天每秒最多发几条（Telegram 的上限约 1）", 1, 100_000),
    Setting("telegram_group_per_minute", 20, "每个群每分钟最多发几条（Telegram 的上限约 20）", 1, 1_000_000),
)


@dataclass(frozen=True, slots=True)
class Config:
    """The settings in force."""

    values: Mapping[str, str | int | float]

    def text(self, name: str) -> str:
        """A text setting."""
        return str(self.values[name])

    def whole(self, name: str) -> int:
        """A whole number."""
        return int(self.values[name])

    def number(self, name: str) -> float:
        """A number."""
        return float(self.values[name])


def limits_of(config: Config) -> Limits:
    """The limits of the decision."""
    return Limits(config.number("answer_at"), config.number("ask_at"))


def load_config(path: Path, environment: Mapping[str, str] = os.environ) -> Config:
    """The settings of a file (its absence means the defaults), overridden by the environment. What is empty there is
    not set, as in the file.

    Raises:
        ConfigError: an unknown name or a value that does not fit.
    """
    mistakes = Mistakes()
    values: dict[str, str | int | float] = {s.name: s.default for s in SETTINGS}
    root = read_yaml(path, mistakes, may_be_empty=True) if path.exists() else None
    if root is not None:
        _read(root, values, mistakes)
    for setting in SETTINGS:
        if text := environment.get(setting.variable):
            _set(setting, text, f"环境变量 {setting.variable}", values, mistakes)
    _check(values, mistakes)
    if mistakes.found:
        raise ConfigError("\n".join(mistakes.found))
    return Config(values)


def unknown_variables(environment: Mapping[str, str] = os.environ) -> str:
    """A line about the variables that look like settings but are none; empty where there are none."""
    known = [setting.variable for setting in SETTINGS]
    unknown = sorted(name for name in environment if name.startswith(_PREFIX) and name not in known)
    return f"不认识环境变量 {'、'.join(unknown)}，没有用上；可用的有：{'、'.join(known)}" if unknown else ""


def _read(root: Fields, values: dict[str, Any], mistakes: Mistakes) -> None:
    for setting in SETTINGS:
        if text := root.text(setting.name, required=False, may_be_empty=True):
            _set(setting, text, root.line(setting.name), values, mistakes)
    root.done()


def _set(setting: Setting, text: str, where: str, values: dict[str, Any], mistakes: Mistakes) -> None:
    kind = type(setting.default)
    try:
        if kind is not str:
            text.encode("ascii")  # ８０００ is a number to Python
        value = kind(text)
    except ValueError:
        mistakes.add(where, f"{setting.name} 应当是{'整数' if kind is int else '数字'}（半角），写的是“{text}”")
        return
    if setting.choices and value not in setting.choices:
        mistakes.add(where, f"{setting.name} 不能是“{text}”，可选：{'、'.join(setting.choices)}")
    elif setting.least is not None and setting.most is not None and not setting.least <= float(value) <= setting.most:
        mistakes.add(where, f"{setting.name} 要在 {setting.least:g} 和 {setting.most:g} 之间，写的是“{text}”")
    else:
        values[setting.name] = value


def _check(values: Mapping[str, Any], mistakes: Mistakes) -> None:
    """What no value can show alone, and the form of an address."""
    api, url = values["telegram_api"], values["public_url"]
    if not _is_address(api):
        mistakes.add("telegram_api", f"要写成 https://api.telegram.org 这样（http 或 https 开头），写的是“{api}”")
    if url and not _is_address(url):
        mistakes.add("public_url", f"要写成 https://example.org 这样（http 或 https 开头），或者留空，写的是“{url}”")
    elif _goes_on(url):
        mistakes.add("public_url", f"只写到域名（可以带端口），不能带路径，如 https://example.org，写的是“{url}”")
    if values["ask_at"] > values["answer_at"]:
        mistakes.add("ask_at", f"不能比 answer_at 大，写的是 {values['ask_at']:g} 和 {values['answer_at']:g}")


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 0) >= 0
    except ValueError:  # a port that is no number, half an IPv6 address
        return False


def _goes_on(url: str) -> bool:
    """Whether an address names more than a site: the page's own addresses begin at its root."""
    parts = urlsplit(url)
    return parts.path not in ("", "/") or bool(parts.query or parts.fragment)


def document(config: Config | None = None) -> str:
    """config.yaml with every setting as it is in force (or at its default), each explained in place."""
    lines = ["# 小安的设置。每一项都可以用环境变量覆盖（写在注释里）；口令一类的只放环境变量，不写在这里。"]
    for setting in SETTINGS:
        allowed = f"可选：{'、'.join(setting.choices)}。" if setting.choices else ""
        held = config.values[setting.name] if config else setting.default
        value = json.dumps(held, ensure_ascii=False)  # YAML reads what JSON writes
        lines += ["", f"# {setting.help}。{allowed}环境变量 {setting.variable}", f"{setting.name}: {value}"]
    return "\n".join(lines) + "\n"
