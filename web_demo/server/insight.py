"""Shows QA what a conversation does, as it does it: words, state, tools, replies, figures.

``Insight`` is pure: decisions in, the protocol's messages out, the same for a running call and
for its journal. ``InsightObserver`` puts it on a conversation of either door.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from conversation.actions import Action
from conversation.core import Setting
from conversation.events import Event
from conversation.records import Fact, ReplyMeasured
from web_demo.server.insight_doing import Doing
from web_demo.server.insight_messages import Message, React
from web_demo.server.insight_metrics import Figures
from web_demo.server.insight_replies import Replies
from web_demo.server.insight_tools import ToolTimeline
from web_demo.server.insight_words import Words

__all__ = ["Insight", "InsightObserver", "Message"]


class Insight:
    """One conversation's. A frame of sound costs two looks into a dictionary."""

    def __init__(self) -> None:
        self._doing = Doing()
        self._figures = Figures()
        self._table: dict[type, tuple[React, ...]] = {}
        for part in (self._doing, Words(), ToolTimeline(), Replies(), self._figures):
            for kind, react in part.reactions().items():
                self._table[kind] = (*self._table.get(kind, ()), react)

    @property
    def state(self) -> str:
        """What Myra is doing now, in the protocol's words."""
        return self._doing.state

    def began(self, setting: Setting) -> None:
        self._figures.began(setting)

    def decided(self, now: float, event: Event, actions: Sequence[Action]) -> list[Message]:
        """What QA are told of this decision, in order. ``now`` in seconds since the beginning."""
        table = self._table
        reacting: list[tuple[object, React]] = [
            (event, react) for react in table.get(type(event), ())
        ]
        for action in actions:
            if reacts := table.get(type(action)):
                reacting += [(action, react) for react in reacts]
        if not reacting:
            return []
        messages = [message for item, react in reacting for message in react(item, event, now)]
        messages += self._doing.news()
        return messages


class InsightObserver:
    """An ``Observer`` of one conversation: ``send`` gets the messages, ``record`` what of them is
    kept with the call. Both may only enqueue."""

    def __init__(
        self,
        send: Callable[[Message], None] | None = None,
        record: Callable[[Fact], None] | None = None,
    ) -> None:
        self.insight = Insight()
        self._send = send
        self._record = record

    def began(self, setting: Setting) -> None:
        self.insight.began(setting)

    def decided(self, now: float, event: Event, actions: Sequence[Action]) -> None:
        for message in self.insight.decided(now, event, actions):
            if self._send is not None:
                self._send(message)
            if self._record is not None and message["type"] == "turn":
                self._record(
                    ReplyMeasured(
                        message["response"], message["bar"], message["chunks"], message["samples"]
                    )
                )

    def ended(self) -> None: ...
