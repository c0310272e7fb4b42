"""Builds the model's dataclasses from plain values, led by their annotations.

Two readings of the same annotations live here: `build` makes a whole value and misses nothing;
`translate` lays the prose of another language over a value that already exists.
"""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Iterator
from functools import cache
from typing import Any, Literal

from knowledge.engine.asking import Example
from knowledge.engine.marks import PerLanguage, Structure
from knowledge.engine.source import Document, Place


@dataclasses.dataclass(frozen=True, slots=True)
class FieldShape:
    """One field of a dataclass as the reader sees it."""

    name: str
    key: str
    """As written in YAML: the name without a trailing underscore."""
    hint: Any
    required: bool
    default: Any


def fields_of(cls: type) -> tuple[FieldShape, ...]:
    """The fields of a model dataclass in the order in which YAML lists them."""
    return _fields(cls)


@cache
def _fields(cls: type) -> tuple[FieldShape, ...]:
    hints = typing.get_type_hints(cls, include_extras=True)
    return tuple(
        FieldShape(
            field.name,
            field.name.rstrip("_"),
            hints[field.name],
            field.default is dataclasses.MISSING,
            None if field.default is dataclasses.MISSING else field.default,
        )
        for field in dataclasses.fields(cls)
    )


@cache
def unwrap(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    """A hint without ``Annotated`` and ``| None``, and the marks it carried."""
    marks: tuple[Any, ...] = ()
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        (hint,) = (arg for arg in typing.get_args(hint) if arg is not types.NoneType)
    if typing.get_origin(hint) is typing.Annotated:
        hint, *extra = typing.get_args(hint)
        marks = tuple(extra)
    return hint, marks


def is_prose(hint: Any) -> bool:
    """Whether the value is text that another language would say differently."""
    plain, marks = unwrap(hint)
    return plain is str and not marks


def inner(plain: Any) -> Any:
    """The hint of what stands in a tuple."""
    return typing.get_args(plain)[0]


def build(cls: type, document: Document, value: Any, place: Place = ()) -> Any:
    """An instance of *cls* from *value*, or None with problems added to *document*."""
    if cls is Example and isinstance(value, str):
        value = {"ask": value}
    if not isinstance(value, dict):
        return _refuse(document, place, f"expected keys and values, found {_name(value)}")
    result: dict[str, Any] = {}
    known = {field.key: field for field in fields_of(cls)}
    _unknown_keys(document, value, place, known)
    for field in fields_of(cls):
        if field.key in value:
            result[field.name] = _value(field.hint, document, value[field.key], (*place, field.key))
        elif field.required:
            document.problems.append(document.problem(place, f"missing key '{field.key}'"))
            result[field.name] = None
        else:
            result[field.name] = field.default
    return cls(**result)


def _unknown_keys(document: Document, value: dict[str, Any], place: Place, known: Any) -> None:
    for key in value:
        if key not in known:
            near = [name for name in known if name[:3] == key[:3]]
            hint = f"; did you mean '{near[0]}'?" if near else f"; known: {', '.join(known)}"
            document.problems.append(document.problem((*place, key), f"unknown key '{key}'{hint}"))


def _value(hint: Any, document: Document, value: Any, place: Place) -> Any:
    plain, marks = unwrap(hint)
    if typing.get_origin(plain) is tuple:
        return _list(plain, document, value, place)
    if typing.get_origin(plain) is Literal:
        allowed = typing.get_args(plain)
        if value not in allowed:
            return _refuse(document, place, f"expected one of {', '.join(allowed)}")
        return value
    if dataclasses.is_dataclass(plain):
        return build(typing.cast(type, plain), document, value, place)
    if type(value) is not plain:
        if value is None and any(line == document.line(place) for line in _bad_lines(document)):
            return None
        return _refuse(document, place, f"expected {_name(plain())}, found {_name(value)}")
    if plain is str:
        return _text(value, marks, document, place)
    return value


def _text(value: str, marks: tuple[Any, ...], document: Document, place: Place) -> str | None:
    if not value.strip():
        _refuse(document, place, "empty text")
        return None
    for mark in marks:
        if isinstance(mark, Structure) and not re.fullmatch(mark.pattern, value):
            _refuse(document, place, f"'{value}' is not {mark.hint}")
            return None
    return value.strip()


def _list(plain: Any, document: Document, value: Any, place: Place) -> tuple[Any, ...]:
    if not isinstance(value, list):
        _refuse(document, place, f"expected a list, found {_name(value)}")
        return ()
    inner = typing.get_args(plain)[0]
    built = (_value(inner, document, item, (*place, i)) for i, item in enumerate(value))
    return tuple(item for item in built if item is not None)


def _bad_lines(document: Document) -> Iterator[int]:
    return (problem.line for problem in document.problems)


def _refuse(document: Document, place: Place, message: str) -> None:
    label = f"{place[-1]}: " if place and isinstance(place[-1], str) else ""
    document.problems.append(document.problem(place, label + message))


def _name(value: Any) -> str:
    names = {str: "text", int: "a whole number", bool: "true or false", list: "a list"}
    if value is None:
        return "nothing"
    return names.get(type(value), "keys and values")


def translate(base: Any, document: Document, value: Any, place: Place = ()) -> Any:
    """*base* with its prose replaced by that of *value*; what *value* leaves out stays as it is.

    Structure may be left out of a translation; where it is repeated it must be the same.
    """
    if isinstance(base, Example) or not isinstance(value, dict):
        return base if value is None else _refuse(document, place, "expected keys and values")
    known = {field.key: field for field in fields_of(type(base))}
    _unknown_keys(document, value, place, known)
    changes: dict[str, Any] = {}
    for field in fields_of(type(base)):
        own = _is_own(field)
        if own:
            changes[field.name] = ()
        if field.key not in value:
            continue
        here = (*place, field.key)
        original, given = getattr(base, field.name), value[field.key]
        if own:
            changes[field.name] = _value(field.hint, document, given, here)
        else:
            changes[field.name] = _laid_over(field.hint, original, document, given, here)
    return dataclasses.replace(base, **changes)


def _is_own(field: FieldShape) -> bool:
    """Whether each language fills the field on its own, so that nothing falls back."""
    return PerLanguage() in unwrap(field.hint)[1]


def _laid_over(hint: Any, base: Any, document: Document, value: Any, place: Place) -> Any:
    plain, _ = unwrap(hint)
    if typing.get_origin(plain) is tuple:
        return _list_over(plain, base, document, value, place)
    if dataclasses.is_dataclass(plain):
        return translate(base, document, value, place)
    given = _value(hint, document, value, place)
    if is_prose(hint):
        if base is None:
            _refuse(document, place, "the primary language has no such text")
        return given or base
    if given != base:
        _refuse(document, place, f"differs from the primary language, which has {base!r}")
    return base


def _list_over(plain: Any, base: Any, document: Document, value: Any, place: Place) -> Any:
    if not isinstance(value, list) or len(value) != len(base):
        found = len(value) if isinstance(value, list) else "no"
        _refuse(document, place, f"{found} items, but the primary language has {len(base)}")
        return base
    inner = typing.get_args(plain)[0]
    return tuple(
        _laid_over(inner, old, document, new, (*place, i))
        for i, (old, new) in enumerate(zip(base, value, strict=True))
    )


def untranslated_keys(cls: type, value: dict[str, Any], base: Any) -> list[str]:
    """The prose keys of *base* that the translation *value* leaves out, top level only."""
    return [
        field.key
        for field in fields_of(cls)
        if has_prose(field.hint) and not _is_own(field)
        if getattr(base, field.name) and field.key not in value
    ]


def has_prose(hint: Any) -> bool:
    """Whether a value of this shape holds any prose."""
    plain, _ = unwrap(hint)
    if typing.get_origin(plain) is tuple:
        return has_prose(typing.get_args(plain)[0])
    if dataclasses.is_dataclass(plain):
        return any(has_prose(field.hint) for field in fields_of(typing.cast(type, plain)))
    return is_prose(hint)


def revive(hint: Any, value: Any) -> Any:
    """A value of this shape from its plain JSON form, as ``dataclasses.asdict`` gives it.

    An optional field that did not exist when the form was written gets its default.
    """
    plain, _ = unwrap(hint)
    if value is None:
        return None
    many = typing.get_origin(plain)
    if many in (tuple, list):
        inner = typing.get_args(plain)[0]
        return many(revive(inner, item) for item in value)
    if dataclasses.is_dataclass(plain):
        fields = {
            f.name: revive(f.hint, value[f.name] if f.required else value.get(f.name, f.default))
            for f in fields_of(typing.cast(type, plain))
        }
        return typing.cast(type, plain)(**fields)
    return value


def to_plain(value: Any) -> dict[str, Any]:
    """The fields of a model dataclass by name: what ``json`` asks of what it cannot write, and from
    which `revive` makes it again. Raises TypeError for anything else.
    """
    return {field.name: getattr(value, field.name) for field in fields_of(type(value))}
