"""Make the look-up store of an index anew, from its published form."""

from pathlib import Path

from ..bucket import BucketJob
from ..engine import limit_bytes
from ..errors import IndexBroken
from ..opened import read_manifest
from ..progress import BuildProgress, OnProgress, silent
from ..staging import staged
from ..workers import make_buckets
from .folder import bucket_file, remove_store, store_folder, write_manifest

_SPILL = "spill"


def rebuild_store(
    index: Path, *, memory_limit: str = "2GB", threads: int = 2, on_progress: OnProgress = silent
) -> Path:
    """Write the look-up store of `index` and put it in the place of the one that is there; return its folder.

    `memory_limit` is for all processes together, of which there are up to `threads`. Raises IndexBroken if the index is
    not whole or a file of it was changed, IndexBuildError if the store cannot be written. Whoever has the old one open
    gets the same answers on, from it, from the new one or from the published form.
    """
    index = Path(index)
    manifest = read_manifest(index, verify=False)
    final = store_folder(index)
    processes = min(threads, len(manifest.contents))
    share = limit_bytes(memory_limit) // processes
    made = final.with_name(f"{final.name}.new")
    with staged(made) as folder:
        jobs = [
            BucketJob(
                number=number,
                pile=None,
                carried=(),
                published=str(index / file.name),
                store=str(bucket_file(folder, number)),
                memory_bytes=share,
                spill=str(folder / _SPILL / str(number)),
            )
            for number, file in enumerate(manifest.contents)
        ]
        done = []
        for each in make_buckets(jobs, at_once=processes):
            if each.published != manifest.contents[each.number]:
                raise IndexBroken(f"{index / each.published.name} is not the file that its manifest names.")
            done.append(each)
            on_progress(BuildProgress("packing", len(done), len(jobs), "buckets"))
        done.sort(key=lambda each: each.number)
        write_manifest(folder, manifest.build_id, [each.store for each in done if each.store])
    remove_store(index)
    made.rename(final)
    return final
