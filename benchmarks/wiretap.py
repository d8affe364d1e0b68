"""When a message was on the wire, by the kernel's own clock: the reading end may be busy.

A packet socket on the loopback interface, with the kernel's receive time of each packet, filtered
to what one TCP port sends. It needs root (CAP_NET_RAW); without it there is no tap.
"""

from __future__ import annotations

import contextlib
import ctypes
import re
import socket
import struct
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

# Of <asm-generic/socket.h> and <linux/if_packet.h>; the socket module does not name them.
_SO_ATTACH_FILTER = 26
_SO_RCVBUFFORCE = 33
_SO_TIMESTAMPNS = 35
_PACKET_OUTGOING = 4  # loopback shows each packet twice
_ETH_IP = 0x0800
_BUFFER = 8 << 20
_CLEAR = re.compile(rb'"event":\s*"clear",\s*"streamSid":\s*"(\w+)"')


@dataclass(slots=True)
class Tap:
    """``clears``: for each stream's SID, when a clear was sent to it, in seconds of the
    monotonic clock."""

    clears: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


@contextlib.contextmanager
def clears_sent_by(port: int) -> Iterator[Tap | None]:
    """Listen to what a server on this machine sends; None where that is not permitted."""
    try:
        tapped = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_ETH_IP))
    except PermissionError:
        yield None
        return
    with tapped:
        with _from_port(port) as program:
            tapped.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, program)
        tapped.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _BUFFER)
        tapped.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        tapped.bind(("lo", _ETH_IP))
        tapped.settimeout(0.2)
        found, over = Tap(), threading.Event()
        listener = threading.Thread(target=_listen, args=(tapped, found, over))
        listener.start()
        try:
            yield found
        finally:
            over.set()
            listener.join()


def _listen(tapped: socket.socket, found: Tap, over: threading.Event) -> None:
    monotonic_less_real = time.monotonic() - time.time()
    while not over.is_set():
        try:
            packet, extra, _, where = tapped.recvmsg(65536, 64)
        except TimeoutError:
            continue
        if where[2] == _PACKET_OUTGOING or (clear := _CLEAR.search(packet)) is None:
            continue
        for level, kind, data in extra:
            if level == socket.SOL_SOCKET and kind == _SO_TIMESTAMPNS:
                seconds, nanoseconds = struct.unpack("qq", data[:16])
                at = seconds + nanoseconds / 1e9 + monotonic_less_real
                found.clears[clear[1].decode()].append(at)


@contextlib.contextmanager
def _from_port(port: int) -> Iterator[bytes]:
    """A classic BPF program: TCP over IPv4 without options whose source port is this one."""
    program = [
        (0x30, 0, 0, 9),  # the protocol
        (0x15, 0, 3, 6),  # TCP
        (0x28, 0, 0, 20),  # the source port
        (0x15, 0, 1, port),
        (0x06, 0, 0, 0x40000),
        (0x06, 0, 0, 0),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in program))
    yield struct.pack("HL", len(program), ctypes.addressof(code))
