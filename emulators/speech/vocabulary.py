"""Moonshine's word pieces: token numbers to text, and phrases to token numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

SPACE = "\u2581"  # SentencePiece's mark for a space, U+2581
_BYTE = re.compile(rb"<0x([0-9A-F]{2})>")


def _pieces(packed: bytes) -> Iterator[bytes]:
    """Each piece: its length in one byte, or in two from 128 on, then its UTF-8 bytes."""
    at = 0
    while at < len(packed):
        length = packed[at]
        at += 1
        if length >= 128:
            length = packed[at] * 128 + length - 128
            at += 1
        yield packed[at : at + length]
        at += length


class Vocabulary:
    """The pieces of Moonshine's ``tokenizer.bin``."""

    def __init__(self, packed: bytes) -> None:
        self._pieces = list(_pieces(packed))
        self._numbers: dict[str, int] = {}
        for number, piece in enumerate(self._pieces):
            if piece:
                self._numbers.setdefault(piece.decode("utf-8", "ignore"), number)

    def __len__(self) -> int:
        return len(self._pieces)

    def encode(self, text: str) -> tuple[int, ...]:
        """The tokens of a phrase that begins a word: byte pairs merged lowest number first."""
        symbols = list(SPACE + text.replace(" ", SPACE))
        while True:
            merges = [
                (self._numbers[left + right], at)
                for at, (left, right) in enumerate(pairwise(symbols))
                if left + right in self._numbers
            ]
            if not merges:
                return tuple(self._numbers[s] for s in symbols if s in self._numbers)
            _, at = min(merges)
            symbols[at : at + 2] = [symbols[at] + symbols[at + 1]]

    def decode(self, tokens: Sequence[int]) -> str:
        """The text of a token sequence, without spaces around it."""
        text = bytearray()
        for token in tokens:
            piece = self._pieces[token]
            if match := _BYTE.fullmatch(piece):
                text.append(int(match.group(1), 16))
            else:
                text += piece.replace(SPACE.encode(), b" ")
        return text.decode("utf-8", "ignore").strip()
