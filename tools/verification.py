"""Who may hear and change what. Every tool that touches a booking passes through here.

A caller is verified per conversation and booking: by the reference and a surname on the
booking, or by the reference alone from the booking's own telephone where the network attests
the number. Three wrong tries end with a person.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from pydantic import Field
from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from tools import names
from tools.contract import When
from tools.database import insert_once
from tools.declare import Arguments, Deed, Tool, arguments_of, effect_key, spoken, tool
from tools.models import Booking, Verification, VerificationCase, VerificationTry
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
_SEAL = object()


class Access:
    """The right to one booking, in one conversation. Only this module makes them."""

    __slots__ = ("booking_id", "reference")

    def __init__(self, booking_id: int, reference: str, seal: object) -> None:
        if seal is not _SEAL:
            raise PermissionError("access to a booking is granted by verification only")
        self.booking_id = booking_id
        self.reference = reference


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
    async with deed.shop.database.reading() as session:
        known = await _verified_before(session, deed, heard)
    if known is not None:
        return known
    if heard == Heard():
        return refused(_ASK_REFERENCE, Next.ASK_REFERENCE)
    async with deed.shop.database.writing() as session:
        await _hold_case(session, deed)
        # A call of the same moment may have been verified while this one waited.
        known = await _verified_before(session, deed, heard)
        if known is not None:
            return known
        if await _tries_are_spent(session, deed):
            return refused(_PERSON, Next.OFFER_PERSON, verified=False)
        answer = await _identify(session, deed, heard, surname)
        if isinstance(answer, Outcome) and await _tries_are_spent(session, deed):
            return refused(_PERSON, Next.OFFER_PERSON, verified=False)
        return answer


async def _identify(
    session: AsyncSession, deed: Deed, heard: Heard, surname: str | None
) -> Access | Outcome:
    found = await _bookings(session, heard.exact())
    if not found:
        near = heard.near()
        if near and await _bookings(session, near):
            await _note(session, deed, "near")
            return refused(_SPELL_REFERENCE, Next.ASK_REFERENCE, verified=False)
        await _note(session, deed, "unknown reference")
        return refused(_UNKNOWN, Next.ASK_REFERENCE, verified=False)
    if len(found) > 1:
        # A keypad spells several references alike; a surname can tell them apart.
        named = [one for one in found if surname and _named(surname, one) is MatchKind.EXACT]
        if len(named) != 1:
            await _note(session, deed, "near")
            return refused(_SPELL_REFERENCE, Next.ASK_REFERENCE, verified=False)
        found = named
    return await _verify(session, deed, found[0], surname)


async def _verify(
    session: AsyncSession, deed: Deed, booking: Booking, surname: str | None
) -> Access | Outcome:
    if await _wrong_today(session, deed, booking) >= deed.shop.settings.booking_tries:
        return refused(_PERSON, Next.OFFER_PERSON, verified=False)
    caller = deed.caller
    if caller.door == "phone" and caller.attested and caller.number == booking.phone != "":
        return await _grant(session, deed, booking, "own phone")
    if not surname:
        return refused(_ASK_SURNAME, Next.ASK_SURNAME, verified=False)
    match _named(surname, booking):
        case MatchKind.EXACT:
            return await _grant(session, deed, booking, "surname")
        case MatchKind.NEAR:
            await _note(session, deed, "near", booking)
            return refused(_SPELL_SURNAME, Next.ASK_SURNAME, verified=False)
        case MatchKind.NONE:
            await _note(session, deed, "wrong surname", booking)
            return refused(_WRONG_SURNAME, Next.ASK_SURNAME, verified=False)


def _named(surname: str, booking: Booking) -> MatchKind:
    on_booking = [booking.traveller.surname, *(one.surname for one in booking.passengers)]
    return names.surname(surname, on_booking)


async def _grant(session: AsyncSession, deed: Deed, booking: Booking, way: str) -> Access:
    session.add(
        Verification(
            conversation=deed.caller.conversation, booking_id=booking.id, way=way, at=deed.now
        )
    )
    await _note(session, deed, "verified", booking)
    return Access(booking.id, booking.reference, _SEAL)


async def _verified_before(session: AsyncSession, deed: Deed, heard: Heard) -> Access | None:
    rows = await session.execute(
        select(Booking.id, Booking.reference)
        .join(Verification, Verification.booking_id == Booking.id)
        .where(Verification.conversation == deed.caller.conversation)
    )
    known = [(key, reference) for key, reference in rows if reference in heard.exact()]
    return Access(*known[0], _SEAL) if len(known) == 1 else None


async def _bookings(session: AsyncSession, references: frozenset[str]) -> list[Booking]:
    found = await session.scalars(
        select(Booking)
        .where(Booking.reference.in_(references))
        .options(selectinload(Booking.passengers))
        .limit(10)
    )
    return list(found)


async def _hold_case(session: AsyncSession, deed: Deed) -> None:
    """Make the conversation's tries wait for each other."""
    conversation = deed.caller.conversation
    case = select(VerificationCase).where(VerificationCase.conversation == conversation)
    if await session.scalar(case.with_for_update()) is None:
        await insert_once(session, VerificationCase, conversation=conversation)
        await session.scalar(case.with_for_update())


async def _note(
    session: AsyncSession, deed: Deed, outcome: str, booking: Booking | None = None
) -> None:
    session.add(
        VerificationTry(
            conversation=deed.caller.conversation,
            booking_id=booking.id if booking else None,
            outcome=outcome,
            at=deed.now,
        )
    )
    await session.flush()


_WRONG = or_(
    VerificationTry.outcome == "wrong surname", VerificationTry.outcome == "unknown reference"
)


async def _tries_are_spent(session: AsyncSession, deed: Deed) -> bool:
    settings = deed.shop.settings
    mine = VerificationTry.conversation == deed.caller.conversation
    counted = select(func.count(VerificationTry.id))
    wrong = await session.scalar(counted.where(mine, _WRONG)) or 0
    near = await session.scalar(counted.where(mine, VerificationTry.outcome == "near")) or 0
    return wrong >= settings.wrong_tries or near >= settings.near_tries


async def _wrong_today(session: AsyncSession, deed: Deed, booking: Booking) -> int:
    counted = select(func.count(VerificationTry.id)).where(
        VerificationTry.booking_id == booking.id,
        VerificationTry.outcome == "wrong surname",
        VerificationTry.at > deed.now - timedelta(days=1),
    )
    return await session.scalar(counted) or 0
