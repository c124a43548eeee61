"""How numbers, times and names are written on the public pages."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Protocol

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

from bigcode_optout.core import clock

register = template.Library()
# A figure that the dataset does not have is not 0.
_NOT_RECORDED = SafeString('<span class="soft">not recorded</span>')

_BYTE_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
# A moment: up to so many seconds, counted in this unit.
_SPANS = (
    (45 * _MINUTE, _MINUTE, "minute"),
    (22 * _HOUR, _HOUR, "hour"),
    (60 * _DAY, _DAY, "day"),
    (700 * _DAY, 30.44 * _DAY, "month"),
    (float("inf"), 365.25 * _DAY, "year"),
)


class FilesAndSize(Protocol):
    """Figures of files. Each is None where the dataset does not record it."""

    @property
    def files(self) -> int | None:
        """How many."""

    @property
    def bytes(self) -> int | None:
        """How long they are together."""


@register.simple_tag
def contact() -> str:
    """The contact address. A tag, because pages about our own faults are drawn without a request."""
    return str(settings.CONTACT_ADDRESS)


@register.filter(name="bytes")
def byte_size(value: int | None) -> SafeString:
    """A size in bytes with its decimal unit in soft ink: `65.5 MB`, `721 kB`, `0 B`; None is “not recorded”."""
    if value is None:
        return _NOT_RECORDED
    size, unit = float(value), 0
    while unit + 1 < len(_BYTE_UNITS) and round(size, 1 if size < 99.95 else 0) >= 1000:
        size, unit = size / 1000, unit + 1
    digits = 1 if unit and size < 99.95 else 0
    return format_html('{} <span class="unit">{}</span>', f"{size:,.{digits}f}", _BYTE_UNITS[unit])


@register.filter
def count(value: int | None) -> str:
    """A number with thousands separators: `224,118,306`; None is “not recorded”."""
    return _NOT_RECORDED if value is None else f"{value:,}"


@register.filter
def plural(value: int, words: str) -> str:
    """A number and its word, from `"file,files"`: `1 file`, `7,380 files`."""
    one, many = words.split(",")
    return f"{value:,} {one if value == 1 else many}"


@register.filter
def files_and_size(figures: FilesAndSize) -> SafeString:
    """What has `files` and `bytes`, in a sentence: `3 files, 65.5 MB`; a figure that is None is said so."""
    if figures.files is None:
        return SafeString("files not recorded")
    if figures.bytes is None:
        return format_html("{}, size not recorded", plural(figures.files, "file,files"))
    return format_html("{}, {}", plural(figures.files, "file,files"), byte_size(figures.bytes))


@register.filter
def listed(words: Sequence[object]) -> str:
    """Words in a sentence: `v3`, `v3 and v2.1`, `v3, v2.1 and v1.2`."""
    *most, last = [str(word) for word in words]
    return f"{', '.join(most)} and {last}" if most else last


@register.filter
def when(value: datetime | date) -> SafeString:
    """How far away: `in 17 days`, `3 hours ago`; the exact time on hover. Days are counted from midnight UTC."""
    if isinstance(value, datetime):
        return _time(value, _relative((value - clock.now()).total_seconds()))
    days = (value - clock.today()).days
    return _time(value, _relative(days * _DAY) if days else "today")


@register.filter
def duration(seconds: float) -> str:
    """A length of time in its largest unit: `under a minute`, `3 hours`, `2 days`."""
    return _length(seconds) if seconds >= _MINUTE else "under a minute"


@register.filter
def day(value: datetime | date) -> SafeString:
    """The day, `9 December 2026`; the exact time on hover."""
    moment = _in_utc(value)
    return _time(value, f"{moment.day} {moment:%B %Y}")


@register.filter
def month(value: datetime | date) -> SafeString:
    """The month, `September 2023`; the day on hover."""
    return _time(value, f"{_in_utc(value):%B %Y}")


@register.filter
def breakable(name: str) -> SafeString:
    """A login or `owner/name` that may wrap after its slash and keeps its direction."""
    owner, slash, rest = name.partition("/")
    if not slash:
        return format_html("<bdi>{}</bdi>", owner)
    return format_html("<bdi>{}/<wbr>{}</bdi>", owner, rest)


def _in_utc(value: datetime | date) -> datetime | date:
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _time(value: datetime | date, text: str) -> SafeString:
    moment = _in_utc(value)
    exact = f"{moment:%A}, {moment.day} {moment:%B %Y}"
    if isinstance(moment, datetime):
        exact, machine = f"{exact}, {moment:%H:%M} UTC", f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    else:
        machine = moment.isoformat()
    return format_html('<time datetime="{}" title="{}">{}</time>', machine, exact, text)


def _relative(seconds: float) -> str:
    distance = abs(seconds)
    if distance < 45:
        return "in a moment" if seconds > 0 else "just now"
    return f"in {_length(distance)}" if seconds > 0 else f"{_length(distance)} ago"


def _length(seconds: float) -> str:
    length, word = next((length, word) for limit, length, word in _SPANS if seconds < limit)
    number = max(1, round(seconds / length))
    return f"{number} {word if number == 1 else word + 's'}"
