"""The first message: what the client asks of the whole connection, validated as the service does.

Defaults differ by model family and by platform; they are settled here, so that nothing behind
this module asks which model it plays. Sources: generative_service.proto (fields), the model pages
of gemini-3.8-live and the Live API capabilities guide (defaults and refusals).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ValidationError

from emulators.gemini.setup_fields import (
    CompressionFields,
    DetectionFields,
    SetupFields,
    ToolFields,
)
from emulators.gemini.wire import Refused, text_of

Sensitivity = Literal["HIGH", "LOW"]
FAULT_SUFFIX = "+fault="
UNSUPPORTED = (
    "responseLogprobs",
    "responseMimeType",
    "logprobs",
    "responseSchema",
    "responseJsonSchema",
    "stopSequences",
    "routingConfig",
    "audioTimestamp",
)
_SERVED = re.compile(r"gemini-[\w.-]*(live|native-audio|transcribe)[\w.-]*$")
_VERSION = re.compile(r"gemini-(?:live-)?(\d+)\.(\d+)")
_FUNCTION_NAME = re.compile(r"[A-Za-z_][\w.:-]{0,127}$")


@dataclass(frozen=True, slots=True)
class Family:
    """What of a model's name changes its manners; unnumbered names count as the newest."""

    name: str
    version: tuple[int, int]
    extended_thinking: bool

    @classmethod
    def of(cls, model: str) -> Family:
        found = _VERSION.match(model.rsplit("/", 1)[-1])
        version = (int(found.group(1)), int(found.group(2))) if found else (3, 8)
        return cls(model, version, "extended-thinking" in model)

    @property
    def at_least_38(self) -> bool:
        """From 3.8 on calls do not block by default, and content is welcome at any time."""
        return self.version >= (3, 8)


@dataclass(frozen=True, slots=True)
class Vad:
    """``manual``: the client marks activity itself. Times in milliseconds."""

    manual: bool = False
    start: Sensitivity = "HIGH"
    end: Sensitivity = "HIGH"
    prefix_padding_ms: int | None = None
    silence_ms: int = 800


@dataclass(frozen=True, slots=True)
class Tools:
    """Declarations as the client wrote them, and the names that stop a turn until answered."""

    declarations: tuple[Mapping[str, Any], ...]
    blocking: frozenset[str]


@dataclass(frozen=True, slots=True)
class Compression:
    trigger_tokens: int
    target_tokens: int


@dataclass(frozen=True, slots=True)
class Setup:
    """What was asked, every default settled. ``handle`` is empty for a new conversation."""

    model: Family
    fault: str
    vertex: bool
    voice: str
    instruction: str
    tools: Tools
    vad: Vad
    interrupts: bool
    all_input: bool
    explicit_vad_signal: bool
    transcribe_input: bool
    transcribe_output: bool
    resumable: bool
    transparent: bool
    handle: str
    compression: Compression | None
    seeds_history: bool


def read_setup(raw: Mapping[str, Any], *, vertex: bool, any_model: bool = False) -> Setup:
    """The settled setup of a connection, from the normalised fields of its first message.

    A model's name may carry faults for this connection: ``models/gemini-3.8-live+fault=drop@3s``.

    Raises:
        Refused: 1007 for an invalid field, 1008 for a model that is not served.
    """
    try:
        fields = SetupFields.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise Refused(1007, f"Invalid value at 'setup.{where}': {first['msg']}.") from error
    name, _, fault = fields.model.partition(FAULT_SUFFIX)
    if not any_model and not _SERVED.match(name.rsplit("/", 1)[-1]):
        raise Refused(1008, _not_served(name, vertex))
    model = Family.of(name)
    _check_generation(raw, fields, model)
    _check_resumption(fields, vertex)
    return _settled(fields, model, fault, vertex)


def read_tools(tools: Iterable[ToolFields], model: Family) -> Tools:
    """Which functions there are, and which of them block.

    Raises:
        Refused: 1007, a declaration without a proper name, or with a repeated one.
    """
    declarations = tuple(one for tool in tools for one in tool.function_declarations)
    names: set[str] = set()
    blocking: set[str] = set()
    for declaration in declarations:
        name = declaration.get("name")
        if not isinstance(name, str) or not _FUNCTION_NAME.match(name):
            raise Refused(1007, "Invalid function name. Must start with a letter or underscore.")
        if name in names:
            raise Refused(1007, f"Duplicate function declaration found: {name}")
        names.add(name)
        default = "NON_BLOCKING" if model.at_least_38 else "BLOCKING"
        if (declaration.get("behavior") or default) == "BLOCKING":
            blocking.add(name)
    if model.extended_thinking and blocking:
        raise Refused(1007, "Only NON_BLOCKING function calling is supported by this model.")
    return Tools(declarations, frozenset(blocking))


def _settled(fields: SetupFields, model: Family, fault: str, vertex: bool) -> Setup:
    resumption = fields.session_resumption
    realtime = fields.realtime_input_config
    instruction = fields.system_instruction
    return Setup(
        model=model,
        fault=fault,
        vertex=vertex,
        voice=fields.generation_config.speech_config.voice_config.prebuilt_voice_config.voice_name,
        instruction="" if instruction is None else text_of(instruction, "setup.system_instruction"),
        tools=read_tools(fields.tools, model),
        vad=_vad(realtime.automatic_activity_detection, vertex),
        interrupts=realtime.activity_handling != "NO_INTERRUPTION",
        all_input=realtime.turn_coverage == "TURN_INCLUDES_ALL_INPUT",
        explicit_vad_signal=fields.explicit_vad_signal and vertex,
        transcribe_input=fields.input_audio_transcription is not None,
        transcribe_output=fields.output_audio_transcription is not None,
        resumable=resumption is not None,
        transparent=resumption is not None and resumption.transparent,
        handle=resumption.handle if resumption else "",
        compression=_compression(fields.context_window_compression),
        seeds_history=fields.history_config.initial_history_in_client_content,
    )


def _vad(detection: DetectionFields, vertex: bool) -> Vad:
    return Vad(
        manual=detection.disabled,
        start=_sensitivity(detection.start_of_speech_sensitivity, "START", vertex),
        end=_sensitivity(detection.end_of_speech_sensitivity, "END", vertex),
        prefix_padding_ms=detection.prefix_padding_ms,
        silence_ms=detection.silence_duration_ms,
    )


def _sensitivity(name: str, edge: str, vertex: bool) -> Sensitivity:
    """Unspecified means HIGH on the Developer API and LOW on Vertex (google-genai's docstring)."""
    default: Sensitivity = "LOW" if vertex else "HIGH"
    choices: dict[str, Sensitivity] = {
        f"{edge}_SENSITIVITY_HIGH": "HIGH",
        f"{edge}_SENSITIVITY_LOW": "LOW",
        f"{edge}_SENSITIVITY_UNSPECIFIED": default,
        "": default,
    }
    if name not in choices:
        raise Refused(1007, f"Invalid value at '{edge.lower()}_of_speech_sensitivity', \"{name}\".")
    return choices[name]


def _compression(asked: CompressionFields | None) -> Compression | None:
    if asked is None:
        return None
    target = asked.sliding_window.target_tokens
    return Compression(
        asked.trigger_tokens, asked.trigger_tokens // 2 if target is None else target
    )


def _check_resumption(fields: SetupFields, vertex: bool) -> None:
    asked = fields.session_resumption
    if asked is not None and asked.transparent and not vertex:
        raise Refused(1007, "Transparent session resumption is not supported.")


def _check_generation(raw: Mapping[str, Any], fields: SetupFields, model: Family) -> None:
    generation = fields.generation_config
    if generation.response_modalities not in ([], ["AUDIO"]):
        asked = ", ".join(generation.response_modalities)
        raise Refused(
            1007,
            f"The requested combination of response modalities ({asked}) is not supported by the "
            f"model. {model.name}",
        )
    for name in UNSUPPORTED:
        if name in (raw.get("generationConfig") or {}):
            raise Refused(1007, f"Request contains an invalid argument: {name}.")
    level = generation.thinking_config.thinking_level
    if model.extended_thinking and level not in ("LOW", "MEDIUM", "HIGH"):
        raise Refused(1007, "Thinking level LOW, MEDIUM or HIGH is required for this model.")
    if model.at_least_38 and not model.extended_thinking and level:
        raise Refused(1007, "Thinking level is not supported for this model.")
    if model.at_least_38 and fields.proactivity.proactive_audio is False:
        raise Refused(1007, "Proactive audio cannot be disabled for this model.")


def _not_served(model: str, vertex: bool) -> str:
    if vertex:
        return f"Publisher Model `{model}` was not found or your project has no access to it."
    return f"{model} is not found for API version v1, or is not supported for bidiGenerateContent."
