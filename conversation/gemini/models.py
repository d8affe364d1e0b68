"""What of a live model's name changes how it is to be spoken to. Pure.

Sources: the model pages of gemini-3.8-live and its extended-thinking sibling, the migration
guide from 2.5, and what users of 3.1 reported being refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_VERSION = re.compile(r"gemini-(?:live-)?(\d+)\.(\d+)")
_NEWEST = (3, 8)


@dataclass(frozen=True, slots=True)
class Family:
    """``version`` as (3, 8); a name without a number counts as the newest."""

    version: tuple[int, int]
    extended_thinking: bool
    native_audio: bool

    @classmethod
    def of(cls, model: str) -> Family:
        name = model.rsplit("/", 1)[-1]
        found = _VERSION.match(name)
        version = (int(found.group(1)), int(found.group(2))) if found else _NEWEST
        return cls(version, "extended-thinking" in name, "native-audio" in name)

    @property
    def takes_context_updates(self) -> bool:
        """The instruction may change within a session (contextUpdate)."""
        return self.version >= (3, 8)

    @property
    def talks_on_by_default(self) -> bool:
        """NON_BLOCKING is what a declaration without a behaviour means."""
        return self.version >= (3, 8)

    @property
    def takes_thinking_level(self) -> bool:
        """3.8 refuses one, its extended-thinking sibling requires one."""
        return self.extended_thinking or self.version < (3, 8)

    @property
    def scheduling_inside(self) -> bool:
        """The guides of 2.5 put a result's scheduling inside the response."""
        return self.version < (3, 0)

    def may_talk_on(self, *, vertex: bool) -> bool:
        """Tools can run while the model talks: unknown to 3.1, and on Vertex AI to 2.5."""
        if self.version < (3, 0):
            return self.native_audio and not vertex
        return self.version >= (3, 8)
