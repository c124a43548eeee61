"""Mails leave once, and none is lost."""

import datetime as dt
import smtplib

import pytest
import time_machine
from django.core import mail

from bigcode_optout.removals import outbox, tasks
from tests.builders import make_user, submitted_request

pytestmark = pytest.mark.django_db


@pytest.fixture
def message(index):
    return submitted_request(make_user(), email="otter@quay.example").mails.get()


def test_a_mail_is_sent_once_however_often_the_task_runs(message):
    assert outbox.send(message.pk) is True
    assert outbox.send(message.pk) is False
    assert [sent.to for sent in mail.outbox] == [["otter@quay.example"]]
    assert message.request.reference in mail.outbox[0].subject + mail.outbox[0].body


def test_a_mail_that_could_not_leave_is_sent_by_a_later_sweep(message, monkeypatch):
    def refuse(*_, **__):
        raise smtplib.SMTPServerDisconnected

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMessage.send", refuse)
        assert outbox.send(message.pk) is False
    assert outbox.unsent() == []
    with time_machine.travel(dt.datetime.now(dt.UTC) + outbox.LEASE + dt.timedelta(seconds=1)):
        tasks.sweep_outbox()
    message.refresh_from_db()
    assert message.sent_at and message.attempt_count == 2
    assert len(mail.outbox) == 1


def test_a_worker_that_died_while_sending_blocks_the_mail_for_two_minutes_only(message):
    type(message).objects.update(lease_until=dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1))
    tasks.sweep_outbox()
    assert len(mail.outbox) == 1
