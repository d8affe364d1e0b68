"""Who may use the demo: passwords, links, cookies, origins, over real HTTP."""

from __future__ import annotations

import asyncio
import http.client
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import itsdangerous
import pytest

from conversation.line import Ending
from conversation.runtime import Observer
from tests.web_demo.server.page import opened
from tests.web_demo.server.serving import Served, serving
from web_demo.server import routes as server_routes
from web_demo.server.browser_line import BrowserLine
from web_demo.server.messages import SIGN_IN_FIRST
from web_demo.server.sign_in import COOKIE, TRIES, TRIES_OF_ALL, Tries

pytestmark = pytest.mark.socket

PASSWORD = "correct horse"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def cookie(self) -> str:
        return self.headers.get("set-cookie", "").partition(";")[0]


async def ask(served: Served, method: str, path: str, body: str = "", **headers: str) -> Answer:
    def asked() -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=5)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body or None, sent)
            response = connection.getresponse()
            told = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, told, response.read())
        finally:
            connection.close()

    return await asyncio.to_thread(asked)


async def sign_in(served: Served, password: str = PASSWORD, origin: str | None = None) -> Answer:
    ours = f"http://127.0.0.1:{served.port}"
    body = json.dumps({"password": password})
    return await ask(
        served, "POST", "/demo/api/sign-in", body, Origin=ours if origin is None else origin
    )


async def sleeping(line: BrowserLine, observers: list[Observer]) -> Ending:
    await line.closed.wait()
    return Ending()


def run(scene: Callable[[Served], Any], **settings: Any) -> None:
    async def main() -> None:
        async with serving(sleeping, Path("nowhere"), **settings) as served:
            await scene(served)

    asyncio.run(main())


def test_the_password_opens_page_and_socket() -> None:
    async def scene(served: Served) -> None:
        assert (await ask(served, "GET", "/demo/api/me")).status == 401
        answer = await sign_in(served)
        assert answer.status == 200
        written = answer.headers["set-cookie"].lower()
        assert all(part in written for part in ("httponly", "samesite=strict", "path=/demo"))
        assert "secure" not in written
        me = await ask(served, "GET", "/demo/api/me", Cookie=answer.cookie)
        assert json.loads(me.body) == {
            "name": "QA",
            "sign_in": True,
            "vad": True,
            "masked": True,
            "emulated": False,
        }
        assert me.headers["cache-control"] == "private, no-store"
        async with opened(served.port, cookie=answer.cookie) as page:
            assert (await page.hello())["resumed"] is False

    run(scene, password=PASSWORD)


def test_a_body_that_never_comes_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server_routes, "BODY_SECONDS", 0.05)

    async def scene(served: Served) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
        ours = f"127.0.0.1:{served.port}"
        head = f"Host: {ours}\r\nOrigin: http://{ours}\r\nContent-Length: 99\r\n\r\n{{"
        writer.write(f"POST /demo/api/sign-in HTTP/1.1\r\n{head}".encode())
        async with asyncio.timeout(5):
            assert b" 401 " in await reader.readline()
        writer.close()

    run(scene, password=PASSWORD)


@pytest.mark.parametrize("changed", [{"origin": "https://evil.example"}, {"origin": ""}])
def test_other_sites_sign_nobody_in(changed: dict[str, str]) -> None:
    async def scene(served: Served) -> None:
        assert (await sign_in(served, **changed)).status == 403

    run(scene, password=PASSWORD)


def test_a_wrong_password_is_told_and_not_for_ever() -> None:
    async def scene(served: Served) -> None:
        answers = [await sign_in(served, "guess") for _ in range(TRIES + 1)]
        assert [answer.status for answer in answers] == [401] * TRIES + [429]
        assert (await sign_in(served)).status == 429, "a right guess is none of the guesser's"

    run(scene, password=PASSWORD)


def test_an_address_that_guesses_keeps_only_itself_out() -> None:
    tries = Tries()
    for _ in range(TRIES):
        assert tries.allowed("10.0.0.1", 0.0)
        tries.wrong("10.0.0.1", 0.0)
    assert not tries.allowed("10.0.0.1", 59.0)
    assert tries.allowed("10.0.0.2", 59.0)
    assert tries.allowed("10.0.0.1", 61.0)
    for number in range(TRIES_OF_ALL):
        tries.wrong(f"10.1.0.{number}", 70.0)
    assert not tries.allowed("10.0.0.3", 71.0), "many addresses may be one person"


@pytest.mark.parametrize("body", ["", "[]", "{", '{"password": null}', '{"password": ["a"]}', "é"])
def test_what_is_no_password_is_refused(body: str) -> None:
    async def scene(served: Served) -> None:
        ours = f"http://127.0.0.1:{served.port}"
        answer = await ask(served, "POST", "/demo/api/sign-in", body, Origin=ours)
        assert answer.status == 401

    run(scene, password=PASSWORD)


def test_a_link_signs_in_by_name_and_an_old_or_false_one_does_not() -> None:
    async def scene(served: Served) -> None:
        link = served.door.gate.link("Ada")
        answer = await ask(served, "GET", f"/demo/sign-in?link={link}")
        assert (answer.status, answer.headers["location"]) == (303, "/demo/")
        me = await ask(served, "GET", "/demo/api/me", Cookie=answer.cookie)
        assert json.loads(me.body)["name"] == "Ada"
        for wrong in (link[:-1], link.swapcase(), "", answer.cookie.partition("=")[2]):
            refused = await ask(served, "GET", f"/demo/sign-in?link={wrong}")
            assert refused.headers["location"] == "/demo/?link=expired"
            assert "set-cookie" not in refused.headers

    run(scene, link_secret="s" * 32)


def test_a_link_is_no_cookie() -> None:
    async def scene(served: Served) -> None:
        link = served.door.gate.link("Ada")
        me = await ask(served, "GET", "/demo/api/me", Cookie=f"{COOKIE}={link}")
        assert me.status == 401

    run(scene, link_secret="s" * 32)


def test_links_and_cookies_wear_out(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = itsdangerous.TimestampSigner.get_timestamp

    def later(hours: float) -> None:
        monkeypatch.setattr(
            itsdangerous.TimestampSigner,
            "get_timestamp",
            lambda signer: clock(signer) + round(3600 * hours),
        )

    async def scene(served: Served) -> None:
        link = served.door.gate.link("Ada")
        cookie = (await ask(served, "GET", f"/demo/sign-in?link={link}")).cookie
        for hours, status, where in ((1.9, 200, "/demo/"), (2.1, 401, "/demo/")):
            later(hours)
            assert (await ask(served, "GET", "/demo/api/me", Cookie=cookie)).status == status
            answer = await ask(served, "GET", f"/demo/sign-in?link={link}")
            assert answer.headers["location"] == where
        later(3.1)
        answer = await ask(served, "GET", f"/demo/sign-in?link={link}")
        assert answer.headers["location"] == "/demo/?link=expired"

    run(scene, link_secret="s" * 32, sign_in_hours=2, link_hours=3)


def test_signing_out_forgets_the_cookie() -> None:
    async def scene(served: Served) -> None:
        answer = await ask(served, "POST", "/demo/api/sign-out")
        assert re.search(rf'{COOKIE}=("")?;.*max-age=0', answer.headers["set-cookie"].lower())

    run(scene, password=PASSWORD)


def test_a_cookie_over_https_never_travels_without() -> None:
    async def scene(served: Served) -> None:
        answer = await sign_in(served, origin="https://demo.example")
        assert "secure" in answer.headers["set-cookie"].lower()

    run(scene, password=PASSWORD, public_url="https://demo.example")


def test_without_a_password_only_this_machine_comes_in_by_its_own_name() -> None:
    """Another site's name may be made to lead here (DNS rebinding)."""

    async def scene(served: Served) -> None:
        assert (await ask(served, "GET", "/demo/api/me")).status == 200
        assert (await ask(served, "GET", "/demo/api/me", Host="localhost:1")).status == 200
        for name in ("evil.example", "evil.example:", "a:99999", "127.0.0.1@evil.example", "[a"):
            assert (await ask(served, "GET", "/demo/api/me", Host=name)).status == 401
        away = await ask(served, "GET", "/demo/api/me", X_Forwarded_For="203.0.113.7")
        assert away.status == 401
        told = json.loads(away.body)
        assert told["password"] is False
        assert "WEB_PASSWORD" in told["error"]
        theirs = f"http://evil.example:{served.port}"
        async with opened(served.port, origin=theirs, host="evil.example") as page:
            assert await page.closed() == SIGN_IN_FIRST

    run(scene)


@pytest.mark.parametrize("origin", ["http://[", "null", "http://127.0.0.1"])
def test_an_origin_that_is_none_is_not_ours(origin: str) -> None:
    async def scene(served: Served) -> None:
        assert not served.door.welcomes(origin, f"127.0.0.1:{served.port}")

    run(scene)


def test_posted_frames_need_the_session_and_its_secret() -> None:
    async def scene(served: Served) -> None:
        async with opened(served.port) as page:
            await page.hello()
            frame = page.frame(bytes(640))
            body = (len(frame).to_bytes(4, "little") + frame).decode("latin-1")
            where = f"/demo/frames?session={page.key['session']}"
            secret = page.key["secret"]
            right = await ask(served, "POST", where, body, X_Session_Secret=secret)
            assert json.loads(right.body) == {"seq": 1}
            wrong = await ask(served, "POST", where, body, X_Session_Secret="guessed")
            assert wrong.status == 404
            torn = await ask(served, "POST", where, body[:-1], X_Session_Secret=secret)
            assert torn.status == 400

    run(scene)
