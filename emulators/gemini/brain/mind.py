"""Myra's mind: what was heard or answered goes in, what to say and which function to call
comes out. Pure and deterministic: the same conversation always goes the same way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from emulators.gemini.brain import lines
from emulators.gemini.brain.asking import ask, carry_on, not_understood, nothing_said, still_working
from emulators.gemini.brain.declared import functions_of
from emulators.gemini.brain.heard import Heard, understand
from emulators.gemini.brain.intents import ERRANDS, Intent
from emulators.gemini.brain.memory import (
    ANYTHING,
    CONFIRM,
    OPEN,
    PERSON,
    RETRY,
    Memory,
    Turn,
)
from emulators.gemini.brain.outcomes import outcome_of
from emulators.gemini.brain.reporting import report
from emulators.gemini.brain.running import (
    begin,
    confirm,
    connect,
    hang_up,
    learn,
    proceed,
    try_again,
)
from emulators.gemini.brain.slots import DETAILS, QUESTION, REFERENCE, part_of_reference
from emulators.gemini.brain.small_talk import small_talk
from emulators.gemini.brain.wording import Cue, Direction, split_stage
from emulators.gemini.steps import Mind, Step

_GREETING = re.compile(r"\bgreet[^\"“]{0,200}[\"“]([^\"”]{10,300})[\"”]", re.IGNORECASE | re.DOTALL)
_ASKED_FOR_PERSON = "The caller asked to speak with a person."
_OFFERED = "The caller accepted the offer of a person."
_NOT_UNDERSTOOD = "The caller could not be understood."


def make_mind(declarations: Iterable[Mapping[str, Any]], instruction: str) -> Mind:
    """A mind for one conversation.

    ``declarations`` are function declarations as setup carries them; only these are called.
    A greeting that the system instruction quotes ("Greet the caller with "...") is used.
    """
    quoted = _GREETING.search(instruction)
    return Myra(Memory(functions_of(declarations), quoted[1] if quoted else lines.GREETING))


def _from_its_sentence(text: str, cut: int) -> str:
    """What remains of a text cut short, beginning with the sentence that was cut."""
    if cut >= len(text.rstrip()):
        return ""
    starts = [0, *(match.end() for match in re.finditer(r"[.?!]\s+", text))]
    return text[max(start for start in starts if start <= cut) :]


class Myra:
    """The agent of Cymbol Travels, as the protocol ``Mind`` describes a mind."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def hear(self, text: str) -> list[Step]:
        turn = Turn(self._memory)
        directions, speech = split_stage(text)
        for direction in directions:
            self._directed(turn, direction)
        if speech:
            self._memory.silences = 0
            self._answer(turn, understand(speech, self._memory.asked))
        return turn.finish()

    def result(self, call_id: str, name: str, response: Mapping[str, Any]) -> list[Step]:
        pending = self._memory.pending.get(call_id)
        if pending is None:
            return []
        turn = Turn(self._memory)
        outcome = outcome_of(response)
        if outcome.working:
            turn.say(outcome.say)
        else:
            del self._memory.pending[call_id]
            report(self._memory, turn, pending, outcome)
        return turn.finish()

    def cancelled(self, ids: Sequence[str]) -> None:
        for call_id in ids:
            pending = self._memory.pending.pop(call_id, None)
            if pending is not None:
                self._memory.dropped.append(pending)

    def interrupted(self, said: str) -> None:
        last, heard = self._memory.last, said.strip()
        self._memory.unheard = (
            _from_its_sentence(last, len(heard)) if last.startswith(heard) else ""
        )

    def _directed(self, turn: Turn, direction: Direction) -> None:
        memory = self._memory
        if direction.cue is Cue.GREET:
            turn.say(lines.I_AM_HERE if memory.greeted else memory.greeting)
            memory.greeted = True
        elif direction.cue is Cue.KEYS:
            self._keyed(turn, direction.keys)
        elif direction.cue is Cue.SILENCE:
            nothing_said(memory, turn)
        elif direction.cue is Cue.GOODBYE:
            hang_up(memory, turn, lines.GOODBYE_UNHEARD if memory.silences else lines.GOODBYE)
        elif direction.cue is Cue.CONTINUE:
            carry_on(memory, turn)

    def _keyed(self, turn: Turn, keys: str) -> None:
        """Digits for a reference or a name's place; else 1 is yes, 2 is no, 0 is a person."""
        memory = self._memory
        memory.silences = 0
        number = keys.strip("*#")
        if memory.asked == REFERENCE and number not in ("", "0"):
            self._reference_in_parts(turn, number)
        elif number == "0":
            connect(memory, turn, _ASKED_FOR_PERSON)
        elif number in ("1", "2") and memory.asked in (CONFIRM, PERSON, RETRY, ANYTHING):
            self._answer(turn, Heard(keys, None, number == "1", {}))
        elif len(number) >= 3 and memory.asked in (OPEN, ANYTHING):
            self._answer(turn, Heard(keys, None, None, {REFERENCE: number}))
        else:
            not_understood(memory, turn)

    def _answer(self, turn: Turn, heard: Heard) -> None:
        memory = self._memory
        memory.ended = False
        done = (
            small_talk(memory, turn, heard)
            or self._answered(turn, heard)
            or self._left(turn, heard)
            or self._told(turn, heard)
            or self._went_on(turn, heard)
        )
        if done:
            memory.misses = 0
        elif memory.asked == PERSON:
            connect(memory, turn, _NOT_UNDERSTOOD)
        else:
            not_understood(memory, turn)

    def _answered(self, turn: Turn, heard: Heard) -> bool:
        """A yes or no to what was asked."""
        memory, answer = self._memory, heard.answer
        another = heard.intent in ERRANDS and not self._same_errand(heard)
        if another or memory.asked not in (CONFIRM, PERSON, RETRY, ANYTHING):
            return False
        if memory.asked == CONFIRM:
            if learn(memory, heard, memory.errand):
                memory.quote = None
                proceed(memory, turn)
                return True
            if answer is None and heard.intent is not None and self._same_errand(heard):
                answer = True  # "cancel it" is a yes to "shall I cancel it?"
        if answer is None or heard.slots.get(REFERENCE):
            return False
        (self._yes if answer else self._no)(turn)
        return True

    def _same_errand(self, heard: Heard) -> bool:
        memory = self._memory
        if memory.asked == PERSON:
            return heard.intent is Intent.HUMAN
        return memory.errand is not None and memory.errand.intent is heard.intent

    def _yes(self, turn: Turn) -> None:
        memory = self._memory
        if memory.asked == CONFIRM:
            confirm(memory, turn)
        elif memory.asked == PERSON:
            connect(memory, turn, _OFFERED)
        elif memory.asked == RETRY:
            try_again(memory, turn)
        else:
            memory.asked = OPEN
            turn.say(lines.OF_COURSE)

    def _no(self, turn: Turn) -> None:
        memory = self._memory
        if memory.asked == ANYTHING:
            hang_up(memory, turn, lines.GOODBYE)
            return
        if memory.asked == CONFIRM:
            turn.say(lines.LEFT_AS_IT_WAS)
        memory.errand, memory.quote, memory.retry, memory.told = None, None, None, {}
        ask(memory, turn, ANYTHING)

    def _left(self, turn: Turn, heard: Heard) -> bool:
        """Goodbye, or a wish for a person."""
        if heard.intent is Intent.BYE:
            hang_up(self._memory, turn, lines.GOODBYE)
        elif heard.intent is Intent.HUMAN:
            connect(self._memory, turn, _ASKED_FOR_PERSON)
        else:
            return False
        return True

    def _told(self, turn: Turn, heard: Heard) -> bool:
        """A new errand, or something that the errand in hand waits for."""
        memory = self._memory
        if memory.asked in heard.slots and memory.asked in (DETAILS, QUESTION):
            learn(memory, heard, memory.errand)
            proceed(memory, turn)
            return True
        if self._begins_anew(heard):
            begin(memory, turn, heard.intent or Intent.DETAILS, heard)
            return True
        if learn(memory, heard, memory.errand):
            if memory.errand is None and REFERENCE in heard.slots:
                begin(memory, turn, Intent.DETAILS, heard)
            else:
                proceed(memory, turn)
            return True
        part = part_of_reference(heard.text) if memory.asked == REFERENCE else None
        if part is not None:
            self._reference_in_parts(turn, part.text)
        return part is not None

    def _begins_anew(self, heard: Heard) -> bool:
        memory = self._memory
        if heard.intent not in ERRANDS:
            return False
        if memory.errand is None:
            return True
        if memory.asked in heard.slots and heard.intent in (Intent.DETAILS, Intent.ENQUIRY):
            return False
        if heard.intent is Intent.DETAILS:  # "my booking reference is ..." begins nothing
            return not heard.slots and memory.asked in (OPEN, ANYTHING)
        return heard.intent is not memory.errand.intent or (not heard.slots and not memory.asked)

    def _reference_in_parts(self, turn: Turn, part: str) -> None:
        """Half a reference waits for its other half."""
        memory = self._memory
        whole = memory.partial + part
        if len(whole) < 5 and not (part.isdigit() and not memory.partial):
            memory.partial = whole
            turn.say(lines.REST_OF_IT)
            return
        memory.partial = ""
        self._told(turn, Heard(whole, None, None, {REFERENCE: whole}))

    def _went_on(self, turn: Turn, heard: Heard) -> bool:
        """Nothing new was said: go on with what an interruption stopped, or with the work."""
        memory = self._memory
        if memory.dropped:
            if heard.answer is False:
                memory.dropped.clear()
                turn.say(lines.LEFT_AS_IT_WAS)
                ask(memory, turn, ANYTHING)
            else:
                carry_on(memory, turn)
            return True
        if memory.pending:
            still_working(memory, turn)
            return True
        if memory.unheard and heard.answer is True:
            carry_on(memory, turn)
            return True
        return False
