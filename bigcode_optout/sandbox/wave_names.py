"""Names for invented people and things: two words and a number in base 36, so that none comes twice."""

# Sixteen of each: the number's lowest bits choose.
_FIRST = (
    *("amber", "birch", "cedar", "dusk", "ember", "fern", "gale", "heath"),
    *("iris", "juniper", "kestrel", "linden", "moss", "nettle", "ochre", "pine"),
)
_SECOND = (
    *("anchor", "beacon", "cove", "delta", "eddy", "fjord", "grove", "harbour"),
    *("inlet", "jetty", "knoll", "lagoon", "marsh", "narrows", "oxbow", "pier"),
)
_THINGS = (
    *("atlas", "bench", "codec", "deck", "engine", "forge", "graph", "hook"),
    *("index", "jig", "kit", "ledger", "mesh", "notes", "otter", "parser"),
)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def login_of(number: int) -> str:
    """A login like ``amber-cove-5yc1s``; another number gives another one."""
    return f"{_FIRST[number % 16]}-{_SECOND[number // 16 % 16]}-{_base36(number)}"


def repository_of(number: int) -> str:
    """A repository's name like ``parser-5yc2q``."""
    return f"{_THINGS[number % 16]}-{_base36(number)}"


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits or "0"
