"""How calls' lines were let go, in the database: what the processes of one hotline share."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from conversation.line import After, Ending
from tools.call_names import conversation_name
from tools.call_records import CallStore
from tools.database import DatabaseUnavailable
from tools.models import CallRecord

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
            return await self.store.let_go(conversation_name(call_sid, attempt), kept)
        except DatabaseUnavailable as error:
            log.warning("ending not kept", extra={"call": call_sid, "why": str(error)})
            return False

    async def recall(self, call_sid: str, attempt: int | None = None) -> Ending | None:
        try:
            records = await self._records(call_sid, attempt)
        except DatabaseUnavailable as error:
            log.warning("ending not found", extra={"call": call_sid, "why": str(error)})
            return None
        kept = next((one.ending for one in reversed(records) if one.ending), None)
        return Ending(After(kept["after"]), kept["reason"], kept["detail"]) if kept else None

    async def _records(self, call_sid: str, attempt: int | None) -> list[CallRecord]:
        if attempt is None:
            return await self.store.conversations(call_sid)
        record = await self.store.call(conversation_name(call_sid, attempt))
        return [record] if record else []
