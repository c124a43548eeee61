"""Thrift's compact protocol, in which a Parquet footer is written, without any schema: fields that we know nothing of
are read and written again, too (github.com/apache/thrift, doc/specs/thrift-compact-protocol.md).

A struct is a dict of field number → Value; a list is a List; the rest are bools, ints, floats and bytes.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Any


class Kind(IntEnum):
    """What a value is, as the protocol numbers it."""

    TRUE = 1
    FALSE = 2
    BYTE = 3
    I16 = 4
    I32 = 5
    I64 = 6
    DOUBLE = 7
    BINARY = 8
    LIST = 9
    SET = 10
    STRUCT = 12


@dataclass(slots=True)
class Value:
    """A field of a struct."""

    kind: Kind
    value: Any


@dataclass(slots=True)
class List:
    """A list or a set."""

    kind: Kind
    items: list[Any]


Struct = dict[int, Value]

_INTEGERS = frozenset({Kind.I16, Kind.I32, Kind.I64})
_DOUBLE = struct.Struct("<d")
_STOP = 0
_LONG_LIST = 15


def read_struct(encoded: bytes) -> Struct:
    """Return the struct that begins with the first byte. Raises ValueError, IndexError for any other bytes."""
    return _Reader(encoded).struct()


def write_struct(fields: Struct) -> bytes:
    """Return the bytes of a struct, fields in order: those that were read, if they were written in the shortest way."""
    out = bytearray()
    _write_struct(out, fields)
    return bytes(out)


class _Reader:
    def __init__(self, encoded: bytes) -> None:
        self._encoded, self._place = encoded, 0

    def struct(self) -> Struct:
        fields, number = Struct(), 0
        while header := self._byte():
            number = number + (header >> 4) if header >> 4 else self._integer()
            kind = Kind(header & 0x0F)
            is_bool = kind in (Kind.TRUE, Kind.FALSE)
            fields[number] = Value(kind, kind is Kind.TRUE if is_bool else self._value(kind))
        return fields

    def _value(self, kind: Kind) -> Any:
        if kind in _INTEGERS:
            return self._integer()
        if kind is Kind.BINARY:
            return self._bytes(self._unsigned())
        if kind is Kind.STRUCT:
            return self.struct()
        if kind in (Kind.LIST, Kind.SET):
            return self._list()
        if kind is Kind.DOUBLE:
            return _DOUBLE.unpack(self._bytes(_DOUBLE.size))[0]
        # In a list a bool takes a byte: 1 or 2.
        byte = self._byte()
        return byte if kind is Kind.BYTE else byte == Kind.TRUE

    def _list(self) -> List:
        header = self._byte()
        kind, count = Kind(header & 0x0F), header >> 4
        if count == _LONG_LIST:
            count = self._unsigned()
        return List(kind, [self._value(kind) for _ in range(count)])

    def _integer(self) -> int:
        folded = self._unsigned()
        return (folded >> 1) ^ -(folded & 1)

    def _unsigned(self) -> int:
        number = shift = 0
        while (byte := self._byte()) & 0x80:
            number |= (byte & 0x7F) << shift
            shift += 7
        return number | byte << shift

    def _byte(self) -> int:
        self._place += 1
        return self._encoded[self._place - 1]

    def _bytes(self, count: int) -> bytes:
        self._place += count
        if self._place > len(self._encoded):
            raise ValueError("A text goes beyond the end.")
        return self._encoded[self._place - count : self._place]


def _write_struct(out: bytearray, fields: Struct) -> None:
    before = 0
    for number, field in sorted(fields.items()):
        kind = field.kind
        if kind in (Kind.TRUE, Kind.FALSE):
            kind = Kind.TRUE if field.value else Kind.FALSE
        if 0 < number - before <= 0x0F:
            out.append((number - before) << 4 | kind)
        else:
            out.append(kind)
            _write_unsigned(out, _zigzag(number))
        if kind not in (Kind.TRUE, Kind.FALSE):
            _write_value(out, kind, field.value)
        before = number
    out.append(_STOP)


def _write_value(out: bytearray, kind: Kind, value: Any) -> None:
    if kind in _INTEGERS:
        _write_unsigned(out, _zigzag(value))
    elif kind is Kind.BINARY:
        _write_unsigned(out, len(value))
        out += value
    elif kind is Kind.STRUCT:
        _write_struct(out, value)
    elif kind in (Kind.LIST, Kind.SET):
        _write_list(out, value)
    elif kind is Kind.DOUBLE:
        out += _DOUBLE.pack(value)
    elif kind is Kind.BYTE:
        out.append(value)
    else:
        out.append(Kind.TRUE if value else Kind.FALSE)


def _write_list(out: bytearray, value: List) -> None:
    if len(value.items) < _LONG_LIST:
        out.append(len(value.items) << 4 | value.kind)
    else:
        out.append(_LONG_LIST << 4 | value.kind)
        _write_unsigned(out, len(value.items))
    for item in value.items:
        _write_value(out, value.kind, item)


def _write_unsigned(out: bytearray, number: int) -> None:
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)


def _zigzag(number: int) -> int:
    return number << 1 if number >= 0 else (-number << 1) - 1
