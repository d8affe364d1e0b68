"""A page gets everything once and in order, however often its socket is lost on the way."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from web_demo.server.messages import HEADER
from web_demo.server.outgoing import Outgoing

pytestmark = pytest.mark.pure

STEPS = st.lists(
    st.sampled_from(["sound", "text", "send", "send", "arrive", "ack", "lose", "clear"]),
    max_size=60,
)


class Network:
    """A socket and a page at its end: what is sent may be lost with the socket."""

    def __init__(self) -> None:
        self.outgoing = Outgoing(60.0)
        self.under_way: list[str | bytes] = []
        self.seqs: list[int] = []
        self.messages: list[dict[str, Any]] = []
        self.sounds: list[tuple[int, bytes]] = []

    @property
    def seq(self) -> int:
        return self.seqs[-1] if self.seqs else 0

    @property
    def n(self) -> int:
        return int(self.messages[-1]["n"]) if self.messages else 0

    def send(self) -> bool:
        data = self.outgoing.take()
        if data is not None:
            self.under_way.append(data)
        return data is not None

    def arrive(self) -> None:
        if not self.under_way:
            return
        data = self.under_way.pop(0)
        if isinstance(data, str):
            self.messages.append(orjson.loads(data))
        else:
            header = HEADER.unpack_from(data)
            self.seqs.append(header[4])
            self.sounds.append((header[5], data[HEADER.size :]))

    def lose(self) -> None:
        self.under_way.clear()
        self.outgoing.resumed(self.seq, self.n)

    def settle(self) -> None:
        while self.send():
            pass
        while self.under_way:
            self.arrive()


@given(STEPS)
def test_everything_comes_once_in_order_and_without_a_hole(steps: list[str]) -> None:
    network, said = Network(), 0
    for number, step in enumerate(steps):
        if step == "sound":
            network.outgoing.sound(b"\1\0" * 10, take=1, position=number, flags=0)
        elif step == "text":
            said += 1
            network.outgoing.tell({"type": "state", "said": said})
        elif step == "send":
            network.send()
        elif step == "arrive":
            network.arrive()
        elif step == "ack":
            network.outgoing.acknowledged(network.seq, network.n)
        elif step == "lose":
            network.lose()
        else:
            network.outgoing.drop_sound()
    network.lose()
    network.settle()
    assert [message["said"] for message in network.messages] == list(range(1, said + 1))
    assert [message["n"] for message in network.messages] == list(range(1, said + 1))
    assert network.seqs == list(range(1, len(network.seqs) + 1))
    positions = [position for position, _ in network.sounds]
    assert positions == sorted(positions)
    if "clear" not in steps:
        assert positions == [at for at, step in enumerate(steps) if step == "sound"]
    network.outgoing.acknowledged(network.seq, network.n)
    network.outgoing.sound(bytes(2 * 24000 * 60), take=1, position=0, flags=0)
    assert not network.outgoing.full, "what has arrived is no debt any more"


def test_no_sound_outlives_a_clear() -> None:
    network = Network()
    for position in range(6):
        network.outgoing.sound(b"\1\0", take=1, position=position, flags=0)
    for _ in range(4):
        network.send()
    network.arrive()
    network.outgoing.drop_sound()
    network.lose()
    network.outgoing.tell({"type": "clear"})
    network.outgoing.sound(b"\2\0", take=2, position=0, flags=0)
    network.settle()
    assert [pcm for _, pcm in network.sounds] == [b"\1\0", b"", b"", b"", b"\2\0"]
    assert network.seqs == [1, 2, 3, 4, 5]


def test_a_page_too_far_behind_is_noticed() -> None:
    outgoing = Outgoing(1.0)
    for _ in range(5):
        outgoing.sound(bytes(9600), take=1, position=0, flags=0)
        outgoing.take()
    assert not outgoing.full
    outgoing.sound(b"\0\0", take=1, position=0, flags=0)
    assert outgoing.full
    outgoing.drop_sound()
    assert not outgoing.full
