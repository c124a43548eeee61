"""What a GitHub name is: parse, validate, fold, split; and where each dataset version keeps names."""

from .columns import DATASET_COLUMNS, DatasetColumns
from .folding import Engine, fold, fold_sql, is_ascii_sql, match_key, match_key_sql
from .model import OwnerName, RepositoryName, split_full_name
from .near import is_near, near_names
from .parsing import parse, parse_owner, parse_repository
from .patterns import OWNER_PATTERN, REPOSITORY_NAME_PATTERN, REPOSITORY_PATTERN
from .refusals import NameRefused

__all__ = [
    "DATASET_COLUMNS",
    "OWNER_PATTERN",
    "REPOSITORY_NAME_PATTERN",
    "REPOSITORY_PATTERN",
    "DatasetColumns",
    "Engine",
    "NameRefused",
    "OwnerName",
    "RepositoryName",
    "fold",
    "fold_sql",
    "is_ascii_sql",
    "is_near",
    "match_key",
    "match_key_sql",
    "near_names",
    "parse",
    "parse_owner",
    "parse_repository",
    "split_full_name",
]
