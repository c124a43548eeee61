"""What every page's frame shows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def desk(request: HttpRequest) -> dict[str, Any]:
    """The contact address of the foot."""
    return {"contact_address": settings.CONTACT_ADDRESS}
