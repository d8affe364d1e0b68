"""Is the model there? Opens one live session as a call would, closes it, and says what it found."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass
from http import HTTPStatus

from google.auth.exceptions import GoogleAuthError

from conversation.gemini.client import ClientError, open_client
from conversation.gemini.close_codes import NOT_REACHED, TLS_FAILED
from conversation.gemini.config import Setup, live_config
from conversation.gemini.losses import SessionLost
from conversation.gemini.session import open_session
from conversation.gemini.settings import Backend, GeminiSettings

_CHOSEN_BY = {
    Backend.VERTEX: "GOOGLE_CLOUD_PROJECT, GOOGLE_CLOUD_LOCATION",
    Backend.KEY: "GEMINI_API_KEY",
    Backend.EMULATOR: "GEMINI_BASE_URL and GEMINI_CA_FILE, or unset both",
}
_REFUSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)


@dataclass(frozen=True, slots=True)
class ModelFinding:
    """What was looked at, whether it is well, and how to mend it if not."""

    subject: str
    well: bool
    detail: str
    mend: str = ""


async def check_model(settings: GeminiSettings, setup: Setup | None = None) -> ModelFinding:
    """Open and close a live session; never raises for what a configuration can get wrong.

    ``setup`` is a call's own, so that the service judges its tools too; without it the check is
    of everything but those.
    """
    subject = f"model {settings.model}"
    config = live_config(settings, setup or Setup("This session is a check.", ()))
    try:
        client = open_client(settings)
        async with AsyncExitStack() as stack:
            session = await open_session(
                stack, client, settings.model, config, seconds=settings.connect_seconds
            )
            await session.close()
    except (ClientError, GoogleAuthError, ValueError) as error:
        return ModelFinding(subject, False, str(error), f"check {_CHOSEN_BY[settings.backend]}")
    except SessionLost as lost:
        detail = f"{lost.code} {lost.reason}" if lost.code else lost.reason
        return ModelFinding(subject, False, detail, mend(settings, lost.code, lost.reason))
    return ModelFinding(subject, True, settings.described)


def mend(settings: GeminiSettings, code: int, reason: str) -> str:
    """What to do about a session that could not be opened."""
    lowered = reason.lower()
    vertex = settings.backend is Backend.VERTEX
    if code == TLS_FAILED:
        return "check GEMINI_CA_FILE: it must hold the authority that signed the certificate"
    if code in _REFUSED or "api key" in lowered or "permission" in lowered:
        if vertex:
            return (
                "let this account use Vertex AI (roles/aiplatform.user), and give it credentials: "
                "a service account, or gcloud auth application-default login"
            )
        return f"check {_CHOSEN_BY[settings.backend]}"
    if code == HTTPStatus.TOO_MANY_REQUESTS or "quota" in lowered:
        return "the quota is used up: wait, or have it raised"
    if code == HTTPStatus.NOT_FOUND or "not found" in lowered:
        where = "GOOGLE_CLOUD_LOCATION and " if vertex else ""
        return f"check {where}GEMINI_MODEL: {settings.model} is not served there"
    if code == NOT_REACHED:
        address = settings.base_url or "Google's address"
        return f"check that {address} can be reached from here (GEMINI_BASE_URL, HTTPS_PROXY)"
    if not settings.base_url and code >= HTTPStatus.INTERNAL_SERVER_ERROR and code < 1000:
        return "the service is not well; try again later"
    return f"check GEMINI_MODEL and the other GEMINI_ settings, {_CHOSEN_BY[settings.backend]}"
