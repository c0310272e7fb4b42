"""A small whole set of posting rules (two functions, one family), and the shipped ones once."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

from rules.load import ROOT
from rules.postings.posting_rules import PostingRules, open_posting_rules

SHIPPED = ("structure", "flags", "levels", "verdict", "named")
SAID = "{zh: 名, en: name}"
FUNCTION = """\
function: SLUG
status: stable
name: SAID
why: SAID
titles: {zh: [ZH专员], en: [EN officer], ja: [JA担当], ko: [KO 담당]}
duties:
  - duty: care
    name: SAID
    core: true
    signals:
      - {weight: 4, zh: [照料ZH], en: [EN care], ja: [JAの世話], ko: [KO 돌봄]}
      - {weight: 2, zh: [ZH], en: [EN], ja: [JA], ko: [KO]}
  - duty: trade
    name: SAID
    signals:
      - {weight: 3, zh: [买卖ZH], en: [EN trade], ja: [JA売買], ko: [KO 거래]}
blocked_by: {zh: [ZH座], en: [EN skin], ja: [], ko: []}
lifts: {zh: [ZH园], en: [EN zoo], ja: [], ko: []}
"""
CONFUSION = "confusions:\n  - {with: WITH, tell: SAID}\n"
WORDS = {
    "keeping": ("狮子", "lion", "ライオン", "사자"),
    "dancing": ("海豚", "dolphin", "イルカ", "돌고래"),
    "mending": ("水管", "pipe", "配管", "배관"),
}
EXAMPLES = """\
function: SLUG
postings:
  - {lang: zh, title: ZH专员, description: 照料ZH}
  - {lang: en, title: EN officer, description: "EN care, EN trade"}
  - {lang: ja, title: JA担当, description: JAの世話}
  - {lang: ko, title: KO 담당, description: KO 돌봄}
"""
GROUPS = "- {group: animals, name: SAID, functions: [keeping, dancing]}\n"
CODES = """\
- function: keeping
  codes: [{scheme: isco, code: "5164", match: close, title: Animal care workers, mark: D}]
- function: dancing
  codes: [{scheme: isco, code: "2653", match: close, title: Dancers, mark: D}]
"""


@cache
def shipped() -> PostingRules:
    """The pack of the shipped rules, opened once for all test files."""
    return open_posting_rules()


def write(root: Path) -> Path:
    """Write the rules below *root* and return it."""
    (root / "functions").mkdir(parents=True)
    (root / "families").mkdir()
    for name in SHIPPED:
        shutil.copy(ROOT / f"{name}.yaml", root)
    for slug, folder, other in (
        ("keeping", "functions", "dancing"),
        ("dancing", "functions", "keeping"),
        ("mending", "families", None),
    ):
        text = FUNCTION + (CONFUSION.replace("WITH", other) if other else "")
        put(root / folder / f"{slug}.yaml", _filled(text, slug))
        put(root / folder / f"{slug}.postings.yaml", _filled(EXAMPLES, slug))
    put(root / "groups.yaml", GROUPS.replace("SAID", SAID))
    put(root / "crosswalk.yaml", CODES)
    put(root / "contests.yaml", "[]\n")
    return root


def put(path: Path, text: str) -> Path:
    """Write *text* to *path*, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def change(path: Path, old: str, new: str) -> None:
    """Replace the first *old* of a file, which must hold it."""
    text = path.read_text("utf-8")
    assert old in text
    put(path, text.replace(old, new, 1))


def _filled(text: str, slug: str) -> str:
    text = text.replace("SLUG", slug).replace("SAID", SAID)
    for name, word in zip(("ZH", "EN", "JA", "KO"), WORDS[slug], strict=True):
        text = text.replace(name, word)
    return text
