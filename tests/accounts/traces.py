"""Everything the desk keeps, as one text in which to look for what must not be kept."""

from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection


def everything_kept() -> str:
    rows: list[str] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += [repr(row) for row in cursor.fetchall()]
    # The session's column is compressed.
    rows += [repr(session.get_decoded()) for session in Session.objects.all()]
    rows += [message.message().as_string() for message in mail.outbox]
    return "\n".join(rows)
