"""How the server's socket listens, so that a peer which does not read is felt."""

from __future__ import annotations

import socket

# About 8 s of sound. The operating system would otherwise take minutes of it, which no clear
# could overtake and no stall would show.
SEND_BUFFER = 64 * 1024
# What a peer has not taken by then ends the connection, also one that we have closed already.
GIVE_UP_MS = 10_000


def tune(listener: socket.socket) -> None:
    """Set up a listening TCP socket; connections inherit it from there (Linux: tcp(7))."""
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, GIVE_UP_MS)
