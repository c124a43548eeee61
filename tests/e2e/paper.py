"""A page on paper: what is printed of it, and how."""

import re

from playwright.sync_api import expect

_PRESSED = (".skip", ".masthead .menu", ".foot .menu", ".back", ".button", "form")
_COLOURS = "[document.body, ...document.querySelectorAll('main *')].map(each => getComputedStyle(each).color)"
# What is cut off on the width of A4 within its margins.
_CUT_OFF = """[...document.querySelectorAll('main, main pre, main dd')].filter(
    each => each.scrollWidth > each.clientWidth + 1
).length"""


def expect_receipt_on_paper(visitor, reference):
    """The receipt prints as a document that one keeps, black on white also from a dark window; then look away again."""
    page = visitor.page
    visitor.open(f"/requests/{reference}/receipt/")
    printed = page.get_by_text("Printed on")
    expect(printed).to_be_hidden()
    page.emulate_media(media="print", color_scheme="dark")
    for each in _PRESSED:
        for gone in page.locator(each).all():
            expect(gone).to_be_hidden()
    expect(page.locator(".facts .reference")).to_have_text(reference)
    expect(page.get_by_text(re.compile("SHA-256 [0-9a-f]{64}"))).to_be_visible()
    expect(printed).to_contain_text(f"{page.url}. What happened later")
    assert set(page.evaluate(_COLOURS)) <= {"rgb(0, 0, 0)", "rgb(51, 51, 51)"}
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    before = page.viewport_size
    page.set_viewport_size({"width": 680, "height": 960})
    assert page.evaluate(_CUT_OFF) == 0
    page.set_viewport_size(before)
    page.emulate_media(media="screen", color_scheme="light")
    visitor.open(f"/requests/{reference}/")
