"""Pages that only tell."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

# In the order of the list's schema; a test keeps them equal.
LIST_COLUMNS = {
    "kind": "owner or repository",
    "name": "The name as it is shown",
    "name_key": "The name with A to Z folded: what is compared",
    "name_valid_until": "The last data date that the name stands for, or empty",
    "owner_id": "GitHub’s number of the owner, or empty",
    "repo_id": "GitHub’s number of the repository, or empty",
    "files": "Leave out its files",
    "commits": "Leave out its commits",
    "issues": "Leave out its issues and pull requests",
    "since_release": "The first release that had the rule",
}

# Every format that the tool writes; a test keeps them equal.
LIST_FORMATS = {
    "parquet": "Joins over large tables. All columns, with types.",
    "jsonl": "One rule a line, and the form whose SHA-256 names the release.",
    "csv": "Reading by people. No cell can run as a formula.",
    "legacy-json": "BigCode’s older scripts, whose match minds capitals. The manifest counts what it cannot say.",
    "keyed-parquet": "The same rules without names and numbers, for holders of older copies.",
    "keyed-jsonl": "The keyed list, one rule a line.",
    "keyed-csv": "The keyed list as a table of text.",
}


@require_safe
def how_it_works(request: HttpRequest) -> HttpResponse:
    """From look-up to proof, in order."""
    return render(request, "pages/how_it_works.html", {"decision_days": settings.DECISION_DAYS})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What we keep, why, and for how long."""
    context = {"draft_days": settings.DRAFT_DAYS, "session_days": settings.SESSION_COOKIE_AGE // 86400}
    context["statement_days"] = settings.STATEMENT_DAYS
    return render(request, "pages/privacy.html", context)


@require_safe
def who_may_ask(request: HttpRequest) -> HttpResponse:
    """Who may ask for what, and how it is shown."""
    return render(request, "pages/who_may_ask.html")


@require_safe
def builders(request: HttpRequest) -> HttpResponse:
    """How to use the exclusion list."""
    context = {"columns": LIST_COLUMNS.items(), "formats": LIST_FORMATS.items()}
    return render(request, "pages/builders.html", context)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What was tested, and how to tell us."""
    return render(request, "pages/accessibility.html")
