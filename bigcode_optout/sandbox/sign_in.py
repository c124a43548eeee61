"""What the browser does under ``/login/oauth``: show the page, take the decision, forget the persona."""

from collections.abc import Mapping

from . import oauth, pages
from .messages import Request, Response
from .world import World


def answer(request: Request, world: World, clients: Mapping[str, str]) -> Response | None:
    """The answer to a request under ``/login/oauth``; None if nothing is there."""
    step = STEPS.get((request.method, request.path.removeprefix("/login/oauth")))
    if step is None:
        return None
    with world.lock:
        try:
            return step(request, world, clients)
        except oauth.AuthorizationProblem as problem:
            return pages.problem_page("This app cannot sign you in", str(problem), 400)


def ask(request: Request, world: World, clients: Mapping[str, str]) -> Response:
    """``GET /authorize``: the chooser, unless everything was granted before."""
    wanted = oauth.read_authorization(request.query, clients)
    answered = oauth.answer_without_asking(wanted, request, world)
    return answered or pages.sign_in_page(wanted, world, oauth.remembered_account(request, world))


def decide(request: Request, world: World, clients: Mapping[str, str]) -> Response:
    """``POST /authorize``: the person granted, some scopes perhaps not, or refused."""
    fields = request.fields()
    wanted = oauth.read_authorization(fields, clients)
    if fields.get("decision") != "grant":
        return oauth.refuse(wanted)
    account = world.account(fields.get("persona", ""))
    if account is None or account.type != "User":
        raise oauth.AuthorizationProblem(
            "Nobody of this name can sign in here. Go back and choose a persona."
        )
    ticked = request.repeated_field("granted")
    scopes = tuple(scope for scope in wanted.scopes if scope in ticked)
    response = oauth.grant(wanted, account, scopes, world)
    response.headers["set-cookie"] = oauth.cookie_header(account if fields.get("remember") else None)
    return response


def forget(request: Request, world: World, clients: Mapping[str, str]) -> Response:
    """``POST /forget``: the browser is signed out of the stand-in."""
    return Response(303, headers={"location": "/", "set-cookie": oauth.cookie_header(None)})


STEPS = {
    ("GET", "/authorize"): ask,
    ("POST", "/authorize"): decide,
    ("POST", "/access_token"): oauth.exchange_code,
    ("POST", "/forget"): forget,
}
