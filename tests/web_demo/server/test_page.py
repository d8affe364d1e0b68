"""The built page over HTTP: what is kept, what is packed, what nobody else may do with it."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.web_demo.server.serving import Served, serving
from tests.web_demo.server.test_sign_in import ask, sleeping

pytestmark = pytest.mark.socket

INDEX = b"<!doctype html><title>page</title>" * 30
SCRIPT = b"export const one = 1;\n" * 40


@pytest.fixture
def built(tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_bytes(INDEX)
    (folder / "favicon.svg").write_text("<svg/>")
    script = folder / "assets" / "app-1a2b3c.js"
    script.write_bytes(SCRIPT)
    script.with_name(script.name + ".gz").write_bytes(gzip.compress(SCRIPT))
    script.with_name(script.name + ".br").write_bytes(b"as brotli has it")
    (folder / "assets" / "ort-1a.wasm").write_bytes(b"\0asm")
    (tmp_path / "secret.txt").write_text("secret")
    return folder


def run(folder: Path, scene: Callable[[Served], Awaitable[None]]) -> None:
    async def main() -> None:
        async with serving(sleeping, folder, password="asked for") as served:
            await scene(served)

    asyncio.run(main())


@pytest.mark.parametrize("path", ["/demo/", "/demo/calls", "/demo/calls/web-1"])
def test_the_index_is_never_kept_and_asks_nobody(built: Path, path: str) -> None:
    async def scene(served: Served) -> None:
        answer = await ask(served, "GET", path)
        assert (answer.status, answer.body) == (200, INDEX)
        assert answer.headers["cache-control"] == "no-cache"
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        again = await ask(served, "GET", path, If_None_Match=answer.headers["etag"])
        assert (again.status, again.body) == (304, b"")
        assert again.headers["cache-control"] == "no-cache"

    run(built, scene)


def test_the_short_address_leads_to_the_page(built: Path) -> None:
    async def scene(served: Served) -> None:
        answer = await ask(served, "GET", "/demo")
        assert (answer.status, answer.headers["location"]) == (308, "/demo/")

    run(built, scene)


@pytest.mark.parametrize(
    ("accepts", "coding", "body"),
    [
        ("gzip, deflate, br, zstd", "br", b"as brotli has it"),
        ("gzip;q=1.0, br;q=0", "gzip", gzip.compress(SCRIPT)),
        ("identity", None, SCRIPT),
        ("", None, SCRIPT),
    ],
)
def test_hashed_parts_are_kept_for_good_and_packed_as_the_browser_can(
    built: Path, accepts: str, coding: str | None, body: bytes
) -> None:
    async def scene(served: Served) -> None:
        answer = await ask(served, "GET", "/demo/assets/app-1a2b3c.js", Accept_Encoding=accepts)
        assert answer.headers.get("content-encoding") == coding
        assert answer.body == body if coding != "gzip" else gzip.decompress(answer.body) == SCRIPT
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-type"].startswith("text/javascript")
        assert answer.headers["vary"] == "Accept-Encoding"

    run(built, scene)


def test_compiled_parts_are_what_a_browser_compiles_while_they_load(built: Path) -> None:
    async def scene(served: Served) -> None:
        answer = await ask(served, "GET", "/demo/assets/ort-1a.wasm")
        assert answer.headers["content-type"] == "application/wasm"
        icon = await ask(served, "GET", "/demo/favicon.svg")
        assert icon.headers["content-type"] == "image/svg+xml"
        assert icon.headers["cache-control"] == "public, max-age=3600"

    run(built, scene)


@pytest.mark.parametrize("path", ["/demo/", "/demo/assets/app-1a2b3c.js", "/demo/nothing.js"])
def test_nothing_of_somebody_elses_runs_in_the_page(built: Path, path: str) -> None:
    async def scene(served: Served) -> None:
        headers = (await ask(served, "GET", path)).headers
        policy = dict(
            part.strip().partition(" ")[::2]
            for part in headers["content-security-policy"].split(";")
        )
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == "'self' 'wasm-unsafe-eval'"
        assert policy["frame-ancestors"] == "'none'"
        sources = {source for part in policy.values() for source in part.split()}
        assert sources <= {"'none'", "'self'", "'wasm-unsafe-eval'", "data:", "blob:"}
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "microphone=(self)" in headers["permissions-policy"]
        assert headers["referrer-policy"] == "no-referrer"

    run(built, scene)


@pytest.mark.parametrize(
    "path",
    [
        "/demo/../secret.txt",
        "/demo/%2e%2e/secret.txt",
        "/demo/assets/../../secret.txt",
        "/demo/assets/..%2f..%2fsecret.txt",
        "/demo//etc/passwd",
        "/demo/assets",
        "/demo/assets/%00",
        "/demo/assets/" + "x" * 5000,
    ],
)
def test_nothing_beside_the_page_is_served(built: Path, path: str) -> None:
    async def scene(served: Served) -> None:
        assert (await ask(served, "GET", path)).status == 404

    run(built, scene)


def test_a_page_that_is_not_built_says_how_to_build_it(tmp_path: Path) -> None:
    async def scene(served: Served) -> None:
        answer = await ask(served, "GET", "/demo/")
        assert answer.status == 503
        assert b"make page" in answer.body
        assert b"Node.js 20" in answer.body

    run(tmp_path / "nowhere", scene)
