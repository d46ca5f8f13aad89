"""The portal's static files: read once, compressed once, and named by their content.

The URL carries a fingerprint of everything (``/static/3f2a…/js/home.js``), so a browser may keep a file for
ever and still sees a new release at once; modules import each other by relative paths and therefore always
come from the same release.
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from healthtwin.web.limits_asset import LIMITS, limits_json
from healthtwin.web.spoken import READERS, RUNTIME, script, script_name
from healthtwin.words import LANGUAGES

STATIC: Final = Path(__file__).parent / "static"

STYLESHEET: Final = "portal.css"
"""All of `static/css` and the chart's own sheet in name order: one request instead of six."""

APP_STYLESHEET: Final = "app.css"
"""What the phone app looks like: all of `static/css`, then the sheets of `static/app`."""

_SHARED: Final = (
    "elements",
    "words",
    "frame",
    "server",
    "ask",
    "leave",
    "step_up",
    "forms",
    "passkey",
    "alert_card",
    "access_panel",
)
APP_SHARES: Final = tuple(f"js/{name}.js" for name in _SHARED)
"""The portal's modules that the phone app stands on."""

MEDIA_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}

FINGERPRINT_HEX: Final = 12


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it goes over the wire.

    Attributes:
        body: the bytes.
        compressed: the same, gzip.
        media_type: value of the Content-Type header.
    """

    body: bytes
    compressed: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Assets:
    """Every static file of this release.

    Attributes:
        fingerprint: changes when any file changes.
        files: by path below `static`, with `/` between parts.
    """

    fingerprint: str
    files: dict[str, Asset]

    def url(self, path: str) -> str:
        """Where the browser finds a file.

        Raises:
            KeyError: for a file that does not exist, so that a template's slip shows in the first test.
        """
        self.files[path]
        return f"/static/{self.fingerprint}/{path}"

    def app_urls(self) -> list[str]:
        """Everything that the phone app may need without a network: its files, languages, what it shares."""
        own = [
            path for path in self.files if path == APP_STYLESHEET or path.startswith(("app/", "words/app."))
        ]
        return [self.url(path) for path in (*own, *APP_SHARES)]


def _pack(body: bytes, suffix: str) -> Asset:
    # mtime=0: the same release gives the same bytes on every machine.
    return Asset(body, gzip.compress(body, 9, mtime=0), MEDIA_TYPES[suffix])


@lru_cache(maxsize=1)
def load_assets() -> Assets:
    """Read, join and compress the static files.

    >>> assets = load_assets()
    >>> assets.url("portal.css").startswith("/static/")
    True
    """
    files: dict[str, Asset] = {}
    digest = hashlib.sha256()
    common = sorted((STATIC / "css").glob("*.css"))
    sheets = {
        STYLESHEET: [STATIC / "vendor" / "uplot" / "uPlot.min.css", *common],
        APP_STYLESHEET: [*common, *sorted((STATIC / "app").rglob("*.css"))],
    }
    for name, parts in sheets.items():
        stylesheet = b"\n".join(part.read_bytes() for part in parts)
        digest.update(stylesheet)
        files[name] = _pack(stylesheet, ".css")
    for path in sorted(STATIC.rglob("*")):
        if path.suffix in (".js", ".png", ".svg") and path != RUNTIME:
            body = path.read_bytes()
            name = path.relative_to(STATIC).as_posix()
            digest.update(name.encode() + b"\0" + body)
            files[name] = _pack(body, path.suffix)
    for reader in READERS:
        for language in LANGUAGES:
            body, name = script(reader, language), script_name(reader, language)
            digest.update(name.encode() + b"\0" + body)
            files[name] = _pack(body, ".js")
    body = limits_json()
    digest.update(LIMITS.encode() + b"\0" + body)
    files[LIMITS] = _pack(body, ".json")
    return Assets(digest.hexdigest()[:FINGERPRINT_HEX], files)
