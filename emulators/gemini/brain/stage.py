"""Stage directions: bracketed notes of the hotline between the caller's words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Cue(StrEnum):
    """What a stage direction asks for."""

    GREET = "greet"
    KEYS = "keys"
    SILENCE = "silence"
    WORKING = "working"
    GOODBYE = "goodbye"
    CUT = "cut"
    WAITING = "waiting"
    CONTINUE = "continue"
    RESULT = "result"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Direction:
    """One note, never spoken.

    ``keys``: what the caller keyed. ``said``: what they said, as the note quotes it. ``quoted``:
    how far a reply was heard. ``facts``: a result, as JSON. ``end_call``: the call is to be
    ended; ``has_to_end``: and not for the caller's sake.
    """

    cue: Cue
    keys: str = ""
    said: str = ""
    quoted: str = ""
    facts: str = ""
    end_call: bool = False
    has_to_end: bool = False


# In this order: what a note quotes is taken out before.
_CUES = (
    (Cue.RESULT, r"\bnot yet heard the result\b"),
    (Cue.CUT, r"\bcaller interrupted\b"),
    (Cue.GOODBYE, r"\bgood ?-?bye\b|\bend the call\b"),
    (Cue.GREET, r"\bgreet\b"),
    (Cue.SILENCE, r"\bnothing\b|\bsilent\b|\bsilence\b|\bquiet\b|\bstill there\b"),
    (Cue.WORKING, r"\btakes? (?:a little |a bit )?longer\b|\bstill working\b"),
    (Cue.CONTINUE, r"\bcontinue\b|\bcarry on\b|\bgo on\b|\bresume\b"),
    (Cue.WAITING, r"\bwaiting for your answer\b|\banswer now\b"),
)
_KEYED = re.compile(r"\b(?:keyed|pressed)\b[^0-9*#]{0,20}([0-9*#][0-9*# ]*)")
_SAID = re.compile(r'\b(?:they|caller) (?:last )?said: "(.*?)"(?:\.|$)', re.IGNORECASE)
_HEARD_TO = re.compile(r'\b(?:broke off after|over you after|heard only:?) "(.*?)"(?:\.|$|,)')
_FACTS = re.compile(r"\{.*\}", re.DOTALL)


def split_stage(text: str) -> tuple[list[Direction], str]:
    """The stage directions in a text, in order, and what remains as speech."""
    directions: list[Direction] = []
    speech: list[str] = []
    depth = start = 0
    for at, character in enumerate(text):
        if character == "[":
            if depth == 0:
                speech.append(text[start:at])
                start = at + 1
            depth += 1
        elif character == "]" and depth:
            depth -= 1
            if depth == 0:
                directions.append(_direction(text[start:at]))
                start = at + 1
    speech.append("" if depth else text[start:])
    return directions, re.sub(r"\s+", " ", " ".join(speech)).strip()


def _direction(text: str) -> Direction:
    if keyed := _KEYED.search(text):
        return Direction(Cue.KEYS, keys=keyed[1].replace(" ", ""))
    said, heard_to, facts = _SAID.search(text), _HEARD_TO.search(text), _FACTS.search(text)
    plain = re.sub(r'".*"', "", _FACTS.sub("", text))
    cue = next((c for c, p in _CUES if re.search(p, plain, re.IGNORECASE)), Cue.NOTE)
    return Direction(
        cue,
        said=said[1] if said else "",
        quoted=heard_to[1] if heard_to else "",
        facts=facts[0] if facts else "",
        end_call=bool(re.search(r"\bend the call\b|\bEnd_Call", plain)),
        has_to_end=bool(re.search(r"\bhas to end\b", plain)),
    )
