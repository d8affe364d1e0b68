"""Moonshine tiny-en (MIT, Moonshine AI) run directly on onnxruntime.

The package that carries the weights has a recogniser of its own; its texts of spelled
references are worse and it takes two to four times as long, so only its files are used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emulators.speech.beam import Probabilities, search
from emulators.speech.bias import PhraseTree
from emulators.speech.vocabulary import Vocabulary
from emulators.speech.weights import open_session, package_file, verify

RATE = 16_000
START, END = 1, 2
HEADS, HEAD_SIZE = 8, 36
# The model's authors bound its output by this, because it may repeat itself without end.
TOKENS_PER_SECOND = 6.5
BEAM = 4

FILES = {
    "encoder_model.ort": "94e90a4654fc45cdfedb77c4c08e1739f48862998e58fada384b25118134f221",
    "decoder_model_merged.ort": "cf524c4862d36e9e5ab032eddc73637efd822d70e868ac575cf1a46e1e4708a0",
    "tokenizer.bin": "6884b35fd6377d4c4d32336a0bc152f36b64d1e45b6503683cdc238250a8472d",
}

Samples = NDArray[np.float32]


class Moonshine:
    """Text of one utterance of up to about twenty seconds, leaning towards phrases by their weight
    (see ``PhraseTree``).

    Raises:
        EngineMissing: the weights or onnxruntime are not there, or not as expected.
    """

    def __init__(self, phrases: Mapping[str, float], threads: int = 1) -> None:
        encoder, decoder, tokens = (
            verify(package_file("moonshine_voice", f"assets/tiny-en/{name}"), sha256)
            for name, sha256 in FILES.items()
        )
        self._vocabulary = Vocabulary(tokens.read_bytes())
        self._phrases = PhraseTree(
            (
                (self._vocabulary.encode(form), weight)
                for phrase, weight in phrases.items()
                for form in {phrase, phrase[:1].upper() + phrase[1:]}
            ),
        )
        self._encoder = open_session(encoder, threads)
        self._decoder = open_session(decoder, threads)

    def transcribe(self, samples: Samples) -> str:
        """The text of mono float samples at 16 kHz."""
        batch = samples[np.newaxis].astype(np.float32)
        mask = np.ones(batch.shape, np.int64)
        (hidden,) = self._encoder.run(None, {"input_values": batch, "attention_mask": mask})
        decoding = _Decoding(self._decoder, hidden, mask)
        limit = max(5, int(len(samples) / RATE * TOKENS_PER_SECOND))
        tokens = search(decoding.step, self._phrases, start=START, end=END, width=BEAM, limit=limit)
        return self._vocabulary.decode(tokens)


class _Decoding:
    """The decoder's memory while one utterance is written down.

    The decoder wants the mask of the raw samples beside the encoder's output, of which it takes
    every 384th entry itself. Its keys and values of the encoder are computed in the first step
    only; those of its own text grow by one each step and follow the hypotheses.
    """

    def __init__(self, session: Any, hidden: NDArray[np.float32], mask: NDArray[np.int64]) -> None:
        self._session = session
        self._hidden = hidden
        self._mask = mask
        self._names = [output.name for output in session.get_outputs()][1:]
        empty = np.zeros((1, HEADS, 0, HEAD_SIZE), np.float32)
        self._past = {
            entry.name: empty for entry in session.get_inputs() if entry.name.startswith("past")
        }
        self._first = True

    def step(self, parents: Sequence[int], tokens: Sequence[int]) -> Probabilities:
        if not self._first:
            self._reorder(np.array(parents))
        rows = len(tokens)
        logits, *present = self._session.run(
            None,
            {
                "encoder_attention_mask": self._mask.repeat(rows, 0),
                "input_ids": np.array(tokens, np.int64)[:, np.newaxis],
                "encoder_hidden_states": self._hidden.repeat(rows, 0),
                "use_cache_branch": np.array([not self._first]),
                **self._past,
            },
        )
        for name, value in zip(self._names, present, strict=True):
            if self._first or ".decoder." in name:
                self._past[name.replace("present", "past_key_values")] = value
        self._first = False
        return _log_softmax(logits[:, -1])

    def _reorder(self, parents: NDArray[np.int64]) -> None:
        for name, value in self._past.items():
            if ".decoder." in name:
                self._past[name] = value[parents]
            elif len(value) != len(parents):
                self._past[name] = value[:1].repeat(len(parents), 0)


def _log_softmax(logits: NDArray[np.float32]) -> Probabilities:
    shifted = logits - logits.max(axis=1, keepdims=True)
    normalised: Probabilities = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return normalised
