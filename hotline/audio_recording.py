"""Writes every call's sound to a file: stereo, caller left, Myra right, as they were heard.

One thread writes for all calls, through a bounded queue: a full disk or a slow one holds no call
up. A recording that lacks something because of it has a file ``.incomplete`` beside it.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from conversation.actions import Action
from conversation.as_heard import AsHeard, Sound
from conversation.core import Setting
from conversation.events import Event
from conversation.file_names import file_stem
from media.audio import Audio
from media.resample import Resampler
from media.stereo_file import Codec, stereo_header
from media.wav import Side, StereoTimeline

log = logging.getLogger(__name__)

# Batches that may wait for the disk: about ten seconds of a hundred calls, 80 MB at the most.
BATCHES_WAITING = 2048
# Seconds of a call that are gathered before they go to the writer.
BATCH_SECONDS = 0.5


class RecordingFolder:
    """Writes the recordings of a process into one folder. A context manager: leaving it waits
    until all is written.

    ``rate`` is 8000 or 16000 Hz. Batches that find no room are dropped and counted in
    ``dropped``; ``failed`` counts recordings that the disk refused.
    """

    def __init__(
        self,
        folder: Path,
        *,
        rate: int = 8000,
        codec: Codec = Codec.PCM16,
        waiting: int = BATCHES_WAITING,
    ) -> None:
        self.dropped = 0
        self.failed = 0
        self.folder = folder
        self._rate = rate
        self._codec = codec
        self._numbers = count(1)
        self._queue: queue.Queue[_Batch | None] = queue.Queue(waiting)
        self._thread = threading.Thread(target=self._write, name="recordings", daemon=True)

    def __enter__(self) -> RecordingFolder:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
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

    def open(self, conversation: str, prompts: Mapping[str, Audio]) -> CallRecording:
        """The recording of a call, an observer for its ``Conversation``; ``prompts`` as the
        conversation has them."""
        return CallRecording(self, next(self._numbers), conversation, prompts)

    def add(self, batch: _Batch) -> bool:
        """Queue a batch; False when there is no room."""
        try:
            self._queue.put_nowait(batch)
        except queue.Full:
            self.dropped += 1
            return False
        return True

    def _write(self) -> None:
        files: dict[int, _File | None] = {}
        while (batch := self._queue.get()) is not None:
            try:
                if batch.number not in files:
                    files[batch.number] = None
                    files[batch.number] = self._begun(batch)
                file = files[batch.number]
                if file is not None:
                    file.write(batch)
            except OSError as error:
                self.failed += 1
                files[batch.number] = None
                log.error(
                    "recording not written",
                    extra={"call": batch.conversation, "error": str(error)},
                )
            if batch.over:
                files.pop(batch.number, None)
        for file in files.values():
            if file is not None:
                file.close()

    def _begun(self, batch: _Batch) -> _File:
        """A new file; a call that comes back after its line was lost gets another one."""
        stem, number = file_stem(batch.conversation), 1
        path = self.folder / f"{stem}.wav"
        while path.exists():
            number += 1
            path = self.folder / f"{stem}.{number}.wav"
        return _File(path, self._rate, self._codec)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Some of a call's sound. ``missing``: batches before it were dropped."""

    number: int
    conversation: str
    sounds: tuple[Sound, ...]
    settled: float
    missing: bool
    over: bool


class CallRecording:
    """One call's recording, and an ``Observer`` of its conversation."""

    def __init__(
        self,
        folder: RecordingFolder,
        number: int,
        conversation: str,
        prompts: Mapping[str, Audio],
    ) -> None:
        self._folder = folder
        self._number = number
        self._conversation = conversation
        self._heard = AsHeard(prompts)
        self._sounds: list[Sound] = []
        self._batch_at = BATCH_SECONDS
        self._now = 0.0
        self._missing = False

    def began(self, setting: Setting) -> None: ...

    def decided(self, now: float, event: Event, actions: Sequence[Action]) -> None:
        self._now = now
        self._sounds += self._heard.decided(now, event, actions)
        if now >= self._batch_at:
            self._batch_at = now + BATCH_SECONDS
            self._hand_over(self._heard.settled(now), over=False)

    def ended(self) -> None:
        self._hand_over(self._now, over=True)

    def _hand_over(self, settled: float, *, over: bool) -> None:
        sounds, self._sounds = tuple(self._sounds), []
        batch = _Batch(self._number, self._conversation, sounds, settled, self._missing, over)
        self._missing = not self._folder.add(batch)
        if self._missing:
            log.error("recording behind: sound dropped", extra={"call": self._conversation})


@dataclass(slots=True)
class _Voice:
    """One side on its way to the file's rate."""

    side: Side
    at: float = 0.0
    resampler: Resampler | None = None

    @property
    def held_until(self) -> float:
        """What joins the sound so far begins here; once that is settled, nothing does."""
        held = self.resampler.delay_ms if self.resampler else 0.0
        return self.at + held / 1000


class _File:
    """A recording that grows: what is settled is written, and the header after it."""

    def __init__(self, path: Path, rate: int, codec: Codec) -> None:
        self._path = path
        self._rate = rate
        self._codec = codec
        self._timeline = StereoTimeline(rate, snap_ms=0.0)
        self._voices = {side: _Voice(side) for side in Side}
        self._frames = 0
        self._file: BinaryIO = path.open("xb", buffering=0)
        self._file.write(stereo_header(0, rate, codec))

    def write(self, batch: _Batch) -> None:
        if batch.missing:
            self._path.with_suffix(".incomplete").touch()
            for voice in self._voices.values():
                self._flush(voice)
        for side, voice in self._voices.items():
            for stretch in _stretches(one for one in batch.sounds if one.side is side):
                self._lay(voice, stretch)
        for voice in self._voices.values():
            if batch.over or voice.held_until < batch.settled:
                self._flush(voice)
        self._grow(self._timeline.seconds if batch.over else batch.settled)
        if batch.over:
            self.close()

    def close(self) -> None:
        self._file.close()

    def _grow(self, until: float) -> None:
        """Sound first: at no moment does the header promise more than there is."""
        pcm = self._timeline.take(until)
        if not pcm:
            return
        self._file.write(self._codec.encoded(pcm))
        self._frames += len(pcm) // 4
        self._file.seek(0)
        self._file.write(stereo_header(self._frames, self._rate, self._codec))
        self._file.seek(0, 2)

    def _lay(self, voice: _Voice, sound: Sound) -> None:
        known = voice.resampler
        if known is None or not sound.joins or known.rate_in != sound.audio.rate:
            self._flush(voice)
            known = voice.resampler = Resampler(sound.audio.rate, self._rate)
            voice.at = sound.at
        audio = known.process(sound.audio)
        voice.at = self._timeline.add(voice.side, voice.at, audio)

    def _flush(self, voice: _Voice) -> None:
        """What the filter holds back of a stretch that has ended."""
        if voice.resampler is not None:
            rest = voice.resampler.flush()
            voice.resampler = None
            if rest.pcm:
                self._timeline.add(voice.side, voice.at, rest)


def _stretches(sounds: Iterable[Sound]) -> Iterator[Sound]:
    """Sounds of one side, those that join as one: a filter takes a batch as cheaply as a frame."""
    parts: list[Sound] = []
    for sound in sounds:
        if parts and not (sound.joins and sound.audio.rate == parts[0].audio.rate):
            yield _together(parts)
            parts = []
        parts.append(sound)
    if parts:
        yield _together(parts)


def _together(parts: list[Sound]) -> Sound:
    first = parts[0]
    pcm = b"".join(part.audio.pcm for part in parts)
    return Sound(first.side, first.at, Audio(pcm, first.audio.rate), first.joins)
