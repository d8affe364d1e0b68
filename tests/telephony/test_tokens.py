"""Stream tokens: one use, one call, one account, one minute, and every process knows them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.caller import CallerId, Kind
from telephony.counters import Count
from telephony.grant import Grant, unpacked
from telephony.tokens import SOON, StreamTokens, keys_from

pytestmark = pytest.mark.pure

KEYS = keys_from(["a secret that all processes have"])
CALLER = CallerId(Kind.PHONE, "+14155550100")
GRANT = Grant(CALLER, attested=True)
WALL = 1_790_000_000.25

callers = st.builds(
    CallerId,
    st.sampled_from(Kind),
    st.from_regex(r"(\\+[1-9][0-9]{6,14})?", fullmatch=True),
    st.text(max_size=128),
)
grants = st.builds(
    Grant,
    callers,
    st.booleans(),
    st.integers(1, 999),
    st.sampled_from(["", "failed", "transfer_failed"]),
)


def store(most: int = 10, keys: list[bytes] = KEYS) -> StreamTokens:
    return StreamTokens(seconds=60, most=most, keys=keys)


def issue(tokens: StreamTokens, call: str = "CA1", grant: Grant = GRANT, now: float = 0.0) -> str:
    token = tokens.issue(call, "AC1", grant, now, WALL + now)
    assert token is not None
    return token


def test_a_token_grants_once() -> None:
    tokens = store()
    token = issue(tokens)
    assert tokens.redeem("CA1", "AC1", token, WALL + 1) == GRANT
    assert tokens.redeem("CA1", "AC1", token, WALL + 2) is Count.TOKEN_REUSED


def test_another_process_takes_it_where_it_has_the_secret() -> None:
    token = issue(store())
    assert store().redeem("CA1", "AC1", token, WALL + 1) == GRANT
    stranger = store(keys=keys_from(["another secret, as long as it may be"]))
    assert stranger.redeem("CA1", "AC1", token, WALL + 1) is Count.TOKEN_WRONG


def test_without_a_secret_nobody_else_takes_it() -> None:
    tokens = store(keys=keys_from([]))
    token = issue(tokens)
    assert store(keys=keys_from(["", ""])).redeem("CA1", "AC1", token, WALL) is Count.TOKEN_WRONG
    assert tokens.redeem("CA1", "AC1", token, WALL) == GRANT


def test_a_secret_is_rotated_without_losing_a_call() -> None:
    """First all accept the new one, then it seals, then the old one is dropped."""
    only_old, both, turned, only_new = (
        store(keys=keys_from(secrets))
        for secrets in (["old"], ["old", "new"], ["new", "old"], ["new"])
    )
    for sealing, taking in ((only_old, both), (both, only_old), (both, turned), (turned, both)):
        assert taking.redeem("CA1", "AC1", issue(sealing), WALL) == GRANT
    assert only_new.redeem("CA1", "AC1", issue(turned), WALL) == GRANT
    assert turned.redeem("CA1", "AC1", issue(only_new), WALL) == GRANT


def test_a_token_is_bound_to_its_call_and_account() -> None:
    tokens = store()
    token = issue(tokens)
    issue(tokens, "CA2")
    assert tokens.redeem("CA2", "AC1", token, WALL) is Count.TOKEN_WRONG
    assert tokens.redeem("CA1", "AC2", token, WALL) is Count.TOKEN_WRONG
    assert tokens.redeem("CA1A", "C1", token, WALL) is Count.TOKEN_WRONG
    assert tokens.redeem("CA1", "AC1", "", WALL) is Count.TOKEN_WRONG
    assert tokens.redeem("CA1", "AC1", token, WALL) == GRANT, "wrong tries spoil nothing"


def test_a_token_expires() -> None:
    tokens = store()
    assert tokens.redeem("CA1", "AC1", issue(tokens), WALL + 60) is Count.TOKEN_EXPIRED
    assert tokens.redeem("CA1", "AC1", issue(tokens, now=61), WALL + 61 + 59.9) == GRANT


@pytest.mark.parametrize("elsewhere", [False, True])
def test_the_call_s_next_token_replaces_its_older_one(elsewhere: bool) -> None:
    """Also where the next one was made by another process and has been used here."""
    here, there = store(), store()
    old = issue(here)
    again = Grant(CALLER, attested=True, attempt=2, returning="failed")
    new = issue(there if elsewhere else here, grant=again)
    if elsewhere:
        assert here.redeem("CA1", "AC1", new, WALL) == again
    assert here.redeem("CA1", "AC1", old, WALL) is Count.TOKEN_WRONG
    if not elsewhere:
        assert here.redeem("CA1", "AC1", new, WALL) == again


def test_an_older_attempt_s_maker_takes_the_next_one_from_elsewhere() -> None:
    here = store()
    issue(here)
    again = Grant(CALLER, attested=True, attempt=2)
    assert here.redeem("CA1", "AC1", issue(store(), grant=again), WALL) == again


def test_who_is_expected_is_counted_bounded_and_forgotten_soon() -> None:
    tokens = store(most=2)
    token = issue(tokens, "CA1")
    issue(tokens, "CA2")
    assert tokens.issue("CA3", "AC1", GRANT, 1, WALL) is None
    assert tokens.waiting(1) == 2
    tokens.redeem("CA1", "AC1", token, WALL)
    assert tokens.waiting(1) == 1
    assert tokens.issue("CA3", "AC1", GRANT, 1, WALL) is not None
    assert tokens.waiting(1 + SOON) == 0, "it came to another process"
    assert tokens.issue("CA4", "AC1", GRANT, 1 + SOON, WALL) is not None


def test_tokens_differ() -> None:
    tokens = store(most=1000)
    assert len({issue(tokens) for _ in range(500)}) == 500


@given(st.text(), st.text(), st.text())
def test_no_guess_is_granted(call: str, account: str, token: str) -> None:
    assert store().redeem(call, account, token, WALL) is Count.TOKEN_WRONG


@given(st.data())
def test_no_changed_token_is_granted(data: st.DataObject) -> None:
    tokens = store()
    token = issue(tokens)
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters(codec="ascii").filter(lambda one: one != token[at]))
    changed = token[:at] + other + token[at + 1 :]
    granted = tokens.redeem("CA1", "AC1", changed, WALL)
    # The last letter of base64 holds bits that mean nothing; it is the same token then.
    assert granted is Count.TOKEN_WRONG or at in (token.index(".") - 1, len(token) - 1)
    if granted == GRANT:
        assert tokens.redeem("CA1", "AC1", token, WALL) is Count.TOKEN_REUSED


@given(grants)
def test_a_grant_travels_whole_and_within_twilio_s_bounds(grant: Grant) -> None:
    found = store().redeem("CA1", "AC1", token := issue(store(), grant=grant), WALL)
    assert isinstance(found, Grant)
    assert len("token") + len(token) < 500
    assert (found.attempt, found.returning, found.attested) == (
        grant.attempt,
        grant.returning,
        grant.attested,
    )
    assert (found.caller.kind, found.caller.number) == (grant.caller.kind, grant.caller.number)
    assert grant.caller.user.startswith(found.caller.user)
    if len(grant.caller.user.encode()) <= 200:
        assert found == grant


@given(st.binary(max_size=64))
def test_what_is_no_grant_is_refused(packed: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        unpacked(packed)
