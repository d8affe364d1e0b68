"""What spoken words stand for when someone spells: letters, digits, amounts. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from tools.spoken import words

LONGEST_NUMBER = 6
LONGEST_WORD = 3
"""A word no longer than this may be spelled letters written together: "CYM"."""

_LETTER_WORDS = {
    "A": "eh hey",
    "B": "be bee",
    "C": "see sea si cee",
    "D": "dee",
    "E": "ee",
    "F": "ef eff",
    "G": "gee",
    "H": "aitch haitch",
    "I": "eye aye",
    "J": "jay",
    "K": "kay okay ok cay",
    "L": "el ell elle",
    "M": "em",
    "N": "en and",
    "O": "oh owe",
    "P": "pee pea",
    "Q": "queue cue kew",
    "R": "are ar our",
    "S": "ess es",
    "T": "tee tea",
    "U": "you yew",
    "V": "vee we",
    "W": "doubleu",
    "X": "ex eks",
    "Y": "why wye",
    "Z": "zee zed",
}
# ICAO/NATO words first, then the ones of the older armed forces, of police and of telephonists.
_ALPHABETS = words("""
alfa bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november oscar papa
quebec romeo sierra tango uniform victor whiskey xray yankee zulu
alpha juliet whisky zoolu charley charly quebeck yankees mic
able baker dog easy fox how item jig king love nan oboe peter queen roger sugar uncle william yoke
zebra adam boy david edward frank george henry ida john lincoln mary nora ocean paul robert sam tom
union young nancy lucy harry isaac jack
""")
_DIGIT_WORDS = {
    "0": "zero oh o nought naught nil",
    "1": "one won",
    "2": "two to too",
    "3": "three free tree",
    "4": "four for fore",
    "5": "five fife",
    "6": "six sicks",
    "7": "seven",
    "8": "eight ate",
    "9": "nine niner",
}
_TEENS = words("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
_TENS = words("twenty thirty forty fifty sixty seventy eighty ninety")
_FILLERS = frozenset(words("and then dash hyphen space uh um er erm so comma next followed by"))

_REPEATS = {"double": 2, "triple": 3, "treble": 3}
# Words that are also letters or digits, or look like spelled ones: never surely a character.
_COMMON = frozenset(
    words(
        "a i am an as at be by do for go he hi if in is it me my no of on or so the to too up us "
        "we are you see why oh ok okay hey our ate won one its it's was yes yep ref and not but "
        "can has had get got how let may now old out own put say she two use who"
    )
)


@dataclass(frozen=True, slots=True)
class Piece:
    """What one or more words may stand for. ``sure``: they were meant as characters."""

    options: tuple[str, ...]
    sure: bool


def plain(spoken: str) -> str:
    """Lower-case ASCII, as ``pieces`` takes it."""
    text = unicodedata.normalize("NFKD", spoken).encode("ascii", "ignore").decode().lower()
    text = re.sub(r"\bx[- ]ray(?![a-z])", "xray ", text)
    text = re.sub(r"\bdouble[- ](?:u|you|yew)\b", "doubleu", text)
    # A dot or a dash between spelled characters is no more than a pause.
    return re.sub(r"(?<=\b[a-z0-9])[.-]", " ", text)


def pieces(text: str) -> list[Piece | None]:
    """Plain text -> pieces; None where a word stands for no character."""
    tokens = re.findall(r"[a-z']+|[0-9]+", text)
    found: list[Piece | None] = []
    at = 0
    while at < len(tokens):
        piece, used = _phrase(tokens, at)
        found.append(piece)
        at += used
    return found


def _phrase(tokens: list[str], at: int) -> tuple[Piece | None, int]:
    """The piece that begins at a word, and how many words it takes."""
    word = tokens[at]
    following = tokens[at + 1] if at + 1 < len(tokens) else ""
    if word in _REPEATS and following:
        times = _REPEATS[word]
        options = tuple(c * times for c in _characters(following) if len(c) == 1)
        return (Piece(options, sure=True), 2) if options else (None, 1)
    named, used = _named_letter(tokens, at)
    if named:
        return named, used
    amount, used = _amount(tokens, at)
    if amount:
        return Piece((amount,), sure=True), used
    options = _characters(word)
    if word in _FILLERS:
        return Piece((*options, ""), sure=False), 1
    return (Piece(options, sure=word not in _COMMON), 1) if options else (None, 1)


def _named_letter(tokens: list[str], at: int) -> tuple[Piece | None, int]:
    """From "C as in Charlie", "M for mother", "B like Bravo": the naming word decides."""
    letters = [c for c in _characters(tokens[at]) if len(c) == 1 and c.isalpha()]
    if not letters:
        return None, 0
    for joint in (("as", "in"), ("is", "in"), ("for",), ("like",), ("as",), ("of",)):
        end = at + 1 + len(joint)
        if tuple(tokens[at + 1 : end]) != joint or end >= len(tokens):
            continue
        name = tokens[end]
        if name in _ALPHABETS or (name[0].upper() in letters and len(name) > 2):
            if joint == ("for",) and _characters(name) and name not in _ALPHABETS:
                continue
            return Piece((name[0].upper(),), sure=True), len(joint) + 2
    return None, 0


def _amount(tokens: list[str], at: int) -> tuple[str, int]:
    """The digits of "four hundred and twenty-seven", "forty two", "fifteen"; "" if none begin."""
    word = tokens[at]
    ones = {name: digit for digit, names in _DIGIT_WORDS.items() for name in names.split()[:1]}
    value = ones.get(word, word if len(word) == 1 and word.isdigit() else "")
    if value and tokens[at + 1 : at + 2] == ["hundred"]:
        skip = 3 if tokens[at + 2 : at + 3] == ["and"] else 2
        rest, used = _amount(tokens, at + skip) if at + skip < len(tokens) else ("", 0)
        if rest and len(rest) <= 2:
            return value + rest.zfill(2), skip + used
        single = ones.get(tokens[at + skip], "") if at + skip < len(tokens) else ""
        return (value + "0" + single, skip + 1) if single else (value + "00", 2)
    if word in _TEENS:
        return str(_TEENS.index(word) + 10), 1
    if word in _TENS:
        tens = str(_TENS.index(word) + 2)
        single = ones.get(tokens[at + 1], "") if at + 1 < len(tokens) else ""
        return (tens + single, 2) if single and single != "0" else (tens + "0", 1)
    return "", 0


def _characters(word: str) -> tuple[str, ...]:
    """What a word by itself may stand for: letters, digits, or nothing."""
    if word.isdigit():
        return (word,) if len(word) <= LONGEST_NUMBER else ()
    found = [letter for letter, names in _LETTER_WORDS.items() if word in names.split()]
    found += [digit for digit, names in _DIGIT_WORDS.items() if word in names.split()]
    if word in _ALPHABETS:
        found.append(word[0].upper())
    # Letters written together may happen to be a word: "CAY 000", "FOX 123".
    together = word.replace("'", "").upper()
    if len(together) <= LONGEST_WORD:
        found.append(together)
    return tuple(dict.fromkeys(found))
