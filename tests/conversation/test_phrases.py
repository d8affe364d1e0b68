from __future__ import annotations

import pytest

from conversation.phrases import (
    Tail,
    asks_for_spelling,
    asks_to_hold,
    objects,
    only_assents,
    orders_stop,
    tail_of,
)

pytestmark = pytest.mark.pure


@pytest.mark.parametrize("text", ["Stop.", "no, wait", "hold on a second", "excuse me"])
def test_orders_to_stop(text: str) -> None:
    assert orders_stop(text)
    assert objects(text)


@pytest.mark.parametrize("text", ["NO!", "Hey,", "sorry"])
def test_objections_that_may_also_be_answers(text: str) -> None:
    assert objects(text)
    assert not orders_stop(text)


@pytest.mark.parametrize("text", ["mhm", "okay", "I know", "nothing", "stopover in Paris", ""])
def test_other_words_do_not_order_to_stop(text: str) -> None:
    assert not objects(text)


@pytest.mark.parametrize(("text", "yes"), [("Mhm.", True), ("uh-huh, okay", True),
                                           ("okay but", False), ("", False)])  # fmt: skip
def test_assent(text: str, yes: bool) -> None:
    assert only_assents(text) is yes


@pytest.mark.parametrize(("text", "yes"), [("Hold on, let me find it", True),
                                           ("one moment please", True), ("at that moment", False),
                                           ("I hold a ticket", False)])  # fmt: skip
def test_requests_to_hold(text: str, yes: bool) -> None:
    assert asks_to_hold(text) is yes


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("Could you spell that?", True),
        ("Thank you. What is your booking reference?", True),
        ("Your reference is fine. When do you want to fly?", False),
    ],
)
def test_questions_for_spelling(text: str, yes: bool) -> None:
    assert asks_for_spelling(text) is yes


@pytest.mark.parametrize(
    ("text", "tail"),
    [
        ("", Tail.UNKNOWN),
        ("I have lost my suitcase", Tail.UNKNOWN),
        ("I have lost my suitcase.", Tail.COMPLETE),
        ("yes please", Tail.COMPLETE),
        ("from Munich to", Tail.INCOMPLETE),
        ("well, um", Tail.INCOMPLETE),
        ("it is K 7", Tail.SPELLING),
        ("kilo seven papa", Tail.SPELLING),
        ("K7P2MX", Tail.COMPLETE),
        ("kilo seven papa two mike xray", Tail.COMPLETE),
        ("double four nine", Tail.SPELLING),
        ("zero one seven one two three", Tail.SPELLING),
        ("a table for two", Tail.UNKNOWN),
    ],
)
def test_how_a_turn_sounds_so_far(text: str, tail: Tail) -> None:
    assert tail_of(text) is tail
