"""What scripts/image-check would not let pass."""

from __future__ import annotations

import copy
import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.deploy.manifests import ROOT

pytestmark = pytest.mark.pure

SOUND: dict[str, Any] = {
    "Docker": {
        "config": {
            "User": "10001:10001",
            "Cmd": ["hotline", "serve"],
            "StopSignal": "SIGTERM",
            "WorkingDir": "/app",
            "Healthcheck": {"Test": ["CMD", "python", "-c", "x"]},
            "Volumes": {"/data": {}},
            "Env": ["PATH=/venv/bin", "HOTLINE_DATA_FOLDER=/data"],
        },
        "history": [{"created_by": "/bin/sh -c pip install"}],
    }
}


def inspected() -> ModuleType:
    spec = importlib.util.spec_from_file_location("inspected", ROOT / "scripts/image_inspected.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def made(folder: Path) -> Path:
    """The files of a sound image."""
    for room in ("media", "tools", "conversation", "telephony", "hotline", "web_demo/app/dist"):
        (folder / "app" / room).mkdir(parents=True)
    (folder / "app/web_demo/app/dist/index.html").touch()
    (folder / "venv/lib/python3.13/site-packages/uvicorn-0.54.dist-info").mkdir(parents=True)
    return folder


def test_a_sound_image_passes(tmp_path: Path) -> None:
    assert inspected().faults(SOUND, made(tmp_path)) == []


def _config(name: str, value: Any) -> Callable[[dict[str, Any], Path], None]:
    def change(image: dict[str, Any], root: Path) -> None:
        image["Docker"]["config"][name] = value

    return change


def _history(image: dict[str, Any], root: Path) -> None:
    image["Docker"]["history"].append({"created_by": "|1 TWILIO_AUTH_TOKEN=abc /bin/sh"})


def _unbuilt(image: dict[str, Any], root: Path) -> None:
    (root / "app/web_demo/app/dist/index.html").unlink()


def _file(name: str) -> Callable[[dict[str, Any], Path], None]:
    def change(image: dict[str, Any], root: Path) -> None:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_config("User", ""), "User"),
        (_config("Cmd", ["/bin/sh", "-c", "hotline serve"]), "Cmd"),
        (_config("Entrypoint", ["tini"]), "Entrypoint"),
        (_config("Healthcheck", None), "HEALTHCHECK"),
        (_config("Volumes", None), "volume"),
        (_config("Env", ["GEMINI_API_KEY=abc"]), "secret"),
        (_history, "secret"),
        (_unbuilt, "page is not built"),
        (_file("app/tests/x.py"), "/app holds tests"),
        (_file("app/hotline/.env"), "not for an image"),
        (_file("venv/lib/python3.13/site-packages/pytest-9.dist-info/x"), "no business"),
    ],
)
def test_what_is_unsound_is_said(
    change: Callable[[dict[str, Any], Path], None], said: str, tmp_path: Path
) -> None:
    image, root = copy.deepcopy(SOUND), made(tmp_path)
    change(image, root)
    (found,) = inspected().faults(image, root)
    assert said in found
