"""What a page tells of its playing and of itself, as facts for the call's record. Pure."""

from __future__ import annotations

from collections.abc import Callable

from conversation.records import Fact, QualityReported
from web_demo.server.allowance import Allowance
from web_demo.server.audit import Takes
from web_demo.server.messages import (
    OUT_RATE,
    BargedIn,
    Ducked,
    FromPage,
    Muted,
    NotUnderstood,
    Quality,
    TakeEnded,
)

# A page reports every 5 s and when it is interrupted. All calls share one queue to the database:
# a page that fills it costs the others their record.
REPORTS_AT_ONCE, REPORTS_PER_SECOND = 20, 1.0


class Reports:
    """``record`` keeps a fact. Times are seconds since the conversation began."""

    def __init__(self, record: Callable[[Fact], None]) -> None:
        self.takes = Takes(OUT_RATE)
        self._record = record
        self._counts: dict[str, int] = {}
        self._allowed = Allowance(REPORTS_AT_ONCE, REPORTS_PER_SECOND)

    def told(self, message: FromPage, at: float) -> None:
        """A message of the page's, if it reports something.

        Raises:
            NotUnderstood: there are more reports than a page makes.
        """
        match message:
            case TakeEnded():
                self._ended(message)
            case Quality():
                self._measured({**message.figures, **self._counts}, at)
            case BargedIn():
                self.takes.cleared()
                if message.onset_ms is not None:
                    self._measured({"barge_in_onset_ms": message.onset_ms}, at)
            case Ducked() | Muted():
                name = f"{message.type}_count"
                self._counts[name] = self._counts.get(name, 0) + 1
            case _:
                pass

    def finish(self) -> None:
        """The page will say nothing more: what it has not told of its takes is not known."""
        for take in self.takes.over():
            self._record(take)

    def _measured(self, figures: dict[str, float | str], at: float) -> None:
        if not self._allowed.takes(at):
            raise NotUnderstood("reports come too fast")
        self._record(QualityReported(round(at, 3), figures))

    def _ended(self, message: TakeEnded) -> None:
        fact = self.takes.ended(
            message.take,
            received=message.received,
            played=message.played,
            dropped=message.dropped,
            underruns=message.underruns,
        )
        if fact:
            self._record(fact)
