"""Phrases the recogniser leans towards: a prefix tree that pays for each matching token and
takes the pay back when a phrase breaks off (shallow fusion with a contextual bias)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

ROOT = 0


class PhraseTree:
    """States are numbers; ``ROOT`` means that no phrase is under way.

    Each phrase comes with its weight, in natural-log units a token: 1.0 makes a token of the
    phrase as likely as one 2.7 times as probable. Of phrases that begin alike the heavier pays.
    """

    def __init__(self, phrases: Iterable[tuple[Sequence[int], float]]) -> None:
        self._children: list[dict[int, int]] = [{}]
        self._complete: list[bool] = [False]
        self._pay: list[float] = [0.0]
        for phrase, weight in phrases:
            self._add(phrase, weight)
        self._owed = self._debts()

    def _add(self, phrase: Sequence[int], weight: float) -> None:
        node = ROOT
        for token in phrase:
            if token not in self._children[node]:
                self._children[node][token] = len(self._children)
                self._children.append({})
                self._complete.append(False)
                self._pay.append(weight)
            node = self._children[node][token]
            self._pay[node] = max(self._pay[node], weight)
        self._complete[node] = node != ROOT

    def _debts(self) -> list[float]:
        """What was paid since the last complete phrase on the way to each node."""
        owed = [0.0] * len(self._children)
        for node, children in enumerate(self._children):  # a parent's number precedes its child's
            for child in children.values():
                owed[child] = 0.0 if self._complete[child] else owed[node] + self._pay[child]
        return owed

    def tokens_after(self, node: int) -> set[int]:
        """The tokens that would carry a phrase on, or begin one."""
        return self._children[node].keys() | self._children[ROOT].keys()

    def follow(self, node: int, token: int) -> tuple[int, float]:
        """The state after a token, and what the token adds to the score."""
        carried_on = self._children[node].get(token)
        if carried_on is not None:
            return self._settle(carried_on), self._pay[carried_on]
        begun = self._children[ROOT].get(token)
        if begun is not None:
            return self._settle(begun), self._pay[begun] - self._owed[node]
        return ROOT, -self._owed[node]

    def finish(self, node: int) -> float:
        """What the end of the text adds to the score."""
        return -self._owed[node]

    def _settle(self, node: int) -> int:
        return node if self._children[node] else ROOT
