"""The page's own files, held in memory named after their content, so browsers may keep them for ever."""

from __future__ import annotations

import hashlib
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

FOLDER = Path(__file__).parent / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class Assets:
    """Name -> address with the digest of the content, and address -> content."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._addresses: dict[str, str] = {}
        self._content: dict[str, tuple[bytes, str]] = {}
        for path in sorted(folder.iterdir()):
            if path.suffix in _TYPES:
                self._add(path)

    def _add(self, path: Path) -> None:
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()[:12]
        name = f"{path.stem}.{digest}{path.suffix}"
        self._addresses[path.name] = f"/static/{name}"
        self._content[name] = (content, _TYPES[path.suffix])

    def address(self, name: str) -> str:
        """Where a page finds a file."""
        return self._addresses[name]

    async def serve(self, request: Request) -> Response:
        """A file; an address of an older page is gone, never guessed."""
        try:
            content, kind = self._content[request.path_params["name"]]
        except KeyError:
            raise HTTPException(404) from None
        return Response(content, media_type=kind, headers={"Cache-Control": "public, max-age=31536000, immutable"})
