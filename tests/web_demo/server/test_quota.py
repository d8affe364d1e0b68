"""How much of the demo may be used."""

from __future__ import annotations

import pytest

from web_demo.server.quota import DAY, HOUR, Quota

pytestmark = pytest.mark.pure


def test_each_visitor_has_an_hours_calls() -> None:
    quota = Quota(2, 1440)
    for at in (0.0, 600.0):
        assert quota.refusal("Ada", at) == ""
        quota.begun("Ada", at)
    assert quota.refusal("Ada", 1200.0).endswith("in 40 minutes.")
    assert quota.refusal("Grace", 1200.0) == ""
    assert quota.refusal("Ada", HOUR) == ""


def test_a_days_minutes_are_everybodys() -> None:
    quota = Quota(100, 10)
    quota.held(599.0, 0.0)
    assert quota.refusal("Ada", 1.0) == ""
    quota.held(1.0, 100.0)
    assert "tomorrow" in quota.refusal("Ada", 200.0)
    assert quota.refusal("Ada", DAY) == ""
