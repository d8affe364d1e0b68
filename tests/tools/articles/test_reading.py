"""Articles that cannot be used are named with what is wrong in them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tools.articles.reading import ArticleError, Section, read_article, read_folder

pytestmark = pytest.mark.pure

FRONT = "---\ntitle: Pets\ntopics: [dog, cat]\nupdated: 2026-09-14\n---\n"


def test_a_whole_article() -> None:
    text = f"{FRONT}\n## May I?\n\nYou\nmay.\n\nAsk first!\n\n## What does it cost?\n\nNothing.\n"
    article = read_article("pets", text)
    assert (article.name, article.title) == ("pets", "Pets")
    assert article.topics == ("dog", "cat")
    assert article.updated == dt.date(2026, 9, 14)
    assert article.sections == (
        Section("May I?", "You may."),
        Section("May I?", "Ask first!"),
        Section("What does it cost?", "Nothing."),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("## Heading\n\nText.\n", "front matter"),
        ("---\ntitle: [\n---\nText.\n", "not YAML"),
        ("---\n- a\n---\nText.\n", "front matter"),
        ("---\ntopics: [a]\nupdated: 2026-09-14\n---\n## H\n\nText.\n", "title"),
        ("---\ntitle: T\ntopics: []\nupdated: 2026-09-14\n---\n## H\n\nText.\n", "topics"),
        ("---\ntitle: T\ntopics: [a]\nupdated: soon\n---\n## H\n\nText.\n", "updated"),
        ("---\ntitle: T\ntopics: [a]\nupdated: 2026-09-14\nby: x\n---\n## H\n\nT.\n", "by"),
        (f"{FRONT}\nText.\n", "before the first"),
        (f"{FRONT}\n## Heading\n", "no sections"),
        (f"{FRONT}\n## Heading\n\nNo full stop\n", "sentences"),
        (f"{FRONT}\n## Heading\n\nOne. Two. Three. Four.\n", "sentences"),
        (f"{FRONT}\n## Heading\n\n- a list item.\n- another.\n\nA *star*.\n", "spoken"),
        (f"{FRONT}\n## Heading\n\nSee https://example.com for more.\n", "spoken"),
    ],
)
def test_what_is_wrong_is_said(text: str, said: str) -> None:
    with pytest.raises(ArticleError, match=f"^pets: .*{said}"):
        read_article("pets", text)


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "pets.md").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ArticleError, match="cannot be read"):
        read_folder(tmp_path)
