"""People who speak over Myra: seven synthetic voices and the human ones there are, over mu-law.

Synthetic: Kokoro's af_heart, af_bella (female, American), am_michael (male, American), bf_emma
(female) and bm_george (male, British), and Pico's American and British women. Human: the readers
and actors of the recordings that come with the package moonshine-voice (three men, one woman),
cut where they pause.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from benchmarks.stage import ROOT
from emulators.speech.tts import CALLERS, MYRA, Voices
from media.audio import Audio
from media.g711 import pcm_to_ulaw, ulaw_to_pcm
from media.levels import fade_out, frame_levels
from media.resample import convert_whole
from tests.signals import recording, spoken_at

FOLDER = ROOT / "out" / "bench" / "speech"
LEVELS = (-20.0, -26.0, -32.0)
PHRASES = (
    "No, wait a moment please.",
    "Stop, that is the wrong flight.",
    "Excuse me, I have a question.",
    "Sorry, can you say that again?",
    "Actually, I want to change the date.",
    "Yes, but how much does it cost?",
    "Hold on, I need to find my booking.",
)
MYRAS_WORDS = (
    "Your flight to Lisbon leaves on Friday the fourth of December at ten past nine in the "
    "morning, from terminal two, gate forty five. You may bring one cabin bag of up to eight "
    "kilograms and one checked bag of up to twenty three kilograms.",
    "I can move it to Saturday for a change fee of sixty five euros, plus a difference in fare of "
    "forty two euros and ten cents. Shall I do that for you? The new ticket would come by e-mail "
    "within a few minutes.",
    "Please note that this fare cannot be refunded, but the airport taxes can. If the airline "
    "cancels the flight, or is more than five hours late, you may ask for all of your money back.",
)
# Pico's two are women as well.
SYNTHETIC = (MYRA, *CALLERS, "pico-us", "pico-gb")
HUMANS = ("beckett", "two_cities", "clone-test", "endgame_nagg_nell")
CUTS_EACH = 4
ASSENT = ("Mhm.", "Uh-huh.", "Okay.", "Hm.")
FRAGMENTS_MS = (180.0, 220.0, 260.0, 300.0)
# Speech begins where 10 ms are so much softer than the speech's own level, or louder.
BEGINS_DB = -25.0


@dataclass(frozen=True, slots=True)
class Said:
    """Something said by somebody, at 8 kHz, with 100 ms of nothing before it. ``onset_ms`` is
    where the sound begins, by level alone."""

    voice: str
    text: str
    level_db: float
    audio: Audio
    onset_ms: float


def everything_said() -> list[Said]:
    """Each phrase of each voice at each level."""
    return [
        _said(voice, text, level, sound)
        for voice, text, sound in (*_synthetic(), *_human())
        for level in LEVELS
    ]


def myras_paragraphs() -> list[Audio]:
    """About 40 s of Myra's own voice in parts, at 24 kHz and -20 dBFS."""
    return [spoken_at(_spoken(MYRA, words), -20.0) for words in MYRAS_WORDS]


def _synthetic() -> Iterator[tuple[str, str, Audio]]:
    for voice in SYNTHETIC:
        for text in PHRASES:
            yield voice, text, _spoken(voice, text)


def _spoken(voice: str, *texts: str) -> Audio:
    """Kept on disk, because the voice takes its time."""
    parts = []
    for text in texts:
        path = FOLDER / f"{voice}-{zlib.crc32(text.encode()):08x}.npy"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            pieces = [sound for _, sound in _voices().open(voice).speak(text)]
            np.save(path, np.concatenate(pieces))
        parts.append(np.load(path))
    return Audio(np.concatenate(parts).astype("<i2").tobytes(), 24000)


@cache
def _voices() -> Voices:
    return Voices(FOLDER)


def _human() -> Iterator[tuple[str, str, Audio]]:
    """Stretches of 1.5 s that follow a pause of 160 ms."""
    for name in HUMANS:
        sound = spoken_at(recording(name, 24000), -20.0)
        loud = np.array(frame_levels(sound)) > -40.0
        starts = [at for at in range(8, len(loud) - 50) if loud[at] and not loud[at - 8 : at].any()]
        lively = [at for at in starts if loud[at : at + 50].mean() > 0.6]
        for at in lively[:: max(1, len(lively) // CUTS_EACH)][:CUTS_EACH]:
            start = 20.0 * at - 40.0
            yield f"human {name}", f"from {start / 1000:.2f} s", sound.slice_ms(start, start + 1500)


def _said(voice: str, text: str, level_db: float, sound: Audio) -> Said:
    down = spoken_at(convert_whole(sound, 8000), level_db)
    audio = Audio(Audio.silence(100, 8000).pcm + down.pcm, 8000)
    heard = Audio(ulaw_to_pcm(pcm_to_ulaw(audio.pcm)), 8000)
    levels = np.array(frame_levels(heard, 10.0))
    onset = int(np.argmax(levels > level_db + BEGINS_DB))
    return Said(voice, text, level_db, audio, 10.0 * onset)


def snatches() -> list[Said]:
    """What nobody means for Myra: assent, and fragments of 180 to 300 ms of words, faded out."""
    found = []
    for voice in SYNTHETIC:
        found += [_said(voice, text, -24.0, _spoken(voice, text)) for text in ASSENT]
        for text, ms in zip(PHRASES, FRAGMENTS_MS, strict=False):
            whole = _said(voice, text, -24.0, _spoken(voice, text))
            part = fade_out(whole.audio.slice_ms(0, whole.onset_ms + ms), 30.0)
            found.append(Said(voice, f"{ms:g} ms of a word", -24.0, part, whole.onset_ms))
    return found


def in_groups(
    voice: str, groups: tuple[str, ...], pause_ms: float, level_db: float = -24.0
) -> Said:
    """Words in groups, with a pause of that length between what is heard of them."""
    sound = b""
    for text in groups:
        if sound:
            sound += Audio.silence(pause_ms, 24000).pcm
        sound += _trimmed(_spoken(voice, text)).pcm
    return _said(voice, " ".join(groups), level_db, Audio(sound, 24000))


def _trimmed(sound: Audio) -> Audio:
    """Without the quiet before and after it."""
    levels = frame_levels(sound, 10.0)
    loud = [at for at, level in enumerate(levels) if level > max(levels) + BEGINS_DB]
    return sound.slice_ms(10.0 * loud[0], 10.0 * loud[-1] + 10.0)
