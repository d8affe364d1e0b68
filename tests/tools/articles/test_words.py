from __future__ import annotations

from pathlib import Path

import pytest

import tools.articles
from tools.articles.reading import ArticleError
from tools.articles.words import Vocabulary, read_vocabulary

pytestmark = pytest.mark.pure

FILE = Path(tools.articles.__file__).parent / "vocabulary.yaml"


@pytest.fixture(scope="module")
def own() -> Vocabulary:
    return read_vocabulary(FILE)


def vocabulary(tmp_path: Path, text: str) -> Vocabulary:
    path = tmp_path / "words.yaml"
    path.write_text(text)
    return read_vocabulary(path)


def test_phrases_then_meanings(tmp_path: Path) -> None:
    known = vocabulary(
        tmp_path,
        "phrases: {carryon: [carry on], big carryon: [carry on case]}\n"
        "same: {baggage: [bag, case]}\nbroader: {carryon: [baggage]}\nignored: [the, is]\n",
    )
    assert known.plain("The carry-on!") == "the carryon"
    assert known.plain("carry on case") == "big carryon"
    assert known.plain("Bags, CASES") == "baggage baggage"
    assert known.concepts("is the carry on a bag") == [("carryon", "baggage"), ("baggage",)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("same: [a]", "same"),
        ("ignored: [no]", "ignored"),
        ("phrase: {}", "phrase"),
        (": :", "YAML"),
    ],
)
def test_a_wrong_vocabulary_is_named(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match=rf"words\.yaml.*{said}"):
        vocabulary(tmp_path, text)


def test_a_meaning_is_never_mapped_on(own: Vocabulary) -> None:
    chained = {
        word: chosen for word, chosen in own.same.items() if own.same.get(chosen, chosen) != chosen
    }
    assert not chained


def test_what_is_broader_is_reached(own: Vocabulary) -> None:
    """A word that the vocabulary itself turns into another would never be looked up."""
    lost = {word for word in own.broader if own.plain(word) != word}
    lost |= {also for others in own.broader.values() for also in others if own.plain(also) != also}
    assert not lost
