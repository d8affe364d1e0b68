"""What tool results do: let a blocked turn go on, or give the model something to say."""

from __future__ import annotations

from collections import deque

from emulators.gemini.conversation import Conversation
from emulators.gemini.floor import Floor
from emulators.gemini.messages import ToolResult
from emulators.gemini.steps import Step

WAITING = 16  # results that wait for the floor; beyond that the oldest is given up


class Answers:
    """Results as they come, and what is to be said of them once the floor is free."""

    def __init__(self, conversation: Conversation, floor: Floor) -> None:
        self._conversation = conversation
        self._floor = floor
        self.due: deque[list[Step]] = deque(maxlen=WAITING)

    async def take(self, result: ToolResult) -> bool:
        """One result; False when nobody waits for it (unknown, cancelled, or a repeated call's).

        Scheduling counts for calls that do not block: SILENT is known and not spoken of, WHEN_IDLE
        waits for the floor, INTERRUPT takes it from the model (never from the caller).
        """
        conversation = self._conversation
        pending = conversation.find(result.id, result.name)
        if pending is None:
            return False
        if pending.repeat:
            conversation.answered(pending, finally_so=not result.will_continue)
            return False
        if pending.blocking and self._floor.turn is not None:
            self._floor.turn.answer(result)
            return True
        only_ends = not result.response and pending.call.id in conversation.partly_answered
        conversation.answered(pending, finally_so=not result.will_continue)
        if only_ends:
            return True
        steps = conversation.mind.result(pending.call.id, pending.call.name, result.response)
        if result.scheduling == "INTERRUPT":
            await self._floor.interrupt(cancel_calls=False)
        if steps and result.scheduling != "SILENT":
            self.due.append(steps)
        return True
