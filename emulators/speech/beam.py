"""Beam search over token probabilities, all hypotheses advanced by one model run a token."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emulators.speech.bias import ROOT, PhraseTree

Probabilities = NDArray[np.float32]
Step = Callable[[Sequence[int], Sequence[int]], Probabilities]

# Longer texts gather more log-probability; dividing by length to this power balances them.
LENGTH_POWER = 0.8
# A phrase is not forced on what was said: its tokens count only above this log-probability.
FLOOR = -9.0


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A text so far: its tokens, score (log-probability and bonus), and phrase state."""

    tokens: tuple[int, ...]
    score: float
    phrase: int

    @property
    def normalised(self) -> float:
        return float(self.score / (len(self.tokens) + 1) ** LENGTH_POWER)


@dataclass(frozen=True, slots=True)
class _Candidate:
    parent: int
    token: int
    score: float
    phrase: int


def search(
    step: Step, phrases: PhraseTree, *, start: int, end: int, width: int, limit: int
) -> tuple[int, ...]:
    """The best token sequence, without its start and end tokens.

    ``step(parents, tokens)`` advances the model: row ``i`` goes on from row ``parents[i]`` of
    the run before with ``tokens[i]``, and answers log-probabilities of shape
    ``(len(tokens), vocabulary)``. At most ``limit`` tokens are made.
    """
    live = [Hypothesis((), 0.0, ROOT)]
    parents: list[int] = [0]
    done: list[Hypothesis] = []
    for _ in range(limit):
        rows = step(parents, [h.tokens[-1] if h.tokens else start for h in live])
        ranked = sorted(_expand(live, rows, phrases, end, width), key=lambda c: -c.score)
        following: list[Hypothesis] = []
        parents = []
        for candidate in ranked:
            tokens = live[candidate.parent].tokens
            if candidate.token == end:
                done.append(Hypothesis(tokens, candidate.score, ROOT))
                continue
            following.append(
                Hypothesis((*tokens, candidate.token), candidate.score, candidate.phrase)
            )
            parents.append(candidate.parent)
            if len(following) == width:
                break
        live = following
        if _settled(done, live):
            break
    return max(done or live, key=lambda h: h.normalised).tokens


def _settled(done: Sequence[Hypothesis], live: Sequence[Hypothesis]) -> bool:
    if not live:
        return True
    if len(done) < 2:
        return False
    return max(h.normalised for h in done) > max(h.normalised for h in live)


def _expand(
    live: Sequence[Hypothesis], rows: Probabilities, phrases: PhraseTree, end: int, width: int
) -> Iterator[_Candidate]:
    """The likeliest continuations of each hypothesis, and those its phrases hope for."""
    likeliest = np.argpartition(-rows, 2 * width, axis=1)[:, : 2 * width]
    for parent, hypothesis in enumerate(live):
        row = rows[parent]
        tokens = set(likeliest[parent].tolist())
        tokens |= {t for t in phrases.tokens_after(hypothesis.phrase) if row[t] > FLOOR}
        for token in tokens:
            if token == end:
                phrase, bonus = ROOT, phrases.finish(hypothesis.phrase)
            else:
                phrase, bonus = phrases.follow(hypothesis.phrase, token)
            yield _Candidate(parent, token, hypothesis.score + float(row[token]) + bonus, phrase)
