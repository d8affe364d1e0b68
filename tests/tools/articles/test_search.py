"""Questions as travellers put them find their article, and what is none of its business nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.articles.questions import ASKED, OFF_TOPIC
from tools.articles import ArticleError, Library, open_articles
from tools.seams import Articles

pytestmark = pytest.mark.pure


@pytest.fixture(scope="module")
def library() -> Iterator[Library]:
    opened = open_articles()
    yield opened
    opened.close()


def answer(library: Articles, question: str) -> tuple[str, str]:
    found = asyncio.run(library.search(question))
    return (found.article, found.text) if found else ("", "")


@pytest.mark.parametrize("article", sorted(ASKED))
def test_questions_find_their_article(article: str, library: Library) -> None:
    wrong = {
        question: found
        for question in ASKED[article]
        if (found := answer(library, question)[0]) != article
    }
    assert not wrong


def test_other_questions_find_nothing(library: Library) -> None:
    answered = {
        question: found for question in OFF_TOPIC if (found := answer(library, question)[0])
    }
    assert not answered


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("how many bags can i check", "two checked bags"),
        ("what is your baggage policy", "two checked bags"),
        ("how heavy can my suitcase be", "twenty-three kilograms"),
        ("my suit case is over weight what do i pay", "seventy-five dollars"),
        ("how much does an extra bag cost", "forty dollars"),
        ("carry on back pack", "personal item"),
        ("what size can my carry on be", "fifty-six"),
        ("how much shampoo can i take in the cabin", "one hundred milliliters"),
        ("can i pack a knife in my carry on", "must go into a checked bag"),
        ("how do i check in", "forty-eight hours"),
        ("what time do i have to be at the gate", "fifteen minutes"),
        ("do i need a visa for london", "ask the embassy"),
        ("can i bring my dog", "eight kilograms"),
        ("what does my cat cost", "one hundred and twenty-five dollars"),
        ("i want to travel with my parrot", "dogs and cats only"),
        ("kid flying solo what is the charge", "one hundred and fifty dollars"),
        ("until when can pregnant women fly", "thirty-sixth week"),
        ("what do i get if my flight is late", "voucher for a meal"),
        ("my flight was delayed do i get compensation", "six hundred euros"),
        ("what does it cost to cancel", "ninety dollars"),
        ("how long does a refund take", "ten days"),
        ("how much is it to reschedule", "fifty dollars"),
        ("can i fly earlier on the same day", "on the day of travel"),
        ("my name is misspelled on the ticket", "three letters"),
        ("late checkout", "11 AM"),
        ("who can sit in the exit row", "sixteen"),
        ("i need a kosher meal", "kosher"),
        ("the airline lost my luggage", "baggage desk"),
        ("how much do you pay for a lost suitcase", "two thousand dollars"),
        ("i never got my e ticket", "spam folder"),
        ("how do i book for a school class", "two working days"),
    ],
)
def test_the_passage_is_the_one_that_answers(question: str, said: str, library: Library) -> None:
    assert said in answer(library, question)[1]


def test_the_score_is_the_share_of_the_question(library: Library) -> None:
    whole, half = library.best("pregnancy"), library.best("pregnancy xylophone")
    assert whole is not None
    assert half is not None
    assert whole.score == 1.0
    assert 0.0 < half.score < 1.0
    assert half.passage.article == whole.passage.article == "pregnancy"


@pytest.mark.parametrize("question", ["", "?!", "the", "xyzzy", "''", 'a "b" OR NEAR(c)'])
def test_nothing_asked_nothing_found(question: str, library: Library) -> None:
    assert answer(library, question) == ("", "")


def test_words_with_a_slip_are_known(library: Library) -> None:
    assert answer(library, "wheel chair assistence")[0] == "special-assistance"
    assert answer(library, "PRÉGNANT?")[0] == "pregnancy"


@given(st.text(max_size=200))
def test_any_text_can_be_asked(library: Library, question: str) -> None:
    found = library.best(question)
    assert found is None or 0.0 <= found.score <= 1.0


def test_articles_of_another_folder(tmp_path: Path) -> None:
    (tmp_path / "lounges.md").write_text(
        "---\ntitle: Lounges\ntopics: [lounge]\nupdated: 2026-01-02\n---\n\n"
        "## Where are the lounges?\n\nEvery terminal has a lounge.\n"
    )
    library = open_articles(tmp_path)
    assert answer(library, "is there a lounge") == ("lounges", "Every terminal has a lounge.")
    library.close()


def test_a_folder_without_articles_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match="holds no articles"):
        open_articles(tmp_path)
