"""Large by members: many are large, few are small, and a number that nobody could read is never taken for small."""

import pytest

from bigcode_optout.catalog.models import DatasetVersion
from bigcode_optout.claims import services as claims
from bigcode_optout.claims.authority import Guard
from bigcode_optout.claims.models import Claim, MemberCount, OwnerListing, Proof
from bigcode_optout.core import clock
from bigcode_optout.core.errors import Refused
from bigcode_optout.names import parse_owner
from bigcode_optout.removals import assessing, services, windows
from bigcode_optout.removals.models import LocatedRepository, LocateRun, RemovalRequest
from bigcode_optout.removals.organisation_size import Size, size_of
from tests.builders import (
    DATA_DATE,
    count_members,
    make_index,
    make_persona,
    make_reviewer,
    make_user,
    processed_request,
    stated_request,
    submitted_request,
    the_stack,
)
from tests.removals.owning import NORRVIK, make_owner, request_over
from tests.two_reviewers import ACCEPT

pytestmark = pytest.mark.django_db
CLUB = 27411009


def shown_by_code(user):
    """A code in the public profile showed the person's say: no member's token has asked GitHub."""
    claim = Claim.objects.create(user=user, kind="organisation", subject_id=CLUB, name="low-tide-club")
    claims.record_proof(
        claim=claim,
        method=Proof.Method.PROFILE_CODE,
        outcome=Proof.Outcome.PROVEN,
        evidence={"organisation_id": CLUB},
        sentence="The code stands in the profile.",
    )
    return claim


@pytest.fixture
def index(tmp_path, sandbox):
    """Two repositories of low-tide-club."""
    owned = sandbox.world.repositories_of(CLUB)[:2]
    return make_index(tmp_path, [(f"low-tide-club/{one.name}", one.id, 10) for one in owned])


def guards_of(request: RemovalRequest) -> list[str]:
    return request.items.get().assessment["guards"]


def test_whoever_is_small_by_count_is_accepted_by_rule(index, sandbox):
    user = make_persona(sandbox, "hale-ostrander")
    count_members(CLUB, 2)
    request = processed_request(user, claim=shown_by_code(user))
    assert (request.state, guards_of(request)) == ("accepted", [])


def test_many_members_make_an_organisation_large_however_few_repositories_it_has(index, sandbox):
    user = make_persona(sandbox, "hale-ostrander")
    count_members(CLUB, 50)
    request = processed_request(user, claim=shown_by_code(user))
    assert (request.state, guards_of(request)) == ("in_review", ["large_organisation"])


def test_a_count_that_nobody_could_read_is_never_taken_for_a_small_one(index, sandbox, client):
    user = make_persona(sandbox, "hale-ostrander")
    request = processed_request(user, claim=shown_by_code(user))
    assert (request.state, guards_of(request)) == ("in_review", ["members_not_counted"])
    # The members in public were counted on the way, and are not taken for all of them.
    assert MemberCount.objects.values_list("organisation_id", "is_whole", "count").get() == (CLUB, False, 0)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(f"/requests/{request.reference}/").content.decode()
    assert "GitHub did not show how many members the organisation has" in page


def test_a_task_counts_many_in_public(index, sandbox, settings):
    settings.LARGE_ORGANISATION_MEMBERS = 1
    sandbox.world.set_membership("low-tide-club", "hale-ostrander", role="admin", is_public=True)
    user = make_persona(sandbox, "hale-ostrander")
    request = processed_request(user, claim=shown_by_code(user))
    assert guards_of(request) == ["large_organisation"]


def test_a_fault_while_members_are_counted_puts_the_request_back_and_loses_nothing(index, sandbox):
    user = make_persona(sandbox, "hale-ostrander")
    request = submitted_request(user, claim=shown_by_code(user))
    sandbox.faults.add("/public_members", "server_error")
    from bigcode_optout.removals import tasks

    tasks.process(request.pk)
    request.refresh_from_db()
    assert (request.state, request.lease_until) == ("submitted", None)
    assert request.next_attempt_at is not None


def test_an_unknown_size_opens_a_window_and_its_end_is_enough():
    asker, _other = make_owner(1, "ada"), make_owner(2, "bea")
    MemberCount.objects.all().delete()
    request = request_over(asker)
    assert guards_of(request) == ["members_not_counted", "owner_not_read"]
    [window] = windows.open_where_needed(request_id=request.pk)
    window.closed_at, window.outcome = window.ends_at, "passed"
    window.save()
    assert assessing.assess_items(request)[request.items.get().pk].guards == (Guard.OWNER_NOT_READ,)


def test_an_account_and_a_repository_have_no_size():
    request = submitted_request(make_user())
    assert size_of(request.items.get().claim, request) is Size.SMALL
    services.begin_review(request_id=request.pk)


def test_of_an_organisation_whose_role_was_not_shown_the_size_is_no_matter():
    asker = make_owner(1, "ada", role="member")
    MemberCount.objects.filter(organisation_id=NORRVIK).delete()
    assert guards_of(request_over(asker)) == ["role_not_proven", "owner_not_read"]


def located(request, owner: str, count: int) -> None:
    """So many repositories of the owner were found for the request's part in a version."""
    version = DatasetVersion.objects.create(dataset=the_stack(), name=f"v9.{request.pk}", data_date=DATA_DATE)
    run = LocateRun.objects.create(request=request, version=version)
    LocatedRepository.objects.bulk_create(
        LocatedRepository(
            run=run, item=request.items.get(), full_name=f"{owner}/r{number}", file_count=1, byte_count=1,
            by_name=True, by_repository_id=False,
        )
        for number in range(count)
    )  # fmt: skip


def accepting(request):
    return dict.fromkeys(request.items.values_list("pk", flat=True), ACCEPT)


def test_leaving_the_sign_in_out_makes_a_large_organisation_no_smaller():
    request = stated_request("skerry-archive")
    located(request, "skerry-archive", 120)
    services.begin_review(request_id=request.pk)
    assert size_of(request.items.get().claim, request) is Size.LARGE
    with pytest.raises(Refused, match="second reviewer"):
        services.decide(by=make_reviewer(), request_id=request.pk, verdicts=accepting(request))


def test_of_a_stated_name_nobody_knows_whether_it_is_an_organisation_until_github_said_so():
    request = stated_request("skerry-archive")
    claim = request.items.get().claim
    assert size_of(claim, request) is Size.UNKNOWN
    listing = OwnerListing.objects.create(
        owner_id=7, login="Skerry-Archive", kind="Organization", read_at=clock.now(), repository_count=1
    )
    assert size_of(claim, request) is Size.UNKNOWN
    listing.kind = "User"
    listing.save()
    assert size_of(claim, request) is Size.SMALL


def test_repositories_that_are_stated_one_by_one_are_counted_together_with_what_stands():
    request, other = stated_request("skerry-archive/kelp"), stated_request("skerry-archive")
    claim = request.items.get().claim
    assert size_of(claim, request) is Size.SMALL
    located(other, "skerry-archive", 120)
    assessing.assess_items(other)
    # Anybody's word makes nothing large for others, until a reviewer accepted it.
    assert size_of(claim, request) is Size.SMALL
    other.items.update(state="accepted")
    assert size_of(claim, request) is Size.LARGE


def test_what_was_only_stated_is_not_called_an_organisation_on_its_page():
    request = stated_request("skerry-archive")
    located(request, "skerry-archive", 120)
    (found,) = assessing.assess_items(request).values()
    assert Guard.NO_ACCOUNT in found.guards and Guard.LARGE_ORGANISATION not in found.guards


def test_an_organisation_without_a_number_is_not_taken_for_a_small_one():
    claim = claims.make_claim(by=make_user(), name=parse_owner("low-tide-club"))
    request = submitted_request(claim.user, claim=claim)
    assert claim.subject_id is None
    assert size_of(claim, request) is Size.UNKNOWN
