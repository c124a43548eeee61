"""Step 1 of 3: what should be left out."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bigcode_optout.accounts.models import User
from bigcode_optout.catalog.models import Dataset
from bigcode_optout.catalog.queries import dataset as dataset_of
from bigcode_optout.claims.former_logins import claim_former_login
from bigcode_optout.claims.models import Claim, ClaimKind
from bigcode_optout.claims.queries import claims_of
from bigcode_optout.core.errors import Refused
from bigcode_optout.names import OwnerName
from bigcode_optout.pages import picker, tally
from bigcode_optout.pages.blocks import Block
from bigcode_optout.pages.choosing import errors_in, first_field, keep
from bigcode_optout.pages.former_names import suggestions_of
from bigcode_optout.pages.listings import read_listings
from bigcode_optout.pages.person import person
from bigcode_optout.pages.selection import Selection, from_draft, from_form
from bigcode_optout.removals.drafting import draft_of

_CLAIM_PAGES = {
    "claim-organisation": "pages:claim_organisation",
    "claim-repository": "pages:claim_repository",
    "claim-former-name": "pages:claim_former_login",
}


@dataclass
class ChoosePage:
    """What the page shows. `errors`: the id of a field and the sentence about it."""

    dataset: Dataset
    blocks: list[Block]
    selection: Selection
    errors: list[tuple[str, str]] = field(default_factory=list)
    unread: list[Claim] = field(default_factory=list)

    def of_kind(self, kind: ClaimKind) -> list[Block]:
        """The blocks of one kind of claim."""
        return [block for block in self.blocks if block.claim.kind == kind]


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Tick what should be left out. Nothing is kept before the button that goes on, and nothing sent before step 3."""
    user, dataset = person(request), dataset_of(settings.DATASET)
    claims = claims_of(user)
    if request.method == "POST":
        return _act(request, user, dataset, claims)
    selection = _remembered(user, dataset)
    asked = request.GET.get("organisation", "")
    for claim in claims:
        if claim.kind == ClaimKind.ORGANISATION and str(claim.pk) == asked:
            selection.open(claim.pk)
    unread = read_listings(claims)
    blocks = picker.blocks_of(dataset, claims, selection)
    return _show(request, ChoosePage(dataset, blocks, selection, unread=unread))


def _remembered(user: User, dataset: Dataset) -> Selection:
    draft = draft_of(user, dataset)
    return from_draft(draft) if draft else Selection()


def _act(request: HttpRequest, user: User, dataset: Dataset, claims: Sequence[Claim]) -> HttpResponse:
    """Do what the pressed button says; any but the last three show the page again with its ticks."""
    selection = from_form(request.POST, claims)
    blocks = picker.blocks_of(dataset, claims, selection)
    verb = request.POST.get("do", "")
    if verb in _CLAIM_PAGES:
        _keep_quietly(user, dataset, blocks, selection)
        return redirect(_CLAIM_PAGES[verb])
    if verb.startswith("former-"):
        _keep_quietly(user, dataset, blocks, selection)
        return _add_former_login(request, user, blocks, verb)
    if verb == "check":
        return _go_on(request, user, dataset, blocks, selection)
    _change(verb, selection, blocks)
    return _show(request, ChoosePage(dataset, picker.blocks_of(dataset, claims, selection), selection))


def _change(verb: str, selection: Selection, blocks: Sequence[Block]) -> None:
    """Tick all, tick none, or list an organisation's repositories. Filtering needs nothing: the form has the filter."""
    name, _, number = verb.partition("-")
    block = next((block for block in blocks if str(block.claim.pk) == number), None)
    if block is None:
        return
    shown = [pick.row.full_name for pick in block.shown]
    if name == "all":
        selection.tick(block.claim.pk, shown)
    elif name == "none":
        selection.untick(block.claim.pk, shown)
    elif name == "single" and block.claim.kind == ClaimKind.ORGANISATION:
        selection.open(block.claim.pk)


def _go_on(
    request: HttpRequest, user: User, dataset: Dataset, blocks: list[Block], selection: Selection
) -> HttpResponse:
    errors = errors_in(blocks, selection)
    if not errors:
        try:
            keep(user, dataset, blocks, selection)
            return redirect("pages:describe")
        except Refused as refused:
            errors = [(first_field(blocks), refused.sentence)]
    return _show(request, ChoosePage(dataset, blocks, selection, errors), status=400)


def _add_former_login(request: HttpRequest, user: User, blocks: Sequence[Block], verb: str) -> HttpResponse:
    """Add a former login that was suggested; anything else is not read from the form."""
    chosen = next((each for each in suggestions_of(blocks) if each.verb == verb), None)
    if chosen is not None:
        with suppress(Refused):
            claim_former_login(by=user, claim_id=chosen.claim_id, name=OwnerName(chosen.login))
            messages.info(request, f"{chosen.login} is in your list. Tick it to ask for it.")
    return redirect("pages:choose")


def _keep_quietly(user: User, dataset: Dataset, blocks: list[Block], selection: Selection) -> None:
    """Keep the ticks while the person adds a claim, as far as they make a choice already."""
    if not errors_in(blocks, selection):
        with suppress(Refused):
            keep(user, dataset, blocks, selection)


def _show(request: HttpRequest, page: ChoosePage, status: int = 200) -> HttpResponse:
    context = {
        "page": page,
        "errors": page.errors,
        "accounts": page.of_kind(ClaimKind.ACCOUNT),
        "organisations": page.of_kind(ClaimKind.ORGANISATION),
        "former_logins": page.of_kind(ClaimKind.FORMER_LOGIN),
        "suggestions": suggestions_of(page.blocks),
        "repositories": page.of_kind(ClaimKind.REPOSITORY),
        "kinds": tally.kind_choices(page.dataset, page.selection.kinds),
        "tallies": tally.tally(page.dataset, page.blocks),
        "next_version": tally.next_version(page.dataset),
    }
    return render(request, "pages/request/choose.html", context, status=status)
