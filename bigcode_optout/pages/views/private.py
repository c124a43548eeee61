"""Following by a private link what was asked without a GitHub account: it opens that one request and nothing else."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bigcode_optout.core.rate_limits import limited, network, spend
from bigcode_optout.pages.person import admit, leave
from bigcode_optout.pages.statement_forms import NewLinkForm
from bigcode_optout.removals import statements


@never_cache
@require_safe
@limited("private-link")
def follow(request: HttpRequest, number: int, code: str) -> HttpResponse:
    """Let this browser in for some hours, and go to the request; the address bar keeps no code."""
    statement = statements.to_follow(number, code)
    if statement.request is None:
        return render(request, "pages/statement/noted.html", {"statement": statement, "code": code})
    admit(request, statement)
    return redirect("pages:status", reference=statement.request.reference)


@require_POST
@limited("private-link")
def take_back(request: HttpRequest, number: int, code: str) -> HttpResponse:
    """Erase what was only noted."""
    statements.take_back(statement_id=number, code=code)
    messages.success(request, "The note is erased.")
    return redirect("pages:front")


@require_POST
def leave_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Close the request in this browser; the private link opens it again."""
    leave(request, reference)
    messages.info(request, "The request is closed in this browser. Your private link opens it again.")
    return redirect("pages:front")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_link(request: HttpRequest) -> HttpResponse:
    """Mail a new private link. The answer is the same whether there is such a request or not."""
    form = NewLinkForm(request.POST) if request.method == "POST" else NewLinkForm()
    if not form.is_bound or not form.is_valid():
        context = {"form": form, "errors": form.summary() if form.is_bound else []}
        return render(request, "pages/statement/new_link.html", context, status=400 if form.is_bound else 200)
    spend("statement", request)
    spend("statement-network", request, whom=network(request))
    statements.renew_link(**form.cleaned_data)
    return render(request, "pages/statement/link_mailed.html")
