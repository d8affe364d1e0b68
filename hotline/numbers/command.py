"""``hotline numbers``: what Terraform applied against what the account has, as a table."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from hotline.numbers.account import entries
from hotline.numbers.applied import Applied
from hotline.numbers.drift import Difference, Finding, Kind, State, compare
from telephony.caller import mask
from telephony.settings import PhoneSettings

_COLOURS = {
    State.SAME: "green",
    State.CHANGED: "red",
    State.GONE: "red",
    State.STRANGER: "red",
    State.OTHER: "bright_black",
}
_LEGEND = {
    State.STRANGER: "unknown: rings this hotline, and Terraform does not know of it.",
    State.OTHER: "other: does not ring this hotline.",
}


async def look(phone: PhoneSettings, applied: Applied, console: Console) -> int:
    """Print the comparison. The exit code: 0 nothing differs, 1 something does, which may be the
    address these settings have from the one that the numbers ring.

    Raises:
        AccountUnseen: the account could not be listed.
    """
    account = await entries(phone)
    findings = list(compare(applied.entries, account, applied.public_url))
    console.print(shown(findings) if findings else "Neither Terraform nor the account has any.")
    elsewhere = bool(phone.public_url) and phone.public_url != applied.public_url
    if elsewhere:
        console.print(
            f"The numbers ring {applied.public_url}; PHONE_PUBLIC_URL is {phone.public_url}. "
            "Signatures cover the URL, so that this hotline would refuse their calls."
        )
    drifted = sum(finding.state.is_drift for finding in findings)
    if not drifted:
        console.print("The account is as Terraform applied it.")
        return 1 if elsewhere else 0
    ours = [finding for finding in findings if finding.label]
    if ours and all(finding.state is State.GONE for finding in ours):
        console.print("Nothing of Terraform's is there: is TWILIO_ACCOUNT_SID the right account?")
    console.print(
        f"{drifted} of {len(findings)} differ. `terraform plan` in terraform/telephony shows what "
        "an apply would put back; docs/runbooks says what to do about a number that is gone."
    )
    return 1


def shown(findings: list[Finding]) -> RenderableType:
    """A line for each finding, then what differs and how. Numbers are masked."""
    table = Table("state", "what", "name", "SID", box=SIMPLE_HEAD, pad_edge=False)
    table.columns[2].overflow = table.columns[3].overflow = "fold"
    details = []
    for finding in findings:
        state, name = Text(finding.state, _COLOURS[finding.state]), Text(_name(finding))
        table.add_row(state, Text(_what(finding)), name, Text(finding.sid))
        details += [_difference(finding, one) for one in finding.differences]
    legend = [Text(said) for state, said in _LEGEND.items() if state in _states(findings)]
    return Group(table, *details, *legend)


def _states(findings: list[Finding]) -> set[State]:
    return {finding.state for finding in findings}


def _difference(finding: Finding, one: Difference) -> Text:
    applied, found = _value(one.setting, one.applied), _value(one.setting, one.found)
    what = f"{finding.kind} {finding.label}, {one.setting}:"
    return Text(f"{what}\n  Terraform  {applied}\n  account    {found}\n")


def _what(finding: Finding) -> str:
    is_named = finding.kind is Kind.NUMBER and finding.label
    return f"{finding.kind} {finding.label}" if is_named else finding.kind.value


def _name(finding: Finding) -> str:
    return mask(finding.name) if finding.kind is Kind.NUMBER else finding.name


def _value(setting: str, value: str) -> str:
    return mask(value) if setting == "phone_number" else value or "(none)"
