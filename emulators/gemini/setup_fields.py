"""The setup message's fields as they stand on the wire, one model for each nested message.

Lax like a proto3-JSON parser: 40.0 and "25000" are integers, unknown fields are ignored.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

SILENCE_MS = 800  # the Live API capabilities guide's default
WINDOW_TOKENS = 131_072  # input limit of gemini-3.8-live


class Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, frozen=True, extra="ignore")


class ThinkingConfigFields(Wire):
    thinking_level: str | None = None


class PrebuiltFields(Wire):
    voice_name: str = ""


class VoiceFields(Wire):
    prebuilt_voice_config: PrebuiltFields = PrebuiltFields()


class SpeechFields(Wire):
    voice_config: VoiceFields = VoiceFields()


class GenerationFields(Wire):
    response_modalities: list[str] = ["AUDIO"]
    temperature: Annotated[float | None, Field(ge=0, le=2)] = None
    top_p: Annotated[float | None, Field(ge=0, le=1)] = None
    max_output_tokens: Annotated[int | None, Field(ge=0)] = None
    speech_config: SpeechFields = SpeechFields()
    thinking_config: ThinkingConfigFields = ThinkingConfigFields()


class DetectionFields(Wire):
    disabled: bool = False
    start_of_speech_sensitivity: str = ""
    end_of_speech_sensitivity: str = ""
    prefix_padding_ms: Annotated[int | None, Field(ge=0)] = None
    silence_duration_ms: Annotated[int, Field(ge=0)] = SILENCE_MS


class RealtimeInputFields(Wire):
    automatic_activity_detection: DetectionFields = DetectionFields()
    activity_handling: str = ""
    turn_coverage: str = ""


class ResumptionFields(Wire):
    handle: str = ""
    transparent: bool = False


class SlidingWindowFields(Wire):
    target_tokens: Annotated[int | None, Field(ge=0)] = None


class CompressionFields(Wire):
    trigger_tokens: Annotated[int, Field(ge=0)] = WINDOW_TOKENS * 8 // 10
    sliding_window: SlidingWindowFields = SlidingWindowFields()


class HistoryFields(Wire):
    initial_history_in_client_content: bool = False


class ProactivityFields(Wire):
    proactive_audio: bool | None = None


class ToolFields(Wire):
    function_declarations: list[dict[str, Any]] = []


class SetupFields(Wire):
    model: str
    generation_config: GenerationFields = GenerationFields()
    system_instruction: Any = None
    tools: list[ToolFields] = []
    realtime_input_config: RealtimeInputFields = RealtimeInputFields()
    session_resumption: ResumptionFields | None = None
    context_window_compression: CompressionFields | None = None
    input_audio_transcription: dict[str, Any] | None = None
    output_audio_transcription: dict[str, Any] | None = None
    explicit_vad_signal: bool = False
    history_config: HistoryFields = HistoryFields()
    proactivity: ProactivityFields = ProactivityFields()
