"""Settings, tools and instruction as the setup of one live session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from google.genai import types

from conversation.gemini.settings import GeminiSettings
from tools.contract import Declaration


@dataclass(frozen=True, slots=True)
class Setup:
    """What every session of one conversation has in common."""

    instruction: str
    declarations: Sequence[Declaration]
    local_turns: bool = False


def declared(settings: GeminiSettings, tool: Declaration) -> types.FunctionDeclaration:
    """A tool as the model is told of it.

    A behaviour goes along only where it has to be said, because 3.1 does not know the word. A
    schema without properties is left out, because the service refuses an empty object.
    """
    behaviour = None
    if settings.non_blocking_tools:
        behaviour = types.Behavior.NON_BLOCKING
    elif settings.family.talks_on_by_default:
        behaviour = types.Behavior.BLOCKING
    return types.FunctionDeclaration(
        name=tool.name,
        description=tool.description,
        parameters_json_schema=dict(tool.parameters) if tool.parameters.get("properties") else None,
        behavior=behaviour,
    )


def _listening(settings: GeminiSettings, local_turns: bool) -> types.RealtimeInputConfig:
    detection = types.AutomaticActivityDetection(disabled=True)
    if not local_turns:
        detection = types.AutomaticActivityDetection(
            start_of_speech_sensitivity=types.StartSensitivity(
                f"START_SENSITIVITY_{settings.start_sensitivity.upper()}"
            ),
            end_of_speech_sensitivity=types.EndSensitivity(
                f"END_SENSITIVITY_{settings.end_sensitivity.upper()}"
            ),
            silence_duration_ms=settings.silence_ms,
            prefix_padding_ms=settings.prefix_padding_ms,
        )
    return types.RealtimeInputConfig(
        automatic_activity_detection=detection,
        turn_coverage=types.TurnCoverage(f"TURN_INCLUDES_{settings.turn_coverage.upper()}"),
    )


def _thinking(settings: GeminiSettings) -> types.ThinkingConfig | None:
    if not settings.thinking:
        return None
    return types.ThinkingConfig(thinking_level=types.ThinkingLevel(settings.thinking.upper()))


def with_summary(instruction: str, summary: str) -> str:
    """The instruction of a session that is to take up a call it does not remember.

    It stands in the setup because every model reads that, while history given as client content
    is refused by 3.1 and passed over by 2.5.
    """
    if not summary:
        return instruction
    return f"{instruction}\n\nThe call is under way. What has happened so far:\n{summary}"


def live_config(
    settings: GeminiSettings, setup: Setup, *, handle: str | None = None, summary: str = ""
) -> types.LiveConnectConfig:
    """The configuration of one session. ``handle`` resumes an earlier one; ``summary`` tells a
    session that does not remember what has been said so far."""
    instruction = with_summary(setup.instruction, summary)
    functions = [declared(settings, tool) for tool in setup.declarations]
    tools: list[types.Tool] = [types.Tool(function_declarations=functions)] if functions else []
    return types.LiveConnectConfig(
        response_modalities=[types.Modality.AUDIO],
        system_instruction=types.Content(parts=[types.Part(text=instruction)]),
        tools=list(tools),
        speech_config=types.SpeechConfig(
            voice_config=types.VoiceConfig(
                prebuilt_voice_config=types.PrebuiltVoiceConfig(voice_name=settings.voice)
            )
        ),
        thinking_config=_thinking(settings),
        realtime_input_config=_listening(settings, setup.local_turns),
        input_audio_transcription=types.AudioTranscriptionConfig(),
        output_audio_transcription=types.AudioTranscriptionConfig(),
        context_window_compression=types.ContextWindowCompressionConfig(
            trigger_tokens=settings.compression_trigger_tokens,
            sliding_window=types.SlidingWindow(target_tokens=settings.compression_target_tokens),
        ),
        session_resumption=types.SessionResumptionConfig(handle=handle),
    )
