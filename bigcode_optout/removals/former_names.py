"""What is proven of a former login one by one becomes parts of their own, so that it need not wait for the rest."""

from django.db import transaction

from bigcode_optout.claims.models import ClaimKind
from bigcode_optout.names import fold
from bigcode_optout.removals.automatic import current
from bigcode_optout.removals.copying import copy_located
from bigcode_optout.removals.events import locked, note
from bigcode_optout.removals.lifecycle import Role
from bigcode_optout.removals.models import RemovalRequest, ScopeItem
from bigcode_optout.removals.sealing import scope_of


@transaction.atomic
def split_off(*, request_id: int) -> int:
    """Make a part of each repository that is proven alone under a former login which as a whole is not.

    The part of the login stays as it was asked, and open. What has a part already gets no second one. Nothing is made
    while the switch of the policy is off. Returns how many parts were made.
    """
    of_logins = {"claim__kind": ClaimKind.FORMER_LOGIN, "kind": ScopeItem.Kind.OWNER}
    items = ScopeItem.objects.filter(request=request_id, state=ScopeItem.ItemState.OPEN, **of_logins)
    if not items.exists() or not current().accepts_kind(ClaimKind.FORMER_LOGIN):
        return 0
    request = locked(request_id)
    made = [part for item in items.select_related("claim") for part in _parts_of(request, item)]
    if made:
        note(
            request,
            "split_off",
            role=Role.SYSTEM,
            data={"items": [part.pk for part in made], "scope": scope_of(made)},
        )
    return len(made)


def _parts_of(request: RemovalRequest, item: ScopeItem) -> list[ScopeItem]:
    known = set(request.items.filter(kind=ScopeItem.Kind.REPOSITORY).values_list("name_key", flat=True))
    wanted = [(name, number) for name, number in item.assessment.get("alone", []) if fold(name) not in known]
    parts = {fold(name): _part(item, name, number) for name, number in wanted}
    copy_located(
        (row, parts[fold(row.full_name)]) for row in item.located.all() if fold(row.full_name) in parts
    )
    return list(parts.values())


def _part(item: ScopeItem, name: str, number: int) -> ScopeItem:
    return ScopeItem.objects.create(
        request=item.request,
        claim=item.claim,
        kind=ScopeItem.Kind.REPOSITORY,
        name=name,
        owner_id=item.owner_id,
        repository_id=number,
        files=item.files,
        commits=item.commits,
        issues=item.issues,
    )
