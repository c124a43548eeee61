"""The version is out: what becomes fulfilled, batch by batch, whoever is killed in between."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bigcode_optout.core import clock
from bigcode_optout.core.errors import Conflict, Forbidden, Refused
from bigcode_optout.releases import fulfilling, publishing, tasks, verifying
from bigcode_optout.releases.models import Publication
from bigcode_optout.removals import audit, releasing
from bigcode_optout.removals import services as removals
from bigcode_optout.removals.models import Decision, OutboxMessage, RemovalRequest
from tests.builders import make_draft, make_release_manager, make_reviewer, make_user, reviewed_by_person
from tests.releases.builders import accepted_request
from tests.releases.proving import as_bytes, found, handed_over, report_of

pytestmark = pytest.mark.django_db
ADDRESS = "otter@quay.example"


def verify(release, **more):
    verifying.record(release_id=release.pk, report=as_bytes(report_of(release, **more)), by=None)
    return release


def verified(name="v3.1"):
    """Handed over, with clean reports for both kinds that the dataset honours."""
    return verify(verify(handed_over(name)), schema="commits")


def publish(release, **more):
    return publishing.publish(release_id=release.pk, **{"version": release.name, "by": None, **more})


def published(release):
    return fulfilling.work(publication_id=publish(release).pk)


def states():
    return list(RemovalRequest.objects.order_by("pk").values_list("state", flat=True))


def test_what_is_on_the_list_becomes_fulfilled_with_event_and_mail(index):
    request = accepted_request(make_user(), email=ADDRESS)
    done = published(verified())
    request.refresh_from_db()
    assert (request.state, done.fulfilled_count, done.release.state) == ("fulfilled", 1, "published")
    event = request.events.last()
    assert (event.code, event.data["version"], event.by_role) == ("fulfil", "v3.1", "system")
    assert request.items.get().fulfilled_at == done.published_at
    assert "nothing of this was found" in request.mails.get(kind="fulfilled").body


def test_only_a_verified_release_is_published(index):
    accepted_request(make_user())
    release = handed_over()
    with pytest.raises(Conflict, match="is handed over; only a verified release is published"):
        publish(release)
    verifying.record(release_id=release.pk, report=found(release, 0), by=None)
    with pytest.raises(Conflict, match="plan a patch release"):
        publish(release)
    assert states() == ["accepted"]


def test_a_kind_that_nobody_searched_blocks_it_unless_the_version_has_none(index):
    accepted_request(make_user())
    release = verify(handed_over())
    with pytest.raises(Conflict, match=r"No clean report covers the commits of v3\.1"):
        publish(release)
    with pytest.raises(Refused, match="so it has some"):
        publish(release, absent_kinds=["files", "commits"])
    assert publish(release, absent_kinds=["commits"]).absent_kinds == ["commits"]


def test_another_version_and_unknown_kinds_are_refused(index):
    accepted_request(make_user())
    release = verified()
    with pytest.raises(Refused, match=r"is for v3\.1, not for 'v4'"):
        publish(release, version="v4")
    with pytest.raises(Refused, match="no scope kind 'gists'"):
        publish(release, absent_kinds=["gists"])
    assert not Publication.objects.exists()


def test_what_asks_only_for_kinds_that_the_version_has_not_stays_accepted(index):
    user = make_user()
    draft = make_draft(user, files=False, commits=False)
    request = removals.submit(by=user, draft_id=draft.pk)
    removals.begin_review(request_id=request.pk)
    accept = removals.ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)
    removals.decide(by=make_reviewer(), request_id=request.pk, verdicts={request.items.get().pk: accept})
    accepted_request(make_user(502, "tern-hollow"))
    done = published(verified())
    assert (states(), done.done_count, done.fulfilled_count) == (["accepted", "fulfilled"], 2, 1)


def test_a_part_that_waits_for_the_next_list_keeps_the_request_accepted(index):
    user = make_user()
    request = reviewed_by_person(user, ["otter-quay/kelp", "otter-quay/reef"], email=ADDRESS)
    accept = removals.ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)
    kelp, reef = request.items.order_by("name")
    removals.decide(by=make_reviewer(), request_id=request.pk, verdicts={kelp.pk: accept})
    release = handed_over()
    removals.accept_by_rule(request_id=request.pk, rules={reef.pk: "repository.admin"})
    published(verify(verify(release), schema="commits"))
    request.refresh_from_db()
    assert request.state == "accepted"
    assert request.events.last().code == "fulfil_items"
    assert "kelp" in request.mails.get(kind="fulfilled").body
    assert "reef" not in request.mails.get(kind="fulfilled").body
    assert [item.fulfilled_at is not None for item in request.items.order_by("name")] == [True, False]
    published(verified("v3.2"))
    request.refresh_from_db()
    assert request.state == "fulfilled"


def test_a_later_version_without_it_is_told_in_the_request_and_not_by_mail_again(index):
    request = accepted_request(make_user(), email=ADDRESS)
    published(verified())
    first = request.items.get().fulfilled_at
    published(verified("v3.2"))
    request.refresh_from_db()
    assert (request.state, request.events.last().data["version"]) == ("fulfilled", "v3.2")
    assert request.mails.filter(kind="fulfilled").count() == 1
    assert request.items.get().fulfilled_at == first


def test_who_opted_back_in_meanwhile_stays_so_and_reads_that_this_version_is_without_it(index):
    user = make_user()
    request = accepted_request(user, email=ADDRESS)
    release = verified()
    removals.opt_back_in(by=user, request_id=request.pk)
    published(release)
    request.refresh_from_db()
    assert (request.state, request.events.last().code) == ("opted_back_in", "fulfil_items")
    assert "you took the request back" in request.mails.get(kind="fulfilled").body


def test_only_release_managers_publish(index):
    accepted_request(make_user())
    release = verified()
    with pytest.raises(Forbidden):
        publish(release, by=make_reviewer("somebody"))
    manager = make_release_manager()
    assert publish(release, by=manager).published_by == manager


@pytest.fixture
def many(index, settings):
    """Five requests on a verified list; two a batch."""
    settings.FULFIL_BATCH = 2
    for number in range(5):
        accepted_request(make_user(600 + number, f"person-{number}"), email=f"p{number}@example.org")
    return verified()


def test_a_worker_that_is_killed_in_a_batch_loses_and_doubles_nothing(many, monkeypatch):
    publication = publish(many)
    real, calls = releasing.outbox.render_to_string, []

    def dies(template, context):
        calls.append(template)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return real(template, context)

    monkeypatch.setattr(releasing.outbox, "render_to_string", dies)
    with pytest.raises(KeyboardInterrupt):
        fulfilling.work(publication_id=publication.pk)
    publication.refresh_from_db()
    assert (publication.done_count, states()) == (2, ["fulfilled"] * 2 + ["accepted"] * 3)
    assert fulfilling.due() == [], "its lease lasts"
    Publication.objects.update(lease_until=clock.now())
    monkeypatch.setattr(releasing.outbox, "render_to_string", real)
    assert fulfilling.due() == [publication.pk]
    done = fulfilling.work(publication_id=publication.pk)
    assert (done.done_count, done.fulfilled_count, done.finished_at is not None) == (5, 5, True)
    assert OutboxMessage.objects.filter(kind="fulfilled").count() == 5
    assert fulfilling.due() == []


def test_a_worker_lets_go_after_its_time_and_the_next_one_goes_on(many, settings):
    settings.FULFIL_RUN_SECONDS = 0
    publication = publish(many)
    assert [fulfilling.work(publication_id=publication.pk).done_count for _ in range(4)] == [2, 4, 5, 5]
    publication.refresh_from_db()
    assert publication.finished_at and states() == ["fulfilled"] * 5


def test_an_overtaken_worker_writes_nothing(many):
    publication = publish(many)
    mine = fulfilling._take(publication.pk)
    Publication.objects.update(lease_until=clock.now())
    assert fulfilling._take(publication.pk).number == mine.number + 1
    with pytest.raises(Conflict, match="Another worker"):
        fulfilling._batch(mine)
    assert states() == ["accepted"] * 5


def test_telling_a_request_of_a_release_twice_is_once(many):
    published(many)
    Publication.objects.update(reached_id=0, finished_at=None, done_count=0)
    again = fulfilling.work(publication_id=Publication.objects.get().pk)
    assert (again.done_count, again.fulfilled_count) == (5, 5)
    assert OutboxMessage.objects.filter(kind="fulfilled").count() == 5


def test_the_worker_finds_a_publication_whose_bell_was_lost(many, settings):
    settings.CELERY_TASK_ALWAYS_EAGER = True
    publication = publish(many)
    tasks.fulfil(publication.pk)
    assert Publication.objects.get().finished_at is not None
    tasks.sweep_publications()
    assert states() == ["fulfilled"] * 5


def test_what_is_written_together_is_a_chain_like_any_other(many):
    published(many)
    report = audit.verify()
    assert (report.findings, report.requests) == ([], 5)
    assert all(
        request.event_head.number == request.events.count() for request in RemovalRequest.objects.all()
    )


def test_a_batch_takes_a_few_queries_whatever_the_number_of_requests(many, settings):
    settings.FULFIL_BATCH = 1
    mine = fulfilling._take(publish(many).pk)
    with CaptureQueriesContext(connection) as alone:
        fulfilling._batch(mine)
    settings.FULFIL_BATCH = 4
    with CaptureQueriesContext(connection) as together:
        fulfilling._batch(mine)
    assert len(together) == len(alone) < 40
