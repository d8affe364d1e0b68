"""Two hundred conversations at once, each with three tools in flight: is any answer lost?

``python -m benchmarks.desks [DATABASE_URL]``: on a fresh SQLite file, or on a PostgreSQL database
that may be filled with the demonstration bookings.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

import click

from benchmarks.machine import load, this_machine
from tools.articles import open_articles
from tools.contract import Caller, ToolCall
from tools.database import Database
from tools.declare import Shop
from tools.documents import PdfDocuments
from tools.messages import MessageSettings, OutboxSettings, open_messenger
from tools.migrations import upgrade
from tools.seed import PLANS, seed
from tools.settings import ToolSettings
from tools.shop import open_desk

CONVERSATIONS = 200
DEADLINE_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """``slowest`` and ``median`` in seconds from asking to the answer."""

    asked: int
    answers: Counter[str]
    doubled: int
    median: float
    slowest: float
    cpu: float


def now() -> datetime:
    return datetime.now(UTC)


def _calls(conversation: str, reference: str, surname: str) -> list[ToolCall]:
    known = {"booking_reference": reference, "surname": surname}
    details = "needs a wheelchair to the gate"
    return [
        ToolCall(f"{conversation}-1", "Flight_Booking_Details_Agent", known),
        ToolCall(f"{conversation}-2", "Enquiry_Tool", {"question": "how many bags may I take"}),
        ToolCall(
            f"{conversation}-3",
            "SpecialClaimAgent",
            {**known, "kind": "wheelchair", "details": details},
        ),
    ]


async def _converse(shop: Shop, number: int, reference: str, surname: str) -> dict[str, float]:
    """One conversation's three calls at once: call id and status -> seconds to the answer."""
    desk = open_desk(Caller(f"bench-{number}", "phone"), shop)
    calls = _calls(f"bench-{number}", reference, surname)
    answered: dict[str, float] = {}
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(desk.run())
        begun = time.monotonic()
        for call in calls:
            desk.start(call)
        async for result in desk.results():
            answered[f"{result.call_id} {result.status.value}"] = time.monotonic() - begun
            if len(answered) == len(calls):
                break
        running.cancel()
    return answered


async def measure(url: str, folder: Path) -> Outcome:
    """All conversations on one database, filled with the demonstration bookings."""
    await upgrade(url)
    settings = ToolSettings(database_url=url)
    database = Database(url, pool=settings.database_pool)
    try:
        await seed(database, now())
        messages = MessageSettings(
            outbox=OutboxSettings(folder=folder / "outbox", links_folder=folder / "links")
        )
        messenger = open_messenger(messages, now)
        shop = Shop(database, messenger, PdfDocuments(), open_articles(), now, settings)
        plans = list(islice(cycle(PLANS), CONVERSATIONS))
        before = time.process_time()
        async with asyncio.timeout(DEADLINE_SECONDS), asyncio.TaskGroup() as tasks:
            running = [
                tasks.create_task(_converse(shop, i, plan.reference, plan.people[0].split()[-1]))
                for i, plan in enumerate(plans)
            ]
        cpu = time.process_time() - before
    finally:
        await database.close()
    answers = [answer for task in running for answer in task.result().items()]
    ids = Counter(name.split()[0] for name, _ in answers)
    seconds = sorted(taken for _, taken in answers)
    return Outcome(
        asked=3 * CONVERSATIONS,
        answers=Counter(name.split()[1] for name, _ in answers),
        doubled=sum(count - 1 for count in ids.values()),
        median=seconds[len(seconds) // 2],
        slowest=seconds[-1],
        cpu=cpu,
    )


def main() -> None:
    machine = this_machine()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder / 'bench.db'}"
        outcome = asyncio.run(measure(url, folder))
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(outcome.answers.items()))
    click.echo(f"{machine.cpu}, {machine.cores} cores, Python {machine.python}, load {load()}")
    click.echo(f"{CONVERSATIONS} conversations at once, {outcome.asked} calls")
    click.echo(f"answered {outcome.answers.total()} ({kinds}), twice {outcome.doubled}")
    click.echo(
        f"median {outcome.median:.2f} s, slowest {outcome.slowest:.2f} s, CPU {outcome.cpu:.1f} s"
    )


if __name__ == "__main__":
    main()
