"""What can happen to repositories in the stand-in's world."""

from typing import Any

from .records import Account, PermissionLevel, Repository
from .state import WorldState, fold


class RepositoryChanges(WorldState):
    """Every verb takes the lock, and raises KeyError for a name that nobody holds now."""

    def add_repository(self, full_name: str, *, id: int, **fields: Any) -> Repository:
        """A new repository; one that takes a former name ends the redirect from there."""
        with self.lock:
            login, name = full_name.split("/")
            if self.repository(full_name) or id in self.repositories:
                raise ValueError(f"{full_name} or repository id {id} is taken")
            fields.setdefault("created_at", "2020-01-01T00:00:00Z")
            fields.setdefault("files", {"README.md": f"# {name}\n".encode()})
            repository = Repository(id=id, owner_id=self._account(login).id, name=name, **fields)
            self.repositories[id] = repository
            self.redirects.pop(fold(full_name), None)
            for former in repository.former_full_names:
                self.redirects[fold(former)] = id
            return repository

    def rename_repository(self, full_name: str, new_name: str) -> None:
        """The old name redirects until somebody creates a repository there."""
        self._move(full_name, f"{full_name.split('/')[0]}/{new_name}")

    def transfer_repository(self, full_name: str, new_owner: str) -> None:
        """The repository keeps id and name under another owner; the old name redirects."""
        self._move(full_name, f"{new_owner}/{full_name.split('/')[1]}")

    def delete_repository(self, full_name: str) -> None:
        """Its name, its former names and its id answer 404 from now on."""
        with self.lock:
            repository = self._repository(full_name)
            self.redirects = {key: row for key, row in self.redirects.items() if row != repository.id}
            del self.repositories[repository.id]

    def replace_repository(self, full_name: str, *, id: int, created_at: str) -> Repository:
        """The repository is deleted, and a new one is made under its name."""
        with self.lock:
            self.delete_repository(full_name)
            return self.add_repository(full_name, id=id, created_at=created_at)

    def set_permission(self, full_name: str, login: str, level: PermissionLevel) -> None:
        """Invite somebody to one repository."""
        with self.lock:
            self._repository(full_name).permissions[self._account(login).id] = level

    def write_file(self, full_name: str, path: str, data: bytes | str) -> None:
        """Put a file on the default branch; a text is written as UTF-8."""
        with self.lock:
            self._repository(full_name).files[path] = data.encode() if isinstance(data, str) else data

    def remove_file(self, full_name: str, path: str) -> None:
        """Take a file off the default branch."""
        with self.lock:
            del self._repository(full_name).files[path]

    def _move(self, full_name: str, new_full_name: str) -> None:
        with self.lock:
            repository = self._repository(full_name)
            holder = self.repository(new_full_name)
            if holder and holder is not repository:
                raise ValueError(f"{new_full_name} is taken")
            owner, name = new_full_name.split("/")
            owner_id = self._account(owner).id
            self._leave_redirect(repository)
            repository.owner_id, repository.name = owner_id, name
            self.repositories[repository.id] = repository
            self.redirects.pop(fold(new_full_name), None)

    def _leave_redirect(self, repository: Repository) -> None:
        former = self.full_name(repository)
        repository.former_full_names.append(former)
        self.redirects[fold(former)] = repository.id

    def _end_redirects(self, account: Account) -> None:
        for repository in self.repositories_of(account.id):
            self.redirects.pop(fold(self.full_name(repository)), None)

    def _account(self, login: str) -> Account:
        account = self.account(login)
        if account is None:
            raise KeyError(login)
        return account

    def _repository(self, full_name: str) -> Repository:
        repository = self.repository(full_name)
        if repository is None:
            raise KeyError(full_name)
        return repository
