"""A real Chromium for tests of pages, driven by WebDriver: clicks, keys, pictures, prints, and what a page logs and requests.

Without a browser or its driver a test is skipped and says so, and fails where MOORINGS_BROWSER is `required`, as in .ci/run once
both are installed.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import ActionChains, Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

__all__ = ["REQUIRED", "Browser", "Keys", "started"]

REQUIRED = "MOORINGS_BROWSER"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_DRIVER = "chromedriver"
_QUIET = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing is resolved but the driver's own address, so that a request of a page fails and is reported.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)


class Browser:
    """One window of Chromium, and the page in it."""

    def __init__(self, driver: Chrome, folder: Path) -> None:
        """Take a driver, and a folder for the files of pages."""
        self._driver, self._folder, self._pages = driver, folder, 0

    def open(
        self,
        page: str,
        *,
        width: int = 1280,
        height: int = 900,
        dark: bool = False,
        still: bool = False,
        script: bool = True,
        fragment: str = "",
    ) -> None:
        """Load a page from a file of its own.

        Args:
            page: its HTML.
            width: width of the window; one of less than 600 pixels is that of a phone.
            height: height of the window.
            dark: whether the person prefers dark pages.
            still: whether the person prefers reduced motion.
            script: whether the page may run its scripts.
            fragment: what follows # in the address.
        """
        self._pages += 1
        file = self._folder / f"page-{self._pages}.html"
        file.write_text(page, encoding="utf-8")
        self.window(width, height)
        self.media(dark=dark, still=still)
        self._command("Emulation.setScriptExecutionDisabled", value=not script)
        self._driver.get("about:blank")
        self.messages()
        self.requests()
        self._driver.get(file.as_uri() + (f"#{fragment}" if fragment else ""))

    def window(self, width: int, height: int) -> None:
        """Set the size of the window."""
        self._command(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )

    def media(self, *, dark: bool = False, still: bool = False, printing: bool = False) -> None:
        """Set what media queries say."""
        features = [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if still else "no-preference"},
        ]
        self._command("Emulation.setEmulatedMedia", media="print" if printing else "", features=features)

    def value(self, script: str) -> Any:
        """Return what an expression of JavaScript gives in the page."""
        found = self._command("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def one(self, selector: str) -> WebElement:
        """Return the first element of a selector."""
        return self._driver.find_element(By.CSS_SELECTOR, selector)

    def click(self, selector: str) -> None:
        """Click an element as a mouse does, which fails where another element covers it."""
        self.value(
            f"document.querySelector({json.dumps(selector)}).scrollIntoView({{block: 'center', behavior: 'instant'}})"
        )
        self.one(selector).click()

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            ActionChains(self._driver).send_keys(key).perform()

    def screenshot(self) -> bytes:
        """Return a picture of the window as PNG."""
        return base64.b64decode(self._command("Page.captureScreenshot", format="png")["data"])

    def printed(self) -> bytes:
        """Print the page, and return the PDF."""
        return base64.b64decode(self._command("Page.printToPDF")["data"])

    def messages(self) -> list[str]:
        """Return what was written to the console since the last call, errors and refusals of the page's policy among it."""
        return [entry["message"] for entry in self._driver.get_log("browser")]

    def requests(self) -> list[str]:
        """Return the addresses that were requested since the last call, the page's own file excepted."""
        events = [json.loads(entry["message"])["message"] for entry in self._driver.get_log("performance")]
        sent = [each["params"]["request"]["url"] for each in events if each["method"] == "Network.requestWillBeSent"]
        return [url for url in sent if not url.startswith((self._folder.as_uri(), "about:"))]

    def _command(self, name: str, **arguments: object) -> dict[str, Any]:
        return self._driver.execute_cdp_cmd(name, dict(arguments))


@contextlib.contextmanager
def started(folder: Path) -> Iterator[Browser]:
    """Start Chromium with a profile of its own, and end it afterwards; skip or fail without it, see the module."""
    browser, driver = next(filter(None, map(shutil.which, _BROWSERS)), None), shutil.which(_DRIVER)
    if browser is None or driver is None:
        missing = "no Chromium and chromedriver are installed: apt-get install chromium chromium-driver"
        if os.environ.get(REQUIRED) == "required":
            pytest.fail(missing)
        pytest.skip(missing)
    options = ChromeOptions()
    options.binary_location = browser
    for argument in (*_QUIET, f"--user-data-dir={folder / 'profile'}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    # With a driver that is given, selenium looks for none and downloads none.
    running = Chrome(options=options, service=ChromeService(executable_path=driver))
    try:
        yield Browser(running, folder)
    finally:
        running.quit()
