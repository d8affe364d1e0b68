"""Is the model there? Opens one live session and closes it, and says what it found."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from google import genai
from google.auth.exceptions import GoogleAuthError
from google.genai import errors, types
from websockets.exceptions import InvalidStatus, WebSocketException

from conversation.gemini.client import ClientError, open_client
from conversation.gemini.settings import Backend, GeminiSettings

_MEND = {
    Backend.VERTEX: (
        "check GOOGLE_CLOUD_PROJECT, GOOGLE_CLOUD_LOCATION, GEMINI_MODEL, and that this "
        "account may use Vertex AI (roles/aiplatform.user; gcloud auth application-default login)"
    ),
    Backend.KEY: "check GEMINI_API_KEY and GEMINI_MODEL",
    Backend.EMULATOR: "check GEMINI_BASE_URL and GEMINI_CA_FILE, or unset both",
}


@dataclass(frozen=True, slots=True)
class ModelFinding:
    """What was looked at, whether it is well, and how to mend it if not."""

    subject: str
    well: bool
    detail: str
    mend: str = ""


async def check_model(settings: GeminiSettings) -> ModelFinding:
    """Open and close a live session; never raises for what a configuration can get wrong."""
    subject = f"model {settings.model}"
    mend = _MEND[settings.backend]
    try:
        client = open_client(settings)
        async with asyncio.timeout(settings.connect_seconds):
            await _open_once(client, settings)
    except (ClientError, GoogleAuthError, ValueError) as error:
        return ModelFinding(subject, False, str(error), mend)
    except TimeoutError:
        return ModelFinding(subject, False, f"no answer in {settings.connect_seconds:g} s", mend)
    except InvalidStatus as error:
        detail = f"refused with HTTP {error.response.status_code}"
        return ModelFinding(subject, False, detail, mend)
    except errors.APIError as error:
        return ModelFinding(subject, False, f"{error.code} {error.details or ''}".strip(), mend)
    except (OSError, WebSocketException) as error:
        return ModelFinding(subject, False, f"not reached: {error}", mend)
    return ModelFinding(subject, True, settings.described)


async def _open_once(client: genai.Client, settings: GeminiSettings) -> None:
    config = types.LiveConnectConfig(response_modalities=[types.Modality.AUDIO])
    async with client.aio.live.connect(model=settings.model, config=config):
        pass
