"""A PostgreSQL cluster of one's own: in a temporary folder, on a socket in it, gone at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_MEND = "PostgreSQL's server programs are needed: apt-get install postgresql"


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server, reached by the Unix socket in ``folder``; its superuser is "hotline"."""

    programs: Path
    folder: Path

    def url(self, name: str) -> str:
        return f"postgresql://hotline@/{name}?host={self.folder}"

    def sql(self, statement: str) -> None:
        """Run a statement outside any transaction."""
        self._run("psql", "-qX", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder),
                  "-U", "hotline", "-d", "postgres", "-c", statement)  # fmt: skip

    def start(self) -> None:
        options = (
            f"-k {self.folder} -c listen_addresses='' -c fsync=off "
            "-c full_page_writes=off -c max_connections=60"
        )
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-l", str(self.folder / "log"),
                  "-o", options, "-w", "start")  # fmt: skip

    def stop(self) -> None:
        """As a crash would: at once, without a word to the clients."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")

    def initialise(self) -> None:
        self._run("initdb", "-D", str(self.folder / "data"), "-U", "hotline", "--auth=trust",
                  "--encoding=UTF8", "--no-locale", "--no-sync")  # fmt: skip

    def _run(self, program: str, *arguments: str) -> None:
        with (self.folder / "errors").open("ab") as errors:
            done = subprocess.run(
                [str(self.programs / program), *arguments],
                # A server that keeps our pipe open would keep us waiting for its end.
                stdout=subprocess.DEVNULL,
                stderr=errors,
                user=_owner(),
                cwd=self.folder,
                check=False,
            )
        if done.returncode:
            said = (self.folder / "errors").read_text(errors="replace")[-2000:]
            raise RuntimeError(f"{program} ended with {done.returncode}: {said}")


def _owner() -> str | None:
    """The server refuses to run as root: then it is the postgres user's, or nobody's."""
    if os.geteuid() != 0:
        return None
    users = {one.pw_name for one in pwd.getpwall()}
    return "postgres" if "postgres" in users else "nobody"


def _programs() -> Path:
    """Where initdb and pg_ctl are: the newest of Debian's, or on the path."""
    installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(installed, key=lambda one: int(one.parts[-3]), default=None)
    found = newest or shutil.which("initdb")
    if found is None:
        raise RuntimeError(_MEND)
    return Path(found).parent


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A cluster that runs for the length of the block."""
    # A short path: a Unix socket's may have 107 characters.
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as name:
        folder = Path(name)
        owner = _owner()
        if owner:
            shutil.chown(folder, owner)
        server = Cluster(_programs(), folder)
        server.initialise()
        server.start()
        try:
            yield server
        finally:
            server.stop()
