"""The network learns in a process of its own: JAX starts threads, and a process that has such must not fork any more."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from nlp.network import Network
from nlp.tokens import Tokens
from nlp.train_layers import PASSES
from nlp.train_network import learn
from nlp.train_reading import Start, read_first


class NetworkTrainer:
    """Calls `read_first` and `learn` (`begin`) over there, `passes` times over the texts; ends with its `with` block."""

    def __init__(self, passes: int = PASSES) -> None:
        self._passes = passes
        self._process = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))

    def __enter__(self) -> NetworkTrainer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.shutdown(cancel_futures=True)

    def read_first(self, texts: Sequence[Tokens]) -> Start:
        """See `nlp.train_reading.read_first`."""
        return self._process.submit(read_first, texts, self._passes).result()

    def learn(
        self, start: Start, texts: Sequence[Tokens], labels: NDArray[np.int_], weights: NDArray[np.float64]
    ) -> Network:
        """See `nlp.train_network.learn`."""
        return self.begin(start, texts, labels, weights).result()

    def begin(
        self, start: Start, texts: Sequence[Tokens], labels: NDArray[np.int_], weights: NDArray[np.float64]
    ) -> Future[Network]:
        """The same, to be waited for later."""
        return self._process.submit(learn, start, texts, labels, weights, self._passes)
