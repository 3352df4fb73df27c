"""Runs a real Elasticsearch for tests: loopback, free ports, small heap, unprivileged, one node or several.

    python -m tests.elasticsearch.launcher [--nodes 3] [--secure] [--on-disk] [--while PID] [--say FILE]

prints the address (and writes it to FILE) when the server answers, and stops it at the end of input signals or of
process PID. A node dies with the process that started it, whatever kills that one.
"""

from __future__ import annotations

import argparse
import os
import pwd
import secrets
import select
import shutil
import signal
import subprocess
import tempfile
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.elasticsearch.distribution import NotHere, server_home
from tests.elasticsearch.security import PASSWORD, USER, certificate, secure_lines, with_password

HEAP = "512m"  # ready in 10 s and enough for a million small documents; three nodes get less (see start)
ROOM = 2 * 1024**3  # bytes; the tests of a whole run leave a few hundred MB
_FOLDER = "wangxun-nodes-"
LAST_LINES = 30  # of a node's log, shown when it does not start


@dataclass
class Node:
    """One running server process."""

    name: str
    folder: Path
    process: subprocess.Popen[str]
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=LAST_LINES))
    reader: threading.Thread | None = None

    def wait_until_started(self) -> None:
        """Read its log until it says so. Raises RuntimeError with the last lines when it ends before."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            if f"[{self.name}] started " in line:
                # Read on: a full pipe would stop the server.
                self.reader = threading.Thread(
                    target=self.lines.extend, args=(self.process.stdout,), daemon=True
                )
                self.reader.start()
                return
        raise RuntimeError(f"Elasticsearch did not start:\n{''.join(self.lines)}")

    def port(self, kind: str) -> int:
        """The `http` or `transport` port that it took."""
        text = (self.folder / "logs" / f"{kind}.ports").read_text(encoding="utf-8")
        return int(next(line for line in text.split() if line.startswith("127.0.0.1")).rpartition(":")[2])

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it and all its processes (they are a group of their own)."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, how)
        self.process.wait()
        if self.reader is not None:
            self.reader.join(60)  # until all that held the pipe have ended
        if self.process.stdout is not None:
            self.process.stdout.close()


@dataclass
class Cluster:
    """Running nodes; `authority` is the PEM file of who signed their certificates, when they are secure."""

    nodes: list[Node]
    folder: Path
    authority: Path | None = None

    @property
    def url(self) -> str:
        """All nodes as one store address without prefix: scheme://user:password@host:port,host:port."""
        hosts = ",".join(f"127.0.0.1:{node.port('http')}" for node in self.nodes)
        return f"https://{USER}:{PASSWORD}@{hosts}" if self.authority else f"http://{hosts}"

    def stop(self) -> None:
        """End all nodes and remove their data."""
        for node in self.nodes:
            node.stop()
        shutil.rmtree(self.folder, ignore_errors=True)  # a JVM killed a moment ago may still drop a file


def start(nodes: int = 1, *, heap: str = "", secure: bool = False, on_disk: bool = False) -> Cluster:
    """A running cluster of so many nodes; its data lies in memory unless `on_disk`, as for measuring.

    One in memory lives for some tests: its code is compiled once and lightly, and it starts for half the processor time
    (9.8 s for 17.6) and answers what tests ask sooner. Raises NotHere, RuntimeError when it does not start.
    """
    home = server_home()
    place = tempfile.gettempdir() if on_disk else _memory() or tempfile.gettempdir()
    _sweep(Path(place))
    folder = Path(tempfile.mkdtemp(prefix=f"{_FOLDER}{os.getpid()}-", dir=place))
    # Mode 755: the unprivileged user must reach its own folder in it.
    folder.chmod(0o755)
    authority = certificate(folder) if secure else None
    cluster = Cluster([], folder, authority)
    try:
        for number in range(1, nodes + 1):
            seeds = [f"127.0.0.1:{node.port('transport')}" for node in cluster.nodes]
            size = heap or (HEAP if nodes == 1 else "384m")
            options = ["-Xms" + size, "-Xmx" + size, *([] if on_disk else ["-XX:TieredStopAtLevel=1"])]
            node = _launch(home, folder / f"node-{number}", seeds, options, authority)
            cluster.nodes.append(node)
            node.wait_until_started()
    except BaseException:
        cluster.stop()
        raise
    return cluster


def again(cluster: Cluster, number: int) -> None:
    """Start node `number` (from 0) anew on its own data and ports, after it was stopped or killed."""
    old = cluster.nodes[number]
    settings = (old.folder / "config" / "elasticsearch.yml").read_text(encoding="utf-8")
    for kind in ("http", "transport"):
        settings = settings.replace(f"{kind}.port: 0", f"{kind}.port: {old.port(kind)}")
    (old.folder / "config" / "elasticsearch.yml").write_text(settings, encoding="utf-8")
    cluster.nodes[number] = _run(server_home(), old.folder)
    cluster.nodes[number].wait_until_started()


def _memory() -> str | None:
    """A folder in memory with room for tests, if there is one: each index made costs some waits for a disk."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM
    return str(memory) if roomy else None


def _sweep(place: Path) -> None:
    """Remove what launchers left that were killed: their nodes died with them, the data lies in memory."""
    for folder in place.glob(f"{_FOLDER}*"):
        owner = folder.name.removeprefix(_FOLDER).partition("-")[0]
        if owner.isdigit() and not psutil.pid_exists(int(owner)) and folder.stat().st_uid == os.getuid():
            shutil.rmtree(folder, ignore_errors=True)  # another launcher may be sweeping


def _launch(
    home: Path, folder: Path, seeds: Sequence[str], options: Sequence[str], authority: Path | None
) -> Node:
    """Folders and settings of one node, and its process."""
    shutil.copytree(home / "config", folder / "config")
    # 9.x asks for a module that small Javas have not and that only vector searches use.
    lines = (folder / "config" / "jvm.options").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if "--add-modules=jdk.incubator.vector" not in line]
    (folder / "config" / "jvm.options").write_text("".join(kept), encoding="utf-8")
    settings = [
        f"cluster.name: wangxun-{folder.parent.name}",
        f"node.name: {folder.name}",
        f"path.data: {folder / 'data'}",
        f"path.logs: {folder / 'logs'}",
        "network.host: 127.0.0.1",
        "http.port: 0",
        "transport.port: 0",
        "node.portsfile: true",
        f"discovery.seed_hosts: [{', '.join(seeds)}]",
        # The watermarks guard disks of real clusters; a nearly full disk of a test machine is no finding.
        "cluster.routing.allocation.disk.threshold_enabled: false",
        "node.store.allow_mmap: false",  # needs a kernel setting that containers may not change
        *([] if seeds else [f"cluster.initial_master_nodes: [{folder.name}]"]),
        *secure_lines(folder, authority),
    ]
    (folder / "config" / "elasticsearch.yml").write_text("\n".join(settings) + "\n", encoding="utf-8")
    # Without the GC log, which floods the folder; no pre-touched memory, so that small machines are not filled.
    lines = [*options, "-Xlog:disable", "-Xlog:all=warning:stderr:utctime,level,tags", ""]
    (folder / "config" / "jvm.options.d" / "test.options").write_text("\n".join(lines), encoding="utf-8")
    for name in ("data", "logs", "tmp"):
        (folder / name).mkdir()
    _hand_over(folder)
    if authority:
        with_password(home, folder, _account(), _environment(folder))
    return _run(home, folder)


def _run(home: Path, folder: Path) -> Node:
    # --pdeathsig: no node outlives this process, not even when it is killed.
    process = subprocess.Popen(
        ["setpriv", "--pdeathsig", "TERM", str(home / "bin" / "elasticsearch")],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True,
        cwd=folder, env=_environment(folder), start_new_session=True, **_account(),
    )  # fmt: skip
    return Node(folder.name, folder, process)


def _environment(folder: Path) -> dict[str, str]:
    # The server's own variable: it may run on a newer Java than Maven does.
    java = os.environ.get("ES_JAVA_HOME") or Path(shutil.which("java") or "").resolve().parents[1]
    return {
        "PATH": os.environ["PATH"], "HOME": str(folder), "ES_JAVA_HOME": str(java),
        "ES_PATH_CONF": str(folder / "config"), "ES_TMPDIR": str(folder / "tmp"),
    }  # fmt: skip


def _account() -> dict[str, object]:
    """The server refuses to run as root: then it runs as `nobody`."""
    if os.getuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _hand_over(folder: Path) -> None:
    if os.getuid() != 0:
        return
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, "nobody", pwd.getpwnam("nobody").pw_gid)


def _wait(pid: int | None) -> None:
    """Until SIGTERM or SIGINT, or until process `pid` has ended."""
    reader, writer = os.pipe()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: os.write(writer, b"x"))
    watched = [reader]
    if pid is not None:
        watched.append(os.pidfd_open(pid))
    select.select(watched, [], [])


def main(argv: Sequence[str] | None = None) -> int:
    """See the module's text. Exit code 3 when this machine cannot run the server."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=1)
    parser.add_argument("--heap", default="")
    parser.add_argument("--secure", action="store_true")
    parser.add_argument("--on-disk", action="store_true")
    parser.add_argument("--while", type=int, dest="pid")
    parser.add_argument("--say", type=Path)
    given = parser.parse_args(argv)
    try:
        cluster = start(given.nodes, heap=given.heap, secure=given.secure, on_disk=given.on_disk)
    except NotHere as error:
        print(error, flush=True)
        return 3
    try:
        if given.say:
            ready = given.say.with_name(f"{given.say.name}.{secrets.token_hex(4)}")
            ready.write_text(cluster.url, encoding="utf-8")
            ready.replace(given.say)  # whole or not there
        print(cluster.url, flush=True)
        _wait(given.pid)
    finally:
        cluster.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
