"""Many requests at once: shown first, then done one by one through the verb of one request."""

import pytest
from django.urls import reverse

from bigcode_optout.claims.models import MemberCount
from bigcode_optout.removals import objecting, services
from bigcode_optout.removals.models import Decision, RemovalRequest, ScopeItem
from bigcode_optout.review import bulk, tasks
from bigcode_optout.review.models import BulkRun
from tests.builders import make_reviewer, make_user
from tests.removals.owning import NORRVIK, make_owner, request_over
from tests.review.bulk_cases import QUEUE, choose, done, outcomes, page_of, proven, send, why
from tests.review.cases import address, messages_of, text_of, waiting_request
from tests.staff import staff_client
from tests.two_reviewers import ACCEPT

pytestmark = pytest.mark.usefixtures("index")


def test_accepting_shows_the_list_and_the_sentence_before_anything_is_done(desk):
    first, second = proven(1), proven(2)
    run = choose(desk, "accept", [first, second])
    page = text_of(desk.get(page_of(run)))
    assert "Nothing has been done yet" in page and "You may decide about it, so we leave it out." in page
    assert first.reference in page and second.reference in page
    assert "Accept 2 requests and tell their requesters" in page
    assert not Decision.objects.exists()


def test_accepted_requests_were_decided_by_the_person_who_began_the_run(desk, reviewer):
    first, second = proven(1), proven(2, email="p@example.org")
    run = choose(desk, "accept", [first, second])
    assert set(done(desk, run).values()) == {"done"}
    for request in (first, second):
        request.refresh_from_db()
        decision = Decision.objects.get(item__request=request)
        assert (request.state, decision.decided_by, decision.rule) == ("accepted", reviewer, "")
        assert request.events.order_by("number").last().code == "accept"
    assert second.mails.filter(kind="accepted").exists()
    run.refresh_from_db()
    assert run.state == "finished" and "2 of 2 requests" in text_of(desk.get(page_of(run)))


def test_accepting_leaves_out_what_a_person_has_to_look_at_and_says_why(desk, reviewer):
    fine, unproven = proven(1), waiting_request()
    closed, own, open_elsewhere = proven(2), proven(3), proven(4)
    services.withdraw(by=closed.requester, request_id=closed.pk)
    reviewer.same_person_as = own.requester
    reviewer.save()
    staff_client(make_reviewer("j.amadi")).get(address(open_elsewhere))
    run = choose(desk, "accept", [fine, unproven, closed, own, open_elsewhere])
    assert outcomes(run)[fine.reference] == "waiting"
    assert "GitHub was silent" in why(run, unproven) and "Look at it by itself." in why(run, unproven)
    assert why(run, closed) == "This request is withdrawn and cannot be changed in this way any more."
    assert why(run, own) == "This is your own request. Somebody else has to decide it."
    assert why(run, open_elsewhere) == "j.amadi has it open."
    page = text_of(desk.get(page_of(run)))
    assert "j.amadi has it open." in page and "Accept 1 request and tell" in page


def test_accepting_leaves_out_objections_appeals_and_what_was_shown_in_part(desk, reviewer):
    objected = request_over(make_owner(701, "asks"))
    objecting.raise_objection(
        by=make_owner(702, "objects"), request_id=objected.pk, organisation_id=NORRVIK, reason="No."
    )
    in_part = proven(5)
    in_part.items.update(proof_state=ScopeItem.ProofState.PARTLY)
    services.ask(by=reviewer, request_id=in_part.pk, question="Which?")
    services.answer(by=in_part.requester, request_id=in_part.pk, text="That one.")
    appealed = proven(6)
    deny = make_reviewer("denies")
    from bigcode_optout.removals import deciding

    deciding.deny(by=deny, request_id=appealed.pk, reason=Decision.Reason.INSUFFICIENT_PROOF)
    services.appeal(by=appealed.requester, request_id=appealed.pk, text="Look again.")
    run = choose(desk, "accept", [objected, in_part, appealed])
    assert set(outcomes(run).values()) == {"left_out"}
    assert "Objection" in why(run, objected)
    assert why(run, in_part) == "Control of it: in part. Look at it by itself."
    assert why(run, appealed) == "An appeal is decided by a senior reviewer."
    assert "Every request of this list is left out." in text_of(desk.get(page_of(run)))
    assert "Every request of this list is left out." in messages_of(desk, send(desk, run, "confirm"))


def test_what_takes_two_reviewers_is_left_out_of_accepting_and_denying(desk, settings):
    settings.LARGE_ORGANISATION_REPOSITORIES = 0
    user = make_owner(703, "owns-much")
    large = request_over(user)
    for verb in ("accept", "deny"):
        run = choose(desk, verb, [large])
        assert "This takes two reviewers." in why(run, large) or "Large organisation" in why(run, large)


def test_a_size_that_nobody_knows_is_left_out_of_denying_where_an_owner_asks_for_it(desk):
    shown = request_over(make_owner(704, "owns-it"))
    MemberCount.objects.all().delete()
    run = choose(desk, "deny", [shown])
    assert why(run, shown) == "This takes two reviewers. Look at it by itself."


def test_an_organisation_of_a_size_that_nobody_knows_is_denied_to_an_outsider_by_one(desk):
    outsider = request_over(make_owner(705, "owns-nothing", role="member"))
    MemberCount.objects.all().delete()
    run = choose(desk, "deny", [outsider])
    send(desk, run, "preview", reason="insufficient_proof")
    assert "Will be denied (1)" in text_of(desk.get(page_of(run)))
    assert done(desk, run) == {outsider.reference: "done"}


def test_what_was_accepted_in_part_is_left_out_of_denying(desk, reviewer):
    both = ["otter-quay/kelp", "otter-quay/reef"]
    request, whole = waiting_request(names=both), waiting_request(make_user(602, "two"))
    kelp = request.items.get(name="otter-quay/kelp")
    services.decide(by=reviewer, request_id=request.pk, verdicts={kelp.pk: ACCEPT})
    run = choose(desk, "deny", [request, whole])
    send(desk, run, "preview", reason="insufficient_proof")
    assert outcomes(run) == {request.reference: "left_out", whole.reference: "waiting"}
    assert "One part of it is accepted and stays so, so it would not be denied." in why(run, request)


def test_where_all_are_left_out_no_words_are_asked_for(desk):
    for verb, is_asked in (("accept", False), ("deny", True)):
        page = desk.get(page_of(choose(desk, verb, [waiting_request(make_user(len(verb), verb))])))
        assert ("Every request of this list is left out." in text_of(page)) is not is_asked
        assert ("<textarea" in page.content.decode()) is is_asked


def test_one_question_goes_to_everybody_once_it_was_shown(desk):
    asked = [
        waiting_request(make_user(601, "one")),
        waiting_request(make_user(602, "two"), email="t@example.org"),
    ]
    run = choose(desk, "ask", asked)
    assert "Ask about" not in text_of(desk.get(page_of(run)))
    assert "Write what they will read first." in messages_of(desk, send(desk, run, "confirm"))
    send(desk, run, "preview", text="Which of the two accounts is yours?")
    page = text_of(desk.get(page_of(run)))
    assert "Which of the two accounts is yours?" in page and "Ask about 2 requests" in page
    assert set(done(desk, run).values()) == {"done"}
    for request in asked:
        request.refresh_from_db()
        assert request.state == "needs_information" and request.clock_stopped_at
    assert "Which of the two accounts" in asked[1].mails.get(kind="question").body


def test_denying_needs_a_reason_and_sends_its_words(desk):
    request = waiting_request()
    run = choose(desk, "deny", [request])
    assert "Choose the reason." in text_of(send(desk, run, "preview", reason=""))
    send(desk, run, "preview", reason="insufficient_proof")
    assert "We could not see that this account or repository is yours." in text_of(desk.get(page_of(run)))
    assert done(desk, run) == {request.reference: "done"}
    decision = Decision.objects.get(item__request=request)
    assert (decision.verdict, decision.reason) == ("decline", "insufficient_proof")


def test_other_needs_words_of_ones_own(desk):
    run = choose(desk, "deny", [waiting_request()])
    page = text_of(send(desk, run, "preview", reason="other"))
    assert "With “other” the requesters need your own words." in page
    run.refresh_from_db()
    assert run.reason == ""


def test_assigning_puts_them_on_a_colleagues_desk(desk, reviewer):
    colleague = make_reviewer("j.amadi")
    first, second = waiting_request(make_user(601, "one")), waiting_request(make_user(602, "two"))
    services.assign(by=reviewer, request_id=second.pk, to=colleague)
    run = choose(desk, "assign", [first, second])
    send(desk, run, "preview", to=colleague.pk)
    assert why(run, second) == "It is on j.amadi’s desk already."
    assert done(desk, run) == {first.reference: "done", second.reference: "left_out"}
    first.refresh_from_db()
    assert first.assignee == colleague and first.events.order_by("number").last().code == "assign"


def test_nobody_gets_their_own_request_on_their_desk(desk):
    colleague = make_reviewer("j.amadi")
    request = waiting_request()
    colleague.same_person_as = request.requester
    colleague.save()
    run = choose(desk, "assign", [request])
    send(desk, run, "preview", to=colleague.pk)
    assert why(run, request) == "j.amadi asked for this."


def test_all_that_match_the_filter_are_meant_not_only_the_page(desk, monkeypatch):
    from bigcode_optout.review.admins.requests import RequestAdmin

    monkeypatch.setattr(RequestAdmin, "list_per_page", 2)
    shown = [proven(number) for number in range(3)]
    single = waiting_request(names=["otter-quay/reef"])
    answer = desk.post(
        f"{QUEUE}?waiting=us&scope=account",
        {"action": "accept", "_selected_action": [shown[0].pk], "select_across": "1"},
    )
    run = BulkRun.objects.get()
    assert answer["Location"] == page_of(run)
    assert set(outcomes(run)) == {request.reference for request in shown}
    assert single.reference not in outcomes(run)


def test_a_longer_list_than_one_run_takes_says_how_many_are_left(desk, monkeypatch):
    monkeypatch.setattr(bulk, "LIMIT", 2)
    run = choose(desk, "accept", [proven(number) for number in range(3)])
    assert run.steps.count() == 2 and "1 more match" in text_of(desk.get(page_of(run)))


def test_a_run_is_begun_once(desk):
    run = choose(desk, "accept", [proven(1)])
    send(desk, run, "confirm")
    assert "This was begun before." in messages_of(desk, send(desk, run, "confirm"))
    assert "This was begun before." in messages_of(desk, send(desk, run, "discard"))


def test_a_plan_is_its_makers_own_and_what_was_done_is_the_desks(desk):
    run = choose(desk, "accept", [proven(1)])
    colleague = staff_client(make_reviewer("j.amadi"))
    assert colleague.get(page_of(run)).status_code == 404
    assert send(colleague, run, "confirm").status_code == 404
    done(desk, run)
    assert colleague.get(page_of(run)).status_code == 200


def test_a_plan_that_is_not_wanted_is_forgotten(desk):
    run = choose(desk, "accept", [proven(1)])
    assert "Nothing was done." in messages_of(desk, send(desk, run, "discard"))
    old = choose(desk, "accept", RemovalRequest.objects.all())
    BulkRun.objects.filter(pk=old.pk).update(planned_at="2020-01-01T00:00Z")
    tasks.sweep()
    assert not BulkRun.objects.exists()


def test_who_only_reads_has_no_actions(manager, releases):
    from django.contrib.auth.models import Permission

    manager.user_permissions.add(Permission.objects.get(codename="view_removalrequest"))
    request = proven(1)
    page = text_of(releases.get(QUEUE))
    assert request.reference in page and "Accept (shows" not in page
    releases.post(QUEUE, {"action": "accept", "_selected_action": [request.pk]})
    assert not BulkRun.objects.exists()


@pytest.mark.once
def test_the_page_takes_as_many_queries_for_forty_as_for_two(desk, django_assert_max_num_queries):
    run = choose(desk, "accept", [proven(number) for number in range(40)])
    with django_assert_max_num_queries(19):
        assert len(desk.get(page_of(run)).context["shown"].lines) == 40


def test_runs_are_found_again_from_the_queue(desk):
    runs = reverse("admin:removals_removalrequest_bulk_runs")
    assert f'href="{runs}"' in text_of(desk.get(QUEUE))
    ended, planned = choose(desk, "accept", [proven(1)]), choose(desk, "ask", [proven(2)])
    done(desk, ended)
    theirs = bulk.plan(by=make_reviewer("j.amadi"), verb="ask", requests=RemovalRequest.objects.all())
    page = text_of(desk.get(runs))
    assert "ended, 1 done, 0 left out" in page and "not begun" in page
    assert f'href="{page_of(ended)}"' in page and f'href="{page_of(planned)}"' in page
    assert page_of(theirs) not in page
    BulkRun.objects.filter(pk=theirs.pk).update(state="running", started_at=theirs.planned_at)
    page = text_of(desk.get(runs))
    assert f'href="{page_of(theirs)}"' in page and "goes on, 0 done" in page
    BulkRun.objects.update(planned_at="2020-01-01T00:00Z", state="finished")
    assert "None. Choose requests in the queue" in text_of(desk.get(runs))


def test_an_organisations_reason_leaves_accounts_out_of_denying(desk):
    account, single = waiting_request(), waiting_request(make_user(602, "two"), ["two/kelp"])
    run = choose(desk, "deny", [account, single])
    send(desk, run, "preview", reason="no_authority")
    assert outcomes(run) == {account.reference: "left_out", single.reference: "waiting"}
    assert why(run, account).startswith("An account is in it, and no organisation has a say over that.")
    assert done(desk, run)[single.reference] == "done"
