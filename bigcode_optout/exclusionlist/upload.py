"""Send a list to the Hugging Face Hub, as a dataset repository that `load_dataset` reads."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from .errors import ExclusionListError, SignatureRefused
from .key_set import KeySet
from .manifest import MANIFEST_NAME, Manifest
from .reader import check, content_of, verified_content
from .signing import SIGNATURE_NAME


class UploadFailed(ExclusionListError):  # noqa: N818 - it says what happened, as the room's other errors do
    """A list that the Hub was not given, or did not take."""


class Hub(Protocol):
    """What is used of `huggingface_hub.HfApi`."""

    def create_repo(self, repo_id: str, *, private: bool, repo_type: str, exist_ok: bool) -> Any: ...

    def repo_info(self, repo_id: str, *, repo_type: str) -> Any: ...

    def create_commit(self, repo_id: str, operations: Any, *, commit_message: str, repo_type: str) -> Any: ...


@dataclass(frozen=True, slots=True)
class Parcel:
    """What would be sent: the manifest, its signature and the files that it names, and nothing else that stands
    in the folder. `files` maps a path to its bytes, as they were checked.
    """

    manifest: Manifest
    files: dict[str, bytes]


def parcel_of(folder: Path, *, keys: KeySet | None, is_unsigned_allowed: bool = False) -> Parcel:
    """Return what a checked folder holds. Raises ListBroken as `check` does, and SignatureRefused for a list that
    nobody signed, unless that is allowed.
    """
    manifest = check(folder, keys=keys)
    if manifest.key_id is None and not is_unsigned_allowed:
        raise SignatureRefused("The list is not signed, so nobody could tell it from another. Sign it first.")
    files = {MANIFEST_NAME: content_of(folder, MANIFEST_NAME)}
    if manifest.key_id:
        files[SIGNATURE_NAME] = content_of(folder, SIGNATURE_NAME)
    return Parcel(manifest, files | {entry.path: verified_content(folder, entry) for entry in manifest.files})


def upload(parcel: Parcel, repo: str, hub: Hub, *, is_public: bool = False) -> str:
    """Make one commit of the parcel to the dataset repository, and return its address.

    A repository that is not there is made, private unless `is_public`. One that is there and public gets
    nothing unless that is wanted: a list names people. Raises UploadFailed.
    """
    try:
        hub.create_repo(repo, private=not is_public, repo_type="dataset", exist_ok=True)
        if not is_public and not hub.repo_info(repo, repo_type="dataset").private:
            raise UploadFailed(f"{repo} is public, and a list names people: nothing was sent.")
        commit = hub.create_commit(
            repo,
            _operations(parcel.files),
            commit_message=f"Exclusion list of release {parcel.manifest.release}",
            repo_type="dataset",
        )
    except ExclusionListError:
        raise
    # The Hub's client, its HTTP library and its checks of names have no common error of their own.
    except Exception as error:
        raise UploadFailed(f"The Hub did not take the list: {_first_line(error)}") from error
    return str(commit.commit_url)


def open_hub(token: str) -> Hub:
    """Return the Hub's client. Raises UploadFailed where it is not installed."""
    try:
        from huggingface_hub import HfApi
    except ImportError as missing:
        raise UploadFailed(
            "Uploading needs the client of the Hugging Face Hub, which is not installed here:"
            " pip install huggingface_hub."
        ) from missing
    return HfApi(token=token)


def _operations(files: dict[str, bytes]) -> list[Any]:
    from huggingface_hub import CommitOperationAdd

    return [CommitOperationAdd(path, content) for path, content in files.items()]


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
