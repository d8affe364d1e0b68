"""Logs: JSON lines for machines, readable lines for people, fields in both."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from hotline.logs import ROOMS, set_up

pytestmark = pytest.mark.pure


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for room in ROOMS:
        logging.getLogger(room).setLevel(logging.NOTSET)


def logged(style: str) -> str:
    stream = io.StringIO()
    set_up(style, "info", stream)
    log = logging.getLogger("telephony.stream")
    log.info("line closed", extra={"call": "CA12", "seconds": 3.5})
    log.debug("not this")
    try:
        raise ValueError("boom")
    except ValueError:
        log.exception("broke")
    return stream.getvalue()


def test_libraries_do_not_write_frames_and_parameters_at_debug_level() -> None:
    stream = io.StringIO()
    set_up("text", "debug", stream)
    logging.getLogger("telephony.stream").debug("ours")
    for library in ("uvicorn.error", "aiosqlite", "websockets.client", "twilio.http_client"):
        logging.getLogger(library).info("%s", "payload and secret")
        logging.getLogger(library).warning("heard")
    assert "ours" in stream.getvalue()
    assert stream.getvalue().count("heard") == 4
    assert "payload" not in stream.getvalue()


def test_json_lines_carry_the_fields() -> None:
    first, second = (json.loads(line) for line in logged("json").splitlines())
    assert first["message"] == "line closed"
    assert (first["call"], first["seconds"], first["severity"]) == ("CA12", 3.5, "INFO")
    assert "ValueError: boom" in second["exception"]


def test_readable_lines_carry_them_too() -> None:
    text = logged("text")
    assert "INFO    telephony.stream: line closed call=CA12 seconds=3.5" in text
    assert "ValueError: boom" in text
    assert "not this" not in text
