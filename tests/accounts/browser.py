"""A person with a browser: the desk by Django's test client, GitHub's pages over HTTP, redirects by hand.

The desk is `localhost` and the stand-in `127.0.0.1`, since cookies ignore ports.
"""

from urllib.parse import parse_qs, parse_qsl, urlsplit

import requests
from django.contrib.auth import get_user
from django.http import HttpResponse
from django.test import Client, RequestFactory

CALLBACK = "/accounts/github/login/callback/"


class Browser:
    def __init__(self) -> None:
        self.desk = Client(SERVER_NAME="localhost", raise_request_exception=False)

    def leave_for_github(self, path: str = "/sign-in/", **form: str) -> str:
        """Press a button of the desk; where it sends the browser."""
        response = self.desk.post(path, form)
        assert response.status_code == 302, response.content
        return str(response["location"])

    def come_back(self, authorize_url: str, login: str, *, granted: str = "", decision: str = "grant") -> str:
        """Decide on GitHub's page as `login`; the path with which GitHub sends the browser back."""
        assert requests.get(authorize_url, timeout=5).status_code == 200
        asked = parse_qsl(urlsplit(authorize_url).query, keep_blank_values=True)
        form = [
            *asked,
            ("persona", login),
            ("decision", decision),
            *(("granted", one) for one in granted.split()),
        ]
        response = requests.post(authorize_url.split("?")[0], data=form, allow_redirects=False, timeout=5)
        address = urlsplit(response.headers["location"])
        assert address.hostname == "localhost"
        return f"{address.path}?{address.query}"

    def sign_in(self, login: str, **form: str) -> HttpResponse:
        return self.desk.get(self.come_back(self.leave_for_github(**form), login))

    def join(self, login: str) -> HttpResponse:
        return self.desk.get(self.come_back(self.leave_for_github("/accounts/join/"), login))

    def bring(self, code: str = "a-code", path: str = "/sign-in/") -> HttpResponse:
        """Come back with any code, without having been on GitHub's page."""
        state = query_of(self.leave_for_github(path))["state"]
        return self.desk.get(CALLBACK, {"code": code, "state": state})

    def request(self) -> object:
        """A request of this browser, for what views of other rooms call."""
        request = RequestFactory(SERVER_NAME="localhost").post("/")
        request.session = self.desk.session
        request.user = get_user(request)
        return request

    @property
    def user(self) -> object:
        return get_user(self.request())


def query_of(url: str) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(url).query, keep_blank_values=True).items()}
