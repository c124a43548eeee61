"""Where a redirect or a `Link` header points, as long as it is the server that was asked."""

import re
from collections.abc import Mapping
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from requests.utils import parse_header_links

from bigcode_optout.githubapi.errors import BadAnswer

# Without backslash, blank and control characters: URL parsers disagree on what they mean.
_PLAIN = re.compile(r"[!-\[\]-~]{1,4096}")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def same_origin_url(asked: str, target: str) -> str:
    """The absolute URL of `target` (absolute or relative to `asked`) if scheme, host and port are the same.

    Raises BadAnswer otherwise. The answer is put together from the origin of `asked` and the path and
    query of `target`, so that no other parser can read another host out of it.
    """
    here, there = urlsplit(asked), _joined(asked, target)
    if there is None or _origin(here) != _origin(there) or there.username or there.password:
        raise BadAnswer("points elsewhere")
    return urlunsplit((here.scheme, here.netloc, there.path, there.query, ""))


def next_page_url(asked: str, headers: Mapping[str, str]) -> str | None:
    """The URL of the next page of a list, None on the last one; raises BadAnswer if it is on another host.

    Source: GitHub's documentation, "Using pagination in the REST API".
    """
    for link in parse_header_links(headers.get("link", "")):
        if "next" in link.get("rel", "").split():
            return same_origin_url(asked, link["url"])
    return None


def _joined(asked: str, target: str) -> SplitResult | None:
    if not _PLAIN.fullmatch(target):
        return None
    try:
        there = urlsplit(urljoin(asked, target))
        _ = there.port
    except ValueError:
        return None
    return there


def _origin(url: SplitResult) -> tuple[str, str | None, int | None]:
    return url.scheme, url.hostname, url.port or _DEFAULT_PORTS.get(url.scheme)
