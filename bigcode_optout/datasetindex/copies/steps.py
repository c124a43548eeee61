"""The steps of a pass, in order; each is skipped where an earlier process finished it."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from pathlib import Path

import duckdb

from ..errors import IndexBuildError
from ..inputs import InputFile
from ..manifest import MANIFEST_NAME, IndexManifest, describe
from ..progress import BuildProgress, OnProgress
from ..staging import staged
from . import compare as comparing
from .collect import collect, count, scatter_names
from .contents import Contents
from .manifest import CopiesManifest
from .plan import Plan
from .reader import bucket_name, copies_folder
from .scatter import COUNTED_NAME, scatter
from .scratch import finish_once, scratch_folder


@dataclass(frozen=True, slots=True)
class Steps:
    """One pass by one process, in the scratch folder of its plan."""

    connection: duckdb.DuckDBPyConnection
    index_path: Path
    manifest: IndexManifest
    files: Sequence[InputFile]
    contents: Contents
    plan: Plan
    on_progress: OnProgress

    @property
    def scratch(self) -> Path:
        return scratch_folder(self.index_path)

    def run(self) -> CopiesManifest:
        """Do what is left to do and put the result in its place."""
        self._read()
        self._compare()
        return self._put_in_place(self._collect())

    def _read(self) -> None:
        before = (0, *accumulate(file.bytes for file in self.files))
        for lot in self.plan.lots:
            finish_once(self.scratch / "contents" / f"{lot[0]:06}", partial(self._read_lot, lot, before))
        self.on_progress(BuildProgress("read contents", before[-1], before[-1]))
        self._check_counted()

    def _read_lot(self, lot: tuple[int, int], before: Sequence[int], folder: Path) -> None:
        def on_file(position: int) -> None:
            number = lot[0] + position
            step = f"reading contents of {self.files[number].path.name}"
            self.on_progress(BuildProgress(step, before[number], before[-1]))

        files = self.files[slice(*lot)]
        scatter(
            self.connection,
            folder,
            files,
            contents=self.contents,
            partitions=self.plan.partitions,
            on_file=on_file,
        )

    def _check_counted(self) -> None:
        notes = (self.scratch / "contents").glob(f"*/{COUNTED_NAME}")
        counted = sum(json.loads(note.read_text(encoding="utf-8"))["files"] for note in notes)
        if counted != self.manifest.files:
            raise IndexBuildError(
                f"The inputs have {counted:,} files of repositories, but the index {self.manifest.files:,}. "
                "Give the files that it was built from."
            )

    def _compare(self) -> None:
        step, total = "comparing contents", self.plan.partitions
        for partition in range(total):
            self.on_progress(BuildProgress(step, partition, total, "partitions"))
            finish_once(
                self.scratch / "found" / f"{partition:04}",
                partial(
                    comparing.compare,
                    self.connection,
                    self.scratch / "contents",
                    partition=partition,
                    buckets=self.plan.buckets,
                ),
            )
            comparing.clear(self.scratch / "contents", partition)
        self.on_progress(BuildProgress(step, total, total, "partitions"))

    def _collect(self) -> list[Path]:
        self.on_progress(BuildProgress("counting the other owners", 0, 0))
        index_files = [
            self.index_path / file.name for file in self.manifest.contents if file.name.endswith(".parquet")
        ]
        finish_once(
            self.scratch / "names" / "all",
            partial(scatter_names, self.connection, index_files=index_files, buckets=self.plan.buckets),
        )
        buckets = range(self.plan.buckets)
        for bucket in buckets:
            finish_once(self.scratch / "result" / f"{bucket:04}", partial(self._collect_bucket, bucket))
        return [self.scratch / "result" / f"{bucket:04}" / bucket_name(bucket) for bucket in buckets]

    def _collect_bucket(self, bucket: int, folder: Path) -> None:
        collect(self.connection, self.scratch, folder / bucket_name(bucket), bucket=bucket)

    def _put_in_place(self, results: Sequence[Path]) -> CopiesManifest:
        output = copies_folder(self.index_path)
        manifest = CopiesManifest(
            build_id=self.manifest.build_id,
            schema=self.manifest.schema,
            most_owners=comparing.MOST_OWNERS,
            contents=tuple(describe(path, path.name) for path in results),
            writer=f"duckdb {duckdb.__version__}",
            **count(self.connection, results),
        )
        # What stands there belongs to another build or is damaged: it was looked at before the pass began.
        shutil.rmtree(output, ignore_errors=True)
        with staged(output) as folder:
            for path in results:
                shutil.copyfile(path, folder / path.name)
            (folder / MANIFEST_NAME).write_text(manifest.to_json(), encoding="utf-8")
        return manifest
