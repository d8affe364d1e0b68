"""Who may hear and change what. Every tool that touches a booking passes through here.

A caller is verified per conversation and booking: by the reference and a surname on the
booking, or by the reference alone from the booking's own telephone where the network attests
the number. Three wrong tries end with a person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeVar

from pydantic import Field
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from tools import names
from tools.access import Access, grant
from tools.contract import When
from tools.database import take_turn
from tools.declare import Arguments, Deed, Tool, arguments_of, effect_key, spoken, tool
from tools.models import Booking, Passenger, Traveller, Verification, VerificationTry
from tools.outcome import Next, Outcome, refused
from tools.references import Heard, MatchKind, read

_ASK_REFERENCE = "Could I have your booking reference, please? Three letters and three digits."
_ASK_SURNAME = "Thank you. And the surname on the booking, please?"
_SPELL_REFERENCE = (
    "I want to be sure I have the right booking. Could you spell the reference once more, "
    "with a word for each letter, or key it in?"
)
_SPELL_SURNAME = "I did not quite catch the surname. Could you spell it for me, letter by letter?"
_UNKNOWN = "I cannot find a booking with that reference. Could you give it to me once more?"
_WRONG_SURNAME = "That surname is not on this booking. Could you check the name and reference?"
_PERSON = (
    "I am sorry, I could not verify this booking. A colleague can help you with it; "
    "shall I connect you?"
)


class BookingArguments(Arguments):
    """What every tool about a booking takes."""

    booking_reference: str = spoken(
        "The booking reference exactly as the traveller said, spelled or keyed it",
        _ASK_REFERENCE,
        Next.ASK_REFERENCE,
        max_length=200,
    )
    surname: str | None = Field(
        default=None,
        max_length=100,
        description="The surname on the booking as the traveller said it. "
        "Needed once in a call for each booking",
    )


B = TypeVar("B", bound=BookingArguments)


def booking_tool(
    name: str, description: str, *, when: When = When.IDLE, writes: bool = False, seconds: float = 8
) -> Callable[[Callable[[B, Deed, Access], Awaitable[Outcome]]], Tool]:
    """Declare a tool about a booking: ``run`` is reached by verified callers only."""

    def declare(run: Callable[[B, Deed, Access], Awaitable[Outcome]]) -> Tool:
        async def guarded(args: BookingArguments, deed: Deed) -> Outcome:
            access = await admit(deed, args.booking_reference, args.surname)
            if isinstance(access, Outcome):
                return access
            # One request, however the reference was said and with or without the surname.
            same = args.model_copy(update={"booking_reference": access.reference, "surname": None})
            key = effect_key(deed.caller.conversation, deed.tool, same)
            return await run(args, replace(deed, key=key), access)  # type: ignore[arg-type]

        guarded.__annotations__["args"] = arguments_of(run)
        declared = tool(name, description, when=when, writes=writes, seconds=seconds)(guarded)
        return Tool(declared.declaration, declared.arguments, declared.run, guarded=True)

    return declare


async def admit(deed: Deed, reference: str, surname: str | None) -> Access | Outcome:
    """Access to the booking that was said, or what to ask or tell the caller instead."""
    heard = read(reference)
    known = [deed.rights[one] for one in heard.exact() if one in deed.rights]
    if len(known) == 1:
        return known[0]
    if heard == Heard():
        return refused(_ASK_REFERENCE, Next.ASK_REFERENCE)
    async with deed.shop.database.writing() as session:
        # The tries of a conversation wait for each other, so that they are counted one by one.
        await take_turn(session, f"verification {deed.caller.conversation}")
        answer = await _Case(session, deed).decide(heard, surname)
    if isinstance(answer, Access):
        deed.rights[answer.reference] = answer
    return answer


@dataclass(frozen=True, slots=True)
class _Candidate:
    """What of a booking decides who its caller is."""

    id: int
    reference: str
    phone: str
    surnames: frozenset[str]


class _Case:
    """One try of one conversation, in a transaction of its own."""

    def __init__(self, session: AsyncSession, deed: Deed) -> None:
        self._session = session
        self._deed = deed
        self._tries: Counter[str] = Counter()

    async def decide(self, heard: Heard, surname: str | None) -> Access | Outcome:
        verified = await self._verified_before(heard)
        if verified is not None:
            return verified
        await self._count_tries()
        if self._spent():
            return refused(_PERSON, Next.OFFER_PERSON, verified=False)
        answer = await self._identify(heard, surname)
        if isinstance(answer, Outcome) and self._spent():
            return refused(_PERSON, Next.OFFER_PERSON, verified=False)
        return answer

    async def _identify(self, heard: Heard, surname: str | None) -> Access | Outcome:
        found = await self._candidates(heard.exact())
        if not found:
            near = heard.near()
            if near and await self._candidates(near):
                return await self._again("near", _SPELL_REFERENCE, Next.ASK_REFERENCE)
            return await self._again("unknown reference", _UNKNOWN, Next.ASK_REFERENCE)
        if len(found) > 1:
            # A keypad spells several references alike; a surname can tell them apart.
            found = [one for one in found if surname and _named(surname, one) is MatchKind.EXACT]
        if len(found) != 1:
            return await self._again("near", _SPELL_REFERENCE, Next.ASK_REFERENCE)
        return await self._verify(found[0], surname)

    async def _verify(self, booking: _Candidate, surname: str | None) -> Access | Outcome:
        caller = self._deed.caller
        if await self._wrong_today(booking) >= self._deed.shop.settings.booking_tries:
            return refused(_PERSON, Next.OFFER_PERSON, verified=False)
        if caller.door == "phone" and caller.attested and caller.number == booking.phone != "":
            return await self._grant(booking, "own phone")
        if not surname:
            return refused(_ASK_SURNAME, Next.ASK_SURNAME, verified=False)
        match _named(surname, booking):
            case MatchKind.EXACT:
                return await self._grant(booking, "surname")
            case MatchKind.NEAR:
                return await self._again("near", _SPELL_SURNAME, Next.ASK_SURNAME, booking.id)
            case MatchKind.NONE:
                return await self._again(
                    "wrong surname", _WRONG_SURNAME, Next.ASK_SURNAME, booking.id
                )

    async def _again(
        self, why: str, say: str, following: Next, booking_id: int | None = None
    ) -> Outcome:
        """Note a try that failed, and ask for another."""
        self._session.add(
            VerificationTry(
                conversation=self._deed.caller.conversation,
                booking_id=booking_id,
                outcome=why,
                at=self._deed.now,
            )
        )
        await self._session.flush()
        self._tries[why] += 1
        return refused(say, following, verified=False)

    async def _grant(self, booking: _Candidate, way: str) -> Access:
        self._session.add(
            Verification(
                conversation=self._deed.caller.conversation,
                booking_id=booking.id,
                way=way,
                at=self._deed.now,
            )
        )
        await self._session.flush()
        return grant(booking.id, booking.reference)

    async def _verified_before(self, heard: Heard) -> Access | None:
        """By a call of the same moment, or by the same conversation in another process."""
        rows = await self._session.execute(
            select(Booking.id, Booking.reference)
            .join(Verification, Verification.booking_id == Booking.id)
            .where(Verification.conversation == self._deed.caller.conversation)
        )
        known = [(key, reference) for key, reference in rows if reference in heard.exact()]
        return grant(*known[0]) if len(known) == 1 else None

    async def _count_tries(self) -> None:
        rows = await self._session.execute(
            select(VerificationTry.outcome, func.count(VerificationTry.id))
            .where(VerificationTry.conversation == self._deed.caller.conversation)
            .group_by(VerificationTry.outcome)
        )
        self._tries = Counter(dict(list(rows)))

    def _spent(self) -> bool:
        settings = self._deed.shop.settings
        wrong = self._tries["wrong surname"] + self._tries["unknown reference"]
        return wrong >= settings.wrong_tries or self._tries["near"] >= settings.near_tries

    async def _wrong_today(self, booking: _Candidate) -> int:
        counted = select(func.count(VerificationTry.id)).where(
            VerificationTry.booking_id == booking.id,
            VerificationTry.outcome == "wrong surname",
            VerificationTry.at > self._deed.now - timedelta(days=1),
        )
        return await self._session.scalar(counted) or 0

    async def _candidates(self, references: frozenset[str]) -> list[_Candidate]:
        """The bookings that have one of the references, each with every surname on it."""
        rows = await self._session.execute(
            select(
                Booking.id, Booking.reference, Booking.phone, Traveller.surname, Passenger.surname
            )
            .join(Traveller, Traveller.id == Booking.traveller_id)
            .outerjoin(Passenger, Passenger.booking_id == Booking.id)
            .where(Booking.reference.in_(references))
            .order_by(Booking.id)
        )
        found: dict[int, _Candidate] = {}
        for key, reference, phone, *surnames in rows:
            known = found.get(key) or _Candidate(key, reference, phone, frozenset())
            found[key] = replace(known, surnames=known.surnames.union(filter(None, surnames)))
        return list(found.values())


def _named(surname: str, booking: _Candidate) -> MatchKind:
    return names.surname(surname, booking.surnames)
