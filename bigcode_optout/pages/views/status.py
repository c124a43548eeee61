"""A request's own page, its live part, and what its requester can do to it."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bigcode_optout.core import clock
from bigcode_optout.core.errors import Conflict, Missing
from bigcode_optout.pages.facts import facts_of
from bigcode_optout.pages.forms import AnswerForm, AppealForm, DeskForm
from bigcode_optout.pages.owning import invitations_for
from bigcode_optout.pages.parts import parts_for
from bigcode_optout.pages.person import asker, asker_required
from bigcode_optout.pages.reappearances import back_in
from bigcode_optout.pages.tally import kind_words, noted_kinds
from bigcode_optout.pages.timeline import timeline_of
from bigcode_optout.removals import services
from bigcode_optout.removals.lifecycle import Role
from bigcode_optout.removals.models import LocateRun, RemovalRequest, RequestState
from bigcode_optout.removals.policies import READ_REQUESTS, verbs_for
from bigcode_optout.removals.queries import open_question, request_of, sent_request

# What the desk sees of a requester's page: all that is said, nothing that can be pressed or asks again by itself.
_FOR_THE_DESK: dict[str, object] = {"is_for_desk": True, "verbs": [], "is_live": False}
# htmx stops asking for what was answered with it.
STOP_POLLING = 286


@never_cache
@asker_required
@require_safe
def status(request: HttpRequest, reference: str) -> HttpResponse:
    """Where the request stands, part by part, and what happened."""
    return _show(request, request_of(asker(request, reference), reference))


@never_cache
@require_safe
def as_requester(request: HttpRequest, reference: str) -> HttpResponse:
    """The same page for those of the desk who may read requests, without anything to press. Nobody else finds it."""
    if not (admin.site.has_permission(request) and request.user.has_perm(READ_REQUESTS)):
        raise Missing("no_page", "There is no such page.")
    removal = sent_request(reference)
    return render(request, "pages/request/status.html", _context(removal) | _FOR_THE_DESK)


@never_cache
@asker_required
@require_safe
def progress(request: HttpRequest, reference: str) -> HttpResponse:
    """The progress of the search, for htmx; when it is over the whole page is loaded again."""
    removal = request_of(asker(request, reference), reference)
    is_live = removal.state == RequestState.SUBMITTED
    response = render(
        request, "pages/request/_progress.html", _progress(removal), status=200 if is_live else STOP_POLLING
    )
    if not is_live:
        response["HX-Refresh"] = "true"
    return response


@asker_required
@require_POST
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer the reviewer's question."""
    removal, form = request_of(asker(request, reference), reference), AnswerForm(request.POST)
    if not form.is_valid():
        return _show(request, removal, answer_form=form)
    services.answer(by=asker(request, reference), request_id=removal.pk, text=form.cleaned_data["answer"])
    messages.success(request, "We have your answer. The clock runs again.")
    return redirect("pages:status", reference=reference)


@asker_required
@require_POST
def appeal(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for a second look, once."""
    removal, form = request_of(asker(request, reference), reference), AppealForm(request.POST)
    if not form.is_valid():
        return _show(request, removal, appeal_form=form)
    services.appeal(by=asker(request, reference), request_id=removal.pk, text=form.cleaned_data["appeal"])
    messages.success(request, "A reviewer looks at it again.")
    return redirect("pages:status", reference=reference)


@never_cache
@asker_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask once more, then withdraw."""
    removal = request_of(asker(request, reference), reference)
    if request.method != "POST":
        _require(request, removal, "withdraw")
        context = {"removal": removal, "parts": parts_for(removal), "absorbed": removal.absorbed.all()}
        return render(request, "pages/request/withdraw.html", context)
    services.withdraw(by=asker(request, reference), request_id=removal.pk)
    messages.success(request, "The request is withdrawn.")
    return redirect("pages:status", reference=reference)


@never_cache
@asker_required
@require_http_methods(["GET", "HEAD", "POST"])
def opt_back_in(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask once more, then let the code in again."""
    removal = request_of(asker(request, reference), reference)
    if request.method != "POST":
        _require(request, removal, "opt_back_in")
        facts = facts_of(removal, parts_for(removal))
        context = {"removal": removal, "facts": facts, "absorbed": removal.absorbed.all()}
        return render(request, "pages/request/opt_back_in.html", context)
    services.opt_back_in(by=asker(request, reference), request_id=removal.pk)
    messages.success(request, "You opted back in.")
    return redirect("pages:status", reference=reference)


def _require(request: HttpRequest, removal: RemovalRequest, verb: str) -> None:
    """Do not ask about what is not possible any more."""
    if verb not in verbs_for(removal, removal.requester, Role.REQUESTER):
        raise Conflict(
            "not_possible", f"Request {removal.reference} has moved on. Its page says where it stands."
        )


def _show(
    request: HttpRequest,
    removal: RemovalRequest,
    *,
    answer_form: DeskForm | None = None,
    appeal_form: DeskForm | None = None,
) -> HttpResponse:
    refused = answer_form or appeal_form
    context = _context(removal) | {
        "answer_form": answer_form or AnswerForm(),
        "appeal_form": appeal_form or AppealForm(),
        "errors": refused.summary() if refused else [],
    }
    return render(request, "pages/request/status.html", context, status=400 if refused else 200)


def _context(removal: RemovalRequest) -> dict[str, object]:
    parts, back = parts_for(removal), back_in(removal)
    return {
        "parts": parts,
        "facts": facts_of(removal, parts, is_back=any(each.is_unexpected for each in back)),
        "noted": kind_words(
            noted_kinds(removal.dataset, [kind for part in parts for kind in part.first.kinds])
        ),
        "do_noted_stand": any(part.is_accepted or part.waits for part in parts),
        "back_in": back,
        "verbs": verbs_for(removal, removal.requester, Role.REQUESTER),
        "question": open_question(removal),
        "timeline": timeline_of(removal),
        "organisations": invitations_for(removal),
        **_progress(removal),
    }


def _progress(removal: RemovalRequest) -> dict[str, object]:
    runs = list(removal.locate_runs.select_related("version"))
    is_searched = all(run.state in (LocateRun.RunState.DONE, LocateRun.RunState.FAILED) for run in runs)
    return {
        "removal": removal,
        "runs": runs,
        "is_live": removal.state == RequestState.SUBMITTED,
        "is_searched": is_searched,
        "next_attempt_at": removal.next_attempt_at
        if removal.next_attempt_at and removal.next_attempt_at > clock.now()
        else None,
    }
