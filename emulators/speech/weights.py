"""Model files inside installed packages: found without importing the package, verified
by their SHA-256 before anything is made of them."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any


class EngineMissing(Exception):
    """A speech engine cannot be had here; the sentence says why and how to mend it."""


def package_file(package: str, name: str) -> Path:
    """Where a file inside an installed package lies.

    The package is not imported, because some import much that is not needed.

    Raises:
        EngineMissing: the package is not installed or has no such file.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise EngineMissing(
            f"the package {package} is not installed; install requirements/emulators.txt"
        )
    path = Path(next(iter(spec.submodule_search_locations))) / name
    if not path.is_file():
        raise EngineMissing(
            f"{package} holds no {name}; install the version that requirements/emulators.txt names"
        )
    return path


def verify(path: Path, sha256: str) -> Path:
    """The path itself, once its content is known to be the expected one.

    Raises:
        EngineMissing: the content is another one.
    """
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256:
        raise EngineMissing(f"{path} has SHA-256 {found}, expected {sha256}; reinstall its package")
    return path


def joined_file(parts: Sequence[Path], sha256: str, target: Path) -> Path:
    """The parts as one verified file, written once and reused.

    A model opened from a file is mapped into memory; the same bytes handed over in memory
    would be held twice. Several processes may do this at once: each writes a file of its own
    and renames it into place.

    Raises:
        EngineMissing: the joined parts are not what the checksum promises, or the folder of
            ``target`` cannot be written.
    """
    try:
        if target.is_file():
            return verify(target, sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
            for part in parts:
                file.write(part.read_bytes())
        fresh = Path(file.name)
        try:
            os.replace(verify(fresh, sha256), target)
        finally:
            fresh.unlink(missing_ok=True)
    except OSError as error:
        raise EngineMissing(f"cannot write the model to {target}: {error}") from error
    return target


def open_session(path: Path, threads: int) -> Any:
    """An onnxruntime session on the processor, its idle threads asleep.

    By default onnxruntime's threads spin while they wait, which would take the time of the
    telephone's own process on a small machine.

    Raises:
        EngineMissing: onnxruntime is missing or cannot read the file.
    """
    try:
        import onnxruntime
    except ImportError as error:
        raise EngineMissing(f"onnxruntime cannot be imported: {error}") from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except onnx_errors() as error:
        raise EngineMissing(f"onnxruntime cannot open {path}: {error}") from error


def onnx_errors() -> tuple[type[Exception], ...]:
    """What onnxruntime raises: its exceptions have no common ancestor of their own."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    names = ("Fail", "InvalidArgument", "InvalidGraph", "InvalidProtobuf", "RuntimeException")
    found = (getattr(state, name, None) for name in (*names, "NoSuchFile", "NotImplemented"))
    return tuple(error for error in found if error is not None)
