"""What to look at in a posting: words of discrimination, catch-alls, and what does not fit."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_rules import shipped, write

from rules.postings.classify import classify
from rules.postings.model import Posting
from rules.postings.posting_rules import compile_rules, read_rule_files

WORDS = [
    ("zh", "age", "年龄25-35岁", "年龄25-35岁"),
    ("zh", "age", "３５周岁以下", "３５周岁以下"),
    ("zh", "age", "18至40岁", "18至40岁"),
    ("zh", "sex", "限女生", "限女生"),
    ("zh", "sex", "男士优先", "男士优先"),
    ("zh", "sex", "性别：女", "性别：女"),
    ("zh", "marital", "已婚已育优先", "已婚已育优先"),
    ("zh", "appearance", "形象气质佳", "形象气质佳"),
    ("zh", "appearance", "身高165cm以上", "身高165cm以上"),
    ("en", "age", "aged 18-30 preferred", "aged 18-30"),
    ("en", "age", "Must be under 35 years old", "under 35 years old"),
    ("en", "sex", "Female only", "Female only"),
    ("en", "marital", "Please state your marital status", "state your marital status"),
    ("en", "appearance", "Attractive appearance is a must", "Attractive appearance"),
    ("ja", "age", "35歳までの方", "35歳まで"),
    ("ja", "age", "20歳～30歳の方", "20歳～30歳"),
    ("ja", "sex", "女性のみのお仕事です", "女性のみ"),
    ("ja", "marital", "既婚者歓迎です", "既婚者歓迎"),
    ("ja", "appearance", "容姿端麗な方", "容姿端麗"),
    ("ko", "age", "만 35세 이하", "만 35세 이하"),
    ("ko", "age", "20세~30세만 지원", "20세~30세"),
    ("ko", "sex", "여성 우대", "여성 우대"),
    ("ko", "marital", "미혼자 우대", "미혼자 우대"),
    ("ko", "appearance", "용모 단정하신 분", "용모 단정"),
    ("zh", "sex", "要求：\n女，已婚", "女"),
    ("zh", "appearance", "外型亮麗佳", "外型亮麗"),
    ("zh", "catch_all", "其他主管交辦事項", "主管交辦事項"),
    ("en", "sex", "Male applicants preferred", "Male applicants preferred"),
    ("en", "marital", "Single applicants only please", "Single applicants"),
    ("en", "age", "Maximum age 35", "Maximum age 35"),
    ("ja", "age", "20代前半の方", "20代前半の方"),
    ("ja", "age", "30代活躍中の職場", "30代活躍"),
    ("ja", "sex", "女性スタッフ活躍中", "女性スタッフ活躍中"),
    ("ja", "appearance", "見た目重視です", "見た目重視"),
    ("ja", "catch_all", "その他、上司から指示された業務", "その他、上司から指示された業務"),
    ("ko", "age", "20대 우대", "20대 우대"),
    ("ko", "sex", "운전 가능한 남성", "가능한 남성"),
    ("ko", "appearance", "외모가 준수한 분", "외모가 준수"),
    ("ko", "catch_all", "기타 상사가 지시하는 업무", "상사가 지시하는 업무"),
    ("zh", "catch_all", "完成领导交办的其他工作", "完成领导交办"),
    ("en", "catch_all", "Other duties as assigned", "Other duties as assigned"),
    ("ja", "catch_all", "その他付随業務があります", "その他付随業務"),
    ("ko", "catch_all", "그 외 기타 업무를 합니다", "기타 업무"),
    ("en", "age", "max. 30 years old", "max. 30 years old"),
    ("en", "age", "Candidates no older than 35", "no older than 35"),
    ("en", "age", "We want somebody young and energetic", "young and energetic"),
    ("en", "age", "Must be younger than 40", "younger than 40"),
    ("en", "age", "You are a digital native", "are a digital native"),
    ("en", "age", "Young talents preferred", "Young talents preferred"),
    ("en", "age", "Up to 32 years of age", "Up to 32 years of age"),
    ("en", "sex", "Women only", "Women only"),
    ("en", "sex", "Looking for a young female secretary", "Looking for a young female secretary"),
    ("en", "sex", "Gender: female", "Gender: female"),
    ("en", "origin", "English native speaker", "native speaker"),
    ("en", "origin", "Native English speakers only", "Native English speakers"),
    ("en", "origin", "Locals only", "Locals only"),
    ("en", "origin", "No foreigners please", "No foreigners"),
    ("en", "origin", "Religion: Muslim", "Religion: Muslim"),
    ("en", "origin", "German as a mother tongue", "German as a mother tongue"),
    ("en", "marital", "Must be single", "Must be single"),
    ("en", "marital", "Preferably without children", "without children"),
    ("en", "appearance", "Presentable appearance required", "Presentable appearance"),
    ("en", "appearance", "Height: at least 165 cm", "Height: at least 165 cm"),
    ("en", "appearance", "Send a full-body photo", "full-body photo"),
    ("zh", "origin", "本市户籍优先", "本市户籍优先"),
    ("zh", "origin", "僅限本國籍", "僅限本國籍"),
    ("zh", "origin", "英语母语者优先", "英语母语者优先"),
    ("zh", "origin", "不招外地人", "不招外地人"),
    ("zh", "age", "年轻有活力者优先", "年轻有活力者优先"),
    ("zh", "age", "年輕有活力者優先", "年輕有活力者優先"),
    ("zh", "sex", "招聘女文员", "招聘女文员"),
    ("zh", "marital", "两年内无生育计划", "两年内无生育计划"),
    ("zh", "marital", "近期沒有結婚打算", "近期沒有結婚打算"),
    ("zh", "appearance", "气质出众", "气质出众"),
    ("zh", "age", "30歲以下", "30歲以下"),
    ("zh", "sex", "限女性", "限女性"),
    ("ja", "origin", "日本人のみ", "日本人のみ"),
    ("ja", "origin", "英語ネイティブスピーカー限定", "英語ネイティブスピーカー限定"),
    ("ja", "origin", "外国人不可", "外国人不可"),
    ("ja", "age", "若手歓迎", "若手歓迎"),
    ("ja", "age", "若くて元気な方", "若くて元気な方"),
    ("ja", "sex", "女性募集", "女性募集"),
    ("ja", "marital", "妊娠の予定のない方", "妊娠の予定のない"),
    ("ja", "appearance", "身長165cm以上", "身長165cm以上"),
    ("ko", "origin", "원어민만 지원 가능", "원어민만"),
    ("ko", "origin", "한국인만 지원", "한국인만"),
    ("ko", "origin", "외국인 지원 불가", "외국인 지원 불가"),
    ("ko", "origin", "수도권 출신 우대", "수도권 출신 우대"),
    ("ko", "age", "95년생 이후", "95년생 이후"),
    ("ko", "age", "젊고 활기찬 인재", "젊고 활기찬 인재"),
    ("ko", "sex", "여직원 모집", "여직원 모집"),
    ("ko", "marital", "결혼 계획 없는 분", "결혼 계획 없"),
    ("ko", "appearance", "호감 가는 외모", "호감 가는 외모"),
]
FAIR = [
    ("zh", "年龄不限"),
    ("zh", "年龄不作要求，性别不限"),
    ("zh", "男女不限"),
    ("zh", "男女均可，不限男女"),
    ("zh", "性别：男女不限"),
    ("zh", "婚育不限"),
    ("zh", "已婚未婚均可"),
    ("zh", "形象不限，身高不限"),
    ("zh", "维护公司形象，建设品牌形象"),
    ("zh", "熟悉女装和男装直播"),
    ("zh", "有5年以上经验"),
    ("zh", "开发女装，男装两条线"),
    ("zh", "面向年轻人的品牌"),
    ("ja", "20代女性をターゲットにした商品の企画"),
    ("ja", "30代の顧客が中心のサービス"),
    ("ko", "20대 여성 고객을 위한 서비스"),
    ("ko", "구매력 있는 여성 고객 분석"),
    ("en", "You are the single point of contact for applicants"),
    ("en", "All ages and genders are welcome"),
    ("en", "Regardless of age, sex, pregnancy or marital status"),
    ("en", "You will manage 20 key accounts and 30 calls on average"),
    ("en", "Respond in under 30 seconds, package 50 boxes a day"),
    ("en", "Males and females welcome"),
    ("ja", "年齢・性別は問いません"),
    ("ja", "未婚・既婚は問いません"),
    ("ja", "女性誌の編集をします"),
    ("ko", "나이와 성별 무관"),
    ("ko", "기혼/미혼 무관"),
    ("ko", "여성 의류 쇼핑몰입니다"),
    ("en", "Own our native app on iOS"),
    ("en", "Buy native advertising and run native ads"),
    ("en", "Cloud-native and React Native products"),
    ("en", "A young brand with big plans"),
    ("en", "A young and dynamic company looking for an experienced marketer"),
    ("en", "We look back on 30 years of history"),
    ("en", "More than 30 years old and still growing"),
    ("en", "Content for children aged 6 to 12"),
    ("en", "Proofread with native speakers of English"),
    ("en", "Near-native English; non-native speakers welcome"),
    ("en", "Delete leads that are no older than 30 days"),
    ("en", "Women's fashion for women who care"),
    ("en", "Attractive salary and an attractive workplace"),
    ("en", "Marketing to young men and women"),
    ("en", "Nationality: any"),
    ("en", "Regardless of race, religion, national origin or family status"),
    ("en", "We welcome parents with children"),
    ("en", "A digital native brand"),
    ("en", "Works with local citizens and communities"),
    ("en", "Market research in native communities"),
    ("en", "Warranty of up to 10 years"),
    ("en", "A single point of contact without children's content restrictions"),
    ("en", "Talk to native speakers of French"),
    ("en", "Data retention for max. 30 years"),
    ("en", "Images must be at least 300 px in height"),
    ("en", "Our mother tongue is marketing"),
    ("zh", "负责原生广告投放和原生应用推广"),
    ("zh", "可解决上海户口"),
    ("zh", "协助办理居住证和落户"),
    ("zh", "打造年轻有活力的品牌"),
    ("zh", "品牌形象好"),
    ("zh", "本地生活服务优先推广"),
    ("zh", "面向本地人的活动"),
    ("zh", "母语内容的本地化"),
    ("zh", "30年历史的企业"),
    ("zh", "負責原生廣告"),
    ("zh", "年輕品牌"),
    ("zh", "女装主播培训"),
    ("zh", "外籍员工的入职服务"),
    ("ja", "ネイティブアプリの企画"),
    ("ja", "ネイティブ広告の運用"),
    ("ja", "ネイティブレベルの英語力"),
    ("ja", "外国人のお客様への対応"),
    ("ja", "創業30年の会社"),
    ("ja", "若年層向けの商品"),
    ("ja", "女性向け商品の企画"),
    ("ja", "日本人観光客向けのサービス"),
    ("ja", "結婚式場の運営"),
    ("ja", "外国籍の方も歓迎"),
    ("ko", "네이티브 앱 기획"),
    ("ko", "네이티브 광고 운영"),
    ("ko", "원어민 수준의 영어"),
    ("ko", "젊은 브랜드의 마케팅"),
    ("ko", "30년 역사의 기업"),
    ("ko", "외국인 고객 응대"),
    ("ko", "대기업 출신 우대"),
    ("ko", "결혼식 행사 기획"),
    ("ko", "여성 의류 브랜드"),
    ("ko", "한국인 관광객 대상 서비스"),
    ("ko", "외국인 지원 가능"),
]
UNLAWFUL = {"age", "sex", "origin", "marital", "appearance"}
PR = "1、撰写新闻稿并发稿；2、维护媒体关系，安排媒体采访；3、舆情监测，处理负面信息。"
SALES = "1、拨打电话开发新客户；2、上门拜访，报价签单；3、跟进回款，完成销售任务，维护老客户。"
CODE = "负责后端开发，使用Java编写接口，MySQL数据库优化，代码评审，微服务架构设计。"


@pytest.fixture(scope="session")
def pack():
    """The shipped posting rules."""
    return shipped()


def flags(pack, description, title="", language=None):
    """Kind -> the first flag of that kind."""
    found = classify(Posting(description, title, language), pack).flags
    return {odd.kind: odd for odd in reversed(found)}


@pytest.mark.parametrize(
    ("language", "kind", "text", "words"), WORDS, ids=[f"{row[0]}-{row[2]}" for row in WORDS]
)
def test_flags_of_words_are_shown_with_the_words(pack, language, kind, text, words):
    """Discriminating words and catch-alls are flagged, each in its language, at their span."""
    before = "【】\n"
    odd = flags(pack, before + text, language=language)[kind]
    assert (odd.text, odd.where) == (words, "description")
    assert (before + text)[odd.start : odd.end] == words


@pytest.mark.parametrize(("language", "text"), FAIR, ids=[row[1] for row in FAIR])
def test_flags_let_fair_words_pass(pack, language, text):
    """Who says that it does not matter, or means something else, is not accused."""
    assert not UNLAWFUL & set(flags(pack, text, language=language))


def test_flags_look_at_the_title_too(pack):
    """FlagPattern words in a title are shown there."""
    odd = flags(pack, PR, "前台文员（女士优先）")["sex"]
    assert (odd.text, odd.where, odd.start, odd.end) == ("女士优先", "title", 5, 9)


def test_flags_tell_every_place(pack):
    """Two odd words are two findings."""
    found = classify(Posting(PR + "女士优先。年龄25-35岁，形象好，20-30岁为佳"), pack).flags
    kinds = [odd.kind for odd in found if odd.kind in UNLAWFUL]
    assert sorted(kinds) == ["age", "age", "appearance", "sex"]


@pytest.mark.parametrize(
    ("title", "duties", "values"),
    [
        ("公关经理", SALES, ("public_relations", "sales")),
        ("销售代表", PR, ("sales", "public_relations")),
        ("公关经理", CODE, ("public_relations", "engineering")),
    ],
    ids=["pr-that-sells", "sales-that-writes", "pr-that-programs"],
)
def test_flags_title_against_duties(pack, title, duties, values):
    """A title of one function over the duties of another is shown with both."""
    odd = flags(pack, duties, title)["title_mismatch"]
    assert (odd.values, odd.where) == (values, "title")
    assert title[odd.start : odd.end] == odd.text != ""


@pytest.mark.parametrize(
    ("title", "duties"),
    [("公关经理", PR), ("", SALES), ("职员", SALES), ("公关经理", "报价"), ("前端工程师", CODE)],
    ids=["agree", "no-title", "title-says-nothing", "too-little", "same-trade"],
)
def test_flags_title_that_fits(pack, title, duties):
    """No mismatch where title and duties agree, or where one of them says too little."""
    assert "title_mismatch" not in flags(pack, duties, title)


def test_flags_two_departments(pack):
    """Duties of two departments, a good part each, are named with the stronger first."""
    verdict = classify(Posting(PR + SALES), pack)
    (odd,) = (odd for odd in verdict.flags if odd.kind == "mixed")
    assert set(odd.values) == {"public_relations", "sales"}
    assert odd.values[0] == next(iter(verdict.shares))


def test_flags_one_department_is_not_mixed(pack):
    """Neighbours within one department, or another trade beside ours, are no mixture."""
    assert "mixed" not in flags(pack, PR)
    assert "mixed" not in flags(pack, PR + "品牌定位，品牌战略，品牌形象，品牌故事")
    assert "mixed" not in flags(pack, PR + CODE)


def test_flags_missing_core(tmp_path):
    """A posting that never mentions a core duty of its function is shown which."""
    pack = compile_rules(read_rule_files(write(tmp_path / "rules")))
    assert flags(pack, "买卖狮子")["missing_core"].values == ("care",)
    assert flags(pack, "买卖狮子，照料狮子") == {}


@pytest.mark.parametrize(
    "text", ["", "五险一金，双休", "任职要求：\n熟悉新闻稿撰写", "公司介绍：\n我们撰写新闻稿"]
)
def test_flags_no_duties(pack, text):
    """A posting that tells of no duties gets a flag, whatever else it tells."""
    assert "no_duties" in flags(pack, text, "公关经理")


def test_flags_none_in_a_plain_posting(pack):
    """An ordinary posting gets none."""
    text = f"岗位职责：\n{PR}\n任职要求：\n本科以上，三年以上公关经验，性别不限"
    assert flags(pack, text, "公关经理") == {}


@settings(deadline=None, max_examples=100)
@given(
    description=st.lists(
        st.sampled_from(
            [
                *[
                    "，",
                    "。",
                    "\n",
                    " ",
                    "：",
                    "25",
                    "岁",
                    "～",
                    "歳",
                    "세",
                    "年龄",
                    "限女生",
                    "女性",
                    "优先",
                ],
                *["未婚", "不限", "身高", "aged 30", "<b>", "領導交办的其他工作", "만 3", "이하"],
                *["\ud800", "e\u0301", "形象", "气质佳", "5"],
            ]
        ),
        max_size=25,
    ).map("".join),
    language=st.sampled_from(["zh", "en", "ja", "ko", None]),
)
def test_flags_are_literally_in_the_text(pack, description, language):
    """The words shown are what stands at their span, whatever the text."""
    for odd in classify(Posting(description, description, language), pack).flags:
        if odd.where == "description":
            assert description[odd.start : odd.end] == odd.text != ""


LAWS = [
    (
        "china",
        "zh",
        "要求：限男生",
        "sex",
        ["关于进一步规范招聘行为促进妇女就业的通知", "妇女权益保障法"],
    ),
    ("china, women", "zh", "要求：限女生", "sex", ["关于进一步规范招聘行为促进妇女就业的通知"]),
    ("china, no law of age", "zh", "要求：年龄25-35岁", "age", []),
    ("taiwan", "zh", "條件：限女性，工作經驗一年", "sex", ["就業服務法", "性別平等工作法"]),
    ("hong kong", "zh", "條件：限女性，工作經驗一年，月薪港幣兩萬", "sex", []),
    ("singapore", "zh", "工作地点新加坡，限女生", "sex", []),
    ("japan", "ja", "応募資格：35歳までの方", "age", ["労働施策総合推進法"]),
    ("japan, looks", "ja", "容姿端麗な方", "appearance", []),
    ("korea", "ko", "만 35세 이하", "age", ["고용상 연령차별금지 및 고령자고용촉진에 관한 법률"]),
    ("english", "en", "Female only", "sex", []),
]


@pytest.mark.parametrize(
    ("language", "text", "kind", "laws"), [row[1:] for row in LAWS], ids=[row[0] for row in LAWS]
)
def test_flags_name_the_law_of_the_market_that_can_be_told(language, text, kind, laws):
    """Each with its article, where it was read and when; none where the market is not sure."""
    found = [f for f in classify(Posting(text, "", language), shipped()).flags if f.kind == kind]
    assert [law.law for law in found[0].laws] == laws
    assert all(law.article and law.source and law.checked for law in found[0].laws)
