"""Results that the caller must hear of: offered again when a barge-in dropped what Myra was to
say of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from conversation.actions import SendText
from conversation.dead_air import DeadAir
from conversation.directions import result_again
from conversation.events import ModelAudio, ModelInterrupted
from conversation.farewell import Farewell
from conversation.moments import (
    AnswerDue,
    FloorFree,
    Out,
    Reaction,
    RepliesCut,
    ReplyHeard,
    ResultTold,
)
from conversation.playout import Playout

# A caller who talks over it this often does not want it.
_OFFERS = 3


@dataclass(slots=True)
class _Offer:
    name: str
    response: Mapping[str, Any]
    told_in: int = 0
    dropped: bool = False
    offers: int = 1


class Offers:
    def __init__(self, playout: Playout, dead_air: DeadAir, farewell: Farewell) -> None:
        self._playout = playout
        self._dead_air = dead_air
        self._farewell = farewell
        self._offers: list[_Offer] = []

    def reactions(self) -> Mapping[type | str, Reaction]:
        return {
            ResultTold: self._told,
            ModelAudio: self._audio,
            ReplyHeard: self._heard,
            RepliesCut: self._cut,
            ModelInterrupted: self._interrupted,
            FloorFree: self._offer,
        }

    def _told(self, moment: ResultTold, now: float) -> Iterable[Out]:
        if moment.keep:
            self._offers.append(_Offer(moment.name, moment.response))
        return ()

    def _audio(self, event: ModelAudio, now: float) -> Iterable[Out]:
        """The next sound after a result was told is taken to speak of it."""
        if self._offers and self._playout.find(event.response):
            for offer in self._offers:
                if not offer.dropped and not offer.told_in:
                    offer.told_in = event.response
        return ()

    def _heard(self, moment: ReplyHeard, now: float) -> Iterable[Out]:
        self._offers = [o for o in self._offers if o.dropped or o.told_in != moment.response]
        return ()

    def _cut(self, moment: RepliesCut, now: float) -> Iterable[Out]:
        for offer in self._offers:
            offer.dropped = True
        self._offers = [offer for offer in self._offers if offer.offers < _OFFERS]
        return ()

    def _interrupted(self, event: ModelInterrupted, now: float) -> Iterable[Out]:
        """The model dropped what it had not begun to say."""
        for offer in self._offers:
            offer.dropped = offer.dropped or not offer.told_in
        return ()

    def _offer(self, moment: FloorFree, now: float) -> Iterable[Out]:
        """Once the interruption has been answered and heard."""
        if self._dead_air.due or self._farewell.pending:
            return
        for offer in self._offers:
            if offer.dropped:
                offer.dropped, offer.told_in = False, 0
                offer.offers += 1
                yield SendText(result_again(offer.name, offer.response))
                yield AnswerDue(now)
                return
