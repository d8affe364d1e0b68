"""The recorded prompts: what the caller hears when the model cannot speak.

They were spoken by the emulator's voice (Kokoro-82M, Apache-2.0). A house with a voice of its
own puts its WAV files, 16 bit and mono, into another folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from conversation.directions import Prompt
from hotline.errors import HouseError
from media.audio import Audio
from media.wav import WavError, read_wav

OURS = Path(__file__).with_name("prompts")


def read_prompts(folder: Path | None = None) -> Mapping[str, Audio]:
    """Every prompt by its name.

    Raises:
        HouseError: one is missing or is no mono WAV.
    """
    return {prompt.value: _read(folder or OURS, prompt.value) for prompt in Prompt}


def _read(folder: Path, name: str) -> Audio:
    path = folder / f"{name}.wav"
    try:
        channels = read_wav(path.read_bytes())
    except (OSError, WavError) as error:
        raise HouseError(f"HOTLINE_PROMPTS_FOLDER: {path} cannot be read ({error})") from None
    if len(channels) != 1:
        raise HouseError(f"HOTLINE_PROMPTS_FOLDER: {path} has {len(channels)} channels, not one")
    return channels[0]
