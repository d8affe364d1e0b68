"""Full-text search over the articles, in memory.

SQLite's FTS5 ranks passages by bm25 (Porter stems; title, topics, heading and text weighted).
A passage answers only if it is about enough of the question: the share of the question's words
that it has, each weighted by how rare it is among the passages, and by half where the passage
only mentions it. A question of something else shares a word or two with some passage, but not
what the passage is about.
"""

from __future__ import annotations

import difflib
import math
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.articles.reading import Article, read_folder
from tools.articles.words import concepts, content, plain, slips_of
from tools.seams import Passage

_FOLDER = Path(__file__).parent / "library"
# Weights of title, topics, heading and text: what a passage is about counts more than what it
# mentions.
_WEIGHTS = (3.0, 2.0, 4.0, 1.0)
_MENTIONED = 0.5
_THRESHOLD = 0.51
_MENDED = 0.75
"""What a word taken for another counts."""
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

    def __init__(self, articles: Sequence[Article]) -> None:
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
        self._index.executemany(
            "INSERT INTO passages (title, topics, heading, text) VALUES (?, ?, ?, ?)",
            (tuple(map(plain, row)) for row in _rows(articles)),
        )
        self._slips = slips_of(content(text for row in _rows(articles) for text in row[:3]))

    async def search(self, question: str) -> Passage | None:
        """As ``Articles.search``."""
        found = self.best(question)
        return found.passage if found and found.score >= _THRESHOLD else None

    def best(self, question: str) -> Match | None:
        """The passage that fits best, however badly; None where not one word fits."""
        asked = [self._concept(words) for words in concepts(question)]
        known = [one for one in asked if self._count(one.words)]
        if not known:
            return None
        words = " OR ".join(_quoted(word) for one in known for word in one.words)
        row = self._index.execute(
            "SELECT rowid FROM passages WHERE passages MATCH ? "
            "ORDER BY bm25(passages, ?, ?, ?, ?), rowid LIMIT 1",
            (words, *_WEIGHTS),
        ).fetchone()
        covered = sum(one.weight * one.sure * self._about(row[0], one.words) for one in known)
        total = sum(one.weight for one in asked)
        return Match(self._passages[row[0] - 1], covered / total)

    def close(self) -> None:
        self._index.close()

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
        return (plain(found[0]),) if found and len(unknown) >= _SHORTEST_SLIP else ()

    def _count(self, words: Iterable[str]) -> int:
        """Passages that have one of the words."""
        asked = " OR ".join(map(_quoted, words))
        found = self._index.execute(
            "SELECT count(*) FROM passages WHERE passages MATCH ?", (asked,)
        )
        return int(found.fetchone()[0])

    def _about(self, row: int, words: Iterable[str]) -> float:
        """1 where the passage is about one of the words, less where it mentions one, else 0."""
        asked = " OR ".join(map(_quoted, words))
        if self._has(row, f"{{title topics heading}} : ({asked})"):
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
    return Library(read_folder(folder or _FOLDER))


def _rows(articles: Iterable[Article]) -> list[tuple[str, str, str, str]]:
    return [
        (article.title, ", ".join(article.topics), section.heading, section.text)
        for article in articles
        for section in article.sections
    ]


def _quoted(word: str) -> str:
    return f'"{word}"'
