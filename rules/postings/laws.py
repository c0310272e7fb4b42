"""Which law speaks of flagged words, in the market that a posting shows itself to be for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from rules.postings.model import Flag, Posting
from rules.postings.shapes import Law, Market


def with_laws(
    flags: Iterable[Flag],
    posting: Posting,
    language: str,
    markets: Sequence[Market],
    laws: Sequence[Law],
) -> Iterator[Flag]:
    """The same *flags*, with the laws of the market; with none where it cannot be told."""
    market: str | None = None
    for flag in flags:
        if not any(flag.kind in law.flags for law in laws):
            yield flag
            continue
        if market is None:
            market = market_of(f"{posting.title}\n{posting.description}", language, markets)
        said = tuple(
            law
            for law in laws
            if law.market == market and flag.kind in law.flags and law.with_ in flag.text
        )
        yield replace(flag, laws=said) if said else flag


def market_of(text: str, language: str, markets: Iterable[Market]) -> str:
    """The first of *markets* that *text* shows itself to be for; empty where none is sure."""
    for market in markets:
        if (
            market.language == language
            and (not market.words or any(word in text for word in market.words))
            and not any(word in text for word in market.unless)
        ):
            return market.market
    return ""
