"""The one google-genai client of the process. It costs 60 ms and megabytes, so it is shared."""

from __future__ import annotations

import ssl
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from google import genai
from google.genai import types

from conversation.gemini.losses import GeminiError
from conversation.gemini.settings import Backend, GeminiSettings

MAX_MESSAGE_BYTES = 8 << 20
# The service's pongs have been seen to take half a minute under load; a keep-alive of our own
# would end sound sessions. Silence is watched by the conversation instead.
_SOCKET: dict[str, Any] = {
    "ping_interval": None,
    "compression": None,
    "max_size": MAX_MESSAGE_BYTES,
    "close_timeout": 2.0,
}


class ClientError(GeminiError):
    """The client cannot be made from these settings; the message names the setting."""


def _trust(settings: GeminiSettings) -> dict[str, ssl.SSLContext]:
    """The context for a CA of one's own; else the SDK makes one, with certifi's authorities and,
    on Vertex AI, the machine's client certificate."""
    if settings.ca_file is None:
        return {}
    try:
        return {"ssl": ssl.create_default_context(cafile=settings.ca_file)}
    except (OSError, ssl.SSLError) as error:
        raise ClientError(
            f"GEMINI_CA_FILE={settings.ca_file}: no certificate can be read ({error})"
        ) from None


def _is_this_machine(base_url: str) -> bool:
    host = urlsplit(base_url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def open_client(settings: GeminiSettings) -> genai.Client:
    """A client for many live sessions at once, on the service the settings choose.

    Raises:
        ClientError: no service is chosen, or the CA file cannot be read.
    """
    socket = {**_SOCKET, "open_timeout": settings.connect_seconds, **_trust(settings)}
    if _is_this_machine(settings.base_url):
        socket["proxy"] = None
    vertex = settings.backend is Backend.VERTEX
    options = types.HttpOptions(
        api_version=settings.api_version or ("v1beta1" if vertex else "v1beta"),
        base_url=settings.base_url or None,
        async_client_args=socket,
    )
    if vertex:
        return genai.Client(
            vertexai=True,
            project=settings.project,
            location=settings.location,
            http_options=options,
        )
    if settings.api_key is None and not settings.base_url:
        raise ClientError(
            "no model: set GOOGLE_CLOUD_PROJECT (Vertex AI), GEMINI_API_KEY, or GEMINI_BASE_URL"
        )
    key = settings.api_key.get_secret_value() if settings.api_key else "emulator"
    return genai.Client(api_key=key, vertexai=False, http_options=options)
