"""A former login from request to decision to list: index and GitHub (the stand-in) are real."""

import datetime as dt

import pytest

from bigcode_optout.claims.former_logins import claim_former_login
from bigcode_optout.claims.models import LoginFact, Proof
from bigcode_optout.names import parse_owner
from bigcode_optout.releases.rules import draft_rules
from bigcode_optout.removals import assessing, former_names, locating, services, tasks
from bigcode_optout.removals.models import Decision
from tests.builders import (
    DATA_DATE,
    account_claim,
    make_index,
    make_persona,
    make_reviewer,
    processed_request,
    submitted_request,
)

pytestmark = pytest.mark.django_db
NAMES = ("peat-cutter", "lichen", "weathervane", "hollow-way", "drystone", "fen-maps")


def rows(*names, ids=None):
    return [(f"fennwick/{name}", (ids or {}).get(name), 10) for name in names]


def former(user, login="fennwick"):
    return claim_former_login(by=user, claim_id=account_claim(user).pk, name=parse_owner(login))


@pytest.fixture
def fenn(sandbox):
    return make_persona(sandbox, "brindle-fenn")


@pytest.fixture
def numbers(sandbox):
    world = sandbox.world
    found = {one.name: one.id for one in world.repositories_of(world.account("brindle-fenn").id)}
    return found | {"drystone": found["drystone-walls"]}


def asked(user, **more):
    return processed_request(user, claim=former(user), **more)


def test_six_that_redirect_to_the_account_prove_the_whole_former_login(tmp_path, fenn):
    make_index(tmp_path, rows(*NAMES, "gone-one", "gone-two"), version="v2.0")
    request = asked(fenn)
    item = request.items.get()
    assert (request.state, item.decisions.get().rule) == ("accepted", "former_login")
    assert item.assessment["versions"]["v2.0"] | {"guards": []} == {
        "located": 8,
        "by_id": 0,
        "by_name": 8,
        "gone": 2,
        "others": 0,
        "guards": [],
    }
    assert item.name_valid_until == DATA_DATE


def test_the_proof_keeps_every_question_with_its_answer_and_time(tmp_path, fenn, numbers):
    make_index(tmp_path, rows("lichen", "fen-maps", "gone-one", ids={"lichen": numbers["lichen"]}))
    request = asked(fenn)
    proof = request.items.filter(kind="owner").get().claim.proofs.get()
    assert (proof.method, proof.outcome) == ("former_login", "not_proven")
    assert (
        proof.sentence
        == "v2.1: 2 of 3 repositories lead to this owner: 1 by number and 1 by name, 1 cannot be resolved any more."
    )
    owner = fenn.identities.get().github_id
    assert [row[:3] for row in proof.evidence["asked"]] == [
        ["/repos/fennwick/fen-maps", numbers["fen-maps"], owner],
        ["/repos/fennwick/gone-one", None, None],
        [f"/repositories/{numbers['lichen']}", numbers["lichen"], owner],
    ]
    assert (proof.evidence["login"], proof.evidence["login_account_id"]) == ("fennwick", None)
    assert all(dt.datetime.fromisoformat(row[3]).tzinfo for row in proof.evidence["asked"])


def test_what_is_proven_alone_is_accepted_at_once_and_the_rest_of_the_name_waits(tmp_path, fenn, numbers):
    make_index(tmp_path, rows("lichen", "fen-maps", "gone-one", ids=numbers))
    make_index(tmp_path, rows("lichen"), version="v2.0")
    request = asked(fenn)
    assert request.state == "in_review"
    parts = {item.name: item for item in request.items.all()}
    assert {name: item.state for name, item in parts.items()} == {
        "fennwick": "open",
        "fennwick/lichen": "accepted",
        "fennwick/fen-maps": "accepted",
    }
    assert parts["fennwick"].assessment["guards"] == ["login_not_shown"]
    assert parts["fennwick/lichen"].decisions.get().rule == "former_repository"
    assert parts["fennwick/lichen"].repository_id == numbers["lichen"]
    assert [event.code for event in request.events.all()] == [
        "submit",
        "begin_review",
        "split_off",
        "decide_items",
    ]


def test_nothing_that_is_not_proven_comes_onto_the_list_with_what_is(tmp_path, fenn, numbers):
    make_index(tmp_path, rows("lichen", "gone-one", ids={"lichen": numbers["lichen"]}))
    request = asked(fenn)
    drafts = draft_rules(request.items.filter(state="accepted"))
    assert {(one.kind, one.name, one.repo_id, one.name_valid_until) for one in drafts.values()} == {
        ("repository", "brindle-fenn/lichen", numbers["lichen"], None),
        ("repository", "fennwick/lichen", numbers["lichen"], DATA_DATE),
    }


def test_a_former_login_accepted_as_a_whole_is_listed_until_the_day_of_its_data_and_brings_no_other_name(
    tmp_path, fenn, numbers
):
    make_index(tmp_path, rows("lichen", "fen-maps", "weathervane", ids=numbers))
    request = asked(fenn)
    drafts = draft_rules(request.items.all()).values()
    assert {(one.name, one.name_valid_until) for one in drafts if one.kind == "owner"} == {
        ("fennwick", DATA_DATE)
    }
    assert {one.repo_id for one in drafts if one.kind == "repository"} == {
        numbers["lichen"],
        numbers["fen-maps"],
        numbers["weathervane"],
    }


def test_a_login_that_another_account_holds_since_before_the_data_is_not_taken(tmp_path, fenn, sandbox):
    sandbox.world.add_account("fennwick", id=999100, created_at="2011-01-01T00:00:00Z")
    make_index(tmp_path, rows(*NAMES), version="v2.0")
    item = asked(fenn).items.get()
    assert (item.state, item.assessment["guards"]) == ("open", ["login_held"])


def test_a_login_that_was_taken_after_the_data_is_still_whose_it_was_then(tmp_path, fenn, sandbox):
    sandbox.world.add_account("fennwick", id=999100, created_at="2025-01-01T00:00:00Z")
    make_index(tmp_path, rows(*NAMES), version="v2.0")
    item = asked(fenn).items.get()
    assert (item.state, item.name_valid_until) == ("accepted", DATA_DATE)


def test_a_repository_that_the_new_holder_made_under_the_old_name_sends_the_login_to_a_person(
    tmp_path, fenn, sandbox
):
    sandbox.world.add_account("fennwick", id=999100, created_at="2025-01-01T00:00:00Z")
    sandbox.world.add_repository("fennwick/lichen", id=999101, created_at="2025-02-01T00:00:00Z")
    make_index(tmp_path, rows(*NAMES), version="v2.0")
    request = asked(fenn)
    login = request.items.get(kind="owner")
    assert (login.state, login.assessment["guards"]) == ("open", ["other_owner"])
    assert request.items.filter(kind="repository", state="accepted").count() == 5
    assert not request.items.filter(name="fennwick/lichen").exists()


def test_somebody_elses_login_cannot_be_claimed_as_a_former_one(tmp_path, fenn, sandbox):
    owned = sandbox.world.repositories_of(sandbox.world.account("quillon-marsh").id)
    make_index(tmp_path, [(f"quillon-marsh/{one.name}", None, 10) for one in owned], version="v2.0")
    request = processed_request(fenn, claim=former(fenn, "quillon-marsh"))
    item = request.items.get()
    assert (request.state, item.proof_state) == ("in_review", "contradicted")
    assert "other_owner" in item.assessment["guards"]


def test_a_switch_leaves_former_logins_to_a_person_whole(tmp_path, fenn, settings):
    settings.POLICY_ACCEPTS = {**settings.POLICY_ACCEPTS, "former_login": False}
    make_index(tmp_path, rows(*NAMES[:2]), version="v2.0")
    request = asked(fenn)
    assert (request.state, request.items.count(), request.items.get().proof_state) == (
        "in_review",
        1,
        "partly",
    )


def test_a_silent_github_is_asked_again_and_nothing_is_lost(tmp_path, fenn, sandbox):
    make_index(tmp_path, rows(*NAMES), version="v2.0")
    request = submitted_request(fenn, claim=former(fenn))
    sandbox.faults.add(path=r"/users/fennwick$", kind="server_error", times=1)
    tasks.process(request.pk)
    request.refresh_from_db()
    assert request.state == "submitted"
    locating.put_back(request, until=dt.datetime.now(dt.UTC))
    tasks.process(request.pk)
    request.refresh_from_db()
    assert request.state == "accepted"


def test_judging_again_adds_neither_parts_nor_proofs(tmp_path, fenn, numbers):
    make_index(tmp_path, rows("lichen", "gone-one", ids={"lichen": numbers["lichen"]}))
    request = asked(fenn)
    before = request.items.count(), Proof.objects.count()
    assessing.assess_items(request)
    assert former_names.split_off(request_id=request.pk) == 0
    assert (request.items.count(), Proof.objects.count()) == before


def test_a_reviewer_may_take_the_rest_and_the_date_holds_for_them_too(tmp_path, fenn, numbers):
    make_index(tmp_path, rows("lichen", "gone-one", ids={"lichen": numbers["lichen"]}))
    request = asked(fenn)
    login = request.items.get(kind="owner")
    yes = services.ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)
    services.decide(by=make_reviewer(), request_id=request.pk, verdicts={login.pk: yes})
    request.refresh_from_db()
    login.refresh_from_db()
    assert (request.state, login.state, login.name_valid_until) == ("accepted", "accepted", DATA_DATE)


def test_a_repository_that_came_to_the_account_after_the_data_waits_for_a_person(tmp_path, sandbox):
    """Its number is the account's today; the login that it stood under is still its former owner's."""
    world = sandbox.world
    given = world.repositories_of(world.account("quillon-marsh").id)[0]
    make_index(tmp_path, [(f"quillon-marsh/{given.name}", given.id, 10)])
    world.transfer_repository(f"quillon-marsh/{given.name}", "moss-kettering")
    request = processed_request(make_persona(sandbox, "moss-kettering"))
    item = request.items.get()
    assert (request.state, item.proof_state, item.assessment["guards"]) == (
        "in_review",
        "proven",
        ["transferred"],
    )
    assert LoginFact.objects.get().account_id == world.account("quillon-marsh").id


def test_an_old_account_that_moved_into_a_freed_login_is_stopped_where_rows_lead_to_their_author(
    tmp_path, sandbox
):
    world = sandbox.world
    author = world.repositories_of(world.account("rook-harbour").id)
    make_index(tmp_path, [(f"corvid-lane/{one.name}", one.id, 10) for one in author])
    request = processed_request(make_persona(sandbox, "corvid-lane"))
    assert author
    assert "other_owner" in request.items.get().assessment["guards"]


def test_counts_over_all_requests_make_an_organisation_large(tmp_path, sandbox, settings):
    from tests.removals.test_assessing import proven

    settings.LARGE_ORGANISATION_REPOSITORIES = 4
    organisation = sandbox.world.account("norrvik-instruments")
    names = [f"norrvik-instruments/{one.name}" for one in sandbox.world.repositories_of(organisation.id)][:4]
    make_index(tmp_path, [(name, None, 10) for name in names])
    first = make_persona(sandbox, "hale-ostrander")
    second = make_persona(sandbox, "sunniva-dahl")
    one = processed_request(
        first, names[:2], claim=proven(first, "organisation", organisation, organisation.login)
    )
    assert one.state == "accepted"
    other = processed_request(
        second, names[2:], claim=proven(second, "organisation", organisation, organisation.login)
    )
    assert "large_organisation" in other.items.first().assessment["guards"]
