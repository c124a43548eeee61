"""Where a browser may be sent after signing in."""

import re

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

# Browsers read a backslash as a slash and drop tabs and line breaks, so `/\\t/host` would lead away.
_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def is_local(url: str) -> bool:
    """Whether `url` is a path of this site: no host, no scheme, nothing a browser reads as one."""
    return _PATH.fullmatch(url) is not None and url_has_allowed_host_and_scheme(url, allowed_hosts=None)


def asked_next(request: HttpRequest) -> str:
    """The visitor's `next` (form or query) if it is a path of this site, else an empty string."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    return url if is_local(url) else ""
