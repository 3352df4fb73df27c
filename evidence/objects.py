"""A vault on S3-compatible object storage. Write-once is the server's own promise: a put says `If-None-Match: *`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import aiohttp
import s3fs
from botocore.exceptions import BotoCoreError, ClientError, FlexibleChecksumError

from core.errors import BadInput, EvidenceBroken

_Answer = TypeVar("_Answer")
# Seconds until a silent server counts as away; a capture's largest file takes far less on any office network.
_PATIENCE = 60


class ObjectStorage:
    """Objects below `s3://bucket/prefix`. Without key and secret, botocore's own chain finds credentials.

    Raises BadInput for an address of another kind, OSError when the bucket is away.
    """

    def __init__(self, address: str, endpoint: str = "", key: str = "", secret: str = "") -> None:
        self._root = address.removeprefix("s3://").strip("/")
        if not address.startswith("s3://") or not self._root:
            raise BadInput(f"not an address of object storage: {address!r} (s3://bucket/prefix)")
        self._files: Any = s3fs.S3FileSystem(
            key=key or None,
            secret=secret or None,
            endpoint_url=endpoint or None,
            use_listings_cache=False,  # another process may have written a moment ago
            skip_instance_cache=True,
            config_kwargs={"connect_timeout": _PATIENCE, "read_timeout": _PATIENCE},
        )
        with _as_os_error():
            if not self._files.exists(self._root.split("/")[0]):
                raise FileNotFoundError(f"there is no bucket {self._root.split('/')[0]!r}")

    @property
    def place(self) -> str:
        """The address."""
        return f"s3://{self._root}"

    def create(self, name: str, content: bytes) -> bool:
        """One conditional put: the server refuses the second, so two writers never both succeed."""
        try:
            self._call(self._files.pipe_file, self._path(name), content, mode="create")
        except FileExistsError:
            return False
        return True

    def read(self, name: str) -> bytes:
        """The object's bytes. Raises EvidenceBroken when they are not those that the server once took."""
        content: bytes = self._call(self._files.cat_file, self._path(name))
        return content

    def has(self, name: str) -> bool:
        """Asks the server each time."""
        return bool(self._call(self._files.exists, self._path(name)))

    def names(self, under: str = "") -> list[str]:
        """Lists the objects."""
        try:
            found = self._call(self._files.find, self._path(under))
        except FileNotFoundError:
            return []
        return sorted(str(path).removeprefix(self._root + "/") for path in found)

    def move(self, name: str, other: str) -> None:
        """The server copies it under the other name, then the first goes: in this order nothing is ever lost."""
        try:
            self._call(self._files.cp_file, self._path(name), self._path(other))
        except FileNotFoundError:
            return
        self.remove(name)

    def remove(self, name: str) -> None:
        """Deletes the object."""
        try:
            self._call(self._files.rm_file, self._path(name))
        except FileNotFoundError:
            return  # another process took the mark away: that was wanted

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}".rstrip("/")

    def _call(self, function: Callable[..., _Answer], *arguments: Any, **options: Any) -> _Answer:
        with _as_os_error():
            return function(*arguments, **options)


@contextmanager
def _as_os_error() -> Iterator[None]:
    """s3fs raises OSError for most faults, but its libraries' own errors for some."""
    try:
        yield
    except FlexibleChecksumError as error:
        raise EvidenceBroken(f"object storage hands out other bytes than it took: {error}") from error
    except (BotoCoreError, ClientError, aiohttp.ClientError, TimeoutError) as error:
        raise OSError(f"object storage: {error}") from error
