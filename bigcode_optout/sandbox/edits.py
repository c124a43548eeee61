"""Pages by which a person changes the world by hand: an organisation's public profile, a file in a repository."""

import re
from collections.abc import Callable, Iterable
from html import escape

from . import pages
from .messages import Request, Response
from .records import Account, Repository
from .world import World

PROFILE_FIELDS = ("description", "blog", "location")
LONGEST = 500
PROOF_FILE = "bigcode-optout.txt"
PAGES = {
    ("GET", "organisation"): re.compile(r"/([^/]+)/?"),
    ("POST", "organisation"): re.compile(r"/organizations/([^/]+)/settings/profile"),
    ("GET", "repository"): re.compile(r"/([^/]+/[^/]+)/?"),
    ("POST", "repository"): re.compile(r"/([^/]+/[^/]+)/new/main"),
}


class Edits:
    """Answers ``/{organisation}`` and ``/{owner}/{repository}``, and the forms on them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.steps: dict[tuple[str, str], Callable[[str, Request], Response | None]] = {
            ("GET", "organisation"): self.show_organisation,
            ("POST", "organisation"): self.edit_organisation,
            ("GET", "repository"): self.show_repository,
            ("POST", "repository"): self.write_file,
        }

    def answer(self, request: Request) -> Response | None:
        """The answer, or None if nothing is there."""
        for key, pattern in PAGES.items():
            match = pattern.fullmatch(request.path)
            if match and request.method == key[0]:
                with self.world.lock:
                    return self.steps[key](match[1], request)
        return None

    def show_organisation(self, login: str, request: Request) -> Response | None:
        """The public profile as it stands, and the form for its owners."""
        account = self._organisation(login)
        if account is None:
            return None
        values = {name: escape(getattr(account, name) or "") for name in PROFILE_FIELDS}
        content = pages.fill(
            "organisation.html",
            login=escape(account.login),
            editors=_choices(person.login for person in self._owners(account)),
            **values,
        )
        return pages.page(account.login, content)

    def edit_organisation(self, login: str, request: Request) -> Response | None:
        """Change the profile as one of the owners; anybody else is refused."""
        account, fields = self._organisation(login), request.fields()
        if account is None:
            return None
        if fields.get("as") not in {person.login for person in self._owners(account)}:
            return pages.problem_page("Only an owner can do that", "Choose an active owner.", 403)
        sent = {name: str(fields[name])[:LONGEST] for name in PROFILE_FIELDS if name in fields}
        self.world.edit_profile(account.login, **sent)
        return Response(303, headers={"location": f"/{account.login}"})

    def show_repository(self, full_name: str, request: Request) -> Response | None:
        """The files there are, and the form for who may write."""
        repository = self.world.repository(full_name)
        if repository is None or repository.private:
            return None
        files = "\n".join(f"<dt>{escape(path)}</dt>" for path in sorted(repository.files))
        content = pages.fill(
            "repository.html",
            full_name=escape(self.world.full_name(repository)),
            files=files,
            path=PROOF_FILE,
            editors=_choices(person.login for person in self._writers(repository)),
        )
        return pages.page(self.world.full_name(repository), content)

    def write_file(self, full_name: str, request: Request) -> Response | None:
        """Put a file on the default branch as somebody who may push."""
        repository, fields = self.world.repository(full_name), request.fields()
        if repository is None:
            return None
        if fields.get("as") not in {person.login for person in self._writers(repository)}:
            return pages.problem_page("You cannot write here", "Choose somebody who can push.", 403)
        path = str(fields.get("path", "")).strip("/") or PROOF_FILE
        self.world.write_file(full_name, path[:LONGEST], str(fields.get("text", "")))
        return Response(303, headers={"location": f"/{self.world.full_name(repository)}"})

    def _organisation(self, login: str) -> Account | None:
        account = self.world.account(login)
        return account if account and account.type == "Organization" else None

    def _owners(self, organisation: Account) -> list[Account]:
        return [
            self.world.accounts[member_id]
            for (organisation_id, member_id), row in sorted(self.world.memberships.items())
            if organisation_id == organisation.id and (row.role, row.state) == ("admin", "active")
        ]

    def _writers(self, repository: Repository) -> list[Account]:
        people = [row for row in self.world.accounts.values() if row.type == "User"]
        return [
            row
            for row in people
            if self.world.permission(repository, row.id) in ("push", "maintain", "admin")
        ]


def _choices(logins: Iterable[str]) -> str:
    return "\n".join(f"<option>{escape(login)}</option>" for login in logins)
