"""The database itself refuses to change or delete what happened and what was decided."""

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from bigcode_optout.removals import services, triggers
from bigcode_optout.removals.models import Decision, EventHead, EventText, RemovalRequest, RequestEvent
from bigcode_optout.removals.services import ItemVerdict
from tests.builders import make_draft, make_reviewer, make_user, reviewed_by_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def decided():
    """A request with events, words and a decision."""
    request = reviewed_by_person(make_user())
    verdict = ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)
    reviewer = make_reviewer()
    services.add_note(by=reviewer, request_id=request.pk, text="Looks right.")
    services.decide(by=reviewer, request_id=request.pk, verdicts={request.items.get().pk: verdict})
    return request


def refused(act) -> bool:
    try:
        with transaction.atomic():
            act()
    except IntegrityError as error:
        return "rows are only added" in str(error)
    return False


CHANGES = {
    "an event's code": lambda: RequestEvent.objects.update(code="accept"),
    "an event's time": lambda: RequestEvent.objects.update(happened_at="2020-01-01T00:00Z"),
    "a decision's sentence": lambda: Decision.objects.update(sentence="No."),
    "a decision's verdict, with its sentence erased": lambda: Decision.objects.update(
        sentence="", verdict="decline", reason="other"
    ),
    "who decided": lambda: Decision.objects.update(decided_by=make_reviewer("j.amadi")),
    "an event's words": lambda: EventText.objects.update(text="Looks wrong."),
    "the end of a history, back": lambda: EventHead.objects.update(number=1),
    "the end of a history, its hash": lambda: EventHead.objects.update(hash="0" * 64),
}
DELETIONS = {
    "an event": lambda: RequestEvent.objects.all()[0].delete(),
    "all events": lambda: RequestEvent.objects.all()._raw_delete("default"),
    "a decision": lambda: Decision.objects.all().delete(),
    "the end of a history": lambda: EventHead.objects.all().delete(),
    "a request that was sent": lambda: RemovalRequest.objects.all().delete(),
}


@pytest.mark.parametrize("what", CHANGES)
def test_it_cannot_be_changed(decided, what):
    assert refused(CHANGES[what])


@pytest.mark.parametrize("what", DELETIONS)
def test_it_cannot_be_deleted(decided, what):
    assert refused(DELETIONS[what])


def test_words_may_be_erased_and_event_and_decision_stay(decided):
    EventText.objects.all().delete()
    Decision.objects.update(sentence="")
    assert not EventText.objects.exists() and decided.events.filter(code="note").exists()
    assert (Decision.objects.get().sentence, Decision.objects.get().verdict) == ("", "accept")


def test_a_draft_is_still_forgotten():
    draft = make_draft(make_user())
    draft.delete()
    assert not RemovalRequest.objects.exists()


def test_tables_cannot_be_emptied_at_once(decided):
    # SQLite knows no TRUNCATE: there it is a deletion like any other.
    empty = "TRUNCATE" if connection.vendor == "postgresql" else "DELETE FROM"
    connection.check_constraints()
    with pytest.raises(IntegrityError, match="rows are only added"), transaction.atomic():
        connection.cursor().execute(f"{empty} removals_decision")


def without(trigger: triggers.Trigger) -> None:
    on_table = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
    connection.cursor().execute(f"DROP TRIGGER {trigger.name}{on_table}")


def errors() -> list[str]:
    return [error.msg for error in run_checks(databases=["default"]) if error.id == "removals.E001"]


@pytest.mark.parametrize("trigger", triggers.TRIGGERS, ids=lambda trigger: trigger.name)
def test_the_check_names_each_trigger_that_is_missing(trigger):
    assert errors() == []
    without(trigger)
    assert len(errors()) == 1 and trigger.name in errors()[0]


def test_an_update_that_brings_migrations_is_not_stopped_by_the_check():
    without(triggers.TRIGGERS[0])
    (newest,) = MigrationLoader(connection).graph.leaf_nodes("removals")
    MigrationRecorder(connection).record_unapplied(*newest)
    found = [each.id for each in run_checks(databases=["default"]) if each.id.startswith("removals.")]
    assert found == ["removals.W001"]


def test_the_check_looks_into_no_database_that_nobody_named():
    without(triggers.TRIGGERS[0])
    assert [error for error in run_checks() if error.id == "removals.E001"] == []


def test_a_trigger_that_does_nothing_is_not_taken_for_one_that_stands():
    trigger = triggers.TRIGGERS[0]
    without(trigger)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
            )
            cursor.execute(
                f"CREATE TRIGGER {trigger.name} BEFORE UPDATE ON {trigger.table} "
                "FOR EACH ROW EXECUTE FUNCTION nothing()"
            )
        else:
            cursor.execute(
                f"CREATE TRIGGER {trigger.name} BEFORE UPDATE ON {trigger.table} BEGIN SELECT 1; END"
            )
    assert triggers.missing(connection) == [trigger]
    triggers.install(connection)
    assert triggers.missing(connection) == []


def test_what_is_missing_is_put_back_by_the_command_and_by_each_migrate(capsys):
    without(triggers.TRIGGERS[0])
    call_command("install_triggers")
    assert f"{triggers.TRIGGERS[0].name} is put back." in capsys.readouterr().out
    without(triggers.TRIGGERS[1])
    call_command("migrate", verbosity=0)
    assert triggers.missing(connection) == []
    call_command("install_triggers")
    assert "Nothing was missing." in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_they_stand_again_after_tables_were_emptied_for_a_test():
    reviewed_by_person(make_user())
    with triggers.lifted():
        RemovalRequest.objects.all().delete()
    assert triggers.missing(connection) == []
