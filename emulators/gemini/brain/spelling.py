"""Letters and digits as people say them: "C as in Charlie, Y, M, double four, seven"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from emulators.gemini.brain.wording import words

_NATO = words(
    "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november "
    "oscar papa quebec romeo sierra tango uniform victor whiskey xray yankee zulu "
    "alfa juliett whisky charly quebeck mic yankees foxdrop"
)
_DIGIT_WORDS = words("zero one two three four five six seven eight nine")
_DIGITS = {word: str(value) for value, word in enumerate(_DIGIT_WORDS)} | {
    "nought": "0",
    "naught": "0",
    "niner": "9",
}
_TEEN_WORDS = words(
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
_TEENS = {word: str(value) for value, word in enumerate(_TEEN_WORDS, 10)}
_TENS_WORDS = words("twenty thirty forty fifty sixty seventy eighty ninety")
_TENS = {word: value for value, word in enumerate(_TENS_WORDS, 2)}
# Words that may stand for a letter or a digit where something is being spelled.
_SOUNDS_LIKE = {
    word: sign
    for sign, sounds in {
        "A": "a ay eh hey",
        "B": "be bee",
        "C": "see sea si",
        "D": "dee",
        "E": "ee",
        "F": "ef eff",
        "G": "gee",
        "H": "age aitch",
        "I": "i eye",
        "J": "jay",
        "K": "kay okay",
        "L": "el ell",
        "M": "em am might",
        "N": "en an",
        "P": "pee pea",
        "Q": "queue cue kew",
        "R": "are our",
        "S": "es ess",
        "T": "tea tee",
        "U": "you",
        "V": "vee we",
        "X": "ex",
        "Y": "why wye",
        "Z": "zee zed",
        "0": "o oh",
        "1": "won",
        "2": "to too",
        "3": "free tree",
        "4": "for fore fourth",
        "5": "fife fifth",
        "6": "sicks sixth",
        "7": "seventh",
        "8": "ate eighth",
        "9": "ninth",
    }.items()
    for word in words(sounds)
}
_FILLERS = frozenset(words("dash hyphen then um uh er and space slash period dot"))
_AS_IN = re.compile(
    r"\"?([A-Za-z]+)[,.\"]*\s+(?:as in|is in|has in)\s+\"?([A-Za-z])[A-Za-z-]*", re.IGNORECASE
)
_IN_NATO = re.compile(rf"\"?([A-Za-z]+)[,.\"]*\s+in\s+({'|'.join(_NATO)})\b", re.IGNORECASE)
_FOR = re.compile(r"\b([A-Za-z])[,.]?\s+(?:for|like|as)\s+\1[A-Za-z-]+", re.IGNORECASE)
_NOT_CODES = frozenset({"OK", "SMS", "PDF", "USA", "UK", "ID", "NO", "YES", "HELLO", "A", "I"})
_COMMON = frozenset(
    words(
        "my the is it its it's code ref yes no on in of at and was has had can not but get got "
        "new one two six ten fly day may june july trip date name from with that this please "
        "well then hi hey seat row gate i'm i'd him her his our out who how all any she he they"
    )
)


@dataclass(frozen=True, slots=True)
class Spelled:
    """A stretch of spelled characters. ``sure`` counts those that cannot be ordinary words;
    ``raw`` is the stretch as it was heard, ``whole`` whether ``text`` holds all of it."""

    text: str
    sure: int
    raw: str
    whole: bool

    @property
    def letters(self) -> str:
        return "".join(c for c in self.text if c.isalpha())

    @property
    def digits(self) -> str:
        return "".join(c for c in self.text if c.isdigit())


@dataclass(frozen=True, slots=True)
class _Sign:
    text: str
    sure: bool
    word: str


def spelled(text: str, *, name: bool = False) -> list[Spelled]:
    """Every stretch of two or more spelled characters, in order. In a ``name`` "o" is no zero."""
    runs: list[list[_Sign]] = [[]]
    for sign in _signs(text):
        if sign is None:
            runs.append([])
        elif name and sign.word.lower() in ("a", "i", "o", "oh"):
            runs[-1].append(_Sign(sign.word[0].upper(), True, sign.word))
        else:
            runs[-1].append(sign)
    found = (_run(_without_loose_ends(run), run) for run in runs)
    return [run for run in found if len(run.text) > 1 and run.sure]


def _run(signs: Sequence[_Sign], said: Sequence[_Sign]) -> Spelled:
    return Spelled(
        "".join(s.text for s in signs),
        sum(len(s.text) for s in signs if s.sure),
        " ".join(s.word for s in said),
        len(signs) == len(said),
    )


def _without_loose_ends(signs: list[_Sign]) -> list[_Sign]:
    """Unsure words are dropped from the ends while the rest is long enough for a reference."""
    signs = list(signs)
    while signs and not signs[0].sure and sum(len(s.text) for s in signs[1:]) >= 6:
        signs.pop(0)
    while signs and not signs[-1].sure and sum(len(s.text) for s in signs[:-1]) >= 6:
        signs.pop()
    if all(not s.sure for s in signs):
        return []
    return signs


def _signs(text: str) -> Iterator[_Sign | None]:
    """Each word as spelled characters, or None where a word is no spelling."""
    text = text.replace("\u2019", "'")
    text = re.sub(r"\b[Xx][- ][Rr]ay(?![A-Za-z])", "xray ", text)
    text = re.sub(r"\b([Dd])ouble[- ][Uu]\b|\b[Dd]ouble you\b", "W", text)
    text = _AS_IN.sub(lambda m: m[2].upper(), text)  # the example decides: it is heard better
    text = _IN_NATO.sub(lambda m: m[2][0].upper(), text)
    text = _FOR.sub(lambda m: m[1].upper(), text)
    tokens = re.findall(r"[A-Za-z']+|\d+", text)
    at = 0
    while at < len(tokens):
        used, sign = _sign_at(tokens, at)
        at += used
        if sign is None or sign.text:
            yield sign


def _sign_at(tokens: list[str], at: int) -> tuple[int, _Sign | None]:
    """How many tokens make the next sign, and the sign; an empty one is a word to pass over."""
    token, word = tokens[at], tokens[at].lower()
    following = tokens[at + 1] if at + 1 < len(tokens) else ""
    if word in ("double", "triple") and following:
        used, sign = _sign_at(tokens, at + 1)
        if sign is not None and len(sign.text) == 1:
            times = 2 if word == "double" else 3
            return used + 1, _Sign(sign.text * times, True, f"{word} {sign.word}")
        return 1, None
    if word in _TENS:
        unit = _DIGITS.get(following.lower(), "0")
        if unit != "0":
            return 2, _Sign(f"{_TENS[word]}{unit}", True, f"{token} {following}")
        return 1, _Sign(f"{_TENS[word]}0", True, token)
    if word == "hundred":
        return 1, _Sign(_zeros_of_hundred(tokens[at + 1 :]), True, token)
    return 1, _single(token, following)


def _zeros_of_hundred(rest: list[str]) -> str:
    """ "nine hundred five" is 905, "nine hundred twenty" 920, "nine hundred" 900."""
    words = [w.lower() for w in rest if w.lower() != "and"][:1]
    if not words:
        return "00"
    if words[0] in _TENS or words[0] in _TEENS:
        return ""
    return "0" if words[0] in _DIGITS else "00"


def _single(token: str, following: str) -> _Sign | None:
    word = token.lower()
    if token.isdigit():
        return _Sign(token, True, token)
    if word in _DIGITS or word in _TEENS:
        return _Sign(_DIGITS.get(word) or _TEENS[word], True, token)
    if word in _NATO:
        return _Sign(word[0].upper(), True, token)
    if len(word) == 1 and word not in ("a", "i", "o"):
        return _Sign(word.upper(), True, token)
    if token.isupper() and 2 <= len(token) <= 8 and token not in _NOT_CODES:
        return _Sign(token, True, token)
    if word in _SOUNDS_LIKE:
        return _Sign(_SOUNDS_LIKE[word], False, token)
    if word in _FILLERS:
        return _Sign("", False, token)
    letters = 2 <= len(word) <= 4 and word not in _COMMON and "'" not in word
    if letters and (following.isdigit() or not re.search("[aeiou]", word)):
        return _Sign(word.upper(), True, token)
    return None
