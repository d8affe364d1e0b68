"""What the Terraform tests share: the mirror, running stand-ins, and each root applied once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terraform.installations import CLUSTER, TELEPHONY
from tests.terraform.workshop import Workshop, attached, build_mirror, need_tools, open_workshop


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the mirror; ``world.json`` in it tells what exists outside Terraform."""
    need_tools("terraform")
    return tmp_path_factory.mktemp("terraform")


@pytest.fixture(scope="session")
def mirrored(house: Path) -> dict[str, str]:
    """The environment in which Terraform starts the stand-ins itself, as it would the real ones."""
    return build_mirror(house)


@pytest.fixture(scope="session")
def environment(house: Path, mirrored: dict[str, str]) -> Iterator[dict[str, str]]:
    """The same with the stand-ins running already."""
    with attached(house, mirrored) as running:
        yield running


@pytest.fixture(scope="session")
def telephony(house: Path, environment: dict[str, str]) -> Workshop:
    """The numbers and the SIP domain, applied. Tests leave the state as it is."""
    workshop = open_workshop(house / "telephony", environment, "telephony", TELEPHONY)
    workshop.must("apply", "-auto-approve", "-input=false")
    return workshop


@pytest.fixture(scope="session")
def cluster(house: Path, environment: dict[str, str]) -> Workshop:
    """The cluster and its database, applied. Tests leave the state as it is."""
    workshop = open_workshop(house / "cluster", environment, "cluster", CLUSTER)
    workshop.must("apply", "-auto-approve", "-input=false")
    return workshop
