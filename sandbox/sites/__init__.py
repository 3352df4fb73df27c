"""The six sites, by host."""

from __future__ import annotations

from sandbox.clock import Clock
from sandbox.sites.base import Site
from sandbox.sites.jiajiao import Jiajiao
from sandbox.sites.jiazheng import Jiazheng
from sandbox.sites.luntan import Luntan
from sandbox.sites.tuwen import Tuwen
from sandbox.sites.xinwen import Xinwen
from sandbox.sites.zhipin import Zhipin
from sandbox.town import Town


def open_sites(town: Town, clock: Clock) -> dict[str, Site]:
    """A site for each host of the town."""
    kinds: tuple[type[Site], ...] = (Jiajiao, Zhipin, Tuwen, Luntan, Jiazheng, Xinwen)
    return {f"{kind.name}.test": kind(town, clock) for kind in kinds}
