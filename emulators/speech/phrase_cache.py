"""Phrases spoken once and kept on disk, so that the next start has its greeting at once."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from pathlib import Path

import numpy as np

from emulators.speech.trim import Samples

log = logging.getLogger(__name__)

VERSION = "1"  # part of every key: a change of trimming or normalising asks for a new one


class PhraseCache:
    """Sounds by engine (its name says the voice) and words. A file that cannot be read counts as
    absent; a disk that cannot be written costs time only, and is logged."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, engine: str, words: str) -> Samples | None:
        """The int16 samples kept for these words, or none."""
        try:
            sound = np.load(self._path(engine, words), allow_pickle=False)
        except (OSError, ValueError, EOFError):
            return None
        return sound if sound.dtype == np.int16 and sound.ndim == 1 else None

    def put(self, engine: str, words: str, sound: Samples) -> None:
        """Keep samples; a reader at the same time sees all of them or none."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._folder, delete=False) as file:
                np.save(file, sound, allow_pickle=False)
            os.replace(file.name, self._path(engine, words))
        except OSError as error:
            log.warning("a phrase could not be kept", extra={"why": str(error)})

    def _path(self, engine: str, words: str) -> Path:
        key = "\0".join((VERSION, engine, words))
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.npy"
