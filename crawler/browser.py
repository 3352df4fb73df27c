"""How Chromium is started for a crawl, and as what visitor: one way out, no memory, no name."""

from __future__ import annotations

import os
from typing import Any

from core import browsers
from core.settings import Settings

# The narrowest common desktop screen: pages lay out as a reader meets them.
WIDTH, HEIGHT = 1366, 900
# A cold disk has been seen to need half a minute for a first start.
_START_MS = 60_000
_FLAGS = (
    "--proxy-bypass-list=<-loopback>",  # else Chromium goes round the proxy for loopback names
    "--disable-quic",  # UDP would go round the proxy
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    # Frames of other sites would live in processes that the recorder does not see. Isolation guards sessions and
    # passwords of one site from another; this browser has none, and Chromium's sandbox around them all stays on.
    "--disable-site-isolation-trials",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-pings",
    "--no-first-run",
    "--disable-features=WebRtcHideLocalIpsWithMdns,OptimizationHints,MediaRouter,DialMediaRouteProvider,Prerender2",
)


def launch_options(settings: Settings, proxy: str) -> dict[str, Any]:
    """Playwright's launch options: one way out, Chromium's own sandbox on unless root, for which it cannot be."""
    return {
        "executable_path": browsers.headless(settings.browser),
        "chromium_sandbox": os.geteuid() != 0,
        "args": [f"--proxy-server={proxy}", *_FLAGS],
        "timeout": _START_MS,
    }


def context_options(agent: str) -> dict[str, Any]:
    """A fresh, nameless visitor from Beijing, for one page, who takes no downloads and starts no service workers."""
    return {
        "user_agent": agent, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", "service_workers": "block",
        "accept_downloads": False, "viewport": {"width": WIDTH, "height": HEIGHT},
    }  # fmt: skip
