"""The stand-in's world and what can happen to accounts in it."""

from .grants import Token
from .records import Account, AccountType, Gist, Membership, MembershipRole, MembershipState
from .repository_changes import RepositoryChanges


class World(RepositoryChanges):
    """Accounts, repositories, roles and grants; verbs take the lock and raise KeyError for unknown names."""

    def add_account(
        self, login: str, *, id: int, type: AccountType = "User", created_at: str = "2020-01-01T00:00:00Z"
    ) -> Account:
        """A new account; ValueError if the login or the id is taken."""
        with self.lock:
            if self.account(login) or id in self.accounts:
                raise ValueError(f"{login} or account id {id} is taken")
            account = self.accounts[id] = Account(id, login, type, created_at)
            return account

    def rename_account(self, login: str, new_login: str) -> None:
        """The login becomes free and leads nowhere; the repositories redirect from their old names."""
        with self.lock:
            account = self._account(login)
            holder = self.account(new_login)
            if holder and holder is not account:
                raise ValueError(f"{new_login} is taken")
            for repository in self.repositories_of(account.id):
                self._leave_redirect(repository)
            account.former_logins.append(account.login)
            account.login = new_login
            self.accounts[account.id] = account
            self._end_redirects(account)

    def delete_account(self, login: str) -> None:
        """The account goes with its repositories, memberships, tokens."""
        with self.lock:
            account = self._account(login)
            for repository in self.repositories_of(account.id):
                self.delete_repository(self.full_name(repository))
            self.memberships = {key: row for key, row in self.memberships.items() if account.id not in key}
            self.personas = [row for row in self.personas if row.account_id != account.id]
            self.gists = {key: row for key, row in self.gists.items() if row.owner_id != account.id}
            self.grants.forget_account(account.id)
            del self.accounts[account.id]

    def replace_account(self, login: str, *, id: int, created_at: str) -> Account:
        """The account is deleted, and somebody makes a new one under its login."""
        with self.lock:
            self.delete_account(login)
            return self.add_account(login, id=id, created_at=created_at)

    def block_app(self, organisation: str) -> None:
        """The organisation keeps OAuth apps out: its members' roles cannot be read."""
        with self.lock:
            self._account(organisation).blocks_apps = True

    def let_app_in(self, organisation: str) -> None:
        """An owner approves the app."""
        with self.lock:
            self._account(organisation).blocks_apps = False

    def edit_profile(self, login: str, **fields: str | None) -> None:
        """Change ``name``, ``description``, ``blog`` or ``location``, as only an owner of it could."""
        with self.lock:
            account = self._account(login)
            if not fields.keys() <= {"name", "description", "blog", "location"}:
                raise ValueError(f"no such profile field: {', '.join(fields)}")
            for field, value in fields.items():
                setattr(account, field, value)

    def set_membership(
        self,
        organisation: str,
        login: str,
        *,
        role: MembershipRole,
        state: MembershipState = "active",
        is_public: bool = False,
    ) -> None:
        """Let somebody into an organisation, change the role, or leave an invitation open."""
        with self.lock:
            key = (self._account(organisation).id, self._account(login).id)
            self.memberships[key] = Membership(role, state, is_public)

    def let_in_others(self, organisation: str, count: int) -> None:
        """So many more people belong to the organisation, and hide it."""
        with self.lock:
            self._account(organisation).other_member_count = count

    def remove_membership(self, organisation: str, login: str) -> None:
        """Put somebody out of an organisation."""
        with self.lock:
            del self.memberships[self._account(organisation).id, self._account(login).id]

    def add_gist(self, login: str, gist_id: str, files: dict[str, str]) -> Gist:
        """A new public gist."""
        with self.lock:
            gist = Gist(gist_id, self._account(login).id, files, created_at="2025-05-05T05:05:05Z")
            self.gists[gist_id] = gist
            return gist

    def issue_token(
        self, login: str, scopes: str = "", *, client_id: str = "sandbox-client", value: str = ""
    ) -> Token:
        """A token as after a sign-in that granted ``scopes`` (blank-separated), without a browser."""
        with self.lock:
            return self.grants.issue_token(self._account(login).id, client_id, scopes.split(), value)
