"""A real Chromium. Whatever goes wrong in a page fails the test, unless it said beforehand that it would."""

import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Request, async_playwright, expect

from tests.support.missing import lacking

CHROMIUM = "/usr/bin/chromium"
_NO_FEATURES = [
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxPopup",
]
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    # Each renderer costs its start; pages of one site do not mind sharing.
    "--renderer-process-limit=2",
    # Playwright's own list, which this one takes the place of, and the two pages that the address bar, which nobody
    # sees here, would otherwise load beside each page: nearly half of what a page costs.
    "--disable-features=" + ",".join(_NO_FEATURES),
]

# A busy machine is slow for moments; what does not come at all fails just as well.
expect.set_options(timeout=15_000)

NewContext = Callable[..., Awaitable[BrowserContext]]


class Troubles:
    """What went wrong in pages: errors on the console, violations of the CSP among them, exceptions, failed requests.

    `expected` are patterns of what a test provokes: ``troubles.expect("ERR_CONNECTION_REFUSED")``.
    """

    def __init__(self) -> None:
        self.seen: list[str] = []
        self._expected: list[re.Pattern[str]] = []

    def expect(self, pattern: str) -> None:
        """From now on and before, this is no trouble."""
        self._expected.append(re.compile(pattern))

    def watch(self, context: BrowserContext) -> None:
        """Listens to all pages of a context."""
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.seen.append(f"exception: {error.error}"))
        context.on("requestfailed", self._on_failed)

    def demand_none(self) -> None:
        """Raises `AssertionError` naming what went wrong."""
        unexpected = [line for line in self.seen if not any(pattern.search(line) for pattern in self._expected)]
        assert not unexpected, "in the browser:\n" + "\n".join(unexpected)

    def _on_console(self, message: ConsoleMessage) -> None:
        # Leaving a page ends what it is still opening, as it ends what it is loading.
        if "closed before the connection is established" in message.text:
            return
        if message.type in ("error", "warning") or "Content Security Policy" in message.text:
            self.seen.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _on_failed(self, request: Request) -> None:
        # Leaving a page ends what it is still loading; that is nobody's fault. Nor that a browser without scripts
        # refuses to preload them: what breaks a page's own policy is on the console, too.
        if request.failure not in ("net::ERR_ABORTED", "csp"):
            self.seen.append(f"request: {request.method} {request.url}: {request.failure}")


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for the whole run."""
    if shutil.which(CHROMIUM) is None:
        lacking("Chromium", "Install it with `apt-get install chromium`.")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        yield chromium
        await chromium.close()


@pytest.fixture
async def troubles() -> AsyncIterator[Troubles]:
    """What went wrong in the test's pages; anything unexpected fails the test at its end."""
    seen = Troubles()
    yield seen
    seen.demand_none()


@pytest.fixture
async def new_context(browser: Browser, troubles: Troubles) -> AsyncIterator[NewContext]:
    """Makes browser contexts: separate people with separate cookies. Takes what `Browser.new_context` takes."""
    made: list[BrowserContext] = []

    async def make(**options: Any) -> BrowserContext:
        context = await browser.new_context(**({"locale": "en-GB"} | options))
        context.set_default_timeout(15_000)
        context.set_default_navigation_timeout(30_000)
        troubles.watch(context)
        made.append(context)
        return context

    yield make
    for context in made:
        await context.close()
