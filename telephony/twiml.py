"""What we answer Twilio's webhooks with: one function for each answer, each a whole document.

Verbs: twilio.com/docs/voice/twiml. Nothing follows <Connect>: what comes after the stream is
asked of its ``action``, which decides by what is known then.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twilio.twiml.voice_response import Dial, VoiceResponse

SORRY_RECONNECTING = "I am sorry, we lost the connection for a moment. One second, please."
SORRY_GIVING_UP = (
    "I am sorry, we have a technical problem and cannot go on with your call. "
    "Please call again in a few minutes."
)
SORRY_TO_A_PERSON = "I am sorry, we have a technical problem. I am putting you through to a person."
SORRY_NOBODY_FREE = "I am sorry, nobody could take your call just now. I am taking you back."
NOBODY_TOOK_IT = "I am sorry, nobody could take your call just now. Please call again later."


def connect(
    stream_url: str,
    action: str,
    parameters: Mapping[str, str],
    *,
    status_url: str = "",
    say: str = "",
    language: str = "en-US",
) -> str:
    """Connect the call to a bidirectional stream, after ``say`` where given.

    ``stream_url`` takes no query; what the stream needs to know goes into ``parameters``
    (names and values below 500 characters).
    """
    response = VoiceResponse()
    if say:
        response.say(say, language=language)
    status = {"status_callback": status_url} if status_url else {}
    stream = response.connect(action=action).stream(url=stream_url, **status)
    for name, value in parameters.items():
        stream.parameter(name=name, value=value)
    return str(response)


def transfer(
    to: str,
    action: str,
    *,
    briefing_url: str = "",
    caller_id: str = "",
    say: str = "",
    seconds: int = 25,
    language: str = "en-US",
) -> str:
    """Dial a person; ``action`` hears how it went.

    The caller hears ringing until the person answers, who is first told what ``briefing_url``
    says. ``to`` is a number or a SIP address; ``caller_id`` is needed where the caller's own
    identity is no number.
    """
    response = VoiceResponse()
    if say:
        response.say(say, language=language)
    options: dict[str, Any] = {"caller_id": caller_id} if caller_id else {}
    dial: Dial = response.dial(answer_on_bridge=True, action=action, timeout=seconds, **options)
    noun = dial.sip if to.lower().startswith(("sip:", "sips:")) else dial.number
    noun(to, **({"url": briefing_url} if briefing_url else {}))
    return str(response)


def briefing(text: str, *, language: str = "en-US") -> str:
    """What the person who answers a transfer hears before the caller is put through."""
    response = VoiceResponse()
    if text:
        response.say(text, language=language)
    return str(response)


def hang_up(say: str = "", *, language: str = "en-US") -> str:
    """End the call, with words where given."""
    response = VoiceResponse()
    if say:
        response.say(say, language=language)
    response.hangup()
    return str(response)


def busy() -> str:
    """Refuse a call before it is answered: the caller hears the busy tone and pays nothing."""
    response = VoiceResponse()
    response.reject(reason="busy")
    return str(response)


def nothing() -> str:
    """No more instructions."""
    return str(VoiceResponse())
