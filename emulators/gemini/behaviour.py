"""How the emulated service behaves in time: figures of healthy lines, each a setting.

Defaults come from the measurements other users of the service published: first audio 0.7 to 1.2 s
after the end of speech (0.4 to 0.8 s of it thinking), audio at 1.5 to 3 times real time in chunks
of 40 to 250 ms, goAway at nine and a half minutes with 50 s left.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Behaviour(BaseModel):
    """Seconds unless named otherwise. Ranges are drawn from evenly, by the session's seed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    think: tuple[float, float] = (0.4, 0.8)
    speed: tuple[float, float] = (1.5, 3.0)
    chunk_ms: tuple[int, int] = (40, 250)
    waits_for_playback: bool = True
    go_away_after: float | None = Field(570.0, gt=0)
    go_away_left: float = Field(50.0, gt=0)
    handle_lifetime: float = Field(7200.0, gt=0)
    resume_while_open: bool = False
    any_model: bool = Field(False, description="accept names of models the service does not serve")
    strict: bool = Field(False, description="refuse unknown top-level fields")
    call_ids: bool = Field(True, description="send ids with tool calls; Vertex once left them out")
