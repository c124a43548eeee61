"""Step 1: what is in the dataset can be chosen, nothing is guessed, and nothing that was ticked gets lost."""

import re
import time

import pytest

from bigcode_optout.claims import services as claims
from bigcode_optout.claims.models import Proof
from bigcode_optout.names import parse
from bigcode_optout.releases import services as releases
from bigcode_optout.removals.drafting import draft_of
from tests.builders import account_claim, make_draft, make_index, make_persona, make_user, the_stack
from tests.pages.conftest import know_owner
from tests.pages.reading import read, text_of

pytestmark = pytest.mark.once
PAGE = "/requests/new/"


@pytest.fixture
def number(requester):
    """The number of the account's claim, which the form's fields carry."""
    return account_claim(requester).pk


def press(client, do, **fields):
    return client.post(PAGE, {"do": do, "kind": ["files", "commits", "issues"], **fields})


def some(number, *names, **fields):
    return {f"scope-{number}": "some", f"repository-{number}": list(names), **fields}


def inputs(response):
    return [attributes for tag, attributes in read(response).tags if tag == "input"]


def ticked(response):
    return sorted(
        field["value"]
        for field in inputs(response)
        if "checked" in field and field["name"].startswith("repository-")
    )


def drafted(user):
    draft = draft_of(user, the_stack())
    return sorted((item.kind, item.name) for item in draft.items.all()) if draft else None


def test_a_stranger_is_sent_to_sign_in_and_comes_back(client):
    assert client.get(PAGE).headers["Location"] == f"/sign-in/?next={PAGE}"


def test_nothing_is_chosen_beforehand_but_all_three_kinds(requester, client):
    response = client.get(PAGE)
    assert response.status_code == 200
    assert read(response).faults == []
    checked = [field["value"] for field in inputs(response) if "checked" in field]
    assert checked == ["files", "commits", "issues"]
    assert "Everything under otter-quay All 4 that are in now, and whatever you publish later." in text_of(
        response
    )


def test_the_list_has_own_ones_and_forks_apart_and_names_what_stands_under_another_name(requester, client):
    text = text_of(client.get(PAGE))
    own, forks = text.split("Forks: 0 of 1 chosen")
    assert "Your own: 0 of 3 chosen" in own
    assert "kelp Python v2.0v2.1 3 3.0 kB" in own.replace("v2.0 v2.1", "v2.0v2.1")
    assert "old-otter/dunes (another name)" in own
    assert "kelp-fork" in forks


def test_without_script_all_ticks_everything_that_the_filter_shows(requester, client, number):
    response = press(client, f"all-{number}", **some(number, **{f"filter-{number}": "KELP"}))
    assert ticked(response) == ["otter-quay/kelp", "otter-quay/kelp-fork"]


def test_without_script_none_takes_only_the_shown_ticks_away(requester, client, number):
    fields = some(number, "otter-quay/kelp", "Otter-Quay/Reef", **{f"filter-{number}": "reef"})
    assert ticked(press(client, f"none-{number}", **fields)) == ["otter-quay/kelp"]


def test_without_script_filtering_hides_rows_and_keeps_their_ticks(requester, client, number):
    fields = some(number, "otter-quay/kelp", "Otter-Quay/Reef", **{f"filter-{number}": "reef"})
    response = press(client, "filter", **fields)
    assert ticked(response) == ["Otter-Quay/Reef", "otter-quay/kelp"]
    hidden = [attributes for tag, attributes in read(response).tags if tag == "tr" and "hidden" in attributes]
    assert len(hidden) == 3
    assert "Choose all 1" in text_of(response)


def test_the_panel_counts_what_is_chosen_in_every_version(requester, client, number):
    text = text_of(press(client, "count", **some(number, "otter-quay/kelp", "Otter-Quay/Reef")))
    assert "Your choice so far 2 repositories of 4 under otter-quay" in text
    assert "v2.1 4 3.2 kB v2.0 1 900 B" in text


def test_pressing_a_button_before_the_last_keeps_nothing(requester, client, number):
    press(client, "count", **some(number, "otter-quay/kelp"))
    assert drafted(requester) is None


def test_single_repositories_go_into_the_draft_with_their_numbers_and_lead_to_step_two(
    requester, client, number
):
    response = press(client, "check", **some(number, "Otter-Quay/Reef", "old-otter/dunes"))
    assert response.headers["Location"] == "/requests/new/details/"
    items = {item.name: item for item in draft_of(requester, the_stack()).items.all()}
    assert items.keys() == {"Otter-Quay/Reef", "old-otter/dunes"}
    assert items["old-otter/dunes"].repository_id == 9003


def test_everything_goes_into_the_draft_as_the_owner_whatever_was_ticked_before(requester, client, number):
    press(client, "check", **{f"scope-{number}": "everything", f"repository-{number}": ["otter-quay/kelp"]})
    assert drafted(requester) == [("owner", "otter-quay")]


def test_coming_back_finds_the_ticks_and_the_kinds_of_the_draft(requester, client):
    make_draft(requester, ["otter-quay/kelp"], issues=False)
    response = client.get(PAGE)
    assert ticked(response) == ["otter-quay/kelp"]
    kinds = [field["value"] for field in inputs(response) if field["name"] == "kind" and "checked" in field]
    assert kinds == ["files", "commits"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Choose what should be left out."),
        ({"scope": "some"}, "Tick the repositories of otter-quay that you mean."),
        ({"scope": "everything", "kind": []}, "Choose files, commits, or issues and pull requests."),
        ({"scope": "some", "repository": ["otter-quay/never-was"]}, "“otter-quay/never-was”"),
    ],
)
def test_what_is_missing_is_said_above_and_at_its_field(requester, client, number, fields, sentence):
    named = {key if key == "kind" else f"{key}-{number}": value for key, value in fields.items()}
    response = press(client, "check", **named)
    assert response.status_code == 400
    assert text_of(response).count(sentence) == 2
    page = read(response)
    target = re.search(r'class="errors".*?href="#([^"]+)"', response.content.decode(), re.DOTALL).group(1)
    assert target in [attributes.get("id") for _, attributes in page.tags]
    assert "<title>Error: What should be left out?" in response.content.decode().replace("\n", "").replace(
        "  ", ""
    )
    assert drafted(requester) is None


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>/x", "otter-quay/kelp\x00", "оtter-quay/kelp", "a" * 5000]
)
def test_a_hostile_name_is_never_in_the_draft_nor_bare_on_the_page(requester, client, number, name):
    response = press(client, "check", **some(number, name))
    assert response.status_code == 400
    assert b"<script>alert" not in response.content
    assert drafted(requester) is None


def test_another_persons_claim_is_not_read_from_the_form(requester, client):
    stranger = make_user(502, "tern-hollow")
    response = press(client, "check", **{f"scope-{account_claim(stranger).pk}": "everything"})
    assert response.status_code == 400
    assert drafted(requester) is None


def test_somebody_with_nothing_in_the_dataset_can_ask_beforehand(desk_index, client):
    user = make_user(503, "pemberly-quiet")
    know_owner(503, "pemberly-quiet", {})
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "Nothing of it is in a version now. You can still ask" in text_of(client.get(PAGE))
    press(client, "check", **{f"scope-{account_claim(user).pk}": "everything"})
    assert drafted(user) == [("owner", "pemberly-quiet")]


def test_a_kind_that_the_dataset_cannot_honour_is_noted_only(requester, client):
    releases.plan(dataset=the_stack(), name="v3.1")
    text = text_of(client.get(PAGE))
    assert "Files The source code itself. v3.1 can leave it out." in text
    assert "Issues and pull requests Noted only: v3.1 has none." in text


def test_two_joined_accounts_have_a_part_each(requester, client):
    other = make_user(504, "low-tide")
    identity = other.identities.get()
    identity.user = requester
    identity.save()
    claims.claim_account(identity)
    know_owner(504, "low-tide", {})
    text = text_of(client.get(PAGE))
    assert "Repositories of otter-quay" in text
    assert "Repositories of low-tide" in text


def organisation(user, *, outcome=None, sentence=""):
    claim = claims.make_claim(by=user, name=parse("norrvik"))
    if outcome:
        claims.name_subject(claim=claim, subject_id=70, name="norrvik")
        claims.record_proof(
            claim=claim, method=Proof.Method.MEMBERSHIP, outcome=outcome, evidence={}, sentence=sentence
        )
        know_owner(70, "norrvik", {"gauge": 7001, "probe": 7002})
    return claim.pk


def test_an_organisation_shows_its_proof_and_can_be_chosen_whole(requester, client):
    claim = organisation(
        requester, outcome=Proof.Outcome.PROVEN, sentence="GitHub says you are an owner of norrvik."
    )
    text = text_of(client.get(PAGE))
    assert "All 2 repositories that are in now, and later ones." in text
    assert "GitHub says you are an owner of norrvik. Choose single ones" in text
    press(client, "check", **{f"scope-{claim}": "everything"})
    assert drafted(requester) == [("owner", "norrvik")]


def test_an_organisation_that_is_not_proven_goes_to_a_reviewer_and_says_so(requester, client):
    organisation(
        requester, outcome=Proof.Outcome.NOT_PROVEN, sentence="You are a member of norrvik, not an owner."
    )
    assert "You are a member of norrvik, not an owner. It goes to a reviewer. Ask GitHub again" in text_of(
        client.get(PAGE)
    )


def test_single_repositories_of_an_organisation_are_listed_on_demand(requester, client, number):
    claim = organisation(requester)
    opened = press(client, f"single-{claim}", **some(number, "otter-quay/kelp"))
    assert ticked(opened) == ["otter-quay/kelp"]
    assert f"scope-{claim}-some" in [field.get("id") for field in inputs(opened) if "checked" in field]
    assert ticked(client.get(f"{PAGE}?organisation={claim}")) == []
    press(client, "check", **some(claim, "norrvik/probe", **{f"open-{claim}": "1"}))
    assert drafted(requester) == [("repository", "norrvik/probe")]
    assert ticked(client.get(PAGE)) == ["norrvik/probe"]


def test_leaving_to_claim_something_keeps_the_ticks(requester, client, number):
    response = press(client, "claim-repository", **some(number, "otter-quay/kelp"))
    assert response.headers["Location"] == "/requests/new/repository/"
    assert ticked(client.get(PAGE)) == ["otter-quay/kelp"]
    assert press(client, "claim-organisation").headers["Location"] == "/requests/new/organisation/"
    assert ticked(client.get(PAGE)) == ["otter-quay/kelp"]


def test_an_owner_with_more_repositories_than_a_form_can_carry_is_offered_everything_only(
    requester, client, settings
):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 103
    text = text_of(client.get(PAGE))
    assert "4 repositories are too many to tick on one page." in text
    assert "Only the repositories I choose" not in text


def test_hundreds_of_repositories_are_ticked_at_once_and_quickly(requester, client, number, tmp_path):
    make_index(tmp_path, [(f"otter-quay/r{each}", 20_000 + each, 10) for each in range(800)], version="v3")
    started = time.perf_counter()
    response = press(client, f"all-{number}", **some(number))
    assert time.perf_counter() - started < 4
    names = ticked(response)
    assert len(names) > 800
    assert press(client, "check", **some(number, *names)).status_code == 302
    assert len(drafted(requester)) == len(names)


@pytest.mark.django_db
def test_github_is_read_so_that_a_renamed_account_finds_its_old_name(client, sandbox, tmp_path):
    make_index(tmp_path, [("fennwick/lichen", 23824855, 10), ("fennwick/not-theirs", 5, 10)])
    user = make_persona(sandbox, "brindle-fenn")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    text = text_of(client.get(PAGE))
    assert "fennwick/lichen (another name)" in text
    assert "not-theirs" not in text


@pytest.mark.django_db
def test_a_github_that_is_down_is_told_and_does_not_stop_anybody(client, settings, tmp_path):
    settings.GITHUB_URL = "http://127.0.0.1:9"
    make_index(tmp_path, [("otter-quay/kelp", 9001, 10)])
    user = make_user()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    response = client.get(PAGE)
    assert "GitHub did not tell us which repositories belong to otter-quay now." in text_of(response)
    press(client, "check", **some(account_claim(user).pk, "otter-quay/kelp"))
    assert drafted(user) == [("repository", "otter-quay/kelp")]
