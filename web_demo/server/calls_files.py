"""A call's files as QA get them: its recording, the recording's outline, its event log."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from conversation.file_names import file_stem
from conversation.masking import key as masked_key
from media.stereo_file import Peaks, peaks_of
from web_demo.server.insight_masking import masked

_OUTLINES_KEPT = 64


class CallFiles:
    """Where the files are; None for a folder that nothing is written to. Its methods read the
    disk: not for the event loop."""

    def __init__(self, recordings: Path | None, journals: Path | None) -> None:
        self._recordings = recordings
        self._journals = journals
        self._outlines: OrderedDict[tuple[str, int, int, int], Peaks] = OrderedDict()
        self._lock = threading.Lock()

    def recording(self, conversation: str) -> Path | None:
        """The call's recording, if there is one."""
        if self._recordings is None:
            return None
        path = self._recordings / f"{file_stem(conversation)}.wav"
        return path if path.is_file() else None

    def incomplete(self, conversation: str) -> bool:
        """Whether the recording lacks something, because the disk was behind."""
        if self._recordings is None:
            return False
        return (self._recordings / f"{file_stem(conversation)}.incomplete").exists()

    def peaks(self, path: Path, points: int) -> Peaks:
        """The loudest of each of ``points`` stretches of a recording, both sides.

        Raises:
            WavError: it is no recording of ours.
            OSError: it cannot be read.
        """
        stat = path.stat()
        found = (str(path), stat.st_mtime_ns, stat.st_size, points)
        with self._lock:
            if found in self._outlines:
                self._outlines.move_to_end(found)
                return self._outlines[found]
        outline = peaks_of(path, points)
        with self._lock:
            self._outlines[found] = outline
            while len(self._outlines) > _OUTLINES_KEPT:
                self._outlines.popitem(last=False)
        return outline

    def journals(self, conversation: str) -> list[Path]:
        """The call's journals, oldest first: more than one where its line was lost for a while."""
        if self._journals is None:
            return []
        name = f"{file_stem(conversation)}.jsonl"
        return sorted(
            path for path in self._journals.glob(f"*_{name}") if path.name.partition("_")[2] == name
        )


# What may be personal besides words: looked for as text before a line is taken apart.
_PERSONAL = (b'"args":{', b'"response":{', b'"digit"', b'detail":{')


def event_log(paths: list[Path]) -> Iterator[bytes]:
    """Journals line by line, tools' arguments and results masked."""
    for path in paths:
        with path.open("rb") as file:
            for line in file:
                yield _masked_line(line) if any(part in line for part in _PERSONAL) else line


def _masked_line(line: bytes) -> bytes:
    try:
        form = orjson.loads(line)
    except orjson.JSONDecodeError:  # the last line of a call under way
        return b""
    return orjson.dumps(_masked(form)) + b"\n"


def _masked(form: Any) -> Any:
    if isinstance(form, list):
        return [_masked(part) for part in form]
    if not isinstance(form, dict):
        return form
    hidden: dict[str, Any] = {}
    for name, value in form.items():
        if name in ("args", "response", "detail", "order_detail") and isinstance(value, dict):
            other = form.get("response" if name == "args" else "args")
            hidden[name] = masked(value, other if isinstance(other, dict) else None)
        elif name == "digit" and isinstance(value, str):
            hidden[name] = masked_key(value)
        else:
            hidden[name] = _masked(value)
    return hidden
