"""Speaking of a function's result, and doing what it says comes next."""

from __future__ import annotations

import re

from emulators.gemini.brain import lines
from emulators.gemini.brain.asking import ask, ask_again, can_connect
from emulators.gemini.brain.intents import Intent
from emulators.gemini.brain.memory import (
    ANYTHING,
    CONFIRM,
    OPEN,
    PERSON,
    RETRY,
    Memory,
    Pending,
    Quote,
    Turn,
)
from emulators.gemini.brain.outcomes import Outcome
from emulators.gemini.brain.running import proceed, quote_anew
from emulators.gemini.brain.slots import (
    CHANNEL,
    CORRECTED,
    DATE,
    DETAILS,
    PASSENGER,
    QUESTION,
    REFERENCE,
    SEAT,
    SURNAME,
)

_ASKED_BY = {
    "ask_reference": REFERENCE,
    "ask_surname": SURNAME,
    "ask_passenger": PASSENGER,
    "ask_date": DATE,
    "ask_corrected_name": CORRECTED,
    "ask_seat": SEAT,
    "ask_channel": CHANNEL,
    "ask_details": DETAILS,
    "ask_question": QUESTION,
}
_SORRY = ("i'm sorry", "sorry", "i'm afraid", "unfortunately", "i am sorry")
ATTEMPTS = 2


def report(memory: Memory, turn: Turn, pending: Pending, outcome: Outcome) -> None:
    """Tell the caller how a call went, and ask what it asks."""
    memory.misses = 0
    if outcome.status == "ok" and REFERENCE in pending.known:
        memory.opened = pending.known[REFERENCE]
    if pending.errand.intent is Intent.BYE:
        return
    if pending.errand.intent is Intent.HUMAN:
        _report_person(memory, turn, outcome)
    elif outcome.failed:
        _report_failure(memory, turn, pending, outcome)
    elif outcome.next == "new_quote" and pending.attempt < ATTEMPTS:
        turn.say(outcome.say)
        quote_anew(memory, turn, pending)
    else:
        turn.say(_opening(pending, outcome), outcome.say or lines.DONE, _source(outcome))
        _follow(memory, turn, pending, outcome)


def _opening(pending: Pending, outcome: Outcome) -> str:
    if outcome.status == "ok" and pending.errand.intent is Intent.DETAILS:
        return lines.HAVE_IT if outcome.next not in _ASKED_BY else ""
    if outcome.status == "refused" and outcome.next not in _ASKED_BY:
        return "" if outcome.say.lower().startswith(_SORRY) else lines.SORRY
    return ""


def _asks(say: str) -> bool:
    """Whether it ends with the question or the request, and at most a hint how to answer it."""
    *before, last = re.split(r"(?<=[.?!])\s+", say.strip())
    if before and before[-1].endswith("?"):
        return True
    return last.endswith("?") or "please" in last.lower() or last.lower().startswith("could you")


def _source(outcome: Outcome) -> str:
    known = outcome.title.lower() in outcome.say.lower()
    return "" if known else lines.ARTICLE.format(title=outcome.title)


def _follow(memory: Memory, turn: Turn, pending: Pending, outcome: Outcome) -> None:
    asked_already = _asks(outcome.say)
    if pending.errand.intent is Intent.ENQUIRY and memory.asked not in (OPEN, ANYTHING):
        ask_again(memory, turn)
    elif pending.ahead_of is not None and outcome.status == "ok":
        proceed(memory, turn)
    elif outcome.next == "confirm_quote":
        memory.errand, memory.quote = pending.errand, Quote(pending, outcome.quote_id)
        ask(memory, turn, CONFIRM, already_said=asked_already)
    elif slot := _ASKED_BY.get(outcome.next, ""):
        _take_back_up(memory, pending, slot)
        ask(memory, turn, slot, already_said=asked_already)
    elif outcome.next == "offer_person" and can_connect(memory):
        ask(memory, turn, PERSON, already_said=asked_already)
    elif outcome.next in ("retry", "offer_try_again"):
        memory.retry = pending
        ask(memory, turn, RETRY, already_said=asked_already)
    else:
        _close(memory, turn, pending)


def _take_back_up(memory: Memory, pending: Pending, slot: str) -> None:
    """The errand goes on once the slot is told anew; what was told for it counted for nothing."""
    memory.quote = None
    if pending.ahead_of is None:
        memory.errand = pending.errand
        known = pending.booking_only.items()
        memory.told = {k: v for k, v in known if k not in (REFERENCE, SURNAME)}
    else:
        memory.errand = pending.ahead_of
    memory.told.pop(slot, None)
    memory.booking.pop(slot, None)


def _close(memory: Memory, turn: Turn, pending: Pending) -> None:
    """The errand is done: back to a question that is still open, or on to the next thing."""
    another = memory.errand is not None and memory.errand is not pending.errand
    if another and memory.asked not in (OPEN, ANYTHING):
        ask_again(memory, turn)
        return
    if not another:
        memory.errand, memory.told = None, {}
    if not memory.pending:
        ask(memory, turn, ANYTHING)


def _report_person(memory: Memory, turn: Turn, outcome: Outcome) -> None:
    if outcome.failed:
        turn.say(outcome.say or lines.NO_COLLEAGUE)
        slot = ANYTHING
    else:
        turn.say(outcome.say or lines.CONNECTING)
        slot = _ASKED_BY.get(outcome.next, ANYTHING)
    if slot == ANYTHING:
        memory.errand, memory.told = None, {}
    if slot != ANYTHING or outcome.status != "ok" or "call" in outcome.say.lower():
        ask(memory, turn, slot, already_said=_asks(outcome.say))


def _report_failure(memory: Memory, turn: Turn, pending: Pending, outcome: Outcome) -> None:
    """The first failure offers another try, the second a person."""
    opening = "" if outcome.say.lower().startswith(_SORRY) else lines.SORRY
    turn.say(*((opening, outcome.say) if outcome.say else (lines.FAILED,)))
    asked_already = _asks(outcome.say)
    if pending.attempt < ATTEMPTS and outcome.next != "offer_person":
        memory.retry = pending
        ask(memory, turn, RETRY, already_said=asked_already)
    elif can_connect(memory):
        ask(memory, turn, PERSON, already_said=asked_already)
    else:
        ask(memory, turn, ANYTHING, already_said=asked_already)
