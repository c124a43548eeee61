"""A condition over thousands of numbers."""

import json
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Func
from django.db.models.sql.compiler import SQLCompiler

Compiled = tuple[str, tuple[Any, ...]]


class Among(Func):
    """Whether a column's number is one of these: as one parameter, however many they are. `__in` has one for each, and
    a list of ten thousand then takes longer to write down than to look up."""

    output_field = BooleanField()
    arity = 1

    def __init__(self, column: str, numbers: list[int]) -> None:
        super().__init__(column)
        self.numbers = numbers

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> Compiled:
        column, parameters = compiler.compile(self.source_expressions[0])
        return f"{column} = ANY(%s::bigint[])", (*parameters, f"{{{','.join(map(str, self.numbers))}}}")

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> Compiled:
        column, parameters = compiler.compile(self.source_expressions[0])
        condition = f"{column} IN (SELECT value FROM json_each(%s))"  # noqa: S608 -- Django wrote the column
        return condition, (*parameters, json.dumps(self.numbers))
