"""What ends or breaks a connection at its time: goAway, which all meet in the end, and faults."""

from __future__ import annotations

import asyncio

from websockets.exceptions import ConnectionClosed

from emulators.gemini import replies
from emulators.gemini.behaviour import Behaviour
from emulators.gemini.faults import Fault, FaultPlan
from emulators.gemini.outlet import Outlet

DEADLINE = "Deadline expired before operation could complete."


def timed_faults(plan: FaultPlan, behaviour: Behaviour) -> list[Fault]:
    """The plan's, and the service's own goAway unless the plan has another."""
    faults = list(plan.timed)
    after, left = behaviour.go_away_after, behaviour.go_away_left
    if after is not None and all(fault.name != "goaway" for fault in faults):
        faults.append(Fault("goaway", value=str(left), after=after))
    return faults


async def strike(fault: Fault, outlet: Outlet, behaviour: Behaviour) -> None:
    """Waits for the fault's moment, counted from now, and lets it happen."""
    try:
        await asyncio.sleep(fault.after or 0)
        if fault.name == "drop":
            outlet.drop()
        elif fault.name == "close":
            await outlet.close(fault.number, fault.reason)
        else:
            left = fault.seconds(behaviour.go_away_left)
            await outlet.send(replies.go_away(left))
            await asyncio.sleep(left)
            await outlet.close(1011, DEADLINE)
    except ConnectionClosed:
        return
