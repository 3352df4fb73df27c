"""A TEST time-stamp authority for demo and tests: its certificates say so, and its stamps prove nothing.

Started as a program (`python -m evidence.test_authority FOLDER`), it makes its keys in FOLDER, writes
`authorities.json` there (`evidence.stamp.read_authorities` reads it), prints that file's path and answers on loopback until it is ended.
It needs the `openssl` program, which does all the signing.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType

from core.errors import Unavailable
from evidence.stamp import Algorithm, Authority

NAME = "TEST authority, proves nothing 测试用时间戳机构（无证明力）"
_LARGEST = 4096  # bytes of a request; one has about sixty
# Policy 1.2.3.4.1 is the example arc: no real policy can be mistaken for it.
_CONFIG = f"""
[req]
distinguished_name = subject
prompt = no
utf8 = yes
string_mask = utf8only
[subject]
CN = {NAME}
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[tsa]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[tsa_config]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
certs = ca.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sm3
accuracy = secs:1
ess_cert_id_alg = sha256
"""


class PretendAuthority:
    """Answers on loopback while the `with` block lasts. Raises Unavailable without the `openssl` program."""

    def __init__(self, folder: Path, name: str = "test") -> None:
        self.folder, self.name = folder, name
        self._turn = threading.Lock()  # openssl's serial file is not made for two at once
        if not (folder / "tsa.pem").is_file():
            self._make_keys()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())

    def authority(self, digest: Algorithm = "sha256") -> Authority:
        """What a client needs to know of it."""
        port = self._server.server_address[1]
        return Authority(self.name, f"http://127.0.0.1:{port}/", self.folder / "ca.pem", digest)

    def write_settings(self) -> Path:
        """The file that WANGXUN_STAMPS names, in its folder: `authorities.json`."""
        known = self.authority()
        file = self.folder / "authorities.json"
        plain = [{"name": known.name, "url": known.url, "ca": "ca.pem"}]
        file.write_text(json.dumps(plain), encoding="utf-8")
        return file

    def serve(self) -> None:
        """Answer until `close`."""
        self._server.serve_forever()

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> PretendAuthority:
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def reply(self, query: bytes) -> bytes:
        """The signed answer, or a signed refusal. Raises Unavailable."""
        with self._turn, tempfile.TemporaryDirectory() as folder:
            asked, answered = Path(folder) / "q", Path(folder) / "r"
            asked.write_bytes(query)
            config = ("-config", "authority.cnf", "-section", "tsa_config")
            self._openssl("ts", "-reply", *config, "-queryfile", str(asked), "-out", str(answered))
            return answered.read_bytes()

    def _make_keys(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "authority.cnf").write_text(_CONFIG, encoding="utf-8")
        (self.folder / "serial").write_text("01\n", encoding="ascii")
        curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        new = ("-config", "authority.cnf", *curve)
        self._openssl(
            "req",
            "-x509",
            "-days",
            "3650",
            *new,
            "-extensions",
            "root",
            "-keyout",
            "ca.key",
            "-out",
            "ca.pem",
        )
        subject = ("-subj", f"/CN={NAME} signer", "-utf8")
        self._openssl("req", *new, *subject, "-keyout", "tsa.key", "-out", "tsa.csr")
        signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "3650")
        extended = ("-extfile", "authority.cnf", "-extensions", "tsa")
        self._openssl("x509", "-req", "-in", "tsa.csr", *signed, *extended, "-out", "tsa.pem")

    def _openssl(self, *arguments: str) -> None:
        program = shutil.which("openssl")
        if not program:
            raise Unavailable("the test time-stamp authority needs the openssl program: install it")
        told = subprocess.run([program, *arguments], cwd=self.folder, capture_output=True, check=False)
        if told.returncode:
            raise Unavailable(f"openssl {arguments[0]}: {told.stderr.decode(errors='replace')[-500:]}")

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            """One request, one answer."""

            def do_POST(self) -> None:
                """Stamp the request in the body."""
                length = min(int(self.headers.get("Content-Length", 0)), _LARGEST)
                try:
                    answer, status = outer.reply(self.rfile.read(length)), 200
                except Unavailable as error:
                    answer, status = str(error).encode(), 500
                self.send_response(status)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  the base class's name
                """Quiet: the demo's screen belongs to the demo."""

        return Handler


def main(argv: list[str]) -> int:
    """Make the folder, say where its settings are, answer until ended."""
    if len(argv) != 1:
        sys.stderr.write("usage: python -m evidence.test_authority FOLDER\n")
        return 2
    pretend = PretendAuthority(Path(argv[0]).resolve())
    sys.stdout.write(f"{pretend.write_settings()}\n")
    sys.stdout.flush()
    pretend.serve()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
