from __future__ import annotations

import numpy as np
import pytest

from media.audio import Audio
from media.echo import EchoGuard, EchoPath
from media.levels import FLOOR_DB, audio_of, frame_levels, gain, mix, samples_of
from media.tones import comfort_noise
from tests.signals import recording, spoken_at

pytestmark = pytest.mark.pure

RATE = 8000


def myra() -> Audio:
    return spoken_at(recording("two_cities", RATE), -20)


def caller() -> Audio:
    return spoken_at(recording("beckett", RATE), -20)


def late(audio: Audio, ms: float) -> Audio:
    return Audio(Audio.silence(ms, RATE).pcm + audio.pcm, RATE)


def on_the_line(*sounds: Audio) -> list[float]:
    """Frame levels of these sounds at once over the hiss of a line."""
    mixed = sounds[0]
    for sound in sounds[1:]:
        mixed = mix(mixed, sound)
    return list(frame_levels(mix(mixed, comfort_noise(mixed.ms, RATE, -62))))


def passed(guard: EchoGuard, levels: list[float]) -> list[int]:
    """The frames that the guard takes for the caller, if there is any sound in them."""
    return [
        number
        for number, level in enumerate(levels)
        if not guard.is_echo(number * 0.02, level) and level > -50
    ]


@pytest.mark.parametrize("delay_ms", [0, 60, 133, 250, 400])
@pytest.mark.parametrize("echo_db", [-20, -25, -30, -40])
def test_an_echo_never_passes(delay_ms: float, echo_db: float) -> None:
    guard = EchoGuard()
    guard.played(0, frame_levels(myra()))
    assert passed(guard, on_the_line(late(gain(myra(), echo_db), delay_ms))) == []


@pytest.mark.parametrize("down_db", [0, -6, -12])
@pytest.mark.parametrize("shift_ms", [0, 3000, 7000, 12000])
def test_a_person_passes_over_myra_and_her_echo(down_db: float, shift_ms: float) -> None:
    guard = EchoGuard()
    guard.played(0, frame_levels(myra()))
    voice = late(gain(caller(), down_db), shift_ms)
    levels = on_the_line(late(gain(myra(), -20), 200), voice)
    heard = set(passed(guard, levels))
    loud = [i for i, level in enumerate(frame_levels(voice)) if level > -20 + down_db - 3]
    assert len(heard.intersection(loud)) >= 0.75 * len(loud)
    # Enough of them in a row to be taken for speech within the first second.
    first = loud[0]
    runs = [i for i in range(first, first + 50) if {i, i + 1, i + 2} <= heard]
    assert runs


def test_nothing_is_an_echo_when_nothing_was_played() -> None:
    guard = EchoGuard()
    assert not guard.is_echo(5.0, -90.0)
    assert not guard.is_echo(5.02, FLOOR_DB)
    guard.played(1.0, [-20.0] * 10)
    assert guard.is_echo(1.3, -40.0)
    assert not guard.is_echo(2.0, -40.0)
    assert guard.limit_db(2.0) == FLOOR_DB


def test_it_reckons_with_being_early_and_late() -> None:
    guard = EchoGuard(EchoPath(late_ms=200, early_ms=40))
    guard.played(1.0, [-20.0])
    assert [at for at in range(900, 1300, 20) if guard.is_echo(at / 1000 + 1e-6, -39)] == list(
        range(960, 1220, 20)
    )


def test_what_is_cleared_is_not_waited_for() -> None:
    guard = EchoGuard()
    guard.played(0, [-20.0] * 500)
    guard.cleared(2.0)
    assert guard.is_echo(2.2, -45.0)
    assert not guard.is_echo(2.6, -45.0)
    guard.played(3.0, [-20.0])
    assert guard.is_echo(3.1, -45.0)


def test_chunks_that_share_a_slot_count_as_the_louder() -> None:
    guard = EchoGuard()
    guard.played(0.0, [-20.0])
    guard.played(0.015, [-60.0])
    assert guard.limit_db(0.0) == -38


@pytest.mark.parametrize("echo_db", [-10, -14])
def test_a_line_that_gives_back_more_is_learned(echo_db: float) -> None:
    guard = EchoGuard()
    guard.played(0, frame_levels(myra()))
    levels = on_the_line(late(gain(myra(), echo_db), 180))
    wrong = passed(guard, levels)
    assert wrong
    assert max(wrong) < 200  # within the first four seconds
    assert guard.loss_db == pytest.approx(-echo_db - 2, abs=1)


def test_a_loud_echo_is_learned_also_from_short_pieces() -> None:
    """As when each suspicion clears the line and the reply goes on a second later."""
    pieces = samples_of(myra())
    pieces[np.arange(len(pieces)) // (RATE // 5) % 5 >= 2] = 0  # 400 ms on, 600 ms off
    voice, guard = audio_of(pieces, RATE), EchoGuard()
    guard.played(0, frame_levels(voice))
    passed(guard, on_the_line(late(gain(voice, -12), 120)))
    assert guard.loss_db == pytest.approx(10, abs=1)


@pytest.mark.parametrize("down_db", [0, -6, -12])
def test_two_people_at_once_teach_it_nothing(down_db: float) -> None:
    guard = EchoGuard()
    guard.played(0, frame_levels(myra()))
    voice = samples_of(gain(caller(), down_db))
    levels = on_the_line(audio_of(np.tile(voice, 4), RATE))
    passed(guard, levels)
    assert guard.loss_db == 18


def test_it_forgets_what_is_over() -> None:
    guard = EchoGuard()
    for number in range(20_000):
        guard.played(number * 0.02, [-20.0])
        guard.is_echo(number * 0.02, -60.0)
    assert len(guard._played) < 300
