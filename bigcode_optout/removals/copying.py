"""Take located rows along when a repository becomes a part of its own."""

from collections.abc import Iterable

from bigcode_optout.names import fold
from bigcode_optout.removals.models import LocatedRepository, ScopeItem


def copy_located(rows: Iterable[tuple[LocatedRepository, ScopeItem]]) -> None:
    """Give each part the rows paired with it, as found by its own name and number. The rows stay where they were."""
    LocatedRepository.objects.bulk_create(
        LocatedRepository(
            run_id=row.run_id,
            item=part,
            full_name=row.full_name,
            repository_id=row.repository_id,
            file_count=row.file_count,
            byte_count=row.byte_count,
            by_name=fold(row.full_name) == part.name_key,
            by_repository_id=row.repository_id is not None and row.repository_id == part.repository_id,
        )
        for row, part in rows
    )
