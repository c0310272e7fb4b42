"""The form of a kind of entry, made from the model: its fields, and the files it makes."""

from __future__ import annotations

import typing
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bot.editing import files, rows
from knowledge.engine import audience, rewrite, shape, source
from knowledge.engine.load import PRIMARY
from knowledge.engine.marks import Link, PerLanguage, Structure
from knowledge.engine.model import KINDS, LANGUAGES, Entry
from knowledge.engine.shape import FieldShape
from rules.postings.overlay import KNOWLEDGE

LEFT_OUT = ("id", "cites")
FIRST = ("title", "summary", "examples")
"""What every entry needs, and what stands first in its form."""
Widget = Literal["line", "text", "list", "rows", "choice", "choices"]
Typed = Mapping[str, str]
"""``zh.title`` -> what stands in that field."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form."""

    name: str
    key: str
    widget: Widget
    required: bool
    options: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    """What the cells of a line are, for one of several fields."""
    heading: tuple[str, ...] = ()
    """The same of a heading, where lines stand below such."""
    links: tuple[str, ...] = ()
    """The kinds of entry whose ids belong here."""
    hint: str = ""
    """How a value of a fixed form is written."""


def fields(kind: str, language: str) -> tuple[list[Field], list[Field]]:
    """The fields of an entry in that language: those that are needed, and the others."""
    cls, _ = KINDS[kind]
    shapes = [f for f in shape.fields_of(cls) if f.key not in LEFT_OUT]
    if language != PRIMARY:
        shapes = [f for f in shapes if _is_said(f)]
    made = [_field(one, language) for one in shapes]
    own = {f.key for f in shape.fields_of(cls)} - {f.key for f in shape.fields_of(Entry)}
    needed = [f for f in made if f.key in FIRST]
    needed += [f for f in made if f.key in own and (f.required or language != PRIMARY)]
    return needed, [f for f in made if f not in needed]


def own_keys(kind: str) -> tuple[str, ...]:
    """The keys of what entries of that kind tell, apart from what every entry has."""
    shared = {f.key for f in shape.fields_of(Entry)}
    told = (f.key for f in shape.fields_of(KINDS[kind][0]) if f.key not in shared)
    return ("summary", *told)


def _is_said(field: FieldShape) -> bool:
    """Whether a language says the field in its own words."""
    return shape.has_prose(field.hint) or PerLanguage() in shape.unwrap(field.hint)[1]


def _field(field: FieldShape, language: str) -> Field:
    plain, marks = shape.unwrap(field.hint)
    required = field.required and language == PRIMARY
    name, key, prose = f"{language}.{field.key}", field.key, language != PRIMARY
    many = typing.get_origin(plain) is tuple
    if many and (cls := rows.item_type(field.hint)):
        below = rows.below_of(cls)
        inner = rows.item_type(below.hint) if below else None
        heads = tuple(f.key for f in rows.columns(cls, prose))
        cells = tuple(f.key for f in rows.columns(inner, prose)) if inner else heads
        return Field(name, key, "rows", required, columns=cells, heading=heads if inner else ())
    inner_hint = shape.inner(plain) if many else field.hint
    deep, deeper = shape.unwrap(inner_hint)
    marks = (*marks, *deeper)
    links = tuple(k for m in marks if isinstance(m, Link) for k in m.kinds or tuple(KINDS))
    hint = next((m.hint for m in marks if isinstance(m, Structure)), "")
    options = typing.get_args(deep) if typing.get_origin(deep) is Literal else ()
    widget: Widget = (
        ("choices" if options else "list") if many else _single_widget(key, options, links)
    )
    return Field(name, key, widget, required, tuple(options), links=links, hint=hint)


def _single_widget(key: str, options: tuple[Any, ...], links: tuple[str, ...]) -> Widget:
    if options:
        return "choice"
    return "line" if links or key in ("title", "number", "unit", "reviewed_on", "owner") else "text"


def paths(entry: str) -> dict[str, str]:
    """Language -> the file of the overlay that tells the entry in it."""
    kind, _, slug = entry.partition(".")
    name = f"{KINDS[kind][1]}/{slug}.yaml"
    told = {lang: f"{KNOWLEDGE}/translations/{lang}/{name}" for lang in LANGUAGES[1:]}
    return {PRIMARY: f"{KNOWLEDGE}/{name}", **told}


def texts(root: Path, overlay: Path, entry: str) -> tuple[files.Texts, dict[str, str]]:
    """What the overlay's files of an entry say, and what there is to change in each language.

    An entry of ours that the overlay does not have yet is changed from what ours says.
    """
    places = paths(entry)
    own = files.read(overlay, places.values())
    if own[places[PRIMARY]] is not None:
        return own, {lang: own[path] or "" for lang, path in places.items()}
    ours = {lang: root / path.removeprefix(f"{KNOWLEDGE}/") for lang, path in places.items()}
    return own, {
        lang: path.read_text("utf-8") if path.is_file() else "" for lang, path in ours.items()
    }


def admits(texts: Iterable[str | None], roles: Collection[str]) -> bool:
    """Whether someone with these roles may see entries told in these texts.

    A text may restrict its entry before the content with it is in use, or is refused.
    """
    for text in texts:
        value = source.parse(text.encode("utf-8"), "").value if text and text.strip() else None
        restricted = value.get("restricted_to") if isinstance(value, dict) else None
        if isinstance(restricted, list) and not audience.admits(restricted, roles):
            return False
    return True


def form_values(kind: str, told: Mapping[str, str]) -> dict[str, str]:
    """What stands in the form of an entry with these texts, by name of the field."""
    typed = {}
    for language, text in told.items():
        values = source.parse(text.encode("utf-8"), "").value if text.strip() else {}
        if not isinstance(values, dict):
            values = {}
        for key, field in _shapes(kind, language).items():
            prose = language != PRIMARY
            typed[f"{language}.{key}"] = rows.form_value(field.hint, values.get(key), prose)
    return typed


def form_files(entry: str, told: Mapping[str, str], typed: Typed) -> dict[str, str | None]:
    """The files that the form makes, by path; *told* is what there was, by language.

    What did not change in the form keeps its layout and its comments. A language in which nothing
    was typed has no file. Where only another language than the first is written, it stands for
    both, for an entry needs a text in the first.
    """
    kind = entry.partition(".")[0]
    values = {lang: _values(kind, lang, told.get(lang, ""), typed) for lang in LANGUAGES}
    written = [lang for lang in LANGUAGES if values[lang].get("title")]
    if written and PRIMARY not in written:
        said = values[written[0]]
        values[PRIMARY] = {**values[PRIMARY], **said}
    result: dict[str, str | None] = {}
    for language, path in paths(entry).items():
        told_in = values[language]
        if language == PRIMARY:
            told_in = {"id": entry, **told_in}
        order = [field.key for field in shape.fields_of(KINDS[kind][0])]
        empty = language != PRIMARY and not told_in
        result[path] = None if empty else rewrite.rewrite(told.get(language, ""), told_in, order)
    return result


def _shapes(kind: str, language: str) -> dict[str, FieldShape]:
    cls, _ = KINDS[kind]
    known = (f for f in shape.fields_of(cls) if f.key not in LEFT_OUT)
    return {f.key: f for f in known if language == PRIMARY or _is_said(f)}


def _values(kind: str, language: str, text: str, typed: Typed) -> dict[str, Any]:
    """What one file is to say: what was typed, and as it was where that was not touched."""
    before = source.parse(text.encode("utf-8"), "").value if text.strip() else {}
    before = before if isinstance(before, dict) else {}
    shapes, prose = _shapes(kind, language), language != PRIMARY
    values: dict[str, Any] = {}
    for key, field in shapes.items():
        name = f"{language}.{key}"
        given = _tidy(typed.get(name, ""))
        if key in before and given == _tidy(rows.form_value(field.hint, before[key], prose)):
            values[key] = before[key]
        elif (value := rows.read(field.hint, given, prose)) is not None:
            values[key] = value
        elif (
            field.required and not prose and typing.get_origin(shape.unwrap(field.hint)[0]) is tuple
        ):
            values[key] = []
    if prose:  # structure that a translation repeats stays as it is
        kept = {key: value for key, value in before.items() if key not in shapes}
        values = {**values, **kept} if values else values
    return values


def _tidy(text: str) -> str:
    """What was typed, with line feeds alone and without what no file can hold."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c in "\n\t" or c.isprintable()).strip()
