"""An export as one file to download."""

import tempfile
import zipfile
from pathlib import Path
from typing import IO

from django.conf import settings

from bigcode_optout.core.errors import Missing
from bigcode_optout.releases.models import Export


def zip_of(export: Export) -> IO[bytes]:
    """The export's folder as a zip, rewound; it is on the disk only while it is open. Raises `Missing`.

    The names within begin with release and format, so that two unpacked lists never mix.
    """
    root = Path(settings.EXPORT_DIR)
    folder = root / export.path
    if not folder.is_dir():
        raise Missing("no_files", f"The files of {export} are not where they were written.")
    archive: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                packed.write(path, Path(archive_name(export)) / path.relative_to(folder))
    archive.seek(0)
    return archive


def archive_name(export: Export) -> str:
    """`the-stack-v3.1-parquet`."""
    return f"{export.release.dataset.slug}-{export.release.name}-{export.format}"
