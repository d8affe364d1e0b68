"""The variables of the installations that the tests bring up."""

from __future__ import annotations

from typing import Any

FALLBACK = "https://handler.twilio.com/twiml/EH00000000000000000000000000000000"
NUMBERS = {
    "main": {"phone_number": "+14155550100"},
    "berlin": {"phone_number": "+4930555010", "friendly_name": "Berlin office"},
}
TELEPHONY: dict[str, Any] = {
    "public_base_url": "https://voice.example.com",
    "voice_fallback_url": FALLBACK,
    "phone_numbers": NUMBERS,
    "sip": {
        "domain": "example-hotline",
        "users": ["pbx", "desk"],
        "addresses": {"office": "203.0.113.16/28"},
        "registration": True,
    },
    "sip_passwords": {"pbx": "Correct4Horses", "desk": "Battery5Staples"},
}
DATABASE_PASSWORD = "k9-never-in-state-4f21c7"
CLUSTER: dict[str, Any] = {
    "project": "hotline-test",
    "domain": "voice.example.com",
    "dns_zone": "example-com",
    "deployer": "serviceAccount:build@hotline-test.iam.gserviceaccount.com",
    "database_password": DATABASE_PASSWORD,
}
