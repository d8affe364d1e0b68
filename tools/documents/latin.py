"""Names in the letters that airlines' systems and bar codes know: A to Z. Pure."""

from __future__ import annotations

import unicodedata

# Letters that decomposition does not resolve, as ICAO Doc 9303 part 3, section 6.A has them;
# for the umlauts and the ring its two-letter forms, as passports of those countries print them.
_LETTERS = {
    "Ä": "AE",
    "Å": "AA",
    "Æ": "AE",
    "Ð": "D",
    "Đ": "D",
    "Ħ": "H",
    "Ĳ": "IJ",
    "Ł": "L",
    "Ŋ": "N",
    "Ö": "OE",
    "Ø": "OE",
    "Œ": "OE",
    "ẞ": "SS",
    "Þ": "TH",
    "Ŧ": "T",
    "Ü": "UE",
}


def machine_letters(name: str) -> str:
    """A name in capitals A to Z and single spaces: "Zoë Müller-Łuk" -> "ZOE MUELLER LUK".

    Apostrophes and full stops fall away, hyphens become spaces.

    Raises:
        ValueError: a letter is not Latin, or no letter is left.
    """
    composed = unicodedata.normalize("NFC", name).upper()
    written = "".join(_letter(c) for c in composed)
    folded = " ".join(written.split())
    if not folded:
        raise ValueError("a name needs at least one letter")
    return folded


def _letter(char: str) -> str:
    if char in _LETTERS:
        return _LETTERS[char]
    if char.isspace() or unicodedata.category(char) == "Pd":
        return " "
    if not char.isalpha():
        return ""
    plain = "".join(c for c in unicodedata.normalize("NFKD", char) if "A" <= c.upper() <= "Z")
    if not plain:
        raise ValueError("a name needs the Latin letters of the passport")
    return plain.upper()
