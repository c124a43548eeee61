from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session

from bigcode_optout.accounts import tasks
from bigcode_optout.core import clock

pytestmark = pytest.mark.django_db


def test_sessions_that_have_ended_are_forgotten_and_others_are_not():
    for key, days in (("ended", -1), ("going-on", 1)):
        Session.objects.create(
            session_key=key, session_data="", expire_date=clock.now() + timedelta(days=days)
        )
    tasks.forget_sessions()
    assert [session.session_key for session in Session.objects.all()] == ["going-on"]


def test_a_timer_forgets_them():
    assert tasks.forget_sessions.name in {timer["task"] for timer in settings.CELERY_BEAT_SCHEDULE.values()}
