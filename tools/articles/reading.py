"""Reads articles: Markdown with YAML front matter, sections of short paragraphs. Pure but for
``read_folder``."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

MOST_SENTENCES = 3
"""A passage is spoken as it stands: more than this nobody listens to."""

_FRONT = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)
_SENTENCE = re.compile(r"[.?!](?=\s|$)")
_MARKUP = re.compile(r"[*_`\[\]<>|#]|https?:")


class ArticleError(ValueError):
    """An article cannot be used. The message names the file and what is wrong in it."""


@dataclass(frozen=True, slots=True)
class Section:
    """A passage to be spoken, and the question it answers."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """``name`` is that of its file, without the ending."""

    name: str
    title: str
    topics: tuple[str, ...]
    updated: dt.date
    sections: tuple[Section, ...]


class _Front(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    title: str = Field(min_length=1)
    topics: list[str] = Field(min_length=1)
    updated: dt.date


def read_folder(folder: Path) -> tuple[Article, ...]:
    """Every ``*.md`` of a folder, by name.

    Raises:
        ArticleError: there is none, or one cannot be used.
    """
    found = sorted(folder.glob("*.md"))
    if not found:
        raise ArticleError(f"{folder}: holds no articles (*.md)")
    try:
        return tuple(read_article(path.stem, path.read_text(encoding="utf-8")) for path in found)
    except (OSError, UnicodeDecodeError) as error:
        raise ArticleError(f"{folder}: an article cannot be read: {error}") from error


def read_article(name: str, text: str) -> Article:
    """One article from its text.

    Raises:
        ArticleError: names the article and what is wrong.
    """
    parted = _FRONT.match(text)
    if parted is None:
        raise ArticleError(f"{name}: does not begin with front matter between --- lines")
    try:
        front = _Front.model_validate(yaml.safe_load(parted[1]))
    except yaml.YAMLError as error:
        raise ArticleError(f"{name}: the front matter is not YAML") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(map(str, first["loc"])) or "front matter"
        raise ArticleError(f"{name}: {field}: {first['msg']}") from None
    sections = tuple(_sections(name, parted[2]))
    if not sections:
        raise ArticleError(f"{name}: has no sections (## heading and a paragraph)")
    return Article(name, front.title, tuple(front.topics), front.updated, sections)


def _sections(name: str, body: str) -> Iterator[Section]:
    heading = ""
    for block in re.split(r"\n\s*\n", body.strip()):
        text = " ".join(block.split())
        if text.startswith("## "):
            heading = text[3:]
        elif not text:
            continue
        elif not heading:
            raise ArticleError(f"{name}: text before the first ## heading: {text[:40]}")
        else:
            yield Section(heading, _speakable(name, text))


def _speakable(name: str, text: str) -> str:
    sentences = len(_SENTENCE.findall(text))
    if not 1 <= sentences <= MOST_SENTENCES or text[-1] not in ".?!":
        raise ArticleError(f"{name}: not one to {MOST_SENTENCES} sentences: {text[:60]}")
    if _MARKUP.search(text):
        raise ArticleError(f"{name}: cannot be spoken as it stands: {text[:60]}")
    return text
