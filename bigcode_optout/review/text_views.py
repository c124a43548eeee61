"""The list of the reasons' texts, and the page of one: write it, see it as page and mail, keep it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from bigcode_optout.accounts.models import User
from bigcode_optout.catalog.queries import dataset
from bigcode_optout.core.errors import Conflict, Missing, Refused
from bigcode_optout.core.references import parse_reference
from bigcode_optout.removals import wording
from bigcode_optout.removals.languages import known
from bigcode_optout.removals.models import ReasonText, RemovalRequest
from bigcode_optout.removals.text_preview import TextPreview, preview
from bigcode_optout.removals.writing_texts import EDIT, write_text
from bigcode_optout.review.text_forms import TextOfReasonForm
from bigcode_optout.review.text_lines import TextLine, lines

Admin = ModelAdmin


def texts(admin: Admin, request: HttpRequest) -> HttpResponse:
    """Every reason in every language, with the text that counts now."""
    _require_view(admin, request)
    context = _context(admin, request, "What requesters read") | {"lines": lines(), "languages": known()}
    return render(request, "review/texts.html", context)


def text(admin: Admin, request: HttpRequest, verdict: str, reason: str, language: str) -> HttpResponse:
    """One text with its versions. A post shows it as page and mail, or keeps it as a new version."""
    _require_view(admin, request)
    line = next((one for one in lines() if one.key == (verdict, reason, language)), None)
    if line is None:
        raise Missing("no_such_text", "There is no such text.")
    assert isinstance(request.user, User)
    may_edit = request.user.has_perm(EDIT)
    if request.method != "POST":
        form = TextOfReasonForm(initial={"sentence": line.sentence, "version": line.version})
        return _page(admin, request, line, form, may_edit=may_edit, shown=None)
    form = TextOfReasonForm(request.POST)
    shown = None
    if form.is_valid():
        try:
            if request.POST.get("step") == "keep":
                _keep(request.user, line, form)
                messages.success(
                    request, "Kept. It is sent from now on; what was sent before stays as it was."
                )
                return redirect("admin:removals_reasontext_text", verdict, reason, language)
            shown = _shown(line, form)
        except (Conflict, Refused) as error:
            form.add_error("sentence", error.sentence)
    return _page(admin, request, line, form, may_edit=may_edit, shown=shown)


def _keep(by: User, line: TextLine, form: TextOfReasonForm) -> None:
    write_text(
        by=by,
        verdict=line.verdict,
        reason=line.reason,
        language=line.language,
        sentence=form.cleaned_data["sentence"],
        seen_version=form.cleaned_data["version"],
    )


def _shown(line: TextLine, form: TextOfReasonForm) -> TextPreview | None:
    """The preview; None, and an error beside the field, when there is no request of that reference."""
    found, typed = None, form.cleaned_data["reference"]
    if typed:
        requests = RemovalRequest.objects.filter(reference=parse_reference(typed)).select_related("dataset")
        found = requests.prefetch_related("items").first()
        if found is None:
            form.add_error("reference", "There is no request with this reference.")
            return None
    sentence = wording.require_valid(form.cleaned_data["sentence"])
    title = dataset(settings.DATASET).title
    return preview(verdict=line.verdict, sentence=sentence, dataset_title=title, request=found)


def _page(
    admin: Admin,
    request: HttpRequest,
    line: TextLine,
    form: TextOfReasonForm,
    *,
    may_edit: bool,
    shown: TextPreview | None,
) -> HttpResponse:
    versions = ReasonText.objects.filter(verdict=line.verdict, reason=line.reason, language=line.language)
    context = _context(admin, request, f"{line.title}, in {line.language_name}") | {
        "line": line,
        "form": form,
        "may_edit": may_edit,
        "shown": shown,
        "versions": versions.select_related("written_by"),
        "placeholders": wording.PLACEHOLDERS,
    }
    return render(request, "review/text.html", context)


def _require_view(admin: Admin, request: HttpRequest) -> None:
    if not admin.has_view_permission(request):
        raise PermissionDenied


def _context(admin: Admin, request: HttpRequest, title: str) -> dict[str, Any]:
    return admin.admin_site.each_context(request) | {
        "title": title,
        "opts": admin.opts,
        "is_nav_sidebar_enabled": False,
    }
