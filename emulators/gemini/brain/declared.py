"""The functions that setup declared, and how the mind's arguments fit their parameters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

# Other names under which a declaration may ask for what the mind knows.
_ALIASES = {
    "booking_reference": "reference bookingid bookingnumber bookingcode pnr recordlocator "
    "confirmationcode confirmationnumber reservationid reservationnumber ref",
    "surname": "lastname familyname travellersurname passengersurname",
    "passenger": "passengername travellername traveler traveller",
    "action": "step mode operation",
    "quote_id": "quote quotereference offerid",
    "new_date": "date newtraveldate traveldate requesteddate newdeparturedate",
    "question": "query enquiry text topic",
    "channel": "deliverychannel via deliverymethod method",
    "kind": "claimtype type category requesttype",
    "details": "description note notes message summary",
    "seat": "seatpreference seatnumber preferredseat",
    "corrected_name": "newname correctname name correctedspelling",
    "reason": "why transferreason summary note",
}


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


_CANONICAL = {
    **{_plain(alias): name for name, aliases in _ALIASES.items() for alias in aliases.split(" ")},
    **{_plain(name): name for name in _ALIASES},
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its declared name, the mind's name for it, and the values it allows."""

    name: str
    meaning: str
    required: bool
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Function:
    """A declared function. ``parameters`` is none where the declaration has no schema."""

    name: str
    parameters: tuple[Parameter, ...] | None

    def takes(self, meaning: str) -> bool:
        return self.parameters is None or any(p.meaning == meaning for p in self.parameters)

    def offers(self, meaning: str, value: str) -> bool:
        """Whether the declaration names a parameter of this meaning that allows the value."""
        return any(
            p.meaning == meaning and (not p.values or value in p.values)
            for p in self.parameters or ()
        )

    def required(self) -> tuple[str, ...]:
        return tuple(p.meaning for p in self.parameters or () if p.required)

    def arguments(self, known: Mapping[str, str]) -> dict[str, str]:
        """What is known, under the declared names; values outside an enumeration are left out."""
        if self.parameters is None:
            return dict(known)
        given: dict[str, str] = {}
        for parameter in self.parameters:
            value = _allowed(known.get(parameter.meaning, ""), parameter.values)
            if value:
                given[parameter.name] = value
        return given


def _allowed(value: str, values: tuple[str, ...]) -> str:
    """The value as the enumeration spells it: "delay" is "flight_delay" where that is listed."""
    if not values or not value or value in values:
        return value
    plain = _plain(value)
    near = [v for v in values if _plain(v).startswith(plain) or plain in _plain(v)]
    near += [v for v in values if _plain(v) in ("other", "general")]
    return near[0] if near else ""


def functions_of(declarations: Iterable[Mapping[str, Any]]) -> dict[str, Function]:
    """The functions by name; declarations without a name are passed over."""
    functions = (_function(declaration) for declaration in declarations)
    return {function.name: function for function in functions if function.name}


def _function(declaration: Mapping[str, Any]) -> Function:
    schema = next(
        (
            declaration[key]
            for key in ("parameters", "parametersJsonSchema", "parameters_json_schema")
            if isinstance(declaration.get(key), Mapping)
        ),
        None,
    )
    name = str(declaration.get("name") or "")
    if schema is None:
        return Function(name, None)
    properties = schema.get("properties")
    required = schema.get("required")
    return Function(
        name,
        tuple(
            _parameter(str(key), value, key in (required if isinstance(required, list) else ()))
            for key, value in (properties if isinstance(properties, Mapping) else {}).items()
        ),
    )


def _parameter(name: str, schema: Any, required: bool) -> Parameter:
    values = schema.get("enum") if isinstance(schema, Mapping) else None
    allowed = tuple(str(v) for v in values) if isinstance(values, list) else ()
    return Parameter(name, _CANONICAL.get(_plain(name), name), required, allowed)
