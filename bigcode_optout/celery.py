"""The Celery application. `core.apps` imports it, so that the package root stays empty."""

import os

from celery import Celery
from celery.signals import setup_logging

from bigcode_optout.core import file_broker

file_broker.put_in_place()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bigcode_optout.settings.embedded")

app = Celery("bigcode_optout")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def _logging_is_as_the_settings_have_it(**_: object) -> None:
    """Celery leaves logging alone where somebody listens here; else it adds handlers and levels of its own."""
