"""What the client's own turns of text mean: history to remember, or a question to answer.

The rules differ by model family: from 3.8 on turns are welcome at any time, 3.1 takes them only
as the initial history that the setup announced, older models anyhow. Sources: the model page of
gemini-3.8-live, HistoryConfig in google-genai, and refusals reported by users of 3.1.
"""

from __future__ import annotations

from dataclasses import dataclass

from emulators.gemini.conversation import Entry
from emulators.gemini.messages import ClientContent, Content
from emulators.gemini.setup import Setup
from emulators.gemini.wire import Refused


@dataclass(frozen=True, slots=True)
class Taken:
    """``asked`` is to be answered now; empty when nothing is."""

    entries: tuple[Entry, ...] = ()
    asked: str = ""
    instruction: str | None = None


class Seeding:
    """Follows the client's turns of one connection."""

    def __init__(self, setup: Setup) -> None:
        self._vertex = setup.vertex
        self._any_time = setup.model.at_least_38 or setup.model.version < (3, 0)
        self._needs_roles = setup.model.version >= (3, 0)
        self._seeding = setup.seeds_history
        self._waiting: list[str] = []
        self._seeded = ""

    def take(self, content: ClientContent) -> Taken:
        """A clientContent message.

        Raises:
            Refused: 1007, turns this model does not take, or a role it does not know.
        """
        if not (self._any_time or self._seeding):
            raise Refused(1007, "Request contains an invalid argument: client content.")
        instruction = None
        entries: list[Entry] = []
        for turn in content.turns:
            if turn.role == "system" and self._vertex:
                instruction = turn.text
            else:
                entries.append(self._entry(turn))
        if self._seeding:
            return self._seed(entries, content.turn_complete, instruction)
        said = [entry.text for entry in entries if entry.role == "user" and entry.text]
        model = tuple(entry for entry in entries if entry.role == "model")
        self._waiting += said
        if not content.turn_complete:
            return Taken(model, "", instruction)
        asked = " ".join(self._waiting) or self.trigger()
        self._waiting.clear()
        return Taken(model, asked, instruction)

    def trigger(self) -> str:
        """The seeded question that still waits for its answer; asked for once."""
        seeded, self._seeded = self._seeded, ""
        return seeded

    def _seed(self, entries: list[Entry], complete: bool, instruction: str | None) -> Taken:
        """Initial history calls no model; its last turn is answered when the client asks again."""
        if complete:
            self._seeding = False
            if entries and entries[-1].role == "user":
                self._seeded = entries.pop().text
        return Taken(tuple(entries), "", instruction)

    def _entry(self, turn: Content) -> Entry:
        role = turn.role or ("" if self._needs_roles else "user")
        if role == "user":
            return Entry("user", turn.text)
        if role == "model":
            return Entry("model", turn.text)
        raise Refused(1007, f"Please use a valid role: user, model. Got '{role}'.")
