"""End the sessions of a person."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session

from bigcode_optout.accounts.models import User
from bigcode_optout.core import clock


def end_sessions(user: User) -> int:
    """Sign the person out everywhere. Gives how many sessions there were. Reads every session: rows are sealed."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    ended = 0
    for row in Session.objects.filter(expire_date__gt=clock.now()).iterator(chunk_size=500):
        if row.get_decoded().get(SESSION_KEY) == str(user.pk):
            store(row.session_key).delete()
            ended += 1
    return ended
