"""Asking without a GitHub account: which case, what, and, once the mail arrived, check and send.

The answer is the same whatever is in the dataset, in the queue or in our mails: nobody learns from it who asked.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bigcode_optout.catalog.queries import dataset as dataset_of
from bigcode_optout.core.errors import TooMany
from bigcode_optout.core.rate_limits import limited, network, spend
from bigcode_optout.pages.near_misses import meant_by, question
from bigcode_optout.pages.person import admit
from bigcode_optout.pages.statement_forms import CaseForm, StatementForm
from bigcode_optout.removals import statements
from bigcode_optout.removals.languages import closest
from bigcode_optout.removals.models import Case


@require_safe
def choose_case(request: HttpRequest) -> HttpResponse:
    """Why one cannot sign in."""
    return render(request, "pages/statement/case.html", {"form": CaseForm()})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """What should be left out, and what shows that it is theirs."""
    cases = CaseForm(request.GET)
    if not cases.is_valid():
        context = {"form": cases, "errors": cases.summary()}
        return render(request, "pages/statement/case.html", context, status=400)
    case = Case(cases.cleaned_data["case"])
    form = StatementForm(case, request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return render(request, "pages/statement/write.html", _context(form))
    if form.is_valid():
        _ask_what_was_meant(request, form)
    if form.errors:
        return render(request, "pages/statement/write.html", _context(form), status=400)
    spend("statement", request)
    spend("statement-network", request, whom=network(request))
    if _may_be_mailed(request, form.cleaned_data["email"]):
        statements.write_down(wording=form.wording())
    return redirect("pages:statement_mailed")


def _context(form: StatementForm) -> dict[str, object]:
    is_asked = "names" in form.errors and any("Did you mean" in str(one) for one in form.errors["names"])
    return {
        "form": form,
        "case": form.case,
        "asks_if_sure": is_asked or form["sure"].value(),
        "errors": form.summary() if form.is_bound else [],
    }


def _ask_what_was_meant(request: HttpRequest, form: StatementForm) -> None:
    """Ask once about each name that may be a slip; whoever says that the names are right is not asked again.

    Each such question looks names up, so it counts as a look-up.
    """
    if form.cleaned_data["sure"]:
        return
    spend("look-up", request)
    for name in form.cleaned_data["names"][0]:
        found = meant_by(name, request.user)
        if found:
            form.add_error(
                "names",
                f"{question(found)} You typed {name.shown}, which is one letter away. "
                "Change it, or say below that the names are right.",
            )


def _may_be_mailed(request: HttpRequest, email: str) -> bool:
    """Whether one more mail may go to this address today. The page does not tell: it would say that somebody asked."""
    # Whatever stands behind a plus sign leads to the same person.
    local, _, host = email.lower().rpartition("@")
    mailbox = f"{local.partition('+')[0]}@{host}"
    whom = salted_hmac("pages.statement-address", mailbox, algorithm="sha256").hexdigest()
    try:
        spend("statement-address", request, whom=whom)
    except TooMany:
        return False
    return True


@require_safe
def mailed(request: HttpRequest) -> HttpResponse:
    """Look into your mails."""
    return render(request, "pages/statement/mailed.html", {"days": settings.STATEMENT_DAYS})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("private-link")
def confirm(request: HttpRequest, number: int, code: str) -> HttpResponse:
    """Show what was written, word for word (GET: also what a mail scanner opens); send it (POST)."""
    if request.method != "POST":
        statement = statements.to_confirm(number, code)
        return render(request, "pages/statement/confirm.html", {"statement": statement})
    statement = statements.confirm(
        statement_id=number,
        code=code,
        dataset=dataset_of(settings.DATASET),
        language=closest(request.headers.get("Accept-Language", "")),
    )
    if statement.request is None:
        return render(request, "pages/statement/noted.html", {"statement": statement, "is_new": True})
    admit(request, statement)
    return redirect("pages:sent", reference=statement.request.reference)
