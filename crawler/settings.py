"""Settings and Source to Scrapy's settings."""

from __future__ import annotations

from typing import Any

from core.settings import Settings
from core.source import Source
from crawler.browser import launch_options

ROBOTS_NAME = "Wangxun"
_HANDLER = "crawler.fetch.PoliteHandler"
# Responses that wait for their intake are bounded by bytes: a slow judge may lag this far, and no further.
_WAITING_BYTES = 256_000_000


def user_agent(settings: Settings) -> str:
    """Says who asks and where to complain."""
    return f"Mozilla/5.0 (compatible; {ROBOTS_NAME}/0.1; +mailto:{settings.contact})"


def scrapy_settings(settings: Settings, source: Source, proxy: str) -> dict[str, Any]:
    """Scrapy's settings for one run of one source."""
    return {
        "USER_AGENT": user_agent(settings),
        "ROBOTSTXT_OBEY": source.robots == "obey",
        "ROBOTSTXT_USER_AGENT": ROBOTS_NAME,
        "DEFAULT_REQUEST_HEADERS": {"Accept": "text/html,application/json;q=0.9,*/*;q=0.8", "Accept-Language": "zh-CN"},
        "DOWNLOAD_HANDLERS": {"http": _HANDLER, "https": _HANDLER},
        "DOWNLOADER_MIDDLEWARES": {
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "crawler.politeness.ObeyRobots": 100,
        },
        # The pace is kept at the egress; two at once, so that one endless page does not hold up the others.
        "DOWNLOAD_DELAY": 0, "CONCURRENT_REQUESTS": 4, "CONCURRENT_REQUESTS_PER_DOMAIN": 2,
        # Scrapy 2.19 makes this many tasks a response, used or not: 8 instead of 100 is 1.7 times the speed (measured).
        "CONCURRENT_ITEMS": 8,
        "SCRAPER_SLOT_MAX_ACTIVE_SIZE": _WAITING_BYTES,
        "DOWNLOAD_MAXSIZE": source.budget.body_bytes, "DOWNLOAD_WARNSIZE": 0,
        # A turn may have to be waited for (Retry-After at most ten minutes), then the answer a minute.
        "DOWNLOAD_TIMEOUT": 660 + 4 * source.pace.delay,
        "CLOSESPIDER_TIMEOUT": source.budget.minutes * 60,
        "RETRY_TIMES": 3, "REDIRECT_MAX_TIMES": 5,
        # Scrapy's default takes any certificate: then nobody could say whose page the evidence shows.
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        # Public pages need no session, and none may enter the evidence.
        "COOKIES_ENABLED": False,
        # A page's own "refresh" leads to log-in pages and advertisements, never to the post.
        "METAREFRESH_ENABLED": False,
        "HTTPPROXY_ENABLED": False, "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False,
        "LOG_LEVEL": "WARNING", "LOG_INSTALL_ROOT_HANDLER": False, "STATS_DUMP": False, "MEMUSAGE_ENABLED": False,
        "PLAYWRIGHT_LAUNCH_OPTIONS": launch_options(settings, proxy),
        "PLAYWRIGHT_PROCESS_REQUEST_HEADERS": None,
        "PLAYWRIGHT_RESTART_DISCONNECTED_BROWSER": True,
    }  # fmt: skip
