"""The phone door's URLs."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route, WebSocketRoute

from telephony.door import PhoneDoor
from telephony.stream import MediaStream
from telephony.webhooks import Webhooks

MEDIA = "/twilio/media"


def routes(door: PhoneDoor) -> list[BaseRoute]:
    """Twilio's webhooks (POST) and the media stream (WebSocket)."""
    webhooks = Webhooks(door)
    posts = {
        "/twilio/voice": webhooks.voice,
        "/twilio/after": webhooks.after,
        "/twilio/status": webhooks.status,
        "/twilio/stream-status": webhooks.stream_status,
        "/twilio/transferred": webhooks.transferred,
        "/twilio/briefing": webhooks.briefing,
    }
    return [
        *(Route(path, endpoint, methods=["POST"]) for path, endpoint in posts.items()),
        WebSocketRoute(MEDIA, MediaStream(door).serve),
    ]
