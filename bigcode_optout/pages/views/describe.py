"""Step 2 of 3: a reason, a message, an address; all of it optional."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bigcode_optout.catalog.queries import dataset as dataset_of
from bigcode_optout.pages.forms import DescribeForm
from bigcode_optout.pages.person import person
from bigcode_optout.removals import drafting


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def describe(request: HttpRequest) -> HttpResponse:
    """Ask why, and where to write to. Nobody needs a reason."""
    user, dataset = person(request), dataset_of(settings.DATASET)
    draft = drafting.draft_of(user, dataset)
    if draft is None:
        return redirect("pages:choose")
    kept = {"ground": draft.ground, "message": draft.message, "email": draft.email}
    form = DescribeForm(request.POST) if request.method == "POST" else DescribeForm(initial=kept)
    if form.is_bound and form.is_valid():
        drafting.describe(by=user, dataset=dataset, **form.cleaned_data)
        return redirect("pages:check")
    context = {"form": form, "errors": form.summary() if form.is_bound else []}
    return render(request, "pages/request/describe.html", context, status=400 if form.is_bound else 200)
