"""The pages a person sees in the browser; each says plainly that this is not GitHub."""

from collections.abc import Iterable
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from .messages import Response
from .oauth import AuthorizationRequest
from .records import Account
from .world import World

FOLDER = Path(__file__).with_name("web")
FILES = {"style.css": "text/css; charset=utf-8", "avatar.svg": "image/svg+xml"}
# Browsers hold redirects after a form to ``form-action``, so the app's own addresses must stand there.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'self' http://127.0.0.1:* http://localhost:*"
)
SCOPE_WORDS = {
    "read:org": "See which organisations you belong to, and in what role.",
    "user": "See and change your whole profile.",
    "repo": "See and change your private repositories.",
}


def sign_in_page(wanted: AuthorizationRequest, world: World, remembered: Account | None) -> Response:
    """Choose a persona, see and narrow what is asked, grant or refuse."""
    suggested = world.account(wanted.login) or remembered
    hidden = {
        "client_id": wanted.client_id,
        "redirect_uri": wanted.redirect_uri,
        "scope": " ".join(wanted.scopes),
        "state": wanted.state,
        "code_challenge": wanted.challenge,
        "code_challenge_method": "S256" if wanted.challenge else "",
    }
    content = fill(
        "sign_in.html",
        client_id=escape(wanted.client_id),
        origin=escape(urlsplit(wanted.redirect_uri).netloc),
        hidden="\n".join(_hidden(name, value) for name, value in hidden.items() if value is not None),
        personas="\n".join(_persona_choices(world, suggested)),
        scopes=_scope_choices(wanted.scopes),
        remembered=" checked" if remembered else "",
    )
    return page("Choose a persona", content)


def home_page(world: World, kinds: Iterable[str], waiting_count: int) -> Response:
    """What this is, who one can be, how faults are provoked."""
    personas = [
        f"<dt>{escape(account.login)}</dt><dd>{escape(title)}. {escape(sentence)}</dd>"
        for account, title, sentence in people(world)
    ]
    organisations = [
        f'<li><a class="name" href="/{escape(account.login)}">{escape(account.login)}</a></li>'
        for account in world.accounts.values()
        if account.type == "Organization"
    ]
    content = fill(
        "home.html",
        personas="\n".join(personas),
        organisations="\n".join(organisations),
        kinds=", ".join(kinds),
        waiting=str(waiting_count),
    )
    return page("Stand-in for GitHub", content)


def problem_page(heading: str, sentence: str, status: int) -> Response:
    """Something is wrong with what was asked."""
    content = fill("problem.html", heading=escape(heading), sentence=escape(sentence))
    return page(heading, content, status)


def file_response(name: str) -> Response | None:
    """A file that the pages use; None if there is none of that name."""
    if name not in FILES:
        return None
    return Response(200, (FOLDER / name).read_bytes(), {"content-type": FILES[name]})


def people(world: World) -> list[tuple[Account, str, str]]:
    """Everybody one can sign in as: the personas in their order, then the other people."""
    told = [(world.accounts[row.account_id], row.title, row.sentence) for row in world.personas]
    known = {account.id for account, _, _ in told}
    others = [row for row in world.accounts.values() if row.type == "User" and row.id not in known]
    return told + [(row, "Somebody else", "Has a part in the story of the others.") for row in others]


def _persona_choices(world: World, suggested: Account | None) -> Iterable[str]:
    rows = people(world)
    chosen = suggested if suggested and suggested.type == "User" else (rows[0][0] if rows else None)
    for account, title, sentence in rows:
        login = escape(account.login)
        checked = " checked" if account is chosen else ""
        yield (
            f'<label class="choice"><input type="radio" name="persona" value="{login}" id="persona-{login}"'
            f'{checked} required><span><span class="name">{login}</span> – {escape(title)}'
            f"<small>{escape(sentence)}</small></span></label>"
        )


def _scope_choices(scopes: tuple[str, ...]) -> str:
    if not scopes:
        return "<p>Only who you are: your number, your login and your public profile.</p>"
    return "\n".join(
        f'<label class="choice"><input type="checkbox" name="granted" value="{escape(scope)}" checked>'
        f"<span><code>{escape(scope)}</code>"
        f"<small>{escape(SCOPE_WORDS.get(scope, 'A scope that the stand-in has no words for.'))}</small>"
        "</span></label>"
        for scope in scopes
    )


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{escape(value)}">'


def fill(name: str, **values: str) -> str:
    """The file ``name`` of ``web/`` with its ``$``-words replaced by ``values``, which are HTML already."""
    return Template((FOLDER / name).read_text(encoding="utf-8")).substitute(values)


def page(title: str, content: str, status: int = 200) -> Response:
    """A whole page around ``content``, which is HTML already; ``title`` is text."""
    body = fill("page.html", title=escape(title), content=content).encode()
    headers = {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": POLICY,
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
    }
    return Response(status, body, headers)
