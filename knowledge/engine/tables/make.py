"""Writes `fold.txt` and `syllables.txt` from OpenCC and pypinyin (development only).

Run ``python -m knowledge.engine.tables.make`` after an update of those two libraries. Nothing
imports them at question time: loading them takes longer than answering.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).parent
HAN = [*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), 0x3005, 0x3007]


def fold_lines() -> list[str]:
    """``<simplified><variants…>`` lines: traditional and Japanese forms of one character."""
    import opencc

    to_traditional = opencc.OpenCC("jp2t")
    to_simplified = opencc.OpenCC("t2s")
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for code in HAN:
        char = chr(code)
        folded = to_simplified.convert(char)
        if folded == char:
            folded = to_simplified.convert(to_traditional.convert(char))
        if folded != char and len(folded) == 1:
            groups[folded].append(char)
    return [folded + "".join(variants) for folded, variants in sorted(groups.items())]


def syllable_lines() -> list[str]:
    """``<syllable> <characters>`` lines: the usual reading of each character, without tone."""
    from pypinyin import lazy_pinyin

    groups: defaultdict[str, list[str]] = defaultdict(list)
    for code in HAN:
        (reading,) = lazy_pinyin(chr(code), v_to_u=False)
        if reading.isascii() and reading.isalpha():
            groups[reading].append(chr(code))
    return [f"{syllable} {''.join(chars)}" for syllable, chars in sorted(groups.items())]


def main() -> None:
    """Write both tables beside this file."""
    (HERE / "fold.txt").write_text("\n".join(fold_lines()) + "\n", encoding="utf-8")
    (HERE / "syllables.txt").write_text("\n".join(syllable_lines()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
