"""The Celery application. `core.apps` imports it, so that the package root stays empty."""

import os

from celery import Celery

from bigcode_optout.core import file_broker

file_broker.put_in_place()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bigcode_optout.settings.embedded")

app = Celery("bigcode_optout")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
