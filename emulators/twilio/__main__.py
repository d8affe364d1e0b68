"""``python -m emulators.twilio``: the same as ``hotline call``."""

from emulators.twilio.command import call

call()
