"""The founding text's values reach the wire, and the backend is chosen by what is set."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pytest
from google.genai import types
from pydantic import SecretStr, ValidationError

from conversation.gemini.client import ClientError, open_client
from conversation.gemini.close_codes import AFRESH, AGAIN, GIVE_UP, judge, judge_status
from conversation.gemini.config import Setup, declared, live_config
from conversation.gemini.settings import Backend, GeminiSettings
from tools.contract import Declaration

pytestmark = pytest.mark.pure

SCHEMA = {"type": "object", "properties": {"x": {"type": "string"}}, "required": ["x"]}
TOOL = Declaration("Look", "Looks.", SCHEMA)


def test_the_live_configuration_is_the_founding_texts() -> None:
    config = live_config(GeminiSettings(), Setup("Be Myra.", [TOOL]), handle="h")
    listening = config.realtime_input_config
    assert listening is not None
    detection = listening.automatic_activity_detection
    assert detection is not None
    assert detection.start_of_speech_sensitivity == "START_SENSITIVITY_LOW"
    assert detection.end_of_speech_sensitivity == "END_SENSITIVITY_LOW"
    assert detection.silence_duration_ms == 1200
    assert listening.turn_coverage == "TURN_INCLUDES_ALL_INPUT"
    assert config.input_audio_transcription is not None
    assert config.output_audio_transcription is not None
    assert config.context_window_compression is not None
    assert config.session_resumption is not None
    assert config.session_resumption.handle == "h"


def test_local_turns_switch_the_models_detection_off() -> None:
    config = live_config(GeminiSettings(), Setup("x", [], local_turns=True))
    assert config.realtime_input_config is not None
    detection = config.realtime_input_config.automatic_activity_detection
    assert detection is not None
    assert detection.disabled
    assert detection.silence_duration_ms is None


@pytest.mark.parametrize(
    ("settings", "backend"),
    [
        (GeminiSettings(), Backend.EMULATOR),
        (GeminiSettings(api_key=SecretStr("k")), Backend.KEY),
        (GeminiSettings(api_key=SecretStr("k"), project="p"), Backend.VERTEX),
    ],
)
def test_the_backend_is_chosen_by_what_is_set(settings: GeminiSettings, backend: Backend) -> None:
    assert settings.backend is backend
    assert "k" not in settings.described.split()


@pytest.mark.parametrize(
    ("model", "project", "non_blocking"),
    [
        ("gemini-3.8-live", "", True),
        ("gemini-3.1-flash-live-preview", "", False),
        ("gemini-2.5-flash-native-audio-preview-12-2025", "", True),
        ("gemini-live-2.5-flash-native-audio", "p", False),
    ],
)
def test_tools_are_non_blocking_where_the_model_knows_it(
    model: str, project: str, non_blocking: bool
) -> None:
    behaviour = declared(GeminiSettings(model=model, project=project), TOOL).behavior
    assert (behaviour is not None) is non_blocking


@pytest.mark.parametrize(
    ("settings", "behaviour"),
    [
        (GeminiSettings(tool_behaviour="blocking"), "BLOCKING"),
        (GeminiSettings(tool_behaviour="blocking", model="gemini-3.1-flash-live-preview"), None),
        (GeminiSettings(tool_behaviour="non_blocking", model="gemini-2.5-x"), "NON_BLOCKING"),
    ],
)
def test_a_behaviour_is_named_where_the_models_own_would_be_another(
    settings: GeminiSettings, behaviour: str | None
) -> None:
    assert declared(settings, TOOL).behavior == behaviour


def test_a_tools_parameters_go_along_as_they_are_and_an_empty_object_does_not() -> None:
    assert declared(GeminiSettings(), TOOL).parameters_json_schema == SCHEMA
    bare = Declaration("End", "Ends.", {"type": "object", "properties": {}})
    assert declared(GeminiSettings(), bare).parameters_json_schema is None


@pytest.mark.parametrize(
    ("model", "level", "asked"),
    [
        ("gemini-3.8-live", "", None),
        ("gemini-3.8-live-extended-thinking", "", "LOW"),
        ("gemini-3.8-live-extended-thinking", "high", "HIGH"),
        ("gemini-3.1-flash-live-preview", "medium", "MEDIUM"),
    ],
)
def test_thinking_is_asked_for_where_the_model_takes_a_level(
    model: str, level: Literal["", "medium", "high"], asked: str | None
) -> None:
    config = live_config(GeminiSettings(model=model, thinking_level=level), Setup("x", []))
    thinking = config.thinking_config
    assert (thinking.thinking_level if thinking else None) == asked


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"base_url": "http://plain"}, "base_url"),
        ({"thinking_level": "low"}, "thinking_level"),
        (
            {"model": "gemini-3.8-live-extended-thinking", "tool_behaviour": "blocking"},
            "tool_behaviour",
        ),
        ({"compression_target_tokens": 25_000}, "compression_target_tokens"),
        ({"input_rate": 44100}, "input_rate"),
        ({"unheard_of": 1}, "unheard_of"),
    ],
)
def test_a_wrong_value_is_refused_by_its_name(wrong: dict[str, Any], named: str) -> None:
    with pytest.raises(ValidationError, match=named):
        GeminiSettings(**wrong)


def test_a_fresh_session_in_mid_call_is_told_what_has_happened() -> None:
    config = live_config(GeminiSettings(), Setup("Be Myra.", []), summary="They want a refund.")
    instruction = config.system_instruction
    assert isinstance(instruction, types.Content)
    assert instruction.parts is not None
    text = instruction.parts[0].text or ""
    assert text.startswith("Be Myra.")
    assert text.endswith("They want a refund.")


def test_an_unreadable_ca_file_is_named(tmp_path: Path) -> None:
    for broken in (tmp_path / "none.pem", tmp_path / "empty.pem"):
        if broken.name == "empty.pem":
            broken.write_text("")
        settings = GeminiSettings(base_url="https://127.0.0.1:9", ca_file=broken)
        with pytest.raises(ClientError, match=broken.name):
            open_client(settings)


@pytest.mark.parametrize(
    ("base_url", "proxied"),
    [
        ("https://127.0.0.1:9", False),
        ("https://localhost:9", False),
        ("https://[::1]:9", False),
        ("https://live.example.com", True),
        ("", True),
    ],
)
def test_only_this_machine_is_reached_around_the_proxy(base_url: str, proxied: bool) -> None:
    client = open_client(GeminiSettings(base_url=base_url, api_key=SecretStr("k")))
    options = client._api_client._http_options.async_client_args or {}
    assert ("proxy" not in options) is proxied
    assert (options["ping_interval"], options["compression"]) == (None, None)
    assert options["max_size"] == 8 << 20
    client.close()


def test_no_model_at_all_is_said_plainly() -> None:
    with pytest.raises(ClientError, match="GOOGLE_CLOUD_PROJECT"):
        open_client(GeminiSettings())


@pytest.mark.parametrize(
    ("code", "reason", "verdict"),
    [
        (1000, "", AGAIN),
        (1006, "Abnormal closure.", AGAIN),
        (1008, "BidiGenerateContent session not found", AFRESH),
        (1008, "models/x is not found for API version v1beta, or is not suppo", GIVE_UP),
        (1007, "API key expired. Please renew the API key.", GIVE_UP),
        (1011, "You exceeded your current quota", AGAIN),
        (1011, "Deadline expired before operation could complete.", AGAIN),
        (4999, "", AFRESH),
    ],
)
def test_close_codes_say_what_to_do(code: int, reason: str, verdict: object) -> None:
    assert judge(code, reason) == verdict


@pytest.mark.parametrize(
    ("status", "verdict"), [(401, GIVE_UP), (404, GIVE_UP), (429, AGAIN), (503, AGAIN)]
)
def test_http_statuses_say_what_to_do(status: int, verdict: object) -> None:
    assert judge_status(status) == verdict
