"""How calls' lines were let go, in the database: what the processes of one hotline share."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from conversation.line import After, Ending
from tools.call_records import CallStore
from tools.database import DatabaseUnavailable

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SharedEndings:
    """The phone door's ``Endings``, kept in the record of calls."""

    store: CallStore

    async def keep(self, call_sid: str, attempt: int, ending: Ending) -> bool:
        kept = {
            "attempt": attempt,
            "after": ending.after.value,
            "reason": ending.reason,
            "detail": dict(ending.detail),
        }
        try:
            return await self.store.let_go(call_sid, kept)
        except DatabaseUnavailable as error:
            log.warning("ending not kept", extra={"call": call_sid, "why": str(error)})
            return False

    async def recall(self, call_sid: str, attempt: int | None = None) -> Ending | None:
        try:
            record = await self.store.call(call_sid)
        except DatabaseUnavailable as error:
            log.warning("ending not found", extra={"call": call_sid, "why": str(error)})
            return None
        kept = record.ending if record else None
        if kept is None or attempt not in (None, kept["attempt"]):
            return None
        return Ending(After(kept["after"]), kept["reason"], kept["detail"])
