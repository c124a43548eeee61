"""How often one person or address may do a thing, counted by the library `limits`."""

import logging
import math
import time
from collections.abc import Callable
from functools import cache, wraps
from ipaddress import IPv6Address, IPv6Network, ip_address, ip_network
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from limits import parse
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from bigcode_optout.core.errors import TooMany

logger = logging.getLogger(__name__)
_MEMORY = "memory://"
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


@cache
def _limiter(storage: str) -> MovingWindowRateLimiter:
    options = {} if storage == _MEMORY else {"socket_connect_timeout": 1, "socket_timeout": 1}
    return MovingWindowRateLimiter(storage_from_string(storage, **options))


def caller(request: HttpRequest) -> str:
    """Whom a limit counts: the signed-in person by number, else the address.

    With TRUSTED_PROXIES = n the address is the n-th from the right of X-Forwarded-For: what is further left was
    written by the visitor.
    """
    if request.user.is_authenticated:
        return f"user:{request.user.pk}"
    return f"address:{_line_of(_address_of(request))}"


def network(request: HttpRequest) -> str:
    """The network that the caller comes from, signed in or not: 256 IPv4 addresses, or the first 48 bits of IPv6."""
    address = _line_of(_address_of(request)).partition("/")[0]
    try:
        parsed = ip_address(address)
    except ValueError:
        return f"network:{address}"
    return f"network:{ip_network((address, 24 if parsed.version == 4 else 48), strict=False)}"


def _address_of(request: HttpRequest) -> str:
    address: str = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        forwarded = [
            part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()
        ]
        if len(forwarded) >= settings.TRUSTED_PROXIES:
            address = forwarded[-settings.TRUSTED_PROXIES]
    return address


def _line_of(address: str) -> str:
    """An IPv6 address by its first 64 bits: one line has all the rest, so each try could come from a new address."""
    try:
        parsed = IPv6Address(address)
    except ValueError:
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(IPv6Network((parsed, 64), strict=False))


def spend(kind: str, request: HttpRequest, *, whom: str = "") -> None:
    """Count one use of `kind` (a key of RATE_LIMITS) by the caller, or by `whom`. Raises `TooMany` at the limit.

    A counter that is down lets people through: it guards against abuse, and must not become an outage. What guards a
    password or code (RATE_LIMITS_ALWAYS_COUNTED) is counted in this process then.
    """
    counted = whom or caller(request)
    try:
        seconds = _hit(settings.RATE_LIMIT_STORAGE, kind, counted)
    except Exception as error:
        # Each storage has its own error classes; none of them is a reason to turn people away.
        logger.warning("rate limit %s not counted: %s", kind, type(error).__name__)
        seconds = _hit(_MEMORY, kind, counted) if kind in settings.RATE_LIMITS_ALWAYS_COUNTED else 0
    if not seconds:
        return
    raise TooMany(
        "too_many",
        f"That was more than we allow in a short time. Please go on in {_in_words(seconds)}.",
        retry_after=seconds,
    )


def _hit(storage: str, kind: str, counted: str) -> int:
    """Count one; how many seconds to wait where that was too many, else 0. Raises what the storage does."""
    limit, limiter = parse(settings.RATE_LIMITS[kind]), _limiter(storage)
    if limiter.hit(limit, kind, counted):
        return 0
    window = limiter.get_window_stats(limit, kind, counted)
    return max(1, math.ceil(window.reset_time - time.time()))


def _in_words(seconds: int) -> str:
    if seconds < 90:
        return f"{seconds} second{'s' if seconds != 1 else ''}"
    return f"{math.ceil(seconds / 60)} minutes"


def limited(kind: str, *, methods: tuple[str, ...] = ("GET", "POST")) -> Callable[[View[P]], View[P]]:
    """Decorate a view: each call by one of `methods` spends one of `kind`."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def wrapper(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method in methods:
                spend(kind, request)
            return view(request, *args, **kwargs)

        return wrapper

    return decorate
