"""What Django's own log lines say of a page: its route, never its address."""

import pytest

from bigcode_optout.core.log_context import ContextFilter
from tests.builders import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.addresses")]


@pytest.fixture
def lines(caplog):
    """The log as the site's handler writes it."""
    caplog.handler.addFilter(ContextFilter())
    yield caplog
    caplog.handler.filters.clear()


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("/requests/OPT-2222-2222/receipt/", "(POST): requests/<reference:reference>/receipt/"),
        ("/quillon-marsh", "Not Found: an unknown address"),
        ("/qu\u00e4llon", "Not Found: an unknown address"),
    ],
)
def test_a_refused_page_is_logged_by_its_route(client, lines, address, line):
    client.force_login(make_user(), backend="django.contrib.auth.backends.ModelBackend")
    client.post(address)
    assert line in lines.text
    for part in ("OPT-2222", "quillon", "xe4llon"):
        assert part not in lines.text


def test_a_fault_of_ours_is_logged_by_its_route(client, lines):
    client.raise_request_exception = False
    client.get("/test/fail/bug/")
    assert "Internal Server Error: test/fail/<str:kind>/" in lines.text


def test_a_form_without_its_token_is_logged_by_its_route(client, lines):
    client.handler.enforce_csrf_checks = True
    client.post("/requests/OPT-2222-2222/withdraw/")
    assert "Forbidden" in lines.text and "OPT-2222" not in lines.text
