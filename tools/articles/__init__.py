"""The policy articles and their search."""

from __future__ import annotations

from tools.articles.reading import ArticleError
from tools.articles.search import Library, open_articles

__all__ = ["ArticleError", "Library", "open_articles"]
