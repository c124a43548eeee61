"""The Celery application. `core.apps` imports it, so that the package root stays empty."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bigcode_optout.settings.embedded")

app = Celery("bigcode_optout")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
