"""The lazy tokenizer cuts as stock jieba does, and starts without loading its dictionary."""

from __future__ import annotations

import pytest

from knowledge.engine import words
from knowledge.engine.words import Words, own_words

SENTENCES = [
    "品牌部和市场部到底有什么区别",
    "我们公司最近想把用户运营和内容运营分成两个小组",
    "双十一活动结束后怎样复盘投放效果",
    "研究生命起源的人也要会写方案",
    "他说的确实在理，南京市长江大桥明天封路",
    "新来的同事把SEO和SEM混在一起讲，客户听得一头雾水",
    "直播带货的转化率只有3.5%，低于预期",
    "請問社群營運跟會員經營差在哪裡",
    "齉龘靐 这些字词典里未必都有",
    "做产品的人应当先想清楚为谁解决什么问题，再谈增长",
    "A/B测试要跑满一周才看结果吗？",
    "",
]
PIECES = ["运", "运营", "不存在的词", "中华人民", "中华人民共和国", "的", "x", ""]


@pytest.fixture(scope="module")
def stock(tmp_path_factory):
    """jieba as it comes, its cache kept out of the shared temporary folder."""
    jieba = words._import_jieba()
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(tmp_path_factory.mktemp("jieba"))
    tokenizer.initialize()
    return tokenizer


@pytest.fixture(scope="module")
def plain():
    """jieba's words alone."""
    return Words()


@pytest.fixture
def frequencies():
    """The frequencies that jieba reads, some of them ours."""
    return words.Frequencies(words.dictionary(), {"某某词": 7, "某某": 0})


@pytest.mark.parametrize("sentence", SENTENCES, ids=range(len(SENTENCES)))
def test_words_cut_identical_to_stock_jieba(stock, plain, sentence):
    """Looked up or loaded, the dictionary gives the same words."""
    assert list(plain.cut(sentence)) == list(stock.cut(sentence, HMM=False))


@pytest.mark.parametrize("sentence", SENTENCES, ids=range(len(SENTENCES)))
def test_words_of_ours_cut_and_weigh_as_those_added_to_stock_jieba(stock, sentence):
    """A word of ours changes both in the same way, the total that all are weighed by included."""
    ours = ["用户运营", "投放效果", "转化率只有"]
    private = Words(own_words(ours))
    for word in ours:
        stock.add_word(word, words.DOMAIN_FREQUENCY)
    try:
        assert list(private.cut(sentence)) == list(stock.cut(sentence, HMM=False))
        assert private._total == stock.total
        assert {w: private._frequencies.get(w) for w in ours} == {w: stock.FREQ[w] for w in ours}
    finally:
        stock.initialized = False
        stock.initialize()


def test_words_total_is_that_of_stock_jieba(stock, plain):
    """Probabilities are relative to the same total."""
    assert plain._total == stock.total


@pytest.mark.parametrize("word", PIECES)
def test_words_lazy_frequencies_are_those_of_stock_jieba(stock, frequencies, word):
    """Words, mere prefixes (0) and strangers (absent) are told apart as in the loaded mapping."""
    assert (word in frequencies) == (word in stock.FREQ)
    assert frequencies.get(word) == stock.FREQ.get(word)
    assert frequencies.get(word, -1) == stock.FREQ.get(word, -1)


def test_words_lazy_frequencies_raise_for_a_stranger(frequencies):
    """An unknown word is a KeyError, and so it stays the second time."""
    for _ in range(2):
        with pytest.raises(KeyError):
            frequencies["不存在的词"]


def test_words_lazy_frequencies_hold_words_of_ours(frequencies):
    """Ours stand before the dictionary's, and how they begin is known as a beginning (0)."""
    assert (frequencies["某某词"], "某某词" in frequencies) == (7, True)
    assert (frequencies["某某"], "某某" in frequencies) == (0, True)
    assert words.dictionary().find("某某词") is None


def test_words_lazy_frequencies_are_never_listed_or_counted(frequencies):
    """Listing would load the whole dictionary, so it is refused."""
    for read in (list, len):
        with pytest.raises(NotImplementedError):
            read(frequencies)


def test_words_lazy_frequencies_cannot_be_written(plain):
    """Not even jieba's own way of adding a word changes what a base has cut its text with."""
    with pytest.raises(TypeError):
        plain._jieba.add_word("某某词", 7)


def test_words_serve_several_threads(monkeypatch):
    """Threads that read through one dictionary and make room all the time cut as one would."""
    from concurrent.futures import ThreadPoolExecutor

    mine = Words(own_words(["品牌九宫格"]))
    expected = [list(mine.cut(sentence)) for sentence in SENTENCES]
    monkeypatch.setattr(words, "REMEMBERED", 10)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda s: list(mine.cut(s)), SENTENCES * 20))
    assert found == expected * 20


def test_words_of_ours_survive_much_reading(monkeypatch):
    """A word of ours is still cut whole after more look-ups than are remembered."""
    mine = Words(own_words(["齉龘靐齾"]))
    monkeypatch.setattr(words, "REMEMBERED", 1)
    assert list(mine.cut("一个从未读过的句子"))
    assert list(mine.cut("齉龘靐齾")) == ["齉龘靐齾"]


def test_words_keep_a_name_whole(plain):
    """A name of ours is one word."""
    name = "品牌九宫格"
    assert list(plain.cut(name)) != [name]
    assert list(Words(own_words([name])).cut(f"什么是{name}"))[-1] == name


def test_words_of_ours_are_the_same_in_any_order():
    """A name within a name, named twice: the same words, so that the compiled form is, too."""
    names = ["品牌九宫格", "品牌九宫", "龘靐齾", "品牌九宫格"]
    assert own_words(names) == own_words(reversed(names))
    assert list(own_words(names)) == list(own_words(reversed(names)))
    assert own_words(names)["品牌九宫"] == words.DOMAIN_FREQUENCY


def test_words_of_ours_never_make_a_word_rarer():
    """A common word keeps its own frequency."""
    assert words.dictionary().find("我们") > words.DOMAIN_FREQUENCY
    assert own_words(["我们"]) == {}


def test_words_rarity_rises_from_common_to_unknown(plain):
    """Everyday words tell little, unknown ones everything."""
    common, known, unknown = map(plain.rarity, ("的", "品牌", "不存在的词"))
    assert 0 <= common < known < unknown <= 1


def test_words_of_ours_are_less_rare_and_nobody_elses(plain):
    """A word that became ours is no longer as rare as an unknown one, to us alone."""
    before = plain.rarity("龘靐齾"), plain.rarity("品牌"), list(plain.cut("龘靐齾"))
    mine = Words(own_words(["龘靐齾"]))
    assert mine.rarity("龘靐齾") < before[0]
    assert (plain.rarity("龘靐齾"), plain.rarity("品牌"), list(plain.cut("龘靐齾"))) == before


def test_words_import_leaves_pkg_resources_alone():
    """Hiding pkg_resources from jieba is undone afterwards."""
    import sys

    before = sys.modules.get("pkg_resources", "absent")
    words._import_jieba()
    assert sys.modules.get("pkg_resources", "absent") is before
