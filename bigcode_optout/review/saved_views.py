"""Lists to look at again: kept under a name, shared by a senior reviewer, opened first when somebody wants so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from django.db import IntegrityError, transaction
from django.db.models import Case, Q, Value, When

from bigcode_optout.accounts.models import User
from bigcode_optout.core import clock
from bigcode_optout.core.errors import Conflict, Forbidden, Missing, Refused
from bigcode_optout.removals.policies import SENIOR
from bigcode_optout.review.desk_models import SavedView
from bigcode_optout.review.lines import OBJECTION

# Who may make a view everybody's.
LEAD = SENIOR
NAME_LENGTH, QUERY_LENGTH, VIEWS = 60, 600, 50
# Of an address these are the page one is on, not the list.
_NOT_KEPT = frozenset({"p", "e", "all"})


@dataclass(frozen=True)
class Tab:
    """A view as the queue offers it: `query` begins behind the question mark; `saved` is None for those that are built
    in, and `count` for those that are not."""

    name: str
    query: str
    count: int | None = None
    is_open: bool = False
    saved: SavedView | None = None


def counted(user: User) -> dict[str, Q]:
    """What holds of the requests of each view that everybody has, beside that they wait on us."""
    return {
        "mine": Q(assignee=user),
        "organisations": Q(queue_line__scopes__contains=",organisation,"),
        "appeals": Q(was_appealed=True),
        "objections": Q(queue_line__guards__contains=f",{OBJECTION},"),
    }


def built_in(user: User, counts: Mapping[str, int]) -> list[Tab]:
    """What everybody has. `counts`: how many requests are in each."""
    return [
        Tab("What waits for us", "waiting=us", counts["waiting_on_us"]),
        Tab("Mine", f"waiting=us&assignee={user.pk}", counts["mine"]),
        Tab("Organisations", "waiting=us&scope=organisation", counts["organisations"]),
        Tab("Appeals", "waiting=us&guard=appeal", counts["appeals"]),
        Tab("Objections", "waiting=us&guard=objection", counts["objections"]),
        Tab("All", "waiting=all"),
    ]


def tabs_for(user: User, query: str, views: Iterable[SavedView], counts: Mapping[str, int]) -> list[Tab]:
    """Every view that this person has, the saved ones last, with the open one marked."""
    current = normal(query) or "waiting=us"
    saved = [Tab(view.name, view.query, saved=view) for view in views]
    return [replace(tab, is_open=normal(tab.query) == current) for tab in (*built_in(user, counts), *saved)]


def views_of(user: User) -> list[SavedView]:
    """The person's own views and those that are shared. `is_default` and `is_own` say what they are to this person."""
    found = SavedView.objects.filter(Q(owner=user) | Q(is_shared=True)).select_related("owner")
    mine = SavedView.default_for.through.objects.filter(user=user).values("savedview")
    return list(
        found.annotate(
            is_default=Case(When(pk__in=mine, then=Value(True)), default=Value(False)),
            is_own=Case(When(owner=user, then=Value(True)), default=Value(False)),
        )
    )


def default_query(views: Iterable[SavedView]) -> str:
    """What this person's queue opens on, of what `views_of` gives; empty for what waits for us."""
    return next((view.query for view in views if view.is_default), "")  # type: ignore[attr-defined] # annotated


def normal(query: str) -> str:
    """A query string in one order, without the page's number."""
    pairs = parse_qsl(query.lstrip("?"), keep_blank_values=False)
    return urlencode(sorted((name, value) for name, value in pairs if name not in _NOT_KEPT))


@transaction.atomic
def save(*, by: User, name: str, query: str, is_shared: bool = False) -> SavedView:
    """Keep a list under a name. Raises `Refused` without a name, `Conflict` for a name one has, `Forbidden` when
    sharing is not one's right."""
    name, query = _named(name), normal(query)
    if len(query) > QUERY_LENGTH:
        raise Refused("too_long", "This list has too many filters to be saved.")
    if is_shared:
        _require_lead(by)
    if SavedView.objects.filter(owner=by).count() >= VIEWS:
        raise Refused("too_many_views", f"Up to {VIEWS} views fit. Delete one first.")
    return _kept(SavedView(owner=by, name=name, query=query, is_shared=is_shared, saved_at=clock.now()))


@transaction.atomic
def rename(*, by: User, view_id: int, name: str) -> SavedView:
    """Give one's own view another name. Raises as `save` does, and `Missing` for somebody else's."""
    view = _own(by, view_id)
    view.name = _named(name)
    return _kept(view)


@transaction.atomic
def share(*, by: User, view_id: int, is_shared: bool) -> SavedView:
    """Show one's own view to everybody, or to nobody else any more. Raises `Forbidden` and `Missing`."""
    _require_lead(by)
    view = _own(by, view_id)
    view.is_shared = is_shared
    view.save(update_fields=["is_shared"])
    if not is_shared:
        view.default_for.set([by] if view.default_for.filter(pk=by.pk).exists() else [])
    return view


@transaction.atomic
def delete(*, by: User, view_id: int) -> None:
    """Forget one's own view. Raises `Missing` for somebody else's."""
    _own(by, view_id).delete()


@transaction.atomic
def open_first(*, by: User, view_id: int | None) -> None:
    """Let one's queue open on this view, or, with None, on what waits for us. Raises `Missing`."""
    view = None
    if view_id is not None:
        view = SavedView.objects.filter(Q(owner=by) | Q(is_shared=True), pk=view_id).first()
        if view is None:
            raise Missing("no_view", "There is no such view.")
    by.default_views.clear()
    if view is not None:
        view.default_for.add(by)


def _kept(view: SavedView) -> SavedView:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        raise Conflict("view_exists", f"You have a view “{view.name}” already.") from error
    return view


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > NAME_LENGTH:
        raise Refused("no_name", f"Give it a name of up to {NAME_LENGTH} characters.")
    return name


def _own(by: User, view_id: int) -> SavedView:
    found = SavedView.objects.filter(owner=by, pk=view_id).first()
    if found is None:
        raise Missing("no_view", "There is no such view of yours.")
    return found


def _require_lead(by: User) -> None:
    if not by.has_perm(LEAD):
        raise Forbidden("no_permission", "Senior reviewers share views.")
