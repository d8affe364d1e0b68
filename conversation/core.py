"""The heart: ``decide(event, now) -> actions``.

A conversation is made of concerns, one subject each. An event goes to every concern that reacts
to its kind, in a fixed order; what they conclude (moments) goes the same way until nothing more
follows. No clock, no I/O, no randomness: the same events at the same times give the same
actions, which is what makes a journal replay exactly.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import cast, get_args

from conversation.actions import Action
from conversation.barge_in import BargeIn
from conversation.call_record import CallRecord
from conversation.dead_air import DeadAir
from conversation.ear import Ear
from conversation.endpointing import Endpointing
from conversation.events import Event, TimerFired
from conversation.farewell import Farewell
from conversation.floor import Floor
from conversation.keypad import Keypad
from conversation.latency import Latency
from conversation.line import LineInfo
from conversation.moments import Concern, Moment, Over, Reaction
from conversation.offers import Offers
from conversation.playout import Playout, Spacing
from conversation.sessions import Sessions
from conversation.settings import TalkSettings
from conversation.sign_of_life import SignOfLife
from conversation.silence import CallerSilence
from conversation.speaking import Speaking
from conversation.timeline import LineTimeline
from conversation.tool_calls import ToolCalls
from conversation.transcript import Transcript
from conversation.turns import Turns
from media.echo import EchoGuard, EchoPath

_MOMENTS = frozenset(get_args(Moment))


@dataclass(frozen=True, slots=True)
class Setting:
    """Everything besides events that decisions depend on.

    ``writes`` names the tools that change something; ``prompts`` are the recorded prompts with
    their length in ms.
    """

    line: LineInfo
    talk: TalkSettings = field(default_factory=TalkSettings)
    writes: frozenset[str] = frozenset()
    prompts: Mapping[str, float] = field(default_factory=dict)
    model: str = ""

    def under(self, talk: TalkSettings) -> Setting:
        """The same conversation with other settings."""
        return replace(self, talk=talk)


class Core:
    def __init__(self, setting: Setting) -> None:
        always, late = _concerns(setting)
        self._reactions = _table(always)
        self._late_reactions = _table(late)
        self.over = False

    def decide(self, event: Event, now: float) -> list[Action]:
        """What follows from ``event`` at ``now`` (seconds since the conversation began).

        Once hang-up has been ordered only records and tools' answers follow.
        """
        actions: list[Action] = []
        todo: deque[tuple[object, str | type]] = deque()
        todo.append((event, event.name if isinstance(event, TimerFired) else type(event)))
        while todo:
            item, kind = todo.popleft()
            reactions = self._late_reactions if self.over else self._reactions
            for react in reactions.get(kind, ()):
                for out in react(item, now):
                    if isinstance(out, Over):
                        todo.appendleft((out, Over))
                    elif type(out) in _MOMENTS:
                        todo.append((out, type(out)))
                    else:
                        actions.append(cast(Action, out))
            self.over = self.over or kind is Over
        return actions


def _concerns(setting: Setting) -> tuple[list[Concern], list[Concern]]:
    """All concerns in the order in which they react, and those that outlive the hang-up."""
    talk = setting.talk
    guard = None if setting.line.echo_cancelled else EchoGuard(EchoPath(loss_db=talk.echo_loss_db))
    playout = Playout(Spacing(talk.mark_first_ms, talk.mark_later_ms), setting.prompts)
    timeline = LineTimeline(guard, talk.mark_patience_seconds)
    floor = Floor()
    ear = Ear(talk, floor, guard, timeline)
    barge_in = BargeIn(talk, floor, ear, playout)
    speaking = Speaking(talk, floor, ear, playout, timeline)
    endpointing = Endpointing(talk)
    turns = Turns(talk, floor, ear, endpointing, barge_in.shield)
    latency = Latency(floor, ear, playout, local=talk.turn_taking == "local")
    transcript = Transcript(playout, latency)
    tools = ToolCalls(talk, floor, setting.writes)
    farewell = Farewell(talk, floor)
    dead_air = DeadAir(talk, floor, tools, farewell, transcript)
    record = CallRecord(setting.line, setting.model)
    everyone: list[Concern] = [
        floor,
        ear,
        barge_in,
        speaking,
        endpointing,
        turns,
        latency,
        transcript,
        tools,
        dead_air,
        Offers(playout, dead_air, farewell),
        CallerSilence(talk, floor, tools, farewell, dead_air),
        SignOfLife(talk, floor, tools, farewell),
        Sessions(
            talk, setting.line.returning, floor, playout, tools, farewell, dead_air, transcript
        ),
        Keypad(talk),
        farewell,
        record,
    ]
    return everyone, [transcript, tools, record]


def _table(concerns: list[Concern]) -> dict[str | type, list[Reaction]]:
    table: dict[str | type, list[Reaction]] = {}
    for concern in concerns:
        for kind, reaction in concern.reactions().items():
            table.setdefault(kind, []).append(reaction)
    return table
