"""A cache of what a method gives, which lives and goes with the object it belongs to."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

OF_A_MESSAGE = 32
"""Results that stay while one message is answered: the same words of it are asked for again."""
P = ParamSpec("P")
R = TypeVar("R")


def method_cache(most: int) -> Callable[[Callable[Concatenate[Any, P], R]], CachedMethod[P, R]]:
    """Caches the last *most* results of a method in each object by itself.

    `functools.lru_cache` on a method has one cache for the whole class, which keeps every object
    alive that it ever saw: content that was replaced long ago, too.
    """
    return lambda method: CachedMethod(method, most)


class CachedMethod(Generic[P, R]):
    """A method with a cache in each object that it is called on."""

    def __init__(self, method: Callable[Concatenate[Any, P], R], most: int) -> None:
        self._method, self._most = method, most
        self.__doc__ = method.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, of: Any, owner: type) -> Callable[P, R]:
        """Called once for each object: from then on its own attribute comes first."""
        cached: Any = lru_cache(self._most)(partial(self._method, of))
        of.__dict__[self._name] = cached
        return cached  # type: ignore[no-any-return]
