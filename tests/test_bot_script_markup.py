"""Pages in Traditional script: what is told anew, what stays, and who gets it."""

from __future__ import annotations

import csv
import io
import re

import pytest

from bot.script.detect import HONG_KONG, SIMPLIFIED, TAIWAN, is_traditional
from bot.script.markup import in_script
from bot.texts import say

TEXT = re.compile(r">([^<>]*[\u3400-\u9fff][^<>]*)<")


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        ("<p>运营</p>", "<p>營運</p>"),
        ('<a title="关闭" href="/关闭">关闭</a>', '<a title="關閉" href="/关闭">關閉</a>'),
        ('<p translate="no">运<b>营</b></p>运', '<p translate="no">运<b>营</b></p>運'),
        ('<ul translate="no"><ul>运</ul>运</ul>运', '<ul translate="no"><ul>运</ul>运</ul>運'),
        ('<input translate="no" title="运">运', '<input translate="no" title="运">運'),
        ('<input value="运" placeholder="运">', '<input value="运" placeholder="運">'),
        ("<textarea>运</textarea>运", "<textarea>运</textarea>運"),
        ("<script>'运'</script><!-- 运 -->运", "<script>'运'</script><!-- 运 -->運"),
        ("a < b 运", "a < b 運"),
        ("", ""),
    ],
)
def test_what_people_read_is_told_anew(markup: str, wanted: str) -> None:
    """Text and the attributes that hold sentences; addresses, values and people's words stay."""
    told = in_script(markup, TAIWAN)
    assert told == wanted or told == wanted.replace("營運", "運營")
    assert in_script(markup, SIMPLIFIED) == markup


@pytest.mark.parametrize(
    ("accepted", "lang", "tongue"),
    [
        ("zh-TW,zh;q=0.9", "", "zh-TW"),
        ("zh-Hant-HK", "", "zh-HK"),
        ("fr,zh-HK;q=0.8", "", "zh-HK"),
        ("zh-CN,zh-TW;q=0.8", "", "zh"),
        ("zh-Hans-HK", "", "zh"),
        ("en-US,zh-TW", "", "en"),
        ("ja", "zh-TW", "zh-TW"),
        ("zh-TW", "zh", "zh"),
        ("zh-TW", "ko", "ko"),
    ],
)
def test_the_page_follows_what_is_chosen_and_else_the_browser(
    server, accepted: str, lang: str, tongue: str
) -> None:
    """The first language of ours that the browser asks for; a choice is kept in the cookie."""
    with server.client() as client:
        asked = {"lang": lang} if lang else {}
        page = client.get("/knowledge", params=asked, headers={"accept-language": accepted})
        assert f'<html lang="{tongue}">' in page.text
        if lang:
            again = client.get("/knowledge", headers={"accept-language": accepted})
            assert f'<html lang="{tongue}">' in again.text


@pytest.mark.parametrize("tongue", ["zh-TW", "zh-HK"])
@pytest.mark.parametrize(
    "path", ["/", "/knowledge/role.sales", "/knowledge/cycle", "/posting", "/checklists"]
)
def test_no_simplified_text_is_left_on_a_page(server, tongue: str, path: str) -> None:
    """Menus, headings, entries, tables and sources, whole."""
    with server.client() as client:
        text = client.get(path, params={"lang": tongue}).text
        body = re.sub(r'<(\w+)[^>]*translate="no".*?</\1>', "", text, flags=re.DOTALL)
        found = [piece.strip() for piece in TEXT.findall(body)]
        told = [piece for piece in found if not _is_told(piece)]
        assert found and not told, told[:5]


def _is_told(piece: str) -> bool:
    """Whether nothing is left to be told in Traditional script."""
    return is_traditional(piece) or in_script(piece, HONG_KONG) == piece


def test_kpi_rows_follow_the_reader(server) -> None:
    """The file that is taken along is in the script of the page."""
    with server.client() as client:
        raw = client.get("/knowledge/role.sales/kpis.csv", params={"lang": "zh-TW"}).content
        head, first, *_ = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
        assert head[0] == in_script(say("zh", "kpis.column.metric"), TAIWAN) == "指標"
        assert all(_is_told(cell) for cell in first)
