"""The lazy tokenizer cuts as stock jieba does, and starts without loading its dictionary."""

from __future__ import annotations

import pytest

from knowledge import words

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


@pytest.fixture
def private():
    """A tokenizer to which nobody has added words."""
    return words.tokenizer.__wrapped__()


@pytest.fixture
def frequencies(private):
    """Its frequencies."""
    return private.FREQ


@pytest.mark.parametrize("sentence", SENTENCES, ids=range(len(SENTENCES)))
def test_words_cut_identical_to_stock_jieba(stock, private, sentence):
    """Looked up or loaded, the dictionary gives the same words."""
    assert list(private.cut(sentence, HMM=False)) == list(stock.cut(sentence, HMM=False))


@pytest.mark.parametrize("sentence", SENTENCES, ids=range(len(SENTENCES)))
def test_words_added_cut_identical_to_stock_jieba(stock, private, sentence):
    """A word of ours changes both in the same way."""
    ours = ["用户运营", "投放效果", "转化率只有"]
    for tokenizer in (stock, private):
        for word in ours:
            tokenizer.add_word(word, words.DOMAIN_FREQUENCY)
    try:
        assert list(private.cut(sentence, HMM=False)) == list(stock.cut(sentence, HMM=False))
    finally:
        stock.initialized = False
        stock.initialize()


def test_words_total_is_that_of_stock_jieba(stock, private):
    """Probabilities are relative to the same total."""
    assert private.total == stock.total


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


def test_words_lazy_frequencies_take_and_forget_a_word(frequencies):
    """A word can be set and deleted without touching the file."""
    frequencies["某某词"] = 7
    assert (frequencies["某某词"], "某某词" in frequencies) == (7, True)
    del frequencies["某某词"]
    assert "某某词" not in frequencies
    del frequencies["的"]
    assert "的" not in frequencies
    assert "的" in words.tokenizer.__wrapped__().FREQ


def test_words_lazy_frequencies_are_never_listed(frequencies):
    """Listing would load the whole dictionary, so it is refused."""
    with pytest.raises(NotImplementedError):
        list(frequencies)


def test_words_lazy_frequencies_serve_several_threads(frequencies):
    """Each thread reads through a connection of its own."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(frequencies.get, ["运营", "品牌", "市场", "用户"] * 20))
    assert all(found)


def test_words_added_survive_much_reading(private):
    """A word of ours is still cut whole after more look-ups than are remembered."""
    private.add_word("齉龘靐齾", words.DOMAIN_FREQUENCY)
    assert list(private.cut("齉龘靐齾", HMM=False)) == ["齉龘靐齾"]
    private.FREQ._seen.update((f"x{i}", None) for i in range(200_001))
    assert list(private.cut("一个从未读过的句子", HMM=False))
    assert list(private.cut("齉龘靐齾", HMM=False)) == ["齉龘靐齾"]


def test_words_lazy_frequencies_keep_writes_while_others_read(frequencies, monkeypatch):
    """Threads that read make room all the time, and no word of ours is lost by it."""
    from concurrent.futures import ThreadPoolExecutor

    monkeypatch.setattr(words, "REMEMBERED", 10)

    def work(thread: int) -> None:
        for i in range(200):
            frequencies[f"词{thread}-{i}"] = i
            assert frequencies.get(f"无{i % 30}") is None

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert all(frequencies[f"词{t}-{i}"] == i for t in range(4) for i in range(200))


def test_words_add_keeps_a_name_whole(private, monkeypatch):
    """After `add`, a name is one word, however often it is added."""
    monkeypatch.setattr(words, "tokenizer", lambda: private)
    name = "品牌九宫格"
    assert list(private.cut(name, HMM=False)) != [name]
    words.add([name])
    total = private.total
    words.add([name])
    assert list(private.cut(f"什么是{name}", HMM=False))[-1] == name
    assert private.total == total


def test_words_add_never_makes_a_word_rarer(private, monkeypatch):
    """A common word keeps its own frequency."""
    monkeypatch.setattr(words, "tokenizer", lambda: private)
    before = private.FREQ["我们"]
    words.add(["我们"])
    assert private.FREQ["我们"] == before > words.DOMAIN_FREQUENCY


def test_words_rarity_rises_from_common_to_unknown():
    """Everyday words tell little, unknown ones everything."""
    common, known, unknown = map(words.rarity, ("的", "品牌", "不存在的词"))
    assert 0 <= common < known < unknown <= 1


def test_words_rarity_follows_what_is_added(private, monkeypatch):
    """A word that became ours is no longer as rare as an unknown one."""
    monkeypatch.setattr(words, "tokenizer", lambda: private)
    before = words.rarity("龘靐齾")
    words.add(["龘靐齾"])
    assert words.rarity("龘靐齾") < before


def test_words_import_leaves_pkg_resources_alone():
    """Hiding pkg_resources from jieba is undone afterwards."""
    import sys

    before = sys.modules.get("pkg_resources", "absent")
    words._import_jieba()
    assert sys.modules.get("pkg_resources", "absent") is before
