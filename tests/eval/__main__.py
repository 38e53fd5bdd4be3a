"""Figures of quality: `python -m tests.eval` (make eval) and `python -m tests.eval calibrate` (make calibrate)."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from bot import wording as w
from bot.assistant import Assistant
from bot.config import limits_of, load_config
from bot.mind import load_mind
from tests.eval.calibrate import calibrate
from tests.eval.judge import Verdict, load_facts
from tests.eval.measure import HOLDOUT, REGRESSION, TODAY, blind, dialogues, judged, summary, table

ABOUT = "用问题集量一量小安答得对不对"
COMMAND = "measure 量一遍（默认）；calibrate 按回归集建议门槛和把握的系数，只打印不改文件"
CASES = "要量的文件（默认回归集和保留集；加了 --show 只量回归集）"
SHOW = "逐条列出这些判定，用逗号隔开，可选：" + "、".join(Verdict)
UNBLIND = "连保留集的题目也列出来。看过之后它就不再是盲测，请先另备一份"
BRIEF = "只打印每个问题集的一行"
BLIND = "{names} 是盲测用的保留集，不列出题目；确实要看请加 --unblind，或用 --cases 指定别的文件"
BAD_VERDICT = "不认识“{text}”，可选：{known}"
NO_FILE = "找不到 {path}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run; 2 where the options do not fit."""
    options = _parser().parse_args(arguments)
    shown = set(filter(None, options.show.split(",")))
    paths = options.cases or [*REGRESSION, *(() if shown else HOLDOUT)]
    if problem := _problem(paths, shown, options.unblind):
        sys.stderr.write(problem + "\n")
        return 2
    mind, facts = load_mind(limits_of(load_config(Path(options.config)))), load_facts()
    if options.command == "calibrate":
        for line in calibrate(mind, facts, options.today):
            print(line, flush=True)
        return 0
    sums = []
    for path in paths:
        found = judged(Assistant(mind), path, facts, options.today)
        sums.append(summary(path, found))
        for one in (j for j in found if j.verdict in shown):
            print(one.line())
        if not options.brief:
            print("\n".join([f"{path.name}", *table(found, dialogues(path)), ""]), flush=True)
    print("\n".join(sums))
    return 0


def _problem(paths: Sequence[Path], shown: set[str], unblind: bool) -> str:
    for text in sorted(shown - set(Verdict)):
        return BAD_VERDICT.format(text=text, known="、".join(Verdict))
    for path in paths:
        if not path.is_file():
            return NO_FILE.format(path=path)
    if shown and not unblind and (hidden := [path.name for path in paths if blind(path)]):
        return BLIND.format(names="、".join(hidden))
    return ""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.eval", description=ABOUT, add_help=False)
    parser._optionals.title, parser._positionals.title = w.CLI_OPTIONS, w.CLI_ARGUMENTS
    parser.add_argument("command", nargs="?", choices=("measure", "calibrate"), default="measure", help=COMMAND)
    parser.add_argument("--cases", nargs="+", type=Path, metavar="文件", help=CASES)
    parser.add_argument("--show", default="", metavar="判定", help=SHOW)
    parser.add_argument("--unblind", action="store_true", help=UNBLIND)
    parser.add_argument("--brief", action="store_true", help=BRIEF)
    parser.add_argument("--today", type=date.fromisoformat, default=TODAY, metavar="YYYY-MM-DD", help=w.CLI_TODAY)
    parser.add_argument("--config", default="config.yaml", metavar="文件", help=w.CLI_CONFIG)
    parser.add_argument("-h", "--help", action="help", help=w.CLI_HELP)
    return parser


if __name__ == "__main__":
    sys.exit(main())
