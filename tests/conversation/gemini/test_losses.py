"""What the SDK and the socket raise becomes one clear loss, and its mending one clear hint."""

from __future__ import annotations

import socket
import ssl

import pytest
from google.auth.exceptions import DefaultCredentialsError, TransportError
from google.genai import errors
from pydantic import SecretStr
from websockets.exceptions import ConnectionClosedError, InvalidHandshake
from websockets.frames import Close

from conversation.gemini.check import mend
from conversation.gemini.close_codes import AFRESH, AGAIN, GIVE_UP, Verdict, judge
from conversation.gemini.losses import diagnose, stalled
from conversation.gemini.settings import GeminiSettings

pytestmark = pytest.mark.pure


def api_error(code: int, reason: str) -> errors.APIError:
    with pytest.raises(errors.APIError) as caught:
        errors.APIError.raise_error(code, reason, None)
    return caught.value


@pytest.mark.parametrize(
    ("error", "code", "verdict"),
    [
        (api_error(1011, "Internal error encountered."), 1011, AGAIN),
        (api_error(1008, "BidiGenerateContent session not found"), 1008, AFRESH),
        (ConnectionClosedError(Close(1012, "restart"), None), 1012, AGAIN),
        (ConnectionClosedError(None, None), 1006, AGAIN),
        (TimeoutError("no session within 10 s"), 0, AGAIN),
        (ConnectionRefusedError(111, "refused"), 0, AGAIN),
        (socket.gaierror(-2, "unknown host"), 0, AGAIN),
        (InvalidHandshake("odd"), 0, AGAIN),
        (TransportError("metadata server away"), 0, AGAIN),  # type: ignore[no-untyped-call]
        (DefaultCredentialsError("none found"), 401, GIVE_UP),  # type: ignore[no-untyped-call]
        (ssl.SSLCertVerificationError("bad"), 1015, GIVE_UP),
        (ValueError("no such field"), 0, GIVE_UP),
    ],
)
def test_every_failure_to_open_is_told(error: Exception, code: int, verdict: Verdict) -> None:
    lost = diagnose(error, opened=False, resuming=False)
    assert (lost.code, lost.verdict) == (code, verdict)
    assert lost.reason


def test_a_loss_passes_through_as_it_is() -> None:
    lost = stalled(10)
    assert diagnose(lost, opened=True, resuming=False) is lost
    assert lost.verdict is AGAIN


def test_where_our_own_side_broke_off_the_sockets_reason_is_told() -> None:
    try:
        try:
            raise ConnectionClosedError(None, Close(1009, "over size limit"))
        except ConnectionClosedError:
            errors.APIError.raise_error(1006, "Abnormal closure.", None)
    except errors.APIError as error:
        lost = diagnose(error, opened=True, resuming=False)
    assert lost.code == 1006
    assert "1009" in lost.reason


@pytest.mark.parametrize(
    ("code", "reason", "opening", "resuming", "under_way"),
    [
        (1007, "Request contains an invalid argument.", GIVE_UP, AFRESH, AFRESH),
        (1008, "Operation is not implemented, or supported, or enabled.", AFRESH, AFRESH, AGAIN),
        (1007, "API key expired. Please renew the API key.", GIVE_UP, GIVE_UP, GIVE_UP),
        (1011, "The service is currently unavailable.", AGAIN, AGAIN, AGAIN),
        (1007, "input token count exceeds the maximum", AFRESH, AFRESH, AFRESH),
    ],
)
def test_the_same_close_means_more_or_less_by_where_the_session_stands(
    code: int, reason: str, opening: Verdict, resuming: Verdict, under_way: Verdict
) -> None:
    assert judge(code, reason) is opening
    assert judge(code, reason, resuming=True) is resuming
    assert judge(code, reason, opened=True) is under_way


@pytest.mark.parametrize(
    ("project", "code", "reason", "said"),
    [
        ("", 1015, "certificate not trusted", "GEMINI_CA_FILE"),
        ("", 403, "", "GEMINI_API_KEY"),
        ("p", 403, "", "roles/aiplatform.user"),
        ("", 429, "", "quota"),
        ("", 1011, "You exceeded your current quota", "quota"),
        ("p", 1008, "Publisher Model `x` was not found", "GOOGLE_CLOUD_LOCATION"),
        ("", 404, "", "GEMINI_MODEL"),
        ("", 0, "not reached", "HTTPS_PROXY"),
        ("", 503, "", "later"),
        ("", 1007, "Request contains an invalid argument.", "GEMINI_"),
    ],
)
def test_a_finding_says_how_to_mend_it(project: str, code: int, reason: str, said: str) -> None:
    settings = GeminiSettings(project=project, api_key=SecretStr("k"))
    assert said in mend(settings, code, reason)
