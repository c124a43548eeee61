"""Texts and bytes as views: Arrow can read and write them, and cannot take single rows of them (pyarrow 26)."""

import pyarrow as pa


def without_views(schema: pa.Schema) -> pa.Schema:
    """Return the schema with plain texts and bytes for views, at any depth. In a Parquet file both are the same; that
    they are read as views is told by the Arrow schema among its metadata.
    """
    fields = [field.with_type(_plain(field.type)) for field in schema]
    return pa.schema(fields, metadata=schema.metadata)


def _plain(type_: pa.DataType) -> pa.DataType:
    if pa.types.is_string_view(type_):
        return pa.string()
    if pa.types.is_binary_view(type_):
        return pa.binary()
    if pa.types.is_struct(type_):
        return pa.struct([field.with_type(_plain(field.type)) for field in type_])
    if pa.types.is_list(type_):
        return pa.list_(_inner(type_))
    if pa.types.is_large_list(type_):
        return pa.large_list(_inner(type_))
    return type_


def _inner(type_: pa.DataType) -> pa.Field:
    return type_.value_field.with_type(_plain(type_.value_type))
