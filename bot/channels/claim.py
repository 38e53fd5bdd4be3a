"""One process at a time: two that answered from the same table of updates would answer each update twice."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import BinaryIO


class Claim:
    """Held until `close`, or until the process ends, however it ends: the system lets go of it then."""

    def __init__(self, path: Path) -> None:
        """`path`: a file for nothing else, which is made and stays."""
        self._path = path
        self._file: BinaryIO | None = None

    def take(self) -> bool:
        """Whether it is held now; False where somebody else holds it.

        Raises:
            OSError: the file can't be made.
        """
        file = self._path.open("ab")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True

    def close(self) -> None:
        """Let go of it."""
        if self._file:
            self._file.close()
            self._file = None
