"""Reason codes and the sentences that go with them: true, in the requester's language, kept as they were sent."""

import datetime as dt
import importlib
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from bigcode_optout.accounts.models import User
from bigcode_optout.core.errors import Conflict, Forbidden, Refused
from bigcode_optout.removals import locating, services, triggers, wording, writing_texts
from bigcode_optout.removals.default_texts import DEFAULTS
from bigcode_optout.removals.languages import closest, known
from bigcode_optout.removals.models import Decision, ReasonText, RemovalRequest
from bigcode_optout.removals.settling import ItemVerdict
from tests.builders import make_draft, make_reviewer, make_user, reviewed_by_person, submitted_request
from tests.review.cases import waiting_request
from tests.two_reviewers import make_senior

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
Reason, Verdict = Decision.Reason, Decision.Verdict


def decide(request: RemovalRequest, verdict: str, reason: str, sentence: str = "") -> Decision:
    verdicts = {request.items.get().pk: ItemVerdict(Verdict(verdict), Reason(reason), sentence)}
    reviewer = User.objects.filter(username="e.thorne").first() or make_reviewer()
    services.decide(by=reviewer, request_id=request.pk, verdicts=verdicts)
    return Decision.objects.get()


def in_german(login: str = "otter-quay") -> RemovalRequest:
    user = make_user(login=login)
    request = services.submit(by=user, draft_id=make_draft(user, email="o@quay.example").pk, language="de")
    return services.begin_review(request_id=request.pk)


def write(by, sentence: str, *, reason: str = "insufficient_proof", language: str = "en", seen: int = 0):
    return writing_texts.write_text(
        by=by, verdict="decline", reason=reason, language=language, sentence=sentence, seen_version=seen
    )


def test_the_codes_are_those_of_the_desk():
    assert {reason.label for reason in Reason} - {"control shown"} == {
        "insufficient proof",
        "no authority over the whole organisation",
        "not in the dataset",
        "duplicate",
        "not covered by this dataset",
        "withdrawn by requester",
        "abusive",
        "other",
    }


@pytest.mark.parametrize("verdict", ["accept", "decline"])
def test_other_needs_words_of_its_own(verdict):
    request = reviewed_by_person(make_user())
    with pytest.raises(Refused, match="your own words"):
        decide(request, verdict, "other")
    assert decide(request, verdict, "other", "For a reason of ours.").sentence == "For a reason of ours."


@pytest.mark.parametrize(("verdict", "reason"), [("accept", "duplicate"), ("decline", "control_shown")])
def test_a_reason_goes_with_its_verdict(verdict, reason):
    request = reviewed_by_person(make_user())
    with pytest.raises(Refused, match="This is a reason to"):
        decide(request, verdict, reason)
    assert not Decision.objects.exists()


def test_what_is_their_own_and_not_in_the_dataset_is_kept_as_an_exclusion(index):
    request = waiting_request(make_user(502, "tern-hollow"))
    with pytest.raises(Refused, match="was shown to be theirs"):
        decide(request, "decline", "not_in_dataset")
    decision = decide(request, "accept", "not_in_dataset")
    assert "we keep your exclusion" in decision.sentence
    assert request.items.get().state == "accepted"


def test_what_is_not_in_the_dataset_and_not_shown_to_be_theirs_is_declined(index):
    user = make_user(502, "tern-hollow")
    request = waiting_request(user)
    request.items.update(proof_state="unproven")
    assert "nothing to leave out" in decide(request, "decline", "not_in_dataset").sentence


@pytest.mark.parametrize("verdict", ["accept", "decline"])
def test_nobody_says_that_something_is_not_in_the_dataset_which_is(index, verdict):
    request = waiting_request()
    with pytest.raises(Refused, match="was found in the dataset"):
        decide(request, verdict, "not_in_dataset")
    assert not Decision.objects.exists()


def test_nobody_says_that_something_is_not_in_a_version_that_was_not_searched(index):
    request = submitted_request(make_user(502, "tern-hollow"))
    services.begin_review(request_id=request.pk)
    with pytest.raises(Refused, match="was not searched"):
        decide(request, "accept", "not_in_dataset")
    locating.search(request)
    assert decide(request, "accept", "not_in_dataset").reason == "not_in_dataset"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("fr,de;q=0.5", "de"),
        ("en-GB", "en"),
        ("fr", "en"),
        ("", "en"),
        ("*;q=no,%%%", "en"),
    ],
)
def test_the_language_is_the_first_one_known_that_the_browser_asks_for(header, language):
    assert closest(header) == language


def test_a_requester_reads_the_decision_in_their_language_on_page_and_in_mail():
    request = in_german()
    decision = decide(request, "decline", "insufficient_proof")
    assert decision.language == "de" and decision.sentence.startswith("Wir konnten nicht sehen")
    assert decision.sentence in request.mails.get(kind="denied").body


def test_the_policy_writes_in_the_requesters_language_too():
    request = in_german()
    services.accept_by_rule(request_id=request.pk, rules={request.items.get().pk: "own_account"})
    assert Decision.objects.get().sentence.startswith("Sie dürfen darüber entscheiden")


def test_a_language_that_the_site_does_not_have_becomes_english():
    user = make_user()
    request = services.submit(by=user, draft_id=make_draft(user).pk, language="xx")
    assert request.language == "en"


def test_where_a_text_is_missing_the_english_one_is_sent(settings):
    settings.DECISION_LANGUAGES = [*settings.DECISION_LANGUAGES, ("fr", "French")]
    request = in_german()
    RemovalRequest.objects.filter(pk=request.pk).update(language="fr")
    decision = decide(request, "decline", "insufficient_proof")
    assert decision.language == "en" and decision.sentence.startswith("We could not see")


def test_every_default_is_valid_in_every_language_and_only_other_has_none():
    pairs = {(verdict, reason) for verdict, reasons in _fitting() for reason in reasons if reason != "other"}
    assert pairs == set(DEFAULTS)
    for by_language in DEFAULTS.values():
        assert set(by_language) == set(known())
        assert all(wording.require_valid(sentence) == sentence for sentence in by_language.values())


def _fitting():
    from bigcode_optout.removals.decision_models import FITTING

    return FITTING.items()


def test_an_edited_text_is_sent_from_then_on_and_what_was_sent_keeps_its_words():
    before = reviewed_by_person(make_user())
    old = decide(before, "decline", "insufficient_proof").sentence
    senior = make_senior()
    write(senior, "Ask an owner about {part}: {contact}")
    write(senior, "Ask an owner of {part} in {dataset}, {reference}.", seen=1)
    after = reviewed_by_person(make_user(502, "tern-hollow"))
    services.deny(by=senior, request_id=after.pk, reason=Reason.INSUFFICIENT_PROOF)
    assert before.items.get().decisions.get().sentence == old
    new = after.items.get().decisions.get()
    assert new.sentence == f"Ask an owner of tern-hollow in {after.dataset.title}, {after.reference}."
    assert list(ReasonText.objects.order_by("version").values_list("version", flat=True)) == [1, 2]


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        (" ", "Write the sentence"),
        ("x" * 601, "Up to 600"),
        ("{login} is not yours", "{login} is no placeholder"),
        ("{part.request} is not yours", "is no placeholder"),
        ("{part!r}", "is no placeholder"),
        ("{part:>9999999}", "is no placeholder"),
        ("{}", "is no placeholder"),
        ("a { alone", "brace stands alone"),
        ("a } alone", "brace stands alone"),
    ],
)
def test_a_text_with_a_fault_is_refused_with_what_is_wrong(sentence, said):
    with pytest.raises(Refused) as refused:
        write(make_senior(), sentence)
    assert said in refused.value.sentence
    assert not ReasonText.objects.exists()


def test_only_those_with_the_permission_write_texts():
    with pytest.raises(Forbidden):
        write(make_reviewer(), "Mine.")
    assert not ReasonText.objects.exists()


def test_of_two_who_edit_one_text_the_second_sees_the_first_ones_version_before():
    senior = make_senior()
    write(senior, "One.")
    with pytest.raises(Conflict, match="Somebody else changed"):
        write(senior, "Two.")
    assert ReasonText.objects.get().sentence == "One."


def test_a_migration_gives_every_old_decision_a_code_that_goes_with_its_verdict():
    request = reviewed_by_person(make_user())
    decision = decide(request, "decline", "not_covered")
    other = Decision.objects.create(
        item=request.items.get(),
        verdict="accept",
        reason="other",
        sentence="As sent.",
        rule="r",
        decided_at=NOW,
    )
    with connection.cursor() as cursor:
        # As before the constraint was there.
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE removals_decision DROP CONSTRAINT decision_reason_fits_verdict")
    migration = importlib.import_module("bigcode_optout.removals.migrations.0006_two_people_and_texts")
    with triggers.lifted():
        Decision.objects.filter(pk=other.pk).update(reason="no_authority")
        migration.map_codes(apps, SimpleNamespace(connection=connection))
    found = {one.pk: (one.reason, one.sentence) for one in Decision.objects.all()}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
    assert found == {
        decision.pk: ("not_covered", "The dataset holds nothing of this kind."),
        other.pk: ("other", "As sent."),
    }


def test_an_organisations_reason_is_none_about_an_account_and_one_about_its_repository():
    account = reviewed_by_person(make_user())
    with pytest.raises(Refused, match="is an account, no organisation"):
        decide(account, "decline", "no_authority")
    repository = reviewed_by_person(make_user(502, "tern-hollow"), ["tern-hollow/reed-organ"])
    assert decide(repository, "decline", "no_authority").reason == "no_authority"
