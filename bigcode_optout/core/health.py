"""Is the process alive, and can it do its work? For load balancers and container health checks."""

import logging
from collections.abc import Callable

from celery import current_app
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the process answers; asks nothing else."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, else 503. A broker that is down is told, yet does not make us unready: the sweep
    catches up."""
    parts = {"database": _works(_ask_database), "broker": _works(_ask_broker)}
    status = 200 if parts["database"] else 503
    words = {name: "ok" if works else "down" for name, works in parts.items()}
    return JsonResponse({"status": "ok" if status == 200 else "down", **words}, status=status)


def _works(ask: Callable[[], None]) -> bool:
    try:
        ask()
    except (DatabaseError, OperationalError, OSError) as error:
        logger.warning("not ready: %s", type(error).__name__)
        return False
    return True


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_broker() -> None:
    with current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=0, timeout=1)
