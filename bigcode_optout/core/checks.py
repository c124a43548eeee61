"""Settings that look harmless and are not."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security)
def limits_are_shared(**_: Any) -> list[CheckMessage]:
    """Several web processes that count in their own memory would each grant the whole limit."""
    if settings.WEB_PROCESSES > 1 and settings.RATE_LIMIT_STORAGE.startswith("memory"):
        return [
            Error(
                f"{settings.WEB_PROCESSES} web processes would each count rate limits in their own memory.",
                hint="Set REDIS_URL, or run one process with threads.",
                id="core.E001",
            )
        ]
    return []
