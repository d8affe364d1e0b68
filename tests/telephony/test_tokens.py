"""Stream tokens: one use, one call, one account, one minute."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.counters import Count
from telephony.tokens import StreamTokens

pytestmark = pytest.mark.pure


def store(most: int = 10) -> StreamTokens[str]:
    return StreamTokens(seconds=60, most=most)


def issue(tokens: StreamTokens[str], call: str = "CA1", now: float = 0.0) -> str:
    token = tokens.issue(call, "AC1", f"grant of {call}", now)
    assert token is not None
    return token


def test_a_token_grants_once() -> None:
    tokens = store()
    token = issue(tokens)
    assert tokens.redeem("CA1", "AC1", token, 1) == "grant of CA1"
    assert tokens.redeem("CA1", "AC1", token, 2) is Count.TOKEN_REUSED


def test_a_token_is_bound_to_its_call_and_account() -> None:
    tokens = store()
    token = issue(tokens)
    issue(tokens, "CA2")
    assert tokens.redeem("CA2", "AC1", token, 1) is Count.TOKEN_WRONG
    assert tokens.redeem("CA1", "AC2", token, 1) is Count.TOKEN_WRONG
    assert tokens.redeem("CA3", "AC1", token, 1) is Count.TOKEN_WRONG
    assert tokens.redeem("CA1", "AC1", "", 1) is Count.TOKEN_WRONG
    assert tokens.redeem("CA1", "AC1", token, 1) == "grant of CA1", "wrong tries spoil nothing"


def test_a_token_expires() -> None:
    tokens = store()
    token = issue(tokens)
    assert tokens.redeem("CA1", "AC1", token, 60) is Count.TOKEN_EXPIRED
    assert tokens.redeem("CA1", "AC1", issue(tokens, now=61), 61 + 59.9) == "grant of CA1"


def test_a_newer_token_replaces_the_call_s_older_one() -> None:
    tokens = store()
    old, new = issue(tokens), issue(tokens)
    assert tokens.redeem("CA1", "AC1", old, 1) is Count.TOKEN_WRONG
    assert tokens.redeem("CA1", "AC1", new, 1) == "grant of CA1"


def test_the_store_is_bounded_and_frees_itself() -> None:
    tokens = store(most=2)
    issue(tokens, "CA1")
    issue(tokens, "CA2")
    assert tokens.issue("CA3", "AC1", "", 1) is None
    assert len(tokens) == 2
    assert tokens.issue("CA3", "AC1", "", 200) is not None
    assert len(tokens) == 1


def test_who_waits_is_counted() -> None:
    tokens = store()
    token = issue(tokens, "CA1")
    issue(tokens, "CA2")
    assert tokens.waiting(1) == 2
    tokens.redeem("CA1", "AC1", token, 1)
    assert tokens.waiting(1) == 1
    assert tokens.waiting(61) == 0


def test_tokens_differ_and_are_long() -> None:
    tokens = store(most=1000)
    made = {issue(tokens, f"CA{i}") for i in range(500)}
    assert len(made) == 500
    assert min(map(len, made)) >= 43


@given(st.text(), st.text(), st.text())
def test_no_guess_is_granted(call: str, account: str, token: str) -> None:
    tokens = store()
    issue(tokens)
    assert tokens.redeem(call, account, token, 1) is Count.TOKEN_WRONG
