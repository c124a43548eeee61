"""What the dataset holds under a name, for anybody who asks."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bigcode_optout.catalog import queries
from bigcode_optout.catalog.copies_elsewhere import copies_under
from bigcode_optout.core.rate_limits import limited
from bigcode_optout.names import NameRefused, parse
from bigcode_optout.pages.answer import AnswerPage, chosen_sort
from bigcode_optout.pages.language_shares import language_bar
from bigcode_optout.pages.near_misses import meant_by

_FILTER_LENGTH = 100


@never_cache
@require_safe
@limited("look-up", methods=("GET", "HEAD"))
def look_up(request: HttpRequest) -> HttpResponse:
    """Answer for the name in `?name=`; `filter` and `sort` shape the list, never the totals."""
    if "name" not in request.GET:
        return redirect("pages:front")
    typed = request.GET["name"]
    try:
        name = parse(typed)
    except NameRefused as refused:
        return render(request, "pages/not_a_name.html", {"typed": typed, "refused": refused}, status=400)
    answer = queries.look_up(settings.DATASET, name)
    name_contains = request.GET.get("filter", "").strip()[:_FILTER_LENGTH]
    listed = answer
    if answer.is_cut and name_contains:
        listed = queries.look_up(settings.DATASET, name, name_contains=name_contains)
    page = AnswerPage(
        answer,
        listed,
        name_contains=name_contains,
        sort=chosen_sort(request.GET.get("sort", "")),
        copies=copies_under(name, [each.version for each in answer.versions if each.is_in]),
    )
    meant = [] if answer.is_in else meant_by(name, request.user)
    context = {
        "typed": typed,
        "page": page,
        "meant": meant,
        "language_bar": language_bar(queries.languages_of(answer)),
    }
    return render(request, "pages/answer.html", context)
