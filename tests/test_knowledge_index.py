"""The index finds, ranks and names the line that matched, in memory and from disk alike."""

from __future__ import annotations

import pytest

from knowledge.engine import index as knowledge_index
from knowledge.engine.index import Hit, Text, open_index
from knowledge.engine.normal import fold
from knowledge.engine.words import Words

JIEBA = Words()

ROWS = {
    "siyu": {
        "summary": "私域流量是企业自己能反复触达的用户",
        "points": "先把老客户请进企业微信，再谈复购",
    },
    "seo": {
        "summary": "SEO search engine optimisation brings free visits from search",
        "points": "keywords, links and page speed decide the ranking",
    },
    "brand": {
        "summary": "品牌定位决定在顾客心里占哪个位置",
        "points": "定位写成一句话，所有部门照着说",
    },
    "live": {
        "summary": "直播带货由主播讲解商品并当场成交",
        "points": "开播前检查商品链接、库存和优惠券",
    },
    "ja": {"summary": "ブランド戦略は市場での立ち位置を決める"},
    "ko": {"summary": "콘텐츠 마케팅은 글과 영상으로 고객을 모은다"},
}


def build(texts, folder=None):
    """An index of texts cut with jieba's own words."""
    return knowledge_index.build(texts, JIEBA, folder)


def texts() -> list[Text]:
    """The rows above as texts to index."""
    return [
        Text(
            key,
            fold("\n".join(lines.values())),
            tuple((name, fold(line)) for name, line in lines.items()),
        )
        for key, lines in ROWS.items()
    ]


@pytest.fixture(scope="module")
def index():
    """All rows, in memory."""
    return build(texts())


@pytest.mark.parametrize(
    ("question", "key", "line"),
    [
        pytest.param("什么是私域流量", "siyu", "summary", id="chinese"),
        pytest.param("老客户怎么复购", "siyu", "points", id="second-line"),
        pytest.param("私欲流量是什么", "siyu", "summary", id="homophone"),
        pytest.param("siyu liuliang", "siyu", "summary", id="pinyin"),
        pytest.param("什麼是品牌定位", "brand", "summary", id="traditional"),
        pytest.param("optimizing for search engines", "seo", "summary", id="english-stems"),
        pytest.param("keywrds and rankng", "seo", "points", id="slips"),
        pytest.param("开播前要检查库存吗", "live", "points", id="checklist"),
        pytest.param("ブランド戦略とは", "ja", "summary", id="japanese"),
        pytest.param("콘텐츠 마케팅이 뭐예요", "ko", "summary", id="korean"),
    ],
)
def test_index_search_finds_text_and_line(index, question, key, line):
    """The text that is meant comes first, and the line to the point is named."""
    first = index.search(fold(question))[0]
    assert (first.key, first.line) == (key, line)


def test_index_search_ranks_best_first(index):
    """Scores fall, every key comes once, and a line's score lies between 0 and 1."""
    hits = index.search("品牌定位和直播带货")
    scores = [hit.score for hit in hits]
    assert {hits[0].key, hits[1].key} == {"brand", "live"}
    assert scores == sorted(scores, reverse=True)
    assert len({hit.key for hit in hits}) == len(hits)
    assert all(hit.score > 0 and hit.line_score >= 0 for hit in hits)


def test_index_search_score_never_exceeds_a_perfect_match():
    """A score is a share of the best that could be reached, so 1 is the most."""
    small = build(
        [Text("a", "品牌", (("summary", "品牌"),)), Text("b", "运营管理计划组织领导控制")]
    )
    assert small.search("品牌")[0].score <= 1


def test_index_search_returns_no_more_than_asked(index):
    """The limit holds."""
    assert len(index.search("品牌 市场 search 商品 用户", limit=2)) == 2


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("", id="empty"),
        pytest.param("  \n", id="blank"),
        pytest.param("？！…", id="signs"),
        pytest.param("😀", id="emoji"),
        pytest.param("qqqq", id="unknown-word"),
    ],
)
def test_index_search_of_nothing_finds_nothing(index, question):
    """A question without a known word has no hits."""
    assert index.search(question) == []


@pytest.mark.parametrize(
    "question",
    [
        "+summary:x AND (y",
        '"品牌',
        "key:siyu",
        "品牌*",
        "a:b~2 || !",
        "\x00品牌\ud7a3",
        "品牌 " * 500,
    ],
    ids=["operators", "quote", "field", "star", "fuzzy", "control", "long"],
)
def test_index_search_has_no_query_language(index, question):
    """Signs that search engines read as operators are just text."""
    assert isinstance(index.search(question), list)


@pytest.mark.parametrize(
    ("among", "keys"),
    [
        pytest.param({"siyu", "live"}, {"siyu", "live"}, id="two"),
        pytest.param({"live"}, {"live"}, id="one"),
        pytest.param({"stranger"}, set(), id="unknown"),
        pytest.param(set(), set(), id="none"),
    ],
)
def test_index_search_keeps_to_candidates(index, among, keys):
    """Only keys among the candidates are hits."""
    hits = index.search("私域流量 直播带货 品牌定位", among=frozenset(among))
    assert {hit.key for hit in hits} == keys


def test_index_search_scores_candidates_as_everyone(index):
    """Naming candidates changes who is listed, not how they score."""
    everyone = {hit.key: hit for hit in index.search("品牌定位")}
    (hit,) = index.search("品牌定位", among=frozenset({"ja"}))
    assert hit == everyone["ja"]


def test_index_search_reaches_candidates_far_down():
    """A candidate is found however many others score higher."""
    many = build(
        [*(Text(f"k{i:03}", "品牌") for i in range(100)), Text("z", "品牌" + "运营管理" * 9)]
    )
    assert [hit.key for hit in many.search("品牌", 1, frozenset({"z"}))] == ["z"]


def test_index_search_breaks_ties_by_key():
    """Equal texts come in key order, whatever order they were indexed in."""
    same = build([Text(key, "品牌定位", (("summary", "品牌定位"),)) for key in "dbeac"])
    hits = same.search("定位")
    assert [hit.key for hit in hits] == list("abcde")
    assert len({hit.score for hit in hits}) == 1


def test_index_search_breaks_many_ties_by_key():
    """Key order holds even when more texts tie than are fetched."""
    same = build([Text(f"k{i:03}", "品牌定位") for i in reversed(range(100))])
    assert [hit.key for hit in same.search("定位", 3)] == ["k000", "k001", "k002"]


def test_index_persisted_equals_in_memory(index, tmp_path):
    """What is opened from a folder answers exactly as what was built in memory."""
    folder = tmp_path / "new" / "index"
    built = build(texts(), folder)
    opened = open_index(folder, JIEBA)
    for question in ("私域流量", "search ranking", "ブランド", "高客", "品牌 直播 seo"):
        expected = index.search(question)
        assert built.search(question) == expected
        assert opened.search(question) == expected


def test_index_build_is_repeatable(index):
    """The same texts give the same hits, score for score."""
    assert build(texts()).search("品牌定位 用户") == index.search("品牌定位 用户")


def test_index_of_nothing_finds_nothing():
    """An empty index is a valid one."""
    assert build([]).search("品牌") == []


def test_index_text_without_lines_has_no_line():
    """A text without lines is found as a whole."""
    (hit,) = build([Text("a", "品牌定位")]).search("品牌")
    assert isinstance(hit, Hit)
    assert (hit.key, hit.line, hit.line_score) == ("a", None, 0.0)


def test_index_search_serves_several_threads(index):
    """Several threads get the hits that one would."""
    from concurrent.futures import ThreadPoolExecutor

    expected = index.search("品牌定位")
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(index.search, ["品牌定位"] * 40))
    assert found == [expected] * 40
