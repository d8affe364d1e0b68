"""A call's journal: what happened and what was decided, one line of JSON for each event.

Written by one thread for all calls, through a bounded queue: a full disk slows no call down. A
journal that cannot be written completely says so in its last line.
"""

from __future__ import annotations

import logging
import platform
import queue
import secrets
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import orjson

from conversation.actions import Action
from conversation.core import Setting
from conversation.events import CallerAudio, Event, ModelAudio, PlaybackMark
from conversation.file_names import file_stem
from conversation.journal_lines import action_form, dump, event_form, setting_form
from conversation.masking import Mask, shown_number

log = logging.getLogger(__name__)

VERSION = 1
# Batches that may wait for the disk; about a minute of a hundred calls.
BATCHES_WAITING = 8192
# Lines of a call gathered before they go to the writer: about half a second.
_BATCH = 32
# What comes all the time waits for the batch to fill; after anything else the writer is woken.
_STREAM = (CallerAudio, ModelAudio, PlaybackMark)


class JournalFolder:
    """Writes the journals of a process into one folder. A context manager: leaving it waits
    until all is written.

    When ``waiting`` batches wait, a call's journal ends there and is counted in
    ``truncated``.
    """

    def __init__(
        self, folder: Path, *, masked: bool = False, waiting: int = BATCHES_WAITING
    ) -> None:
        self.truncated = 0
        self._folder = folder
        self._masked = masked
        self._queue: queue.Queue[tuple[Path, bytes] | None] = queue.Queue(waiting)
        self._thread = threading.Thread(target=self._write, name="journals", daemon=True)

    def __enter__(self) -> JournalFolder:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._queue.put(None)
        self._thread.join()

    def open(self, conversation: str) -> Journal:
        """The journal of a call, an observer for its ``Conversation``. Its file is named after
        the conversation and the moment."""
        moment = datetime.now(UTC)
        path = self._folder / f"{moment:%Y%m%dT%H%M%S%f}_{file_stem(conversation)}.jsonl"
        return Journal(self, path, moment, masked=self._masked)

    def add(self, path: Path, lines: bytes) -> bool:
        """Queue lines for a file; False when there is no room."""
        try:
            self._queue.put_nowait((path, lines))
        except queue.Full:
            self.truncated += 1
            return False
        return True

    def _write(self) -> None:
        files: dict[Path, BinaryIO] = {}
        while (batch := self._queue.get()) is not None:
            path, lines = batch
            try:
                if path not in files:
                    files[path] = path.open("ab")
                if lines:
                    files[path].write(lines)
                    files[path].flush()
                else:
                    files.pop(path).close()
            except OSError as error:
                log.error("journal not written", extra={"file": path.name, "error": str(error)})
        for file in files.values():
            file.close()


class Journal:
    """One call's journal, and an ``Observer`` of its conversation. ``path`` is its file."""

    def __init__(
        self, folder: JournalFolder, path: Path, moment: datetime, *, masked: bool
    ) -> None:
        self.path = path
        self._folder = folder
        self._moment = moment
        self._mask = Mask(secrets.token_bytes(16)) if masked else None
        self._lines: list[bytes] = []
        self._whole = True

    def began(self, setting: Setting) -> None:
        head = {
            "journal": VERSION,
            "at": self._moment.isoformat(timespec="milliseconds"),
            "masked": self._mask is not None,
            "python": platform.python_version(),
            "setting": setting_form(setting),
        }
        self._lines.append(orjson.dumps(head))

    def decided(self, now: float, event: Event, actions: Sequence[Action]) -> None:
        forms = [self._shown(action_form(action)) for action in actions]
        self._lines.append(dump(now, self._shown(event_form(event)), forms))
        if len(self._lines) >= _BATCH or not isinstance(event, _STREAM):
            self._hand_over()

    def ended(self) -> None:
        self._hand_over()
        if self._whole:
            self._folder.add(self.path, b"")

    def _shown(self, form: Any) -> Any:
        form = shown_number(form)
        return form if self._mask is None else self._mask.form(form)

    def _hand_over(self) -> None:
        lines, self._lines = self._lines, []
        if self._whole and lines:
            self._whole = self._folder.add(self.path, b"\n".join(lines) + b"\n")
