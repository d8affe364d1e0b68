"""Logging: JSON lines for machines, one readable line for people.

A message is static; what varies is a field (``extra={...}``). Nothing personal is a field.
"""

from __future__ import annotations

import contextlib
import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any, TextIO

# Our rooms. Only they are known to keep payloads, secrets and numbers out of their records:
# libraries write whole frames and SQL parameters at their lower levels.
ROOMS = ("hotline", "telephony", "web_demo", "conversation", "media", "tools", "emulators")

_STANDARD = frozenset(
    vars(logging.LogRecord("", 0, "", 0, "", (), None)).keys() | {"message", "asctime", "taskName"}
)


# The call that the running task works for. Tasks begun within it inherit it.
_CALL: ContextVar[str] = ContextVar("call", default="")


@contextlib.contextmanager
def on_call(call: str) -> Iterator[None]:
    """Every record made while the block runs, also by tasks begun in it, names the call."""
    token = _CALL.set(call)
    try:
        yield
    finally:
        _CALL.reset(token)


class _WithCall(logging.Filter):
    """Adds ``call`` to records of a call that do not name it themselves."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not getattr(record, "call", "") and (call := _CALL.get()):
            record.call = call
        return True


class _WithTrace(logging.Filter):
    """Adds the id of the call's ``trace``, where it has one."""

    def __init__(self, trace_of: Callable[[str], str]) -> None:
        super().__init__()
        self._trace_of = trace_of

    def filter(self, record: logging.LogRecord) -> bool:
        call = getattr(record, "call", "")
        if call and (trace := self._trace_of(str(call))):
            record.trace = trace
        return True


@contextlib.contextmanager
def with_trace(trace_of: Callable[[str], str]) -> Iterator[None]:
    """While the block runs, records of a call carry its trace's id; ``trace_of`` looks it up."""
    added = _WithTrace(trace_of)
    handlers = logging.getLogger().handlers[:]
    for handler in handlers:
        handler.addFilter(added)
    try:
        yield
    finally:
        for handler in handlers:
            handler.removeFilter(added)


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """What the caller passed in ``extra``."""
    return {key: value for key, value in vars(record).items() if key not in _STANDARD}


class JsonLines(logging.Formatter):
    """One JSON object a line, with the field names Google Cloud Logging reads. With a
    ``project`` a record's trace is named as Cloud Trace knows it."""

    def __init__(self, project: str = "") -> None:
        super().__init__()
        self._project = project

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "severity": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **fields_of(record),
        }
        if self._project and "trace" in line:
            name = f"projects/{self._project}/traces/{line['trace']}"
            line["logging.googleapis.com/trace"] = name
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


class Readable(logging.Formatter):
    """``12:03:44 WARNING telephony.stream: bad frame call=CA12 kind=binary``."""

    def format(self, record: logging.LogRecord) -> str:
        fields = "".join(f" {key}={value}" for key, value in fields_of(record).items())
        line = (
            f"{self.formatTime(record, '%H:%M:%S')} {record.levelname:<7} "
            f"{record.name}: {record.getMessage()}{fields}"
        )
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return line


def set_up(style: str, level: str, stream: TextIO | None = None, *, project: str = "") -> None:
    """Send log records to ``stream`` (standard error). ``style`` is ``json`` or ``text``.

    ``level`` is for the hotline's own records; a library is heard from warnings on. ``project``
    is the Google Cloud project that traces go to.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines(project) if style == "json" else Readable())
    handler.addFilter(_WithCall())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    ours = logging.getLevelNamesMapping()[level.upper()]
    root.setLevel(max(ours, logging.WARNING))
    for room in ROOMS:
        logging.getLogger(room).setLevel(ours)
