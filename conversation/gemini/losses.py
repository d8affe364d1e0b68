"""Why a session ended or never began, from whatever the SDK and the socket raise."""

from __future__ import annotations

import ssl

from google.auth.exceptions import GoogleAuthError, TransportError
from google.genai import errors
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from conversation.gemini.close_codes import (
    AGAIN,
    GIVE_UP,
    NOT_REACHED,
    TLS_FAILED,
    Verdict,
    judge,
)

ABNORMAL = 1006
ENDINGS = (errors.APIError, WebSocketException, OSError)
"""What ends a session under way."""


class GeminiError(Exception):
    """Everything this wing raises."""


class SessionLost(GeminiError):
    """A session ended by itself, or could not be opened.

    ``code`` is the WebSocket's close code, an HTTP status, or 0 where the service was not
    reached; ``reason`` is the service's own words where it gave any.
    """

    def __init__(self, code: int, reason: str, verdict: Verdict) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason
        self.verdict = verdict


def diagnose(error: Exception, *, opened: bool, resuming: bool) -> SessionLost:
    """What an exception of the SDK or the socket says about the session."""
    match error:
        case SessionLost():
            return error
        case errors.APIError():
            code, reason = error.code or ABNORMAL, _words_of(error)
        case InvalidStatus():
            code = error.response.status_code
            reason = f"the upgrade was refused with HTTP {code}"
        case ConnectionClosed():
            code = error.rcvd.code if error.rcvd else ABNORMAL
            reason = error.rcvd.reason if error.rcvd else str(error)
        case ssl.SSLCertVerificationError():
            code, reason = TLS_FAILED, f"certificate not trusted: {error}"
        case TimeoutError() | TransportError():
            code, reason = NOT_REACHED, str(error) or "no answer in time"
        case GoogleAuthError():
            code, reason = 401, f"no credentials for Vertex AI: {error}"
        case OSError() | WebSocketException():
            code, reason = NOT_REACHED, f"not reached: {error}"
        case _:
            return SessionLost(NOT_REACHED, f"the setup cannot be sent: {error}", GIVE_UP)
    return SessionLost(code, reason, judge(code, reason, opened=opened, resuming=resuming))


def stalled(seconds: float) -> SessionLost:
    """The peer takes no data any more."""
    return SessionLost(ABNORMAL, f"the service took no data for {seconds:g} s", AGAIN)


def _words_of(error: errors.APIError) -> str:
    """The close reason. Where our own side broke off (keep-alive, oversized message), the SDK
    says only "abnormal closure" and the socket's exception beneath knows why."""
    beneath = error.__context__
    if isinstance(beneath, ConnectionClosed) and beneath.rcvd is None:
        return str(beneath)
    return str(error.details or error.message or "")
