"""The request page: evidence beside the decision, for those who may see it."""

import datetime as dt
import re

import pytest
import time_machine
from django.contrib.auth.models import Permission

from bigcode_optout.accounts.models import User
from bigcode_optout.claims.models import Claim
from bigcode_optout.core.templatetags.desk import when
from bigcode_optout.pages.parts import parts_for
from bigcode_optout.removals import assessing, locating, objecting, services
from bigcode_optout.removals.models import RemovalRequest
from tests.builders import account_claim, count_members, make_index, make_user
from tests.removals.owning import NORRVIK, make_owner, owner_claim_of, request_over
from tests.review.bulk_cases import QUEUE
from tests.review.cases import address, decide, filled, github_says, text_of, waiting_request
from tests.staff import staff_client

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("index")]


def test_shows_who_asks_and_how_it_was_shown(desk):
    page = text_of(desk.get(address(waiting_request(message="Please."))))
    assert "GitHub number 501" in page and "May 2012" in page
    assert "You signed in to GitHub as otter-quay." in page
    assert "account made 1 May 2012" in page
    assert "“Please.”" in page


def test_the_heading_says_what_is_asked_for(desk):
    one = waiting_request()
    assert f"{one.reference}, account otter-quay: everything" in text_of(desk.get(address(one)))
    two = waiting_request(make_user(502, "tern-hollow"), ["tern-hollow/a", "tern-hollow/b"])
    assert f"{two.reference}, repository tern-hollow/a and 1 more" in text_of(desk.get(address(two)))


def test_that_accepting_takes_two_is_said_before_anything_is_filled_in(desk):
    owner = make_owner(703, "owns-much")
    count_members(NORRVIK, 200)
    page = text_of(desk.get(address(request_over(owner))))
    assert "To accept it takes two people." in page and "This is about a large organisation" in page
    assert "takes two people" not in text_of(desk.get(address(waiting_request())))


def test_shows_what_each_version_holds_and_whose_it_is(desk):
    github_says("otter-quay/kelp", 9001, 501, "otter-quay")
    github_says("otter-quay/reef", 9002, 777, "somebody-new")
    response = desk.get(address(waiting_request()))
    held = response.context["seen"].holdings[0]
    assert [(line.version, line.repository_count, line.file_count) for line in held.versions] == [
        ("v2.1", 2, 2),
        ("v2.0", 1, 1),
    ]
    assert [(line.full_name, line.standing.word, line.versions) for line in held.repositories] == [
        ("otter-quay/reef", "somebody else’s", ["v2.1"]),
        ("otter-quay/kelp", "this owner’s", ["v2.1", "v2.0"]),
    ]
    page = text_of(response)
    assert "https://github.com/otter-quay/reef" in page
    assert "A repository under this name belongs to another GitHub account." in page


def test_shows_others_who_asked_about_the_same(desk):
    first = waiting_request()
    second = waiting_request(make_user(888, "reef-keeper"), claim=None)
    claim = account_claim(make_user(889, "otter-quay-2"))
    claim.name = "otter-quay"
    claim.save()
    third = waiting_request(claim.user)
    page = text_of(desk.get(address(first)))
    assert third.reference in page
    assert second.reference not in page


def test_lists_every_located_repository_by_pages(desk, monkeypatch):
    monkeypatch.setattr("bigcode_optout.review.views.PAGE_SIZE", 2)
    request = waiting_request()
    first, second = (text_of(desk.get(address(request, "repositories"), {"page": page})) for page in (1, 2))
    assert "page 1 of 2" in first and "kelp" in first and "reef" not in first
    assert "reef" in second


def test_what_people_write_is_shown_and_never_run(desk, reviewer):
    request = waiting_request(message="<script>alert(1)</script>")
    services.add_note(by=reviewer, request_id=request.pk, text="<img src=x onerror=alert(2)>")
    page = text_of(desk.get(address(request)))
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page
    assert "<img src=x" not in page


def test_hostile_names_of_the_data_stay_names(desk):
    from bigcode_optout.removals.models import LocatedRepository

    request = waiting_request()
    LocatedRepository.objects.filter(full_name="otter-quay/reef").update(
        full_name='otter-quay/"><script>x</script>'
    )
    for name in ("change", "repositories"):
        page = text_of(desk.get(address(request, name)))
        assert "<script>x" not in page
        assert "otter-quay/%22%3E%3Cscript%3Ex%3C/script%3E" in page


def test_someone_without_the_permission_reads_and_sees_no_buttons(django_user_model):
    viewer = django_user_model.objects.create_user("auditor", password="a long pass phrase", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_removalrequest"))
    browser = staff_client(viewer)
    request = waiting_request()
    response = browser.get(address(request))
    assert response.status_code == 200 and response.context["forms"] == {}
    assert "<textarea" not in text_of(response) and "Assign it to me" not in text_of(response)
    for name in ("note", "assign", "reopen"):
        assert browser.post(address(request, name), {"text": "x", "to": "me"}).status_code == 403


def test_a_reviewers_own_request_has_no_buttons(desk, reviewer):
    from bigcode_optout.accounts.models import GitHubIdentity
    from bigcode_optout.claims.services import claim_account
    from bigcode_optout.core import clock

    identity = GitHubIdentity.objects.create(
        user=reviewer, github_id=42, login="otter-quay", account_created_at=clock.now(), seen_at=clock.now()
    )
    claim_account(identity)
    own = waiting_request(reviewer)
    response = desk.get(address(own))
    assert response.context["forms"] == {}
    assert "This is your own request" in text_of(response) and "<textarea" not in text_of(response)


def test_a_decided_request_shows_the_decision_and_offers_to_reopen(desk):
    request = waiting_request()
    decide(desk, request, "decline", "insufficient_proof")
    response = desk.get(address(request))
    assert list(response.context["forms"]) == []
    page = text_of(response)
    assert "We could not see that this account or repository is yours." in page
    assert "Reopen the request" in page


def test_a_page_takes_fewer_than_twenty_queries_however_much_is_asked_for(
    desk, django_assert_max_num_queries, tmp_path
):
    from tests.builders import make_index

    names = [f"otter-quay/part-{number}" for number in range(60)]
    make_index(tmp_path, [(name, 20000 + place, 5) for place, name in enumerate(names)], version="v2.2")
    request = waiting_request(names=names)
    with django_assert_max_num_queries(19):
        response = desk.get(address(request))
    assert len(response.context["seen"].parts) == 1
    assert "60 repositories claimed with otter-quay" in text_of(response)


def test_an_organisation_with_231_repositories_in_three_versions_takes_fewer_than_twenty_queries(
    desk, django_assert_max_num_queries, tmp_path
):
    names = [f"norrvik/gauge-{number}" for number in range(231)]
    rows = [(name, 30000 + place, 5) for place, name in enumerate(names)]
    make_index(tmp_path, rows, version="v3")
    make_index(tmp_path, rows[:214], version="v2.1")
    make_index(tmp_path, [(name, None, size) for name, _, size in rows[:180]], version="v2.0")
    requester, other = make_owner(501, "otter-quay"), make_owner(502, "tern-hollow")
    asked = [located(request_over(person)) for person in (requester, other)]
    objecting.raise_objection(
        by=other, request_id=asked[0].pk, organisation_id=NORRVIK, reason="Not all of it."
    )
    desk.get(address(asked[0]))
    with django_assert_max_num_queries(19):
        response = desk.get(address(asked[0]))
    [held] = response.context["seen"].holdings
    assert [line.repository_count for line in held.versions] == [231, 214, 180]
    page = text_of(response)
    assert (
        "Not all of it." in page and asked[1].reference in page and "All repositories that were found" in page
    )


def located(request):
    locating.search(request)
    assessing.assess_items(request)
    return request


def test_links_to_github_tell_it_nothing_of_the_desk(desk):
    page = text_of(desk.get(address(waiting_request())))
    links = re.findall(r'<a [^>]*href="https://github\.com[^>]*>', page)
    assert len(links) >= 3
    assert [link for link in links if 'rel="noopener noreferrer"' not in link] == []


def test_a_guard_stands_with_what_made_it_fire(desk):
    github_says("otter-quay/kelp", 9001, 501, "otter-quay")
    github_says("otter-quay/reef", 9002, 777, "somebody-new")
    seen = desk.get(address(waiting_request())).context["seen"]
    found = {guard.code: evidence for guard, evidence in seen.holdings[0].guards}
    assert found["other_owner"] == ["otter-quay/reef, somebody-new, number 777"]


def test_a_young_accounts_guard_says_how_young(desk):
    request = waiting_request(make_user(created_at=dt.datetime(2025, 3, 1, tzinfo=dt.UTC)))
    seen = desk.get(address(request)).context["seen"]
    found = {guard.code: evidence for guard, evidence in seen.holdings[0].guards}
    assert found["name_taker"][0] == "made 2025-03-01"
    assert "v2.1 stands for 2023-09-06" in found["name_taker"]


def test_mails_stand_with_kind_time_and_state_and_open_on_a_click(desk):
    page = text_of(desk.get(address(waiting_request(email="otter@example.org"))))
    assert "Receipt: We have your request" in page or "Receipt: " in page
    assert "not sent yet" in page and '<p class="desk-mail">' in page


def test_the_requesters_language_is_said_and_the_usual_words_are_in_it(desk):
    request = waiting_request()
    RemovalRequest.objects.filter(pk=request.pk).update(language="de")
    page = text_of(desk.get(address(request)))
    assert "German, for the sentences of decisions" in page
    assert '<span lang="de">Sie dürfen darüber entscheiden' in page


def test_a_language_without_texts_is_said_to_be_answered_in_english(desk, settings):
    settings.DECISION_LANGUAGES = [*settings.DECISION_LANGUAGES, ("fr", "French")]
    request = waiting_request()
    RemovalRequest.objects.filter(pk=request.pk).update(language="fr")
    response = desk.get(address(request))
    assert "There is no text in French yet: the English one is sent." in text_of(response)
    preview = desk.post(
        address(request, "decide"), filled(response, request, "decline", "insufficient_proof")
    )
    assert "They read French, and there is no text in it yet: the English one is sent" in text_of(preview)


def test_a_due_date_is_the_same_in_the_queue_and_on_the_page(desk):
    request = waiting_request()
    for hours in (0, 1, 30):
        with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(hours=hours)):
            due = str(when(request.due_at.date()))
            assert due in text_of(desk.get(address(request))) and due in text_of(desk.get(QUEUE))


def test_who_asked_without_an_account_is_called_so_and_not_by_a_number_of_ours(desk):
    user = User.objects.create(username="form-40773772eee18796", is_active=False)
    stated = waiting_request(user, claim=Claim.objects.create(user=user, kind="stated", name="otter-quay"))
    other = waiting_request(make_user())
    page = desk.get(address(stated))
    preview = desk.post(address(stated, "decide"), filled(page, stated, "decline", "insufficient_proof"))
    assert "What somebody without an account will read" in text_of(preview)
    shown = [page, preview, desk.get(QUEUE), desk.get(address(other))]
    assert all("somebody without an account" in text_of(each) for each in shown)
    assert not any("form-40773772" in text_of(each) for each in shown)


def test_whose_repositories_are_is_not_said_to_be_proven_for_who_has_no_say(desk):
    member = make_user(502, "reef-keeper")
    owner_claim_of(member, role="member", organisation_id=501, name="otter-quay")
    github_says("otter-quay/kelp", 9001, 501, "otter-quay")
    github_says("otter-quay/reef", 9002, 501, "otter-quay")
    request = waiting_request(member, claim=Claim.objects.get(kind="organisation"))
    page = text_of(desk.get(address(request)))
    assert "Not shown" in page and "Resolve to this owner" in page
    assert "claimed</span>" not in page and "Tied to the claim" not in page
    counted = parts_for(request)[0].counted
    assert ("v2.1", "2 of 2 repositories lead to this owner by number") in counted
