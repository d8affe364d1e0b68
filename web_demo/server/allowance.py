"""How often a page may do what costs a model's tokens or a database's rows. Pure."""

from __future__ import annotations


class Allowance:
    """``at_once`` of something, and from then on as many as ``per_second`` gives back. Times are
    seconds of one clock, passed in."""

    def __init__(self, at_once: int, per_second: float) -> None:
        self._most = float(at_once)
        self._per_second = per_second
        self._left = self._most
        self._since: float | None = None

    def takes(self, now: float) -> bool:
        """Whether one more may be; if so it is counted."""
        since = now if self._since is None else self._since
        self._left = min(self._most, self._left + (now - since) * self._per_second)
        self._since = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
