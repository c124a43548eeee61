"""`make screenshots`: the README's pictures, and with a folder as argument every page at both widths and schemes."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from tests.e2e.browser import DESKTOP, PHONE, running_browser
from tests.e2e.conftest import Desk
from tests.operations.running import RunningDemo

README_FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"


class Camera:
    """Takes pictures of pages that are open; names them by what they show."""

    def __init__(self, folder: Path, *, all_sizes: bool) -> None:
        self.folder, self.all_sizes = folder, all_sizes
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, page: Page, name: str) -> None:
        """One picture for the README, or the whole page at both widths and schemes."""
        if not self.all_sizes:
            page.screenshot(path=self.folder / f"{name}.png")
            return
        for size in (DESKTOP, PHONE):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                # Colours fade for an eighth of a second when the scheme changes.
                page.wait_for_timeout(250)
                path = self.folder / f"{name}-{size['width']}-{scheme}.png"
                page.screenshot(path=path, full_page=True)
        page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
        page.emulate_media(color_scheme="light")


def press(page: Page, name: str) -> None:
    """Press the button or follow the link of that name."""
    page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name)).first.click()


def window(browser: Browser) -> tuple[BrowserContext, Page]:
    """A fresh window at desktop size."""
    context = browser.new_context(viewport=DESKTOP, locale="en-GB")  # type: ignore[arg-type]
    return context, context.new_page()


def public_pages(page: Page, url: str, camera: Camera) -> None:
    """What everybody sees."""
    for name, path in {
        "front": "/",
        "how-it-works": "/how-it-works/",
        "privacy": "/privacy/",
        "who-may-ask": "/who-may-ask/",
        "builders": "/for-dataset-builders/",
        "accessibility": "/accessibility/",
        "not-a-name": "/look-up/?name=quillon+marsh%27s",
        "nothing-found": "/look-up/?name=tern-hollow",
        "answer-repository": "/look-up/?name=norrvik-instruments/field-recorder-firmware",
        "not-found": "/no-such-page/",
        "answer": "/look-up/?name=quillon-marsh",
    }.items():
        page.goto(url + path)
        camera.take(page, name)


def sign_in(page: Page, url: str, login: str) -> None:
    """Through the stand-in."""
    page.goto(f"{url}/sign-in/")
    press(page, "Sign in with GitHub")
    page.locator(f"#persona-{login}").check()
    press(page, "Go back signed in")
    page.wait_for_url(f"{url}/**")


def request_pages(page: Page, url: str, camera: Camera) -> str:
    """A request of an organisation's owner, from the choice to the receipt."""
    page.goto(f"{url}/sign-in/")
    camera.take(page, "sign-in")
    sign_in(page, url, "quillon-marsh")
    page.goto(f"{url}/requests/")
    camera.take(page, "requests-empty")
    page.goto(f"{url}/requests/new/organisation/")
    camera.take(page, "claim-organisation")
    page.get_by_label("Name of the organisation on GitHub").fill("norrvik-instruments")
    press(page, "Let GitHub show my role")
    page.locator("#persona-quillon-marsh").check()
    press(page, "Go back signed in")
    # What was not shown leads to the other ways to show it; the choice is one page back.
    page.goto(f"{url}/requests/new/")
    page.get_by_label("Only the repositories I choose").check()
    for name in ("harbour-ledger", "tidewatch", "thesis", "pilcrow", "dotfiles"):
        page.get_by_label(name, exact=True).check()
    page.locator(".claimed input[type=checkbox]").first.check()
    camera.take(page, "choose")
    press(page, "Go on with this choice")
    page.get_by_label("E-mail address").fill("quillon.saltmarsh.example")
    press(page, "Go on to check")
    camera.take(page, "describe-error")
    page.get_by_label("E-mail address").fill("quillon@saltmarsh.example")
    press(page, "Go on to check")
    camera.take(page, "check")
    press(page, "Send the request")
    camera.take(page, "sent")
    reference = page.locator(".reference").first.inner_text()
    page.goto(f"{url}/requests/{reference}/")
    page.get_by_text("Why a person looks at it").first.wait_for(timeout=30_000)
    camera.take(page, "status")
    page.goto(f"{url}/requests/{reference}/receipt/")
    camera.take(page, "receipt")
    page.goto(f"{url}/requests/{reference}/withdraw/")
    camera.take(page, "withdraw")
    page.goto(f"{url}/requests/")
    camera.take(page, "requests")
    page.goto(f"{url}/account/")
    camera.take(page, "account")
    return reference


def more_requests(browser: Browser, url: str) -> None:
    """A few others, so that the queue is one."""
    for login in ("larkspur-dev", "moss-kettering", "hale-ostrander", "odalys-brook", "brindle-fenn"):
        context, page = window(browser)
        sign_in(page, url, login)
        page.goto(f"{url}/requests/new/")
        page.get_by_label(f"Everything under {login}").check()
        press(page, "Go on with this choice")
        press(page, "Go on to check")
        press(page, "Send the request")
        page.get_by_text("We have your request").wait_for()
        context.close()


def staff_pages(browser: Browser, url: str, desk: Desk, reference: str, camera: Camera) -> None:
    """The queue, a request, a release."""
    for role, places in {
        "reviewer": {"queue": "/admin/removals/removalrequest/"},
        "release-manager": {"releases": "/admin/releases/release/"},
    }.items():
        context, page = window(browser)
        name, password = desk.staff[role]
        page.goto(f"{url}/admin/")
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill(password)
        press(page, "Log in")
        page.get_by_label("Code").fill(desk.code(role))
        press(page, "Go on")
        if camera.all_sizes:
            camera.take(page, f"admin-{role}")
        for place, path in places.items():
            page.goto(url + path)
            camera.take(page, place)
        if role == "reviewer":
            press(page, reference)
            camera.take(page, "request")
            page.get_by_label("Decline").first.check()
            page.locator("select").first.select_option("no_authority")
            press(page, "Show what they will read")
            camera.take(page, "preview")
        else:
            press(page, "v3.1")
            camera.take(page, "release")
        context.close()


def main() -> None:
    """Start a demo, walk through it, take the pictures."""
    everything = len(sys.argv) > 1
    with tempfile.TemporaryDirectory() as folder:
        taken = Path(sys.argv[1]) if everything else Path(folder) / "taken"
        camera = Camera(taken, all_sizes=everything)
        data = Path(folder) / "data"
        data.mkdir()
        with RunningDemo(data) as demo, running_browser() as browser:
            context, page = window(browser)
            public_pages(page, demo.url, camera)
            reference = request_pages(page, demo.url, camera)
            more_requests(browser, demo.url)
            page.wait_for_timeout(4_000)
            staff_pages(browser, demo.url, Desk(demo), reference, camera)
            context.close()
        if not everything:
            README_FOLDER.mkdir(parents=True, exist_ok=True)
            for name in ("answer", "choose", "status", "queue"):
                (README_FOLDER / f"{name}.png").write_bytes((taken / f"{name}.png").read_bytes())


if __name__ == "__main__":
    main()
