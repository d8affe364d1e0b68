"""Each tool in a spoken call through the real telephone path; the database shows the effect."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.calls.hotline_process import HotlineProcess, running_hotline

pytestmark = [pytest.mark.voice, pytest.mark.timeout(900)]

SCRIPTS = ("eticket", "cancellation", "date_change", "check_in", "service")


@pytest.fixture(scope="module")
def hotline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HotlineProcess]:
    with running_hotline(tmp_path_factory.mktemp("hotline"), voice="plain") as running:
        yield running


@pytest.fixture(scope="module")
def reports(hotline: HotlineProcess) -> dict[str, dict[str, Any]]:
    """All calls at once, as they come to a hotline."""
    with ThreadPoolExecutor(len(SCRIPTS)) as callers:
        reports = callers.map(lambda name: hotline.call(f"{name}.yaml"), SCRIPTS)
        return dict(zip(SCRIPTS, reports, strict=True))


@pytest.fixture
def database(hotline: HotlineProcess) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(hotline.folder / "hotline.db")
    yield connection
    connection.close()


def used(database: sqlite3.Connection, name: str, status: str = "ok") -> int:
    (count,) = database.execute(
        "select count(*) from tool_uses where name = ? and status = ?", (name, status)
    ).fetchone()
    return int(count)


def one(database: sqlite3.Connection, query: str, *values: str) -> Any:
    row = database.execute(query, values).fetchone()
    return row[0] if row else None


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_call_went_well(reports: dict[str, dict[str, Any]], script: str) -> None:
    assert reports[script]["ok"], reports[script]["failures"]
    assert reports[script]["objections"] == []


def test_the_eticket_is_in_the_outbox(
    reports: dict[str, Any], hotline: HotlineProcess, database: sqlite3.Connection
) -> None:
    assert used(database, "Eticket_Sender_Agent")
    letters = list((hotline.folder / "outbox").glob("*.eml"))
    assert any("zelda.harrington@example.com" in letter.read_text() for letter in letters)


def test_the_booking_is_cancelled_once_and_its_refund_is_open(
    reports: dict[str, Any], database: sqlite3.Connection
) -> None:
    status = one(database, "select status from bookings where reference = ?", "BKX931")
    assert status == "cancelled"
    refunds = database.execute(
        "select count(*) from refunds join bookings on bookings.id = refunds.booking_id "
        "where reference = ?",
        ("BKX931",),
    ).fetchone()
    assert refunds == (1,)
    assert used(database, "ObservabilityAgent")


def test_the_flight_is_another_day(reports: dict[str, Any], database: sqlite3.Connection) -> None:
    assert used(database, "DateChangeAgent") >= 2, "a quote and its confirmation"


def test_the_traveller_is_checked_in_and_has_the_boarding_pass(
    reports: dict[str, Any], hotline: HotlineProcess, database: sqlite3.Connection
) -> None:
    assert used(database, "Webcheckin_And_Boarding_Pass_Agent")
    assert list((hotline.folder / "outbox").glob("*.pdf")) or list(
        (hotline.folder / "outbox").glob("*.eml")
    )


def test_requests_and_the_wish_for_a_person_are_recorded(
    reports: dict[str, Any], database: sqlite3.Connection
) -> None:
    assert used(database, "SpecialClaimAgent")
    assert used(database, "NameCorrectionAgent")
    assert used(database, "Connect_To_Human_Tool")


def test_the_question_of_policy_was_looked_up(
    reports: dict[str, Any], database: sqlite3.Connection
) -> None:
    assert used(database, "Enquiry_Tool")


def test_every_recording_has_both_sides(reports: dict[str, Any], hotline: HotlineProcess) -> None:
    assert all(Path(report["recording"]).stat().st_size > 100_000 for report in reports.values())
