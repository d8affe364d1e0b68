"""How Myra takes turns. Environment prefix ``TALK_``."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class TalkSettings(BaseModel):
    """Every figure of the conversation's behaviour. ``_ms`` are milliseconds, ``_seconds``
    seconds, ``_db`` dBFS or dB; frozen, and written into the head of each journal."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    turn_taking: Literal["model", "local"] = Field(
        default="model",
        description="who decides that the caller's turn is over: the model's own detection "
        "(model) or this program's endpointing (local)",
    )

    # What counts as the caller's speech.
    speech_probability: float = Field(
        default=0.5, ge=0, le=1, description="detector's probability from which sound is speech"
    )
    speech_keep_probability: float = Field(
        default=0.35, ge=0, le=1, description="and with which speech under way goes on"
    )
    quiet_db: float = Field(
        default=-48.0, le=0, description="softer sound never begins speech (dBFS)"
    )
    min_speech_ms: float = Field(
        default=60.0, ge=0, description="speech it takes before anything is made of it"
    )
    speech_end_ms: float = Field(
        default=200.0, gt=0, description="quiet after which a stretch of speech is over"
    )

    # Barge-in.
    barge_in_quiet_db: float = Field(
        default=-42.0, le=0, description="softer sound never stops Myra (dBFS)"
    )
    echo_loss_db: float = Field(
        default=18.0,
        ge=0,
        description="echo guard: what the line takes off Myra's own voice at least, until "
        "learned better",
    )
    confirm_ms: float = Field(
        default=400.0, ge=0, description="speech over Myra that makes a suspected barge-in real"
    )
    resume_ms: float = Field(
        default=260.0, gt=0, description="quiet after which a suspected barge-in was none"
    )
    rewind_ms: float = Field(
        default=140.0, ge=0, le=1000, description="how far before the cut Myra resumes at most"
    )
    fade_in_ms: float = Field(default=12.0, ge=0, le=200, description="fade of a resumed stretch")
    greeting_protection_ms: float = Field(
        default=1000.0, ge=0, description="the greeting's start that nothing interrupts"
    )

    # Endpointing.
    model_silence_ms: float = Field(
        default=1200.0, gt=0, description="turn_taking=model: silence the model waits for"
    )
    turn_silence_ms: float = Field(
        default=700.0, gt=0, description="local: silence that ends a turn of unknown phrasing"
    )
    complete_silence_ms: float = Field(
        default=400.0, gt=0, description="local: silence after a complete phrase"
    )
    incomplete_silence_ms: float = Field(
        default=1100.0, gt=0, description="local: silence after a phrase that must go on"
    )
    spelling_silence_ms: float = Field(
        default=1600.0, gt=0, description="local: silence within a spelled reference or a number"
    )
    max_turn_seconds: float = Field(
        default=60.0, gt=0, description="local: the longest turn before the model may answer"
    )
    pre_roll_ms: float = Field(
        default=400.0, ge=0, le=3000, description="local: sound sent from before speech was noticed"
    )

    # Silence.
    silence_seconds: float = Field(
        default=8.0, gt=0, description="the caller's silence before Myra asks, and again"
    )
    silence_prompts: int = Field(
        default=2, ge=0, description="how often she asks before she says goodbye"
    )
    hold_seconds: float = Field(
        default=90.0, gt=0, description="patience when the caller asked Myra to wait"
    )
    dead_air_seconds: float = Field(
        default=4.0, gt=0, description="the model's silence before it is nudged"
    )
    renew_after_seconds: float = Field(
        default=4.0, gt=0, description="after the nudge, before its session is renewed"
    )
    apology_after_seconds: float = Field(
        default=8.0, gt=0, description="after the renewal, before an apology ends the call"
    )
    reply_gap_seconds: float = Field(
        default=1.5, gt=0, description="a pause inside an unfinished reply that frees the floor"
    )
    sign_of_life_seconds: float = Field(
        default=3.0, gt=0, description="quiet during a tool's work before a word of patience"
    )
    sign_of_life_again_seconds: float = Field(
        default=9.0, gt=0, description="and before each further one"
    )

    # Tools.
    duplicate_seconds: float = Field(
        default=20.0, ge=0, description="same call with same arguments within this: one effect"
    )
    result_hold_seconds: float = Field(
        default=15.0, gt=0, description="longest wait of a result for the line to be idle"
    )

    # Ending.
    goodbye_start_seconds: float = Field(
        default=3.0, gt=0, description="how long a goodbye may take to begin"
    )
    goodbye_said_seconds: float = Field(
        default=1.5, gt=0, description="the same where she may have said it already"
    )
    goodbye_listen_seconds: float = Field(
        default=2.5, ge=0, description="quiet after an interrupted goodbye before hanging up"
    )
    hang_up_tail_ms: float = Field(
        default=400.0, ge=0, description="from the last word heard to hanging up"
    )
    hang_up_seconds: float = Field(
        default=12.0, gt=0, description="longest quiet wait for a goodbye that never comes back"
    )
    hang_up_limit_seconds: float = Field(
        default=60.0, gt=0, description="longest ending, whatever is said or heard in it"
    )
    max_call_seconds: float = Field(default=1800.0, gt=0, description="longest call")

    keypad_seconds: float = Field(
        default=3.0, gt=0, description="pause between keys that ends an entry, as # does"
    )
    keypad_interrupts: bool = Field(default=True, description="a key stops Myra")

    # Delivery.
    mark_first_ms: float = Field(
        default=100.0, ge=20, description="marks' distance in a reply's first second"
    )
    mark_later_ms: float = Field(default=200.0, ge=20, description="marks' distance after it")
    mark_patience_seconds: float = Field(
        default=3.0, gt=0, description="how late the last mark may be before it is given up"
    )
    renew_attempts: int = Field(
        default=5, ge=1, description="sessions that may fail in a row before the call is given up"
    )
    journal_masked: bool = Field(
        default=False,
        description="journals hide words, keys and tools' facts (decisions that hang on words "
        "then replay as they were hidden)",
    )

    @model_validator(mode="after")
    def _consistent(self) -> TalkSettings:
        if self.speech_keep_probability > self.speech_probability:
            raise ValueError("speech_keep_probability may not exceed speech_probability")
        if self.confirm_ms < self.min_speech_ms:
            raise ValueError("confirm_ms may not be shorter than min_speech_ms")
        return self
