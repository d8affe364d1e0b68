"""Weights are found, verified and joined, or refused with a sentence that helps."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from emulators.speech.kokoro import load_style
from emulators.speech.phrase_cache import PhraseCache
from emulators.speech.vocabulary import SPACE, Vocabulary
from emulators.speech.weights import EngineMissing, joined_file, package_file, verify

pytestmark = pytest.mark.pure


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def parts(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "a", tmp_path / "b"]
    for path, data in zip(paths, (b"one", b"two"), strict=True):
        path.write_bytes(data)
    return paths


def test_parts_are_joined_once(parts: list[Path], tmp_path: Path) -> None:
    target = tmp_path / "models" / "joined"
    assert joined_file(parts, sha256(b"onetwo"), target).read_bytes() == b"onetwo"
    parts[0].unlink()
    assert joined_file(parts, sha256(b"onetwo"), target) == target
    assert [p.name for p in target.parent.iterdir()] == ["joined"]


def test_wrong_parts_leave_no_file(parts: list[Path], tmp_path: Path) -> None:
    target = tmp_path / "models" / "joined"
    with pytest.raises(EngineMissing, match="expected"):
        joined_file(parts, sha256(b"other"), target)
    assert list(target.parent.iterdir()) == []


def test_a_damaged_joined_file_is_noticed(parts: list[Path], tmp_path: Path) -> None:
    target = tmp_path / "joined"
    joined_file(parts, sha256(b"onetwo"), target)
    target.write_bytes(b"onetwi")
    with pytest.raises(EngineMissing, match="SHA-256"):
        verify(target, sha256(b"onetwo"))


def test_a_folder_that_cannot_be_written_is_said(parts: list[Path], tmp_path: Path) -> None:
    with pytest.raises(EngineMissing, match="cannot write"):
        joined_file(parts, sha256(b"onetwo"), parts[0] / "joined")


def test_a_missing_package_names_the_remedy() -> None:
    with pytest.raises(EngineMissing, match=r"requirements/emulators\.txt"):
        package_file("no_such_package_here", "x")


def test_a_missing_voice_style_is_said() -> None:
    with pytest.raises(EngineMissing, match="nobody"):
        load_style("nobody")


def test_styles_have_a_row_for_each_length() -> None:
    assert load_style("af_heart").shape == (510, 256)


def test_phrases_survive_a_restart(tmp_path: Path) -> None:
    sound = np.arange(-5, 5, dtype=np.int16)
    PhraseCache(tmp_path).put("engine", "Hello.", sound)
    again = PhraseCache(tmp_path)
    kept = again.get("engine", "Hello.")
    assert kept is not None
    assert kept.tolist() == sound.tolist()
    assert again.get("another engine", "Hello.") is None
    assert again.get("engine", "Goodbye.") is None


def test_a_damaged_phrase_counts_as_absent(tmp_path: Path) -> None:
    cache = PhraseCache(tmp_path)
    cache.put("engine", "Hello.", np.zeros(9, np.int16))
    (file,) = tmp_path.iterdir()
    file.write_bytes(b"rubbish")
    assert cache.get("engine", "Hello.") is None


def packed(*pieces: bytes) -> bytes:
    return b"".join(bytes([len(piece)]) + piece for piece in pieces)


def test_words_are_pieced_together_by_the_lowest_merge_first() -> None:
    space = SPACE.encode()
    vocabulary = Vocabulary(
        packed(
            b"<unk>", b"h", b"i", space, b"hi", space + b"h", space + b"hi", b"<0xC3>", b"<0xA9>"
        )
    )
    assert vocabulary.encode("hi") == (6,)
    assert vocabulary.decode((6, 3, 4)) == "hi hi"
    assert vocabulary.decode((1, 7, 8)) == "h\u00e9"
