"""A person in front of Chromium."""

from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.services import chromium

# Without these a headless Chromium looks for its maker's servers at every start.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A busy machine needs more than Playwright's five seconds for a page.
expect.set_options(timeout=20_000)
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@contextmanager
def running_browser() -> Iterator[Browser]:
    """The system's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium().where, args=ARGUMENTS)
        yield browser
        browser.close()


class Visitor:
    """Somebody with a browser window of their own. Notes everything that the console and the CSP complain about."""

    def __init__(self, browser: Browser, url: str, **options: object) -> None:
        self.context = browser.new_context(viewport=DESKTOP, locale="en-GB", **options)  # type: ignore[arg-type]
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.url = url
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self._note(message.type, message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, kind: str, text: str) -> None:
        # A page with status 4xx is sometimes just what a test asks for.
        if kind in ("error", "warning") and "Failed to load resource" not in text:
            self.complaints.append(text)

    def open(self, path: str) -> None:
        """Go to a page of the site."""
        self.page.goto(self.url + path)

    def press(self, name: str) -> None:
        """Press the button or follow the link of that name."""
        page = self.page
        page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name)).first.click()

    def expects(self, text: str) -> None:
        """The sentence stands on the page."""
        expect(self.page.locator("body")).to_contain_text(text)

    def sign_in(self, login: str) -> None:
        """Sign in through the stand-in as one of its people."""
        self.open("/sign-in/")
        self.press("Sign in with GitHub")
        self.pass_github(login)
        expect(self.page.get_by_role("button", name="Sign out")).to_be_visible()

    def pass_github(self, login: str) -> None:
        """On the stand-in's page: be this person, and go back."""
        self.page.locator(f"#persona-{login}").check()
        self.press("Go back signed in")

    def is_accessible(self) -> None:
        """axe finds nothing against WCAG 2.2 AA on the page."""
        options = {
            "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
        }
        found = Axe().run(self.page, options=options)
        assert found.violations_count == 0, found.generate_report()

    def fits(self) -> None:
        """Nothing sticks out to the side."""
        assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    def close(self) -> None:
        """Leave. Raises AssertionError when the browser complained about anything."""
        self.context.close()
        assert self.complaints == []
