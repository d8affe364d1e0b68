"""What the phone door counts: fixed names, plain numbers, exported as metrics by the attic."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Count(StrEnum):
    """Everything the phone door counts. The values are stable names for metrics."""

    # Webhooks.
    WEBHOOKS = "webhooks"
    WEBHOOK_BAD_SIGNATURE = "webhook_bad_signature"
    WEBHOOK_WRONG_ACCOUNT = "webhook_wrong_account"
    WEBHOOK_MALFORMED = "webhook_malformed"
    SIGNED_WITHOUT_LATE_FIELDS = "signed_without_late_fields"
    SIGNED_BY_PREVIOUS_TOKEN = "signed_by_previous_token"  # noqa: S105
    # Admission and what follows a stream.
    CALLS_ADMITTED = "calls_admitted"
    CALLS_REFUSED_FULL = "calls_refused_full"
    CALLS_REFUSED_DRAINING = "calls_refused_draining"
    REATTACHED = "reattached"
    GIVEN_UP = "given_up"
    TRANSFERS = "transfers"
    TRANSFERS_FAILED = "transfers_failed"
    STREAM_ERRORS_REPORTED = "stream_errors_reported"
    REST_FAILED = "rest_failed"
    ENDINGS_RECALLED = "endings_recalled"
    ENDINGS_NOT_KEPT = "endings_not_kept"
    # The socket's handshake.
    STREAMS_OPENED = "streams_opened"
    STREAM_BAD_SIGNATURE = "stream_bad_signature"
    STREAM_TOO_MANY_PENDING = "stream_too_many_pending"
    STREAM_NO_START = "stream_no_start"
    STREAM_LEFT_BEFORE_START = "stream_left_before_start"
    STREAM_BAD_FORMAT = "stream_bad_format"
    STREAM_WRONG_ACCOUNT = "stream_wrong_account"
    STREAM_SUPERSEDED = "stream_superseded"
    TOKEN_WRONG = "token_wrong"  # noqa: S105
    TOKEN_REUSED = "token_reused"  # noqa: S105
    TOKEN_EXPIRED = "token_expired"  # noqa: S105
    # Messages that were not what they should be.
    MALFORMED_JSON = "malformed_json"
    WRONG_TYPE = "wrong_type"
    UNKNOWN_EVENT = "unknown_event"
    WRONG_STREAM = "wrong_stream"
    OTHER_TRACK = "other_track"
    BINARY = "binary"
    OVERSIZED = "oversized"
    BAD_BASE64 = "bad_base64"
    BAD_DIGIT = "bad_digit"
    BEFORE_START = "before_start"
    SECOND_START = "second_start"
    TOO_MANY_BAD = "too_many_bad"
    # A line at work.
    FRAMES_IN = "frames_in"
    FRAMES_OUT = "frames_out"
    CLEARS = "clears"
    AUDIO_DROPPED = "audio_dropped"
    GAPS_FILLED = "gaps_filled"
    STALLED = "stalled"
    INACTIVE = "inactive"
    OVERRUN = "overrun"
    CONVERSATIONS_FAILED = "conversations_failed"


class Counters:
    """One number for each ``Count``, only ever rising. For one event loop, without locks."""

    __slots__ = ("_numbers",)

    def __init__(self) -> None:
        self._numbers = dict.fromkeys(Count, 0)

    def add(self, count: Count, by: int = 1) -> None:
        self._numbers[count] += by

    def __getitem__(self, count: Count) -> int:
        return self._numbers[count]

    def snapshot(self) -> Mapping[str, int]:
        """Name -> number, for an exporter."""
        return {count.value: number for count, number in self._numbers.items()}
