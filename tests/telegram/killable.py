"""小安 as processes that start at once: loaded here, forked for each life. For the tests that kill it again and again.

On stdin: `start` prints the number of the new process, `wait` its exit code when it has ended."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from bot import opening, server
from bot.channels.telegram import alone, application
from bot.config import limits_of, load_config
from bot.mind import MindKeeper


def main() -> None:
    """Serve the commands on stdin; the argument says what to run: the page with a webhook, or the bot alone."""
    config = load_config(Path("no such file"))
    keeper = MindKeeper(limits_of(config), cache=Path(config.text("cache")))
    setattr(opening, "make_keeper", lambda config: keeper)  # noqa: B010  (a start would load the same again)
    assert application.__name__  # loaded here, so that no child has to
    child = 0
    for line in sys.stdin:
        if line.strip() == "start":
            child = os.fork()
            if not child:
                os.close(0)
                server.run(config) if sys.argv[1] == "run" else alone.run(config)
                os._exit(0)
            print(child, flush=True)  # noqa: T201
        else:
            print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
