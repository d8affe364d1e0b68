"""What the Terraform tests share: the mirror, and each root applied once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.terraform.workshop import build_mirror, need_tools


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    need_tools()
    folder: Path = tmp_path_factory.mktemp("terraform")
    return build_mirror(folder)
