"""What a setup asks for, as each client writes it, and what is refused."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from emulators.gemini.messages import SetupMessage
from emulators.gemini.setup import Setup, Vad, read_setup
from emulators.gemini.wire import MAX_REASON, Refused, parse

pytestmark = pytest.mark.pure

PYTHON: dict[str, Any] = {
    "model": "models/gemini-3.8-live",
    "generationConfig": {
        "responseModalities": ["AUDIO"],
        "temperature": 0.5,
        "topK": 40.0,
        "maxOutputTokens": 512,
        "speechConfig": {"voice_config": {"prebuilt_voice_config": {"voice_name": "Kore"}}},
        "thinkingConfig": {"include_thoughts": False, "thinking_budget": 0},
    },
    "systemInstruction": {"parts": [{"text": "You are a bot."}], "role": "user"},
    "tools": [
        {"googleSearch": {}},
        {
            "functionDeclarations": [
                {"name": "book", "behavior": "BLOCKING", "parameters": {"type": "OBJECT"}},
                {"name": "find"},
            ]
        },
    ],
    "sessionResumption": {"handle": "H"},
    "inputAudioTranscription": {"language_codes": ["en-GB"]},
    "outputAudioTranscription": {},
    "realtimeInputConfig": {
        "automatic_activity_detection": {
            "disabled": False,
            "start_of_speech_sensitivity": "START_SENSITIVITY_LOW",
            "end_of_speech_sensitivity": "END_SENSITIVITY_LOW",
            "prefix_padding_ms": 20,
            "silence_duration_ms": 1200,
        },
        "activity_handling": "NO_INTERRUPTION",
        "turn_coverage": "TURN_INCLUDES_ALL_INPUT",
    },
    "contextWindowCompression": {
        "trigger_tokens": "25600",
        "sliding_window": {"target_tokens": 8000},
    },
    "historyConfig": {"initial_history_in_client_content": True},
}


def read(fields: dict[str, Any], *, vertex: bool = False) -> Setup:
    message = parse(orjson.dumps({"setup": fields}))[0]
    assert isinstance(message, SetupMessage)
    return read_setup(message.fields, vertex=vertex)


def minimal(**fields: Any) -> dict[str, Any]:
    return {"model": "models/gemini-3.8-live", **fields}


def test_everything_the_python_client_can_ask_for() -> None:
    setup = read(PYTHON)
    assert setup.voice == "Kore"
    assert setup.instruction == "You are a bot."
    assert [one["name"] for one in setup.tools.declarations] == ["book", "find"]
    assert setup.tools.blocking == {"book"}
    assert setup.vad == Vad(False, "LOW", "LOW", 20, 1200)
    assert not setup.interrupts
    assert setup.all_input
    assert (setup.resumable, setup.handle) == (True, "H")
    assert setup.compression is not None
    assert (setup.compression.trigger_tokens, setup.compression.target_tokens) == (25_600, 8_000)
    assert setup.transcribe_input
    assert setup.transcribe_output
    assert setup.seeds_history


def test_defaults_differ_by_platform_and_by_model() -> None:
    declarations = [{"functionDeclarations": [{"name": "f"}]}]
    developer = read(minimal(tools=declarations))
    vertex = read(
        {
            "model": "projects/p/locations/l/publishers/google/models/gemini-live-2.5-flash",
            "tools": declarations,
        },
        vertex=True,
    )
    assert (developer.vad.start, vertex.vad.start) == ("HIGH", "LOW")
    assert (developer.tools.blocking, vertex.tools.blocking) == (frozenset(), {"f"})
    assert developer.vad.silence_ms == 800
    assert (developer.resumable, developer.transcribe_input) == (False, False)
    assert developer.compression is None


def test_a_null_is_absent() -> None:
    assert not read(minimal(sessionResumption=None)).resumable
    assert read(minimal(sessionResumption={"handle": None})).handle == ""


def test_a_fault_may_ride_on_the_models_name() -> None:
    setup = read({"model": "models/gemini-3.8-live+fault=close1011@3s,odd"})
    assert (setup.model.name, setup.fault) == ("models/gemini-3.8-live", "close1011@3s,odd")


@pytest.mark.parametrize(
    ("fields", "code", "reason"),
    [
        ({}, 1007, "setup.model"),
        ({"model": "models/gemini-1.5-pro"}, 1008, "is not found for API version"),
        ({"model": 7}, 1007, "setup.model"),
        (minimal(generationConfig={"responseModalities": ["TEXT"]}), 1007, "(TEXT)"),
        (minimal(generationConfig={"responseModalities": ["AUDIO", "TEXT"]}), 1007, "AUDIO, TEXT"),
        (minimal(generationConfig={"responseSchema": {}}), 1007, "responseSchema"),
        (minimal(generationConfig={"temperature": 3}), 1007, "temperature"),
        (minimal(generationConfig={"topP": "much"}), 1007, "topP"),
        (minimal(tools=[{"functionDeclarations": [{"name": "2x"}]}]), 1007, "function name"),
        (
            minimal(tools=[{"functionDeclarations": [{"name": "f"}, {"name": "f"}]}]),
            1007,
            "Duplicate",
        ),
        (
            minimal(realtimeInputConfig={"automaticActivityDetection": {"silenceDurationMs": -1}}),
            1007,
            "silenceDurationMs",
        ),
        (
            minimal(
                realtimeInputConfig={
                    "automaticActivityDetection": {"startOfSpeechSensitivity": "MEDIUM"}
                }
            ),
            1007,
            "MEDIUM",
        ),
        (minimal(sessionResumption={"transparent": True}), 1007, "Transparent"),
        (minimal(proactivity={"proactiveAudio": False}), 1007, "Proactive"),
    ],
)
def test_what_is_refused_and_why(fields: dict[str, Any], code: int, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        read(fields)
    assert caught.value.code == code
    assert reason in caught.value.reason
    assert len(caught.value.reason.encode()) <= MAX_REASON


def test_extended_thinking_wants_a_level_and_never_blocks() -> None:
    model = "models/gemini-3.8-live-extended-thinking"
    thinking = {"thinkingConfig": {"thinkingLevel": "LOW"}}
    assert read({"model": model, "generationConfig": thinking}).model.extended_thinking
    tools = [{"functionDeclarations": [{"name": "f", "behavior": "BLOCKING"}]}]
    with pytest.raises(Refused, match="NON_BLOCKING"):
        read({"model": model, "generationConfig": thinking, "tools": tools})


def test_a_model_that_vertex_does_not_have() -> None:
    with pytest.raises(Refused, match="Publisher Model"):
        read({"model": "publishers/google/models/gemini-1.5-pro"}, vertex=True)
