"""Take a pasted GitHub address apart: https, git@, with or without scheme, query or fragment."""

import re
from urllib.parse import urlsplit

from .folding import fold
from .refusals import NameRefused, quoted
from .routes import OWNER_ROUTES, SITE_ROUTES

_SCHEME = re.compile(r"(?:git\+)?(?:https?|ssh|git)://", re.IGNORECASE)
_ANY_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_COPY_ADDRESS = re.compile(r"(?:[A-Za-z0-9_-]+@)(?P<host>[A-Za-z0-9.-]+):(?P<path>[^/].*)", re.DOTALL)
_HOST_FIRST = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+\.?(?::[0-9]+)?(?:[/?#]|$)")
_HOSTS = {"github.com", "www.github.com"}
_PAGES_HOST = ".github.io"


def address_parts(text: str) -> list[str] | None:
    """Return the parts of a GitHub address that name an account or repository, or None if it is no address.

    `https://github.com/orgs/NAME/people` gives `[NAME]`; parts after `owner/name` are dropped. Raises
    NameRefused for other hosts, for GitHub's own pages and for an address without a name.
    """
    found = _host_and_path(text)
    if found is None:
        return None
    host, path = found
    if host not in _HOSTS:
        raise _refuse_host(text, host)
    parts = [part for part in path.split("/") if part]
    if not parts:
        raise NameRefused(
            "empty",
            f"{quoted(text)} is GitHub’s front page. The name of an account or a repository is missing.",
        )
    route = fold(parts[0])
    if route in OWNER_ROUTES and len(parts) > 1:
        return parts[1:2]
    if route in SITE_ROUTES:
        raise NameRefused(
            "reserved", f"{quoted(text)} is one of GitHub’s own pages, not an account or a repository."
        )
    return parts[:2]


def _host_and_path(text: str) -> tuple[str, str] | None:
    if _SCHEME.match(text):
        return _split_url(text, text)
    if _ANY_SCHEME.match(text):
        raise NameRefused("other_host", f"{quoted(text)} is not an address on github.com.")
    if copied := _COPY_ADDRESS.fullmatch(text):
        return _split_url(f"ssh://{copied['host']}/{copied['path']}", text)
    if text.startswith("//"):
        return _split_url("https:" + text, text)
    # A login has no dot, so "gitlab.com/someone" can only be another host.
    if _HOST_FIRST.match(text):
        return _split_url("https://" + text, text)
    return None


def _split_url(url: str, text: str) -> tuple[str, str]:
    try:
        parsed = urlsplit(url)
        host = (parsed.hostname or "").rstrip(".")
        usual_port = parsed.port in (None, 22, 80, 443, 9418)
    except ValueError:
        raise NameRefused("not_a_name", f"{quoted(text)} is not an address that can be read.") from None
    if not usual_port:
        raise NameRefused("other_host", f"{quoted(text)} is not an address on github.com.")
    return host, parsed.path


def _refuse_host(text: str, host: str) -> NameRefused:
    if host == "gist.github.com":
        return NameRefused("other_host", f"{quoted(text)} is a gist. Gists are not part of The Stack.")
    suggestion = None
    if host.endswith(_PAGES_HOST) and "." not in host.removesuffix(_PAGES_HOST):
        suggestion = host.removesuffix(_PAGES_HOST) or None
    return NameRefused(
        "other_host",
        f"{quoted(text)} is not on github.com. Type the name of a GitHub account or repository.",
        suggestion=suggestion,
    )
