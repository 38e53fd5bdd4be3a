"""The files in which knowledge and dialogues are written, as they lie on disk."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
_PARTS = ("knowledge", "flows")
_NOT_OURS = (".", "__", "#")
"""How names begin that editors and systems leave behind (.#photo.yaml, ._photo.yaml, __pycache__)."""

_READ = re.compile(
    r"knowledge/(registration/[^/]+|materials|regions|sources|surnames|vocabulary)\.yaml"
    r"|flows/definitions/(flows|login|materials|phrases|review_body|type|words)\.yaml"
)
_UNREAD = "提示：这个文件没有读：条目要放在 knowledge/registration/ 里，文件名以 .yaml 结尾；别的文件名是固定的"


def shown(path: Path) -> str:
    """A file as messages name it: from its part of the project on, for there are several of some names."""
    before = [number for number, part in enumerate(path.parts) if part in _PARTS]
    return "/".join(path.parts[before[-1] :]) if before else path.name


def files(folder: Path) -> list[Path]:
    """What somebody has written there, at any depth, code apart."""
    return sorted(
        path
        for path in folder.rglob("*")
        if not any(part.startswith(_NOT_OURS) for part in path.relative_to(folder).parts)
        and not path.name.endswith((".py", "~"))
        and not path.is_dir()
    )


def unread(root: Path = ROOT) -> Iterator[str]:
    """A line for each file that nothing reads: it has another ending, or lies in another folder."""
    for path in (*files(root / "knowledge"), *files(root / "flows")):
        if not _READ.fullmatch(path.relative_to(root).as_posix()):
            yield f"{shown(path)}: {_UNREAD}"


def fingerprint(folder: Path) -> str:
    """Changes when any of the files does (names, sizes, times, who may read them; the content is not read)."""
    return hashlib.sha256(";".join(map(_seen, files(folder))).encode()).hexdigest()[:16]


def _seen(path: Path) -> str:
    try:
        stat = path.stat()
    except OSError as error:  # what is wrong with it will be told when it is read
        return f"{path}:{error.errno}"
    return f"{path}:{stat.st_size}:{stat.st_mtime_ns}:{stat.st_ctime_ns}"
