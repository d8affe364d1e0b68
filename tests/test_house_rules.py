"""The rules of the house that no linter knows, checked on the syntax tree."""

from __future__ import annotations

import ast
import importlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.pure

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("media", "tools", "conversation", "telephony", "web_demo", "emulators", "hotline")
MAX_FILE, MAX_FUNCTION, MAX_CLASS = 400, 60, 200
REFUSED_NAMES = ("Manager", "Helper", "Util", "Utils", "Handler", "Processor", "Base")
PURE = (
    "media",
    "conversation/events.py",
    "conversation/actions.py",
    "conversation/playout.py",
    "conversation/transcript.py",
    "conversation/silence.py",
    "conversation/tool_calls.py",
    "conversation/latency.py",
    "conversation/core.py",
    "conversation/gemini/translate.py",
    "conversation/gemini/rotation.py",
    "conversation/gemini/close_codes.py",
    "telephony/messages.py",
    "telephony/twiml.py",
    "telephony/signature.py",
    "telephony/tokens.py",
    "telephony/grant.py",
    "telephony/gaps.py",
    "telephony/caller.py",
    "telephony/counters.py",
    "telephony/hours.py",
    "telephony/outbox.py",
    "telephony/inbox.py",
    "telephony/sound.py",
    "telephony/after.py",
    "telephony/liveness.py",
    "web_demo/server/audit.py",
    "web_demo/server/inbox.py",
    "web_demo/server/insight.py",
    "web_demo/server/insight_doing.py",
    "web_demo/server/insight_masking.py",
    "web_demo/server/insight_messages.py",
    "web_demo/server/insight_metrics.py",
    "web_demo/server/insight_replies.py",
    "web_demo/server/insight_tools.py",
    "web_demo/server/insight_words.py",
    "web_demo/server/messages.py",
    "web_demo/server/outgoing.py",
    "web_demo/server/paths.py",
    "web_demo/server/quota.py",
    "web_demo/server/reports.py",
    "web_demo/server/takes.py",
    "web_demo/server/uplink.py",
)
CLOCKS = {"time.time", "time.monotonic", "time.perf_counter", "datetime.now", "date.today"}
# The boundaries where any failure must become an answer instead of an ended call.
BROAD_EXCEPTS = {
    "tools/queue.py": 1,
    "telephony/stream.py": 1,
    "web_demo/server/door.py": 1,
    "hotline/recording.py": 1,
}


def sources(*folders: str) -> Iterator[Path]:
    """Every tracked or new Python file below the folders, tests and generated files aside."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "--", *folders],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    for name in sorted(listed):
        path = ROOT / name
        if name.endswith(".py") and path.exists():
            yield path


def where(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


def dotted(node: ast.AST) -> str:
    """The last two names of a call's target: ``asyncio.Queue``, ``datetime.now``."""
    if isinstance(node, ast.Attribute):
        owner = node.value
        head = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
        return f"{head}.{node.attr}"
    return getattr(node, "id", "")


def size(node: ast.AST) -> int:
    """Lines of a definition, its docstring not counted."""
    body = getattr(node, "body", [])
    doc = 0
    if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        doc = (body[0].end_lineno or 0) - body[0].lineno + 1
    return (getattr(node, "end_lineno", 0) or 0) - getattr(node, "lineno", 0) + 1 - doc


@pytest.fixture(scope="module")
def trees() -> list[tuple[Path, ast.Module]]:
    return [(path, ast.parse(path.read_text())) for path in sources(*ROOMS)]


Trees = list[tuple[Path, ast.Module]]


def test_files_functions_and_classes_stay_small(trees: Trees) -> None:
    wrong = []
    for path, tree in trees:
        lines = len(path.read_text().splitlines())
        if lines > MAX_FILE and "migrations" not in path.parts:
            wrong.append(f"{path.relative_to(ROOT)}: {lines} lines")
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                if size(node) > MAX_FUNCTION and "migrations" not in path.parts:
                    wrong.append(f"{where(path, node)}: {node.name} has {size(node)} lines")
            elif isinstance(node, ast.ClassDef) and size(node) > MAX_CLASS:
                wrong.append(f"{where(path, node)}: class {node.name} has {size(node)} lines")
    assert not wrong, "\n".join(wrong)


def test_names_say_what_a_thing_is(trees: Trees) -> None:
    wrong = [
        f"{where(path, node)}: {node.name}"
        for path, tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        and (node.name.endswith(REFUSED_NAMES[:-1]) or node.name.startswith("Base"))
        and node.name != "Base"  # SQLAlchemy's declarative base
    ]
    assert not wrong, "\n".join(wrong)


def test_tasks_have_a_parent(trees: Trees) -> None:
    wrong = [
        f"{where(path, node)}: {dotted(node.func)}"
        for path, tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and dotted(node.func)
        in {"asyncio.create_task", "asyncio.ensure_future", "loop.create_task"}
    ]
    assert not wrong, "tasks are children of a TaskGroup:\n" + "\n".join(wrong)


def test_queues_are_bounded(trees: Trees) -> None:
    wrong = [
        where(path, node)
        for path, tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and dotted(node.func) in {"asyncio.Queue", "queue.Queue"}
        and not node.args
        and not any(k.arg == "maxsize" for k in node.keywords)
    ]
    assert not wrong, "every queue states its bound:\n" + "\n".join(wrong)


def test_pure_modules_read_no_clock() -> None:
    wrong = [
        f"{where(path, node)}: {dotted(node.func)}"
        for path in sources(*PURE)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and dotted(node.func) in CLOCKS
    ]
    assert not wrong, "time is an argument here:\n" + "\n".join(wrong)


def test_only_the_attic_reads_the_environment(trees: Trees) -> None:
    wrong = [
        where(path, node)
        for path, tree in trees
        if path.relative_to(ROOT).parts[0] != "hotline"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and dotted(node) in {"os.environ", "os.getenv"}
    ]
    assert not wrong, "\n".join(wrong)


def test_broad_excepts_stand_at_named_boundaries_only(trees: Trees) -> None:
    counted: dict[str, int] = {}
    for path, tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler) and (
                node.type is None or dotted(node.type) in {"Exception", "BaseException"}
            ):
                name = str(path.relative_to(ROOT))
                counted[name] = counted.get(name, 0) + 1
    assert all(count <= BROAD_EXCEPTS.get(name, 0) for name, count in counted.items()), counted


def test_tests_do_not_sleep() -> None:
    wrong = [
        where(path, node)
        for path in sources("tests")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and dotted(node.func) in {"time.sleep", "asyncio.sleep"}
        and not (node.args and isinstance(node.args[0], ast.Constant) and node.args[0].value == 0)
        and "simulators" not in path.parts
    ]
    assert not wrong, "virtual time or an event is meant:\n" + "\n".join(wrong)


def test_every_test_module_names_its_category() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for path in sources("tests")
        if path.name.startswith("test_") and "pytestmark" not in path.read_text()
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_are_ours(room: str) -> None:
    """Nothing installed shadows a room of so plain a name."""
    assert Path(importlib.import_module(room).__file__ or "").is_relative_to(ROOT)


def test_the_repository_names_no_machine_and_no_registry() -> None:
    found = subprocess.run(
        [
            "git",
            "grep",
            "-nIE",
            r"(^|[^A-Za-z0-9_./-])/(work|root)/|pypi\.org|pythonhosted|registry\.npmjs|--(extra-)?index-url",
            "--",
            ".",
            ":!tests/test_house_rules.py",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    assert not found, found
