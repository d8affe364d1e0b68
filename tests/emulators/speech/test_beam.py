"""Beam search and the leaning towards phrases, with a model of four tokens."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulators.speech.beam import Probabilities, search
from emulators.speech.bias import ROOT, PhraseTree

pytestmark = pytest.mark.pure

START, END, A, B, C = 0, 1, 2, 3, 4
NONE = PhraseTree(())


class Model:
    """A Markov chain: the next token depends on the last one."""

    def __init__(self, table: dict[int, list[float]]) -> None:
        # Padded with impossible tokens: the search ranks twice the beam's width.
        self.table = {k: np.log(np.array(v + [1e-9] * 6)) for k, v in table.items()}
        self.rows: list[list[int]] = []

    def step(self, parents: Sequence[int], tokens: Sequence[int]) -> Probabilities:
        previous = self.rows or [[]]
        self.rows = [[*previous[p], t] for p, t in zip(parents, tokens, strict=True)]
        return np.array([self.table[t] for t in tokens], np.float32)


LIKES_A_BUT_ENDS_BADLY = {
    START: [1e-9, 1e-9, 0.5, 0.45, 0.05],
    A: [1e-9, 0.1, 0.3, 0.3, 0.3],
    B: [1e-9, 0.9, 0.05, 0.03, 0.02],
    C: [1e-9, 0.5, 0.2, 0.2, 0.1],
}


def test_a_wider_beam_finds_what_the_greedy_one_misses() -> None:
    def best(width: int) -> tuple[int, ...]:
        model = Model(LIKES_A_BUT_ENDS_BADLY)
        return search(model.step, NONE, start=START, end=END, width=width, limit=4)

    assert best(1)[0] == A
    assert best(3) == (B,)


def test_hypotheses_carry_their_own_past() -> None:
    model = Model(LIKES_A_BUT_ENDS_BADLY)
    search(model.step, NONE, start=START, end=END, width=3, limit=4)
    assert all(row[0] == START for row in model.rows)
    assert len({tuple(row) for row in model.rows}) == len(model.rows)


def test_a_phrase_wins_where_the_sound_leaves_it_open() -> None:
    even = {START: [1e-9, 0.02, 0.52, 0.46, 1e-9], A: [1e-9, 1, 0, 0, 0], B: [1e-9, 1, 0, 0, 0]}
    even = {token: [max(p, 1e-9) for p in row] for token, row in even.items()}
    plain = search(Model(even).step, NONE, start=START, end=END, width=2, limit=3)
    leaning = PhraseTree([((B,), 1.0)])
    assert plain == (A,)
    assert search(Model(even).step, leaning, start=START, end=END, width=2, limit=3) == (B,)


def test_the_length_is_bounded() -> None:
    endless = {token: [1e-9, 1e-9, 0.9, 0.05, 0.05] for token in (START, A, B, C)}
    assert len(search(Model(endless).step, NONE, start=START, end=END, width=2, limit=7)) == 7


def score(tree: PhraseTree, tokens: Sequence[int]) -> float:
    node, total = ROOT, 0.0
    for token in tokens:
        node, change = tree.follow(node, token)
        total += change
    return total + tree.finish(node)


def test_a_whole_phrase_is_paid_and_a_broken_one_is_not() -> None:
    tree = PhraseTree([((A, B, C), 1.0)])
    assert score(tree, (A, B, C)) == 3.0
    assert score(tree, (A, B)) == 0.0
    assert score(tree, (A, B, A)) == 0.0
    assert score(tree, (B, A, B, C, B)) == 3.0


def test_a_phrase_inside_a_longer_one_keeps_its_pay() -> None:
    tree = PhraseTree([((A,), 1.0), ((A, B, C), 1.0)])
    assert score(tree, (A,)) == 1.0
    assert score(tree, (A, B)) == 1.0
    assert score(tree, (A, B, C)) == 3.0


def test_the_heavier_of_two_phrases_pays_for_what_they_share() -> None:
    tree = PhraseTree([((A, B), 1.0), ((A, C), 2.0)])
    assert score(tree, (A, C)) == 4.0
    assert score(tree, (A, B)) == 3.0
    assert score(tree, (A, A)) == 0.0


@given(st.lists(st.sampled_from([A, B, C]), max_size=12))
def test_no_text_gains_more_than_its_length(tokens: list[int]) -> None:
    tree = PhraseTree([((A, B), 1.0), ((B, C, A), 1.0), ((C,), 1.0)])
    assert 0.0 <= score(tree, tokens) <= len(tokens)
