"""Full-text search over the articles, in memory.

SQLite's FTS5 ranks passages by bm25 (Porter stems; title, topics, heading and text weighted).
The article of the best one answers if it is about enough of the question: the share of the
question's words that the passage has, each weighted by how rare it is, and by half where the
passage only mentions it. A question of something else shares a word or two with some passage,
but not what the passage is about. Within the article the words that tell its passages apart
choose among them; a general question gets the first.
"""

from __future__ import annotations

import difflib
import math
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.articles.reading import Article, read_folder
from tools.articles.words import Vocabulary, read_vocabulary
from tools.seams import Passage

_FOLDER = Path(__file__).parent / "library"
_VOCABULARY = Path(__file__).parent / "vocabulary.yaml"
# Weights of title, topics, heading and text: what a passage is about counts more than what it
# mentions.
_WEIGHTS = (3.0, 2.0, 4.0, 1.0)
_MENTIONED = 0.5
_THRESHOLD = 0.51
_MENDED = 0.75
"""What a word taken for another counts."""
# Of the choice within an article, against a word in the heading: the word in the text, what a
# word also is, a question's own words ("until when"), the first passage, a point of bm25.
_IN_TEXT, _ALSO, _ASKING, _FIRST, _RANK = 0.5, 0.8, 0.15, 0.4, 0.1
_SAME_WORD = 0.84
"""How alike an unknown word must be to one of the articles' to be taken for it (difflib)."""
_SHORTEST_SLIP = 5


@dataclass(frozen=True, slots=True)
class Match:
    """``score`` is the share of the question that the passage speaks of, 0 to 1."""

    passage: Passage
    score: float


@dataclass(frozen=True, slots=True)
class _Concept:
    """A thing asked for: the index's words for it, what it weighs (a word of no passage as much
    as one of a single passage), and how sure it is that it was meant."""

    words: tuple[str, ...]
    weight: float
    sure: float


class Library:
    """Implements ``tools.seams.Articles``. A search takes well under a millisecond, so it runs
    on the event loop."""

    def __init__(self, articles: Sequence[Article], vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._index = sqlite3.connect(":memory:", check_same_thread=False)
        self._index.execute(
            "CREATE VIRTUAL TABLE passages USING fts5(title, topics, heading, text, "
            "tokenize = 'porter unicode61')"
        )
        self._passages = [
            Passage(article.name, article.title, section.text)
            for article in articles
            for section in article.sections
        ]
        self._articles = {
            name: [row for row, one in enumerate(self._passages) if one.article == name]
            for name in {article.name for article in articles}
        }
        self._index.executemany(
            "INSERT INTO passages (rowid, title, topics, heading, text) VALUES (?, ?, ?, ?, ?)",
            ((row, *map(vocabulary.plain, texts)) for row, texts in enumerate(_rows(articles))),
        )
        about = (text for row in _rows(articles) for text in row[:3])
        self._slips = vocabulary.slips(vocabulary.telling(about))

    async def search(self, question: str) -> Passage | None:
        """As ``Articles.search``."""
        found = self.best(question)
        return found.passage if found and found.score >= _THRESHOLD else None

    def best(self, question: str) -> Match | None:
        """The passage that fits best, however badly; None where not one word fits."""
        asked = [self._concept(words) for words in self._vocabulary.concepts(question)]
        known = [one for one in asked if self._count(one.words)]
        if not known:
            return None
        ranks = self._ranks(known)
        top = max(ranks, key=ranks.__getitem__)
        covered = sum(one.weight * one.sure * self._about(top, one.words) for one in known)
        total = sum(one.weight for one in asked)
        return Match(self._passages[self._chosen(top, question, known, ranks)], covered / total)

    def close(self) -> None:
        self._index.close()

    def _ranks(self, known: Iterable[_Concept]) -> dict[int, float]:
        """The passages that have one of the words, by bm25: the more the better."""
        words = _any(word for one in known for word in one.words)
        found = self._index.execute(
            "SELECT rowid, -bm25(passages, ?, ?, ?, ?) FROM passages WHERE passages MATCH ?",
            (*_WEIGHTS, words),
        )
        return {int(row): float(rank) for row, rank in found}

    def _chosen(
        self, top: int, question: str, known: Iterable[_Concept], ranks: Mapping[int, float]
    ) -> int:
        """The passage of the top one's article that answers best."""
        rows = self._articles[self._passages[top].article]
        score = {row: _RANK * ranks.get(row, 0.0) for row in rows}
        score[rows[0]] += _FIRST
        for word, share in self._tellers(question, known):
            headed = self._rows_with(rows, "heading", word)
            written = self._rows_with(rows, "text", word) if share > _ASKING else set()
            some = len(headed | written)
            rare = share * math.log((len(rows) + 1) / (some + 0.5))
            for row in headed | written:
                score[row] += rare * (1.0 if row in headed else _IN_TEXT)
        return max(rows, key=score.__getitem__)

    def _tellers(self, question: str, known: Iterable[_Concept]) -> Iterator[tuple[str, float]]:
        """The words that choose among an article's passages, and how much each counts."""
        for one in known:
            yield one.words[0], 1.0
            yield from ((word, _ALSO) for word in one.words[1:])
        for word in dict.fromkeys(self._vocabulary.plain(question).split()):
            if word in self._vocabulary.ignored and len(word) > 1:
                yield word, _ASKING

    def _rows_with(self, rows: Sequence[int], column: str, word: str) -> set[int]:
        found = self._index.execute(
            "SELECT rowid FROM passages WHERE passages MATCH ? AND rowid BETWEEN ? AND ?",
            (f"{column} : {_any([word])}", rows[0], rows[-1]),
        )
        return {int(row[0]) for row in found}

    def _concept(self, words: tuple[str, ...]) -> _Concept:
        count, sure = self._count(words), 1.0
        if not count:
            words, sure = self._mended(words[0]) or words, _MENDED
            count = self._count(words)
        rows, count = len(self._passages), max(count, 1)
        return _Concept(words, math.log(1 + (rows - count + 0.5) / (count + 0.5)), sure)

    def _mended(self, unknown: str) -> tuple[str, ...]:
        """The known word that an unknown one is a slip of, if there is one."""
        near = [one for one in self._slips.get(unknown[:1], ()) if abs(len(one) - len(unknown)) < 4]
        found = difflib.get_close_matches(unknown, near, n=1, cutoff=_SAME_WORD)
        return (
            (self._vocabulary.plain(found[0]),) if found and len(unknown) >= _SHORTEST_SLIP else ()
        )

    def _count(self, words: Iterable[str]) -> int:
        """Passages that have one of the words."""
        found = self._index.execute(
            "SELECT count(*) FROM passages WHERE passages MATCH ?", (_any(words),)
        )
        return int(found.fetchone()[0])

    def _about(self, row: int, words: Iterable[str]) -> float:
        """1 where the passage is about one of the words, less where it mentions one, else 0."""
        asked = _any(words)
        if self._has(row, f"{{title topics heading}} : {asked}"):
            return 1.0
        return _MENTIONED if self._has(row, asked) else 0.0

    def _has(self, row: int, asked: str) -> bool:
        found = self._index.execute(
            "SELECT 1 FROM passages WHERE rowid = ? AND passages MATCH ?", (row, asked)
        )
        return found.fetchone() is not None


def open_articles(folder: Path | None = None) -> Library:
    """The house's own articles, or those of another folder, indexed.

    Raises:
        ArticleError: an article cannot be used; names it and what is wrong.
    """
    return Library(read_folder(folder or _FOLDER), read_vocabulary(_VOCABULARY))


def _rows(articles: Iterable[Article]) -> list[tuple[str, str, str, str]]:
    return [
        (article.title, ", ".join(article.topics), section.heading, section.text)
        for article in articles
        for section in article.sections
    ]


def _any(words: Iterable[str]) -> str:
    """FTS5's query for any of the words."""
    return "(" + " OR ".join(f'"{word}"' for word in words) + ")"
