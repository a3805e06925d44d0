"""Processes of a server that runs beside a test, and the folder in which it keeps everything."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import FrameType
from typing import Any


class Missing(Exception):
    """A server is not installed here, or cannot be started by this user."""


def need(program: str, package: str) -> str:
    """The path of a program, or what to install."""
    folders = os.environ.get("PATH", "").split(":") + ["/usr/lib/cyrus/bin", "/usr/sbin", "/usr/bin"]
    for folder in folders:
        path = Path(folder) / program
        if path.is_file() and os.access(path, os.X_OK):
            return str(path)
    raise Missing(f"{program} is not installed: apt-get install --no-install-recommends {package}")


def need_root() -> None:
    if os.geteuid() != 0:
        raise Missing("this server is started by root, which drops to a user of its own")


def identity(user: str | None) -> dict[str, Any]:
    """What makes a process another user's, with nothing left of whoever started it."""
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Neighbour:
    """Holds a folder and processes, and takes both away at the end."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="daybook-server-"))
        self.folder.chmod(0o755)
        self.processes: list[subprocess.Popen[bytes]] = []

    def path(self, name: str) -> Path:
        return self.folder / name

    def write(self, name: str, text: str) -> Path:
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def start(
        self, command: list[str], environment: dict[str, str] | None = None, user: str | None = None
    ) -> None:
        with self.path("log").open("ab") as log:
            self.processes.append(
                subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd=self.folder,
                    env={**os.environ, **(environment or {})},
                    start_new_session=True,
                    **identity(user),
                )
            )

    def run(
        self,
        command: list[str],
        text: str = "",
        environment: dict[str, str] | None = None,
        user: str | None = None,
    ) -> None:
        done = subprocess.run(
            command,
            input=text.encode(),
            capture_output=True,
            cwd=self.folder,
            env={**os.environ, **(environment or {})},
            check=False,
            **identity(user),
        )
        if done.returncode != 0:
            raise RuntimeError(f"{command[0]} failed: {done.stderr.decode(errors='replace')}")

    def await_port(self, port: int, seconds: float = 30) -> None:
        """Until somebody listens, as long as the processes live."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for process in self.processes:
                if process.poll() is not None:
                    raise RuntimeError(f"a process ended at once:\n{self.log()}")
            with socket.socket() as probe:
                probe.settimeout(1)
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError(f"nothing listens on port {port}:\n{self.log()}")

    def await_success(
        self, command: list[str], environment: dict[str, str], user: str | None, seconds: float = 30
    ) -> None:
        """Until a command that asks whether something is ready says so, as long as the processes live."""
        end = time.monotonic() + seconds
        while True:
            try:
                return self.run(command, environment=environment, user=user)
            except RuntimeError:
                if any(process.poll() is not None for process in self.processes) or time.monotonic() > end:
                    raise RuntimeError(f"{command[0]} never says yes:\n{self.log()}") from None
            time.sleep(0.05)

    def await_path(self, path: Path, seconds: float = 30) -> None:
        """Until a socket or a file is there, as long as the processes live."""
        end = time.monotonic() + seconds
        while not path.exists():
            if any(process.poll() is not None for process in self.processes) or time.monotonic() > end:
                raise RuntimeError(f"{path.name} does not come to be:\n{self.log()}")
            time.sleep(0.05)

    def log(self) -> str:
        try:
            return self.path("log").read_text(errors="replace")[-4_000:]
        except OSError:
            return ""

    def stop(self) -> None:
        # The last one first, for it stands on the others.
        for process in reversed(self.processes):
            self._signal(process, signal.SIGTERM)
            try:
                process.wait(timeout=3)
            except subprocess.TimeoutExpired:
                pass
            # Its children are of the same group, and may have outlived it.
            self._signal(process, signal.SIGKILL)
            process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    @staticmethod
    def _signal(process: subprocess.Popen[bytes], number: int) -> None:
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            pass


def end_on_signals() -> None:
    """A signal that ends the script lets it take away what it started."""

    def end(number: int, frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)


def await_end_of_input() -> None:
    while sys.stdin.buffer.read(4_096):
        pass
