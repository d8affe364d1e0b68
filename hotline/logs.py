"""Logging: JSON lines for machines, one readable line for people.

A message is static; what varies is a field (``extra={...}``). Nothing personal is a field.
"""

from __future__ import annotations

import json
import logging
import sys
from typing import Any, TextIO

# Our rooms. Only they are known to keep payloads, secrets and numbers out of their records:
# libraries write whole frames and SQL parameters at their lower levels.
ROOMS = ("hotline", "telephony", "web_demo", "conversation", "media", "tools", "emulators")

_STANDARD = frozenset(
    vars(logging.LogRecord("", 0, "", 0, "", (), None)).keys() | {"message", "asctime", "taskName"}
)


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """What the caller passed in ``extra``."""
    return {key: value for key, value in vars(record).items() if key not in _STANDARD}


class JsonLines(logging.Formatter):
    """One JSON object a line, with the field names Google Cloud Logging reads."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "severity": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **fields_of(record),
        }
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


def set_up(style: str, level: str, stream: TextIO | None = None) -> None:
    """Send log records to ``stream`` (standard error). ``style`` is ``json`` or ``text``.

    ``level`` is for the hotline's own records; a library is heard from warnings on.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines() if style == "json" else Readable())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    ours = logging.getLevelNamesMapping()[level.upper()]
    root.setLevel(max(ours, logging.WARNING))
    for room in ROOMS:
        logging.getLogger(room).setLevel(ours)
