"""Turn DATABASE_URL and REDIS_URL into Django's and Celery's settings; files on this disk where they are empty."""

from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured


def database(url: str, data_dir: Path) -> dict[str, Any]:
    """Settings of the default database: the one of `url`, else SQLite in `data_dir`.

    SQLite runs in WAL mode with immediate transactions, so that a writer waits at its start and never loses its
    snapshot halfway (Django 5.1's `transaction_mode`). Raises ImproperlyConfigured for a database of another kind.
    """
    if url:
        if not url.startswith(("postgresql://", "postgres://")):
            raise ImproperlyConfigured(
                "DATABASE_URL must be that of a PostgreSQL database (postgresql://…)."
                " Leave it empty for SQLite in the data folder."
            )
        settings: dict[str, Any] = environ.Env.db_url_config(url)
        settings["CONN_MAX_AGE"] = 60
        settings["CONN_HEALTH_CHECKS"] = True
        settings.setdefault("OPTIONS", {})["connect_timeout"] = 5
        return settings
    data_dir.mkdir(parents=True, exist_ok=True)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": data_dir / "desk.sqlite3",
        "OPTIONS": {
            "timeout": 30,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        },
    }


def broker(url: str, data_dir: Path) -> dict[str, Any]:
    """Celery's broker settings: Redis at `url`, else kombu's filesystem transport in `data_dir`.

    Time-outs are short, since the bell is rung inside web requests: a broker that is down must not hold a page.
    """
    if url:
        return {
            "CELERY_BROKER_URL": url,
            "CELERY_BROKER_TRANSPORT_OPTIONS": {
                "socket_connect_timeout": 1.0,
                "socket_timeout": 5.0,
                "visibility_timeout": 3600,
                # One try to connect: otherwise kombu sleeps 2 s and tries again, inside the web request.
                "max_retries": 0,
            },
            "CELERY_BROKER_CONNECTION_TIMEOUT": 1.0,
        }
    folder = data_dir / "broker"
    messages, control = folder / "messages", folder / "control"
    for each in (messages, control):
        each.mkdir(parents=True, exist_ok=True)
    return {
        "CELERY_BROKER_URL": "filesystem://localhost//",
        "CELERY_BROKER_TRANSPORT_OPTIONS": {
            # One folder for in and out: what the site puts there is what the worker takes.
            "data_folder_in": str(messages),
            "data_folder_out": str(messages),
            "control_folder": str(control),
            "store_processed": False,
            # The default of 1 s gives about two tasks a second.
            "polling_interval": 0.05,
        },
    }


def limit_storage(url: str) -> str:
    """Where the library `limits` counts: Redis at `url`, else this process's memory."""
    return url or "memory://"
