"""Scripts of calls: a small YAML, read with the line of every mistake.

::

    voice: am_michael          # optional, for the whole script; so are level_db and noise_db
    steps:
      - wait: greeting         # Myra speaks first, to the end
      - say: "Hello, I need my booking."
        voice: bf_emma         # optional; level_db too
      - wait: reply            # optional: quiet, times, within
      - expect: {reply_within: 3.0, says: "reference"}
      - press: "427#"
      - wav: cough.wav         # relative to the script
      - interrupt: {after: 1.2, say: "Stop, please."}
      - expect: {silent_within: 0.4}
      - silence: 5             # or wait: 5
      - hang_up:
      - expect: {after: goodbye, hung_up_by_hotline: false}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from emulators.twilio.fields import Fields, ScriptError
from emulators.twilio.protocol import KEYS
from emulators.twilio.steps import (
    ENDING_SECONDS,
    QUIET_SECONDS,
    REPLY_SECONDS,
    Expect,
    HangUp,
    Interrupt,
    Press,
    Say,
    Script,
    Silence,
    Speech,
    Step,
    WaitReply,
)

EXPECTATIONS = (
    *("reply_within", "silent_within", "says", "never_says"),
    *("hung_up_by_hotline", "after"),
)
MOST_REPLIES = 20


def read_script(text: str, name: str = "script", folder: Path = Path()) -> Script:
    """The script in a YAML text; files are looked for in ``folder``.

    Raises:
        ScriptError: with the line of the first mistake.
    """
    try:
        root = yaml.compose(text, yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line if error.problem_mark else 0) + 1
        raise ScriptError(f"{name}, line {line}: no YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise ScriptError(f"{name}: no YAML: {error}") from None
    if root is None:
        raise ScriptError(f"{name} is empty; a script needs steps:")
    top = Fields(root, "a script", name)
    top.only("steps", "voice", "level_db", "noise_db")
    steps = top.nodes.get("steps")
    if not isinstance(steps, yaml.SequenceNode) or not steps.value:
        raise top.error("a script needs steps: with a list under it", steps)
    habits = _Habits(folder, top.text("voice"), _level(top, None))
    noise = top.optional("noise_db", -100.0, 0.0)
    return Script(tuple(_step(Fields(node, "a step", name), habits) for node in steps.value), noise)


def load_script(path: Path) -> Script:
    """The script in a file.

    Raises:
        ScriptError: there is no such file, or it cannot be followed.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ScriptError(f"{path} cannot be read: {error}") from None
    return read_script(text, path.name, path.parent)


@dataclass(frozen=True, slots=True)
class _Habits:
    """What holds for the whole script unless a step says otherwise."""

    folder: Path
    voice: str
    level_db: float | None


def _step(fields: Fields, habits: _Habits) -> Step:
    verbs = [name for name in fields.nodes if name in _VERBS]
    if len(verbs) != 1:
        found = ", ".join(fields.nodes) or "nothing"
        raise fields.error(f"a step is one of {', '.join(_VERBS)}; found {found}")
    return _VERBS[verbs[0]](fields, habits)


def _level(fields: Fields, default: float | None) -> float | None:
    level = fields.optional("level_db", -60.0, 0.0)
    return default if level is None else level


def _speech(fields: Fields, habits: _Habits) -> Speech:
    level = _level(fields, habits.level_db)
    if "wav" in fields:
        path = habits.folder / fields.text("wav")
        if not path.is_file():
            raise fields.error(f"there is no file {path}", fields.nodes["wav"])
        return Speech("", path, "", level)
    text = fields.text("say").strip()
    if not text:
        raise fields.error(f"{fields.what} has nothing to say")
    return Speech(text, None, fields.text("voice", habits.voice), level)


def _say(fields: Fields, habits: _Habits) -> Step:
    fields.only("say", "voice", "level_db")
    return Say(fields.line, _speech(fields, habits))


def _wav(fields: Fields, habits: _Habits) -> Step:
    fields.only("wav", "level_db")
    return Say(fields.line, _speech(fields, habits))


def _wait(fields: Fields, _: _Habits) -> Step:
    what = fields.value("wait")
    if isinstance(what, int | float) and not isinstance(what, bool):
        fields.only("wait")
        return Silence(fields.line, fields.number("wait", 0.0))
    fields.only("wait", "times", "quiet", "within")
    if what not in {"reply", "greeting"}:
        raise fields.error("wait is for reply, for greeting, or a number of seconds")
    return WaitReply(
        fields.line,
        greeting=what == "greeting",
        times=int(fields.number("times", 1, 1, MOST_REPLIES)),
        quiet=fields.number("quiet", QUIET_SECONDS),
        within=fields.number("within", REPLY_SECONDS),
    )


def _silence(fields: Fields, _: _Habits) -> Step:
    fields.only("silence")
    return Silence(fields.line, fields.number("silence", 0.0))


def _press(fields: Fields, _: _Habits) -> Step:
    fields.only("press")
    digits = fields.text("press")
    if not digits or set(digits) - KEYS:
        raise fields.error(f"press takes 0-9, *, # and A-D, not {digits!r}")
    return Press(fields.line, digits)


def _interrupt(fields: Fields, habits: _Habits) -> Step:
    fields.only("interrupt")
    inner = fields.inner("interrupt")
    inner.only("after", "say", "wav", "voice", "level_db", "within")
    return Interrupt(
        fields.line,
        after=inner.number("after", 0.0),
        speech=_speech(inner, habits),
        within=inner.number("within", REPLY_SECONDS),
    )


def _hang_up(fields: Fields, _: _Habits) -> Step:
    fields.only("hang_up")
    return HangUp(fields.line)


def _expect(fields: Fields, _: _Habits) -> Step:
    fields.only("expect")
    inner = fields.inner("expect")
    inner.only(*EXPECTATIONS, "within")
    if not any(name in inner for name in EXPECTATIONS):
        raise inner.error(f"expect needs one of {', '.join(EXPECTATIONS)}")
    return Expect(
        fields.line,
        reply_within=inner.optional("reply_within"),
        silent_within=inner.optional("silent_within"),
        says=inner.pattern("says"),
        never_says=inner.pattern("never_says"),
        hung_up_by_hotline=inner.flag("hung_up_by_hotline"),
        after=inner.choice("after", "transfer", "goodbye"),
        within=inner.number("within", ENDING_SECONDS),
    )


_VERBS: Mapping[str, Callable[[Fields, _Habits], Step]] = {
    "say": _say,
    "wav": _wav,
    "wait": _wait,
    "silence": _silence,
    "press": _press,
    "interrupt": _interrupt,
    "expect": _expect,
    "hang_up": _hang_up,
}
