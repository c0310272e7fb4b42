"""Text is read in the encoding it was saved in; what is no text is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.postings.encoding import encoding_of
from bot.postings.model import Unreadable

CHINESE = "岗位职责：\n1、负责公众号的选题策划、撰写稿件；\n2、维护社群。\n要求：本科以上。"
TAIWAN = "工作內容：\n1、負責社群的選題策劃、撰寫稿件；\n2、組織線上活動，提升活躍度。"
JAPANESE = (
    "仕事内容：\nオウンドメディアの記事作成、編集、校正をお任せします。\n応募資格：編集経験二年以上"
)
KOREAN = "주요업무:\n콘텐츠 기획과 원고 작성, 편집을 담당합니다.\n자격요건: 경력 2년 이상"
WESTERN = "Café manager — plan the “résumé” campaign and write naïve copy for the façade"
SAVED = [
    ("utf-8", CHINESE, "utf-8"),
    ("utf-8 with a mark", CHINESE, "utf-8-sig"),
    ("gb18030", CHINESE, "gb18030"),
    ("gbk traditional", TAIWAN, "gbk"),
    ("utf-16", CHINESE, "utf-16"),
    ("utf-16 japanese", JAPANESE, "utf-16"),
    ("utf-32", CHINESE, "utf-32"),
    ("big5", TAIWAN, "big5"),
    ("shift-jis", JAPANESE, "cp932"),
    ("euc-jp", JAPANESE, "euc_jp"),
    ("euc-kr", KOREAN, "euc_kr"),
    ("windows-1252", WESTERN, "cp1252"),
    ("ascii", "Write articles", "ascii"),
]


@pytest.mark.parametrize(
    ("text", "encoding"), [row[1:] for row in SAVED], ids=[row[0] for row in SAVED]
)
def test_encoding_gives_the_text_back(text, encoding):
    """Decoded as found, the bytes are the text again, a byte order mark aside."""
    raw = text.encode(encoding)
    assert raw.decode(encoding_of(raw)).removeprefix("\ufeff") == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [row[1:] for row in SAVED if row[2] not in ("utf-16", "utf-32")],
    ids=[row[0] for row in SAVED if row[2] not in ("utf-16", "utf-32")],
)
def test_encoding_forgives_a_sample_that_breaks_off(text, encoding):
    """A sample may end in the middle of a character."""
    whole = encoding_of(text.encode(encoding))
    assert encoding_of(text.encode(encoding)[:-1]) == whole


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        (bytes(range(32)) * 40, "classify.file.binary"),
        (b"text\0\0\0\0", "classify.file.binary"),
        (b"\x81\x20\xff\xfe\x80\x80" * 50, "classify.file.encoding"),
    ],
    ids=["control characters", "nulls", "no encoding"],
)
def test_encoding_refuses_what_is_no_text(raw, key):
    """Bytes that no encoding makes sense of are not guessed at."""
    with pytest.raises(Unreadable) as caught:
        encoding_of(raw)
    assert caught.value.key == key


@given(raw=st.binary(max_size=300))
def test_encoding_decodes_or_refuses_any_bytes(raw):
    """Whatever it is: an encoding Python knows, or a refusal."""
    try:
        found = encoding_of(raw)
    except Unreadable:
        return
    assert isinstance(raw.decode(found, "replace"), str)
