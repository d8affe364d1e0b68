"""The built page: its index never kept, its hashed assets kept for good, both compressed before."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.staticfiles import NotModifiedResponse

BUILT = Path(__file__).resolve().parent.parent / "app" / "dist"
_CODINGS = (("br", ".br"), ("gzip", ".gz"))
_TYPES = {
    ".wasm": "application/wasm",
    ".js": "text/javascript",
    ".onnx": "application/octet-stream",
}
# Scripts, styles and sockets of our own only. The speech detector is compiled in the page.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "worker-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self' data:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
# For whatever is answered to visitors only: kept nowhere, shown within no other site.
PRIVATE: Mapping[str, str] = {
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_MISSING = """<!doctype html><html lang="en"><title>Cymbol Travels</title>
<h1>The page is not built</h1>
<p>The hotline runs and takes telephone calls. To see the browser demo install Node.js 20 or newer
and run <code>make page</code>, then load this page again.</p></html>"""


class Page:
    """Serves the folder that the page was built into."""

    def __init__(self, folder: Path = BUILT) -> None:
        self._folder = folder.resolve()

    async def index(self, request: Request) -> Response:
        path = self._folder / "index.html"
        headers = {**HEADERS, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
        if not path.is_file():
            return HTMLResponse(_MISSING, 503, headers=headers)
        return _file(path, request, headers)

    async def part(self, request: Request) -> Response:
        """A part of the page; what has a hash in its name never changes."""
        path = self._find(request.path_params["path"])
        if path is None:
            return PlainTextResponse("There is no such part of the page.", 404, headers=HEADERS)
        hashed = path.parent.name == "assets"
        kept = "public, max-age=31536000, immutable" if hashed else "public, max-age=3600"
        return _file(path, request, {**HEADERS, "Cache-Control": kept, "Vary": "Accept-Encoding"})

    def _find(self, name: str) -> Path | None:
        try:
            path = (self._folder / name).resolve()
            return path if path.is_relative_to(self._folder) and path.is_file() else None
        except (OSError, ValueError):
            # A name that no file system takes.
            return None


def _file(path: Path, request: Request, headers: dict[str, str]) -> Response:
    media_type = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
    accepted = {
        one.partition(";")[0].strip()
        for one in request.headers.get("accept-encoding", "").split(",")
        if not one.replace(" ", "").endswith(";q=0")
    }
    served = path
    for coding, ending in _CODINGS:
        packed = path.with_name(path.name + ending)
        if coding in accepted and packed.is_file():
            served, headers = packed, {**headers, "Content-Encoding": coding}
            break
    response = FileResponse(
        served,
        media_type=media_type or "application/octet-stream",
        headers=headers,
        stat_result=served.stat(),
    )
    known = request.headers.get("if-none-match", "")
    if response.headers["etag"] in [one.strip().removeprefix("W/") for one in known.split(",")]:
        return NotModifiedResponse(response.headers)
    return response
