"""Token counts as the service bills them: the whole context again with every turn.

25 tokens for a second of audio either way (Live API pricing notes); text at four characters a
token, the rule of thumb of the Gemini token guide.
"""

from __future__ import annotations

from typing import Any

from emulators.gemini.setup import Compression, Setup

AUDIO_TOKENS_PER_SECOND = 25
CHARACTERS_PER_TOKEN = 4


def text_tokens(text: str) -> int:
    return -(-len(text) // CHARACTERS_PER_TOKEN)


class Usage:
    """What one conversation holds in its context; survives a change of socket."""

    def __init__(self, instruction: str) -> None:
        self._text = text_tokens(instruction)
        self._audio_ms = 0.0
        self._reply_ms = 0.0

    @property
    def context(self) -> int:
        return self._text + self._tokens(self._audio_ms)

    def heard(self, audio_ms: float) -> None:
        self._audio_ms += audio_ms

    def read(self, text: str) -> None:
        self._text += text_tokens(text)

    def spoke(self, audio_ms: float) -> None:
        self._reply_ms += audio_ms

    def compress(self, compression: Compression | None) -> bool:
        """Forgets the oldest audio once the trigger is passed; whether it did."""
        if compression is None or self.context <= compression.trigger_tokens:
            return False
        left = max(0, compression.target_tokens - self._text)
        self._audio_ms = 1000 * left / AUDIO_TOKENS_PER_SECOND
        return True

    def close_turn(self, setup: Setup) -> dict[str, Any]:
        """The usageMetadata of the turn that ends now; its speech joins the context."""
        prompt, reply = self.context, self._tokens(self._reply_ms)
        audio = self._tokens(self._audio_ms)
        self._audio_ms += self._reply_ms
        self._reply_ms = 0.0
        self.compress(setup.compression)
        answer = "candidates" if setup.vertex else "response"
        counts: dict[str, Any] = {
            "promptTokenCount": prompt,
            f"{answer}TokenCount": reply,
            "totalTokenCount": prompt + reply,
            "promptTokensDetails": _details(TEXT=prompt - audio, AUDIO=audio),
            f"{answer}TokensDetails": _details(AUDIO=reply),
        }
        return {key: value for key, value in counts.items() if value}

    @staticmethod
    def _tokens(audio_ms: float) -> int:
        return round(audio_ms * AUDIO_TOKENS_PER_SECOND / 1000)


def _details(**counts: int) -> list[dict[str, Any]]:
    return [{"modality": name, "tokenCount": count} for name, count in counts.items() if count]
