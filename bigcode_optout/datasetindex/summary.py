"""What an index holds, in sentences for whoever built it."""

from collections.abc import Iterator

from .manifest import IndexManifest


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: `1 owner`, `2,000 owners`."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def summary(manifest: IndexManifest) -> Iterator[str]:
    """Yield what was counted, then a line for each kind of malformed name. What was not recorded is not called 0."""
    counts = [
        f"{counted(manifest.repositories, 'repository', 'repositories')} of {counted(manifest.owners, 'owner')}"
    ]
    counts.append(counted(manifest.files, "file") if manifest.has_files else "no files named")
    counts.append(counted(manifest.bytes, "byte") if manifest.has_sizes else "no sizes recorded")
    yield f"{', '.join(counts)}."
    for kind, refused in manifest.refused.items():
        yield f"Left out as {kind}: {counted(refused.names, 'malformed name')} on {counted(refused.files, 'row')}."
