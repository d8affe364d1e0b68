"""One utterance, understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from emulators.gemini.brain.intents import Intent, answer_of, intent_of
from emulators.gemini.brain.slots import slots_in
from emulators.gemini.brain.wording import normal


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said: the words, what is wanted, yes or no, and what it tells."""

    text: str
    intent: Intent | None
    answer: bool | None
    slots: Mapping[str, str]


def understand(text: str, asked: str = "") -> Heard:
    """Read an utterance. ``asked`` names the slot that Myra asked for, or is ""."""
    utterance = normal(text)
    return Heard(text, intent_of(utterance), answer_of(utterance), slots_in(text, asked))
