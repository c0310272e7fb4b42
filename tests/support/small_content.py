"""A small whole content for tests that change it: three concepts in two languages."""

from __future__ import annotations

from pathlib import Path

SOURCES = """\
- id: talk
  author: {zh: 甲, en: A}
  title: {zh: 甲, en: A}
  outlet: {zh: 甲, en: A}
  passages:
    - {id: "0", zh: 甲, en: A}
"""
CONCEPT = """\
id: concept.SLUG
title: ZH
aliases: [ZH概念]  # names
origin: article
sources: [talk#0]
summary: ZH是一种DEFINED。
definition: DEFINED，用在日常工作里。
points:
  - 常见于日常工作
examples:
  - ZH是什么
  - 什么叫ZH
near_misses:
  - 今天天气怎么样
"""
ENGLISH = """\
title: EN
summary: EN is a kind of thing that people use at work.
definition: A thing called EN.
points: [it is common]
examples:
  - what is EN
  - what does EN mean
near_misses:
  - how is the weather today
"""
WORDS = {
    "landing_page": ("落地页", "landing page", "点开广告后看到的页面"),
    "coupon": ("优惠券", "coupon", "抵扣金额的凭证"),
    "check_in": ("打卡", "check-in", "每天来签到的做法"),
}


def write(root: Path) -> Path:
    """Write the content below *root*, which should be called ``knowledge``, and return it."""
    put(root / "sources.yaml", SOURCES)
    for slug, (zh, en, defined) in WORDS.items():
        told = CONCEPT.replace("SLUG", slug).replace("ZH", zh).replace("DEFINED", defined)
        put(root / "concepts" / f"{slug}.yaml", told)
        put(root / "translations/en/concepts" / f"{slug}.yaml", ENGLISH.replace("EN", en))
    put(root / "translations/ja/concepts/coupon.yaml", "title: クーポン\n")
    return root


def put(path: Path, text: str) -> None:
    """Write *text* to *path*, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
