"""The small pure parts: cutting speech, counting tokens, handles, tones, turns of text."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulators.gemini.resumption import KEPT_HANDLES, ResumptionStore, Stay
from emulators.gemini.scripted_mind import Rule, Script, ScriptedMind
from emulators.gemini.session import deltas
from emulators.gemini.setup import read_setup
from emulators.gemini.speaking import cut
from emulators.gemini.steps import Call, Say
from emulators.gemini.tone_voice import RATE, ToneEars, ToneVoice, bursts
from emulators.gemini.usage import Usage
from emulators.gemini.wire import Refused
from media.audio import Audio
from media.g711 import pcm_to_ulaw, ulaw_to_pcm
from media.resample import Resampler

pytestmark = pytest.mark.pure

MODEL = {"model": "models/gemini-3.8-live"}


@given(
    st.lists(st.text("abc", min_size=1, max_size=9), max_size=12),
    st.integers(0, 4000),
    st.integers(1, 100),
    st.booleans(),
)
def test_cutting_loses_no_byte_and_no_word(words: list[str], size: int, ms: int, odd: bool) -> None:
    samples = np.arange(size).astype(np.int16)
    pieces = list(cut(" ".join(words), samples, lambda: ms, odd=odd))
    assert b"".join(piece.pcm for piece in pieces) == samples.tobytes()
    if size:
        assert " ".join(piece.words for piece in pieces if piece.words) == " ".join(words)
    if odd and len(pieces) > 1:
        assert all(len(piece.pcm) % 2 for piece in pieces[:-1])


def test_words_travel_with_their_sound() -> None:
    samples = np.zeros(24_000, np.int16)
    words = [piece.words for piece in cut("aaaaa bbbbb", samples, lambda: 250)]
    assert words == ["aaaaa", "", "bbbbb", ""]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 255), min_size=1, max_size=12))
def test_numbered_words_survive_the_telephone(numbers: list[int]) -> None:
    text = " ".join(f"#{number}" for number in numbers)
    pcm = b"".join(sound.astype("<i2").tobytes() for _, sound in ToneVoice().speak(text))
    down = Resampler(RATE, 8_000)
    narrow = down.process(Audio(pcm, RATE)).pcm + down.flush().pcm
    line = ulaw_to_pcm(pcm_to_ulaw(narrow))
    found = bursts(np.frombuffer(line, "<i2"), 8_000)
    assert [burst.number for burst in found] == numbers
    assert all(abs(burst.start_ms - 200 * place) <= 10 for place, burst in enumerate(found))


def test_ears_without_numbers_report_a_length() -> None:
    assert ToneEars().transcribe(np.zeros(16_000, np.float32)) == "(speech 1000 ms)"


def test_a_plain_tone_has_its_frequency_and_length() -> None:
    ((_, sound),) = ToneVoice().speak("tone:1000:0.5")
    assert sound.size == 12_000
    assert np.argmax(np.abs(np.fft.rfft(sound))) == 500


def test_context_is_billed_again_with_every_turn_and_compressed() -> None:
    fields = {
        **MODEL,
        "contextWindowCompression": {"triggerTokens": 200, "slidingWindow": {"targetTokens": 50}},
    }
    setup = read_setup(fields, vertex=False)
    usage = Usage("x" * 40)
    usage.heard(4_000)
    usage.spoke(2_000)
    first = usage.close_turn(setup)
    assert (first["promptTokenCount"], first["responseTokenCount"]) == (110, 50)
    assert first["totalTokenCount"] == 160
    assert usage.context == 160
    usage.heard(4_000)
    assert usage.close_turn(setup)["promptTokenCount"] == 260
    assert usage.context == 50


def test_vertex_names_the_reply_otherwise() -> None:
    usage = Usage("")
    usage.spoke(1_000)
    assert usage.close_turn(read_setup(MODEL, vertex=True))["candidatesTokenCount"] == 25


def test_handles_rotate_and_the_oldest_are_forgotten() -> None:
    store: ResumptionStore[str] = ResumptionStore(random.Random(0))
    stay = Stay("talk", "m", closed)
    handles = [store.issue(stay) for _ in range(KEPT_HANDLES + 1)]
    assert len(set(handles)) == len(handles)
    with pytest.raises(Refused, match="not found"):
        store.resume(handles[0], "m", 1.0, closed)
    assert store.resume(handles[1], "m", 1.0, closed) is stay


def test_a_take_over_leaves_the_conversation_open_when_the_old_socket_goes() -> None:
    store: ResumptionStore[str] = ResumptionStore(random.Random(0), lifetime_seconds=10)
    stay = Stay("talk", "m", connected)
    handle = store.issue(stay)
    with pytest.raises(Refused) as caught:
        store.resume(handle, "m", 0.0, connected)
    assert caught.value.code == 1011
    store.resume(handle, "m", 0.0, connected, take_over=True)
    store.close(stay, 1.0)
    with pytest.raises(Refused, match="still connected"):
        store.resume(handle, "m", 100.0, connected)


def test_a_socket_that_is_closing_holds_nobody_up_and_the_last_one_starts_the_clock() -> None:
    store: ResumptionStore[str] = ResumptionStore(random.Random(0), lifetime_seconds=10)
    stay = Stay("talk", "m", closed)
    handle = store.issue(stay)
    assert store.resume(handle, "m", 100.0, closed) is stay
    store.close(stay, 100.0)
    store.close(stay, 105.0)
    assert store.resume(handle, "m", 114.0, closed) is stay
    store.close(stay, 114.0)
    with pytest.raises(Refused, match="not found"):
        store.resume(handle, "m", 125.0, closed)


def connected() -> bool:
    return True


def closed() -> bool:
    return False


def test_the_script_goes_by_turn_then_by_rule_then_by_the_words() -> None:
    rules = (Rule(hears="fare", does="call quote {}"),)
    mind = ScriptedMind(
        Script(turns=("speak hello",), rules=rules, results={"quote": "say 1 second"})
    )
    assert mind.hear("anything") == [Say("hello")]
    assert mind.hear("the fare please") == [Call("function-call-1", "quote", {})]
    assert mind.result("function-call-1", "quote", {}) == [Say("#0 #1 #2 #3 #4")]
    assert mind.hear("one; nothing; two") == [Say("one"), Say("two")]


def test_a_transcript_trickles_in_and_joins_again() -> None:
    assert deltas("a b c d") == ["a b c", " d"]
    assert deltas("") == []
