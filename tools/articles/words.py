"""A traveller's words made comparable with the articles'. Pure but for ``read_vocabulary``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tools.articles.reading import ArticleError

_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """``phrases``: several words -> what they are called here. ``same``: word -> the word for
    all of its meaning. ``broader``: word -> what it also is. ``ignored``: words that do not
    tell what is meant."""

    phrases: Mapping[tuple[str, ...], tuple[str, ...]]
    same: Mapping[str, str]
    broader: Mapping[str, tuple[str, ...]]
    ignored: frozenset[str]

    def plain(self, text: str) -> str:
        """The text as the index has it: small letters, one word for one meaning."""
        return " ".join(self._same(word) for word in self._joined(words(text)))

    def concepts(self, question: str) -> list[tuple[str, ...]]:
        """What a question speaks of: for each word that tells, the word and what it also is."""
        telling = dict.fromkeys(self.telling([question]))
        return [(word, *self.broader.get(word, ())) for word in telling]

    def telling(self, texts: Iterable[str]) -> list[str]:
        """The words of texts that tell what they are about."""
        found = (word for text in texts for word in self.plain(text).split())
        return [word for word in found if word not in self.ignored and len(word) > 1]

    def slips(self, known: Iterable[str]) -> dict[str, list[str]]:
        """The words that an unknown one may be a slip of, by their first letter: the known ones
        and those that mean the same."""
        known = frozenset(known)
        others = {word for word, chosen in self.same.items() if chosen in known}
        found: dict[str, list[str]] = {}
        for word in sorted(known | others):
            found.setdefault(word[0], []).append(word)
        return found

    def _joined(self, said: list[str]) -> Iterator[str]:
        longest = max(map(len, self.phrases), default=1)
        at = 0
        while at < len(said):
            for length in range(min(longest, len(said) - at), 1, -1):
                chosen = self.phrases.get(tuple(said[at : at + length]))
                if chosen is not None:
                    yield from chosen
                    at += length
                    break
            else:
                yield said[at]
                at += 1

    def _same(self, word: str) -> str:
        if word in self.same:
            return self.same[word]
        single = word.removesuffix("s")
        return self.same.get(single, word) if len(single) > 2 else word


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    phrases: dict[str, list[str]] = Field(default_factory=dict)
    same: dict[str, list[str]] = Field(default_factory=dict)
    broader: dict[str, list[str]] = Field(default_factory=dict)
    ignored: list[str] = Field(default_factory=list)


def words(text: str) -> list[str]:
    """The words of a text in small letters without accents."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(c for c in folded if not unicodedata.combining(c)))


def read_vocabulary(path: Path) -> Vocabulary:
    """The vocabulary of a YAML file.

    Raises:
        ArticleError: the file is missing, or not such a vocabulary; says where.
    """
    try:
        file = _File.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ArticleError(f"{path.name}: cannot be read as YAML") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise ArticleError(f"{path.name}: {first['loc']}: {first['msg']}") from None
    return Vocabulary(
        phrases={
            tuple(words(phrase)): tuple(words(chosen))
            for chosen, phrases in file.phrases.items()
            for phrase in phrases
        },
        same={word: chosen for chosen, others in file.same.items() for word in others},
        broader={word: tuple(others) for word, others in file.broader.items()},
        ignored=frozenset(file.ignored),
    )
