"""The database itself refuses to change or delete what happened and what was decided."""

import dataclasses

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Permission
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from bigcode_optout.releases import services as releases
from bigcode_optout.removals import automatic, services, triggers
from bigcode_optout.removals.models import Decision, EventHead, EventText, RemovalRequest, RequestEvent
from bigcode_optout.removals.services import ItemVerdict
from tests.builders import make_draft, make_reviewer, make_user, reviewed_by_person
from tests.two_reviewers import ACCEPT, make_senior

pytestmark = pytest.mark.django_db
STANDING = triggers.every(connection)


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


@pytest.mark.parametrize("trigger", STANDING, ids=lambda trigger: trigger.name)
def test_the_check_names_each_trigger_that_is_missing(trigger):
    assert errors() == []
    without(trigger)
    assert len(errors()) == 1 and trigger.name in errors()[0]


def test_an_update_that_brings_migrations_is_not_stopped_by_the_check():
    without(STANDING[0])
    (newest,) = MigrationLoader(connection).graph.leaf_nodes("removals")
    MigrationRecorder(connection).record_unapplied(*newest)
    found = [each.id for each in run_checks(databases=["default"]) if each.id.startswith("removals.")]
    assert found == ["removals.W001"]


def test_the_check_looks_into_no_database_that_nobody_named():
    without(STANDING[0])
    assert [error for error in run_checks() if error.id == "removals.E001"] == []


def test_a_trigger_that_does_nothing_is_not_taken_for_one_that_stands():
    trigger = STANDING[0]
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
    without(STANDING[0])
    call_command("install_triggers")
    assert f"{STANDING[0].name} is put back." in capsys.readouterr().out
    without(STANDING[1])
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


def replaced(table: str, **values: str) -> bool:
    """Each database's way to put a row in the place of one that is there."""
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, table)
    columns = ", ".join(f'"{each.name}"' for each in described)
    selected = ", ".join(values.get(each.name, f'"{each.name}"') for each in described)
    if connection.vendor == "sqlite":
        statement = f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {selected} FROM {table}"
    else:
        changes = ", ".join(f"{name} = {value}" for name, value in values.items())
        statement = (
            f"INSERT INTO {table} SELECT * FROM {table} WHERE true ON CONFLICT (id) DO UPDATE SET {changes}"
        )
    return refused(lambda: connection.cursor().execute(statement))


REPLACED = {
    "removals_requestevent": {"code": "'deny'"},
    "removals_decision": {"verdict": "'decline'", "reason": "'other'"},
    "removals_eventtext": {"text": "'Looks wrong.'"},
    "removals_eventhead": {"hash": "'00'"},
}


@pytest.mark.parametrize("table", REPLACED)
def test_no_row_takes_the_place_of_another(decided, table):
    assert replaced(table, **REPLACED[table])


@pytest.mark.parametrize("table", ["removals_requestevent", "removals_eventtext", "removals_eventhead"])
def test_nor_does_one_with_a_new_number_and_the_same_key(decided, table):
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, table)
    columns = ", ".join(f'"{each.name}"' for each in described if each.name != "id")
    replace = "INSERT OR REPLACE" if connection.vendor == "sqlite" else "INSERT"
    with pytest.raises(IntegrityError), transaction.atomic():
        connection.cursor().execute(f"{replace} INTO {table} ({columns}) SELECT {columns} FROM {table}")


def test_no_switch_of_a_session_opens_the_way_to_a_decision(decided):
    switches = {
        "sqlite": ["PRAGMA recursive_triggers = OFF", "PRAGMA defer_foreign_keys = ON"],
        "postgresql": ["SET LOCAL session_replication_role = replica"],
    }

    def act():
        with connection.cursor() as cursor:
            for switch in switches[connection.vendor]:
                cursor.execute(switch)
            cursor.execute("UPDATE removals_decision SET verdict = 'decline', reason = 'other'")

    assert refused(act)


@pytest.fixture
def other_histories():
    """A policy that was changed, a release that was planned and frozen with a rule, and a line of the admin's log."""
    senior, request = make_senior(), reviewed_by_person(make_user())
    senior.user_permissions.add(Permission.objects.get(codename="set_policy"))
    senior = type(senior).objects.get(pk=senior.pk)
    services.decide(by=senior, request_id=request.pk, verdicts={request.items.get().pk: ACCEPT})
    stopped = dataclasses.replace(automatic.current(), is_stopped=True)
    automatic.change(by=senior, policy=stopped, reason="A doubt.")
    release = releases.plan(dataset=request.dataset, name="v9.1")
    releases.freeze(release_id=release.pk, by=None)
    LogEntry.objects.log_actions(senior.pk, [request], CHANGE, change_message="Looked.", single_object=True)


OTHER_CHANGES = {
    "removals_policychange": "is_stopped = NOT is_stopped",
    "releases_releaseevent": "code = 'publish'",
    "releases_exclusion": "name = 'somebody-else'",
    "releases_exclusion_items": "scopeitem_id = 0",
    "django_admin_log": "object_repr = 'another'",
}


@pytest.mark.parametrize("table", OTHER_CHANGES)
def test_other_histories_are_only_added_to_as_well(other_histories, table):
    with connection.cursor() as cursor:
        assert refused(lambda: cursor.execute(f"UPDATE {table} SET {OTHER_CHANGES[table]}"))
        assert refused(lambda: cursor.execute(f"DELETE FROM {table}"))
    column, _, value = OTHER_CHANGES[table].partition(" = ")
    assert replaced(table, **{column: value if value[0] in "'0" else f"{table}.{column}"})


def test_what_the_log_of_the_desk_says_in_words_may_be_erased(other_histories):
    LogEntry.objects.update(change_message="")
    assert set(LogEntry.objects.values_list("change_message", flat=True)) == {""}
