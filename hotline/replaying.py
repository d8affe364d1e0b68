"""``hotline replay``: a recorded call through the core again, told in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from conversation.replay import Report, read_journal, replay
from conversation.settings import TalkSettings
from hotline.settings import SettingsError, build, names

SHOWN = 20


def replayed(path: Path, changes: tuple[str, ...]) -> str:
    """The report of a replay. ``changes`` are ``TALK_NAME=value``, over the recorded settings.

    Raises:
        SettingsError: a change names no setting or has a wrong value.
    """
    settings = None
    if changes:
        recorded = read_journal(path).setting.talk
        settings = _changed(recorded, dict(_pairs(changes)))
    return "\n".join(_told(replay(path, settings)))


def _pairs(changes: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    known = names("TALK_", TalkSettings)
    for change in changes:
        name, equals, value = change.partition("=")
        variable = name.upper() if name.upper().startswith("TALK_") else f"TALK_{name.upper()}"
        if not equals or variable not in known:
            raise SettingsError(f"--set {change}: no such setting; see hotline settings")
        yield variable, value


def _changed(recorded: TalkSettings, environ: dict[str, str]) -> TalkSettings:
    before = {name: str(getattr(recorded, f)) for name, f in names("TALK_", TalkSettings).items()}
    return build("TALK_", TalkSettings, {**before, **environ})


def _told(report: Report) -> Iterator[str]:
    if not report.complete:
        yield "The journal ends before the call's end: its rest was not written."
    if report.exact:
        yield f"Exact: {report.events} events, every decision came out the same."
        return
    yield f"{len(report.differences)} of {report.events} decisions came out otherwise:"
    for difference in report.differences[:SHOWN]:
        yield f"  {difference}"
    if len(report.differences) > SHOWN:
        yield f"  ... and {len(report.differences) - SHOWN} more"
