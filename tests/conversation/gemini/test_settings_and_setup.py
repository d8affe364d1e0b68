"""The founding text's values reach the wire, and the backend is chosen by what is set."""

from __future__ import annotations

import datetime as dt

import pytest
from pydantic import SecretStr, ValidationError

from conversation.gemini.client import ClientError, open_client
from conversation.gemini.close_codes import AFRESH, AGAIN, GIVE_UP, judge, judge_status
from conversation.gemini.config import Setup, declared, live_config
from conversation.gemini.instructions import TRIGGERS, instruction
from conversation.gemini.settings import Backend, GeminiSettings
from tools.contract import Declaration
from tools.shop import TOOLS

pytestmark = pytest.mark.pure

TOOL = Declaration("Look", "Looks.", {"type": "object", "properties": {}})


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


def test_no_model_at_all_is_said_plainly() -> None:
    with pytest.raises(ClientError, match="GOOGLE_CLOUD_PROJECT"):
        open_client(GeminiSettings())


def test_a_wrong_value_is_refused() -> None:
    with pytest.raises(ValidationError):
        GeminiSettings(base_url="http://plain")


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


def test_every_declared_tool_has_its_trigger_and_no_other_is_named() -> None:
    names = [declaration.name for declaration in TOOLS.declarations]
    text = instruction(names, today=dt.date(2026, 12, 8))
    assert all(name in TRIGGERS for name in names)
    assert all((name in text) is (name in names) for name in TRIGGERS if name != "End_Call_Tool")
    assert "Tuesday, 08 December 2026" in text


def test_the_instruction_forbids_what_must_never_be() -> None:
    text = instruction(TRIGGERS, today=dt.date(2026, 1, 1))
    for never in ("Never claim to be a human", "Never ask permission", "what you are made of"):
        assert never in text
