"""Overlays of many answers, made up: what a company with many sites tells its people.

Every answer is about a matter, a question about it, and a site; a fifth of them is told in English.
The same number always gives the same files.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MATTERS = tuple(
    tuple(pair.split("|"))
    for pair in (
        "年假|annual leave", "病假|sick leave", "婚假|marriage leave", "产假|maternity leave",
        "调休|time in lieu", "事假|unpaid leave", "差旅报销|travel expenses",
        "餐费报销|meal expenses", "打车报销|taxi receipts", "借款|a cash advance",
        "发票|an invoice", "工资条|the payslip", "加班费|overtime pay", "年终奖|the annual bonus",
        "社保|social insurance", "公积金|the housing fund", "补充医疗|extra health insurance",
        "体检|the medical check-up", "工牌|the staff badge", "门禁卡|the door card",
        "停车位|a parking space", "班车|the shuttle bus", "宿舍|the dormitory",
        "食堂饭卡|the canteen card", "工位|a desk", "会议室|a meeting room",
        "投影仪|the projector", "打印机|the printer", "复印纸|copy paper", "快递|a parcel",
        "名片|business cards", "印章|the company seal", "合同归档|filing a contract",
        "用车|a company car", "机票|plane tickets", "酒店预订|a hotel", "签证材料|visa papers",
        "电脑|a laptop", "显示器|a monitor", "邮箱|the mailbox", "邮件组|a mailing list",
        "无线网|the wireless network", "远程接入|remote access", "密码重置|a password reset",
        "软件安装|installing software", "软件许可|a software licence", "共享盘|the shared drive",
        "数据备份|a backup", "电话分机|the phone extension", "测试机|a test phone",
        "仓库钥匙|the warehouse key", "叉车证|the forklift permit", "劳保鞋|safety shoes",
        "工服|work clothes", "消防演习|the fire drill", "急救箱|the first-aid kit",
        "废电池|used batteries", "危化品|hazardous goods", "供应商准入|admitting a supplier",
        "采购申请|a purchase request", "样品领用|taking samples", "固定资产|fixed assets",
        "盘点|the stocktake", "报废|scrapping equipment", "入职手续|joining",
        "转正|the end of probation", "调岗|changing posts", "离职证明|the leaving certificate",
        "实习证明|the intern certificate", "落户|the household register",
        "居住证|the residence permit", "内推奖金|the referral bonus",
        "培训报名|signing up for training", "外语课|the language course",
        "图书角|the book corner", "健身房|the gym", "工会活动|the union's events",
        "生日券|the birthday voucher", "哺乳室|the nursing room", "心理咨询|counselling",
        "访客登记|registering visitors", "外包人员|contractors",
        "保密协议|the non-disclosure agreement", "竞业协议|the non-compete",
        "专利申报|filing a patent", "论文发表|publishing a paper",
        "开源许可|an open-source licence", "代码仓库|the code repository",
        "测试环境|the test environment", "上线窗口|the release window", "值班|being on call",
        "夜班补贴|the night-shift allowance", "高温补贴|the heat allowance",
        "交通补贴|the travel allowance", "通讯补贴|the phone allowance",
        "租房补贴|the rent allowance", "异地派驻|a posting elsewhere", "探亲假|home leave",
        "献血假|blood-donor leave", "志愿者假|volunteer leave",
    )
)  # fmt: skip
"""A hundred matters in Chinese and in English."""
ASKED = tuple(
    tuple(row.split("|"))
    for row in (
        "怎么申请|如何申请{m}|how do I apply for {m}|how to request {m}",
        "找谁办|{m}归谁管|who looks after {m}|whom do I ask about {m}",
        "要多久|{m}几天能办好|how long does {m} take|when is {m} done",
        "要什么材料|{m}需要带什么|which papers does {m} need|what must I bring for {m}",
        "有什么限制|{m}有哪些条件|what are the limits of {m}|which conditions hold for {m}",
        "能不能取消|{m}可以撤回吗|can I cancel {m}|may I withdraw {m}",
        "要不要审批|{m}谁来批|does {m} need approval|who approves {m}",
        "在哪里办|{m}去哪儿办|where do I see about {m}|which office handles {m}",
        "丢了怎么办|{m}弄丢了|what if {m} is lost|I have lost {m}",
        "出错了找谁|{m}不对怎么改|what if {m} is wrong|how is {m} put right",
        "能不能代办|{m}别人替我办行吗|may somebody else see to {m}|can a colleague handle {m}",
        "新员工能用吗|刚入职能办{m}吗|do newcomers get {m}|is {m} open to new staff",
        "什么时候截止|{m}最晚哪天|what is the deadline for {m}|by which day is {m} due",
        "费用谁出|{m}要自己付钱吗|who pays for {m}|does {m} cost me anything",
        "几点开放|{m}几点到几点|what are the hours for {m}|when is {m} open",
        "过期了怎么办|{m}超期能补吗|what if {m} has expired|can {m} be renewed late",
        "标准是多少|{m}最高多少|what is the rate for {m}|how much is {m} at most",
        "外包能用吗|外包人员有{m}吗|do contractors get {m}|is {m} open to contractors",
        "在系统哪里看|{m}的进度哪里查|where in the system is {m}|where do I follow {m}",
        "领导不在怎么办|{m}没人批怎么办|what if my manager is away for {m}|who signs {m} meanwhile",
        "周末能办吗|{m}周六行不行|is {m} open at weekends|can I do {m} on Saturday",
        "可以转给同事吗|{m}能转让吗|can {m} pass to a colleague|may I hand {m} over",
        "怎么登记|{m}在哪登记|how is {m} registered|where do I sign for {m}",
        "换了部门还有吗|转部门{m}怎么算|do I keep {m} in another team|what of {m} when I move",
        "政策在哪看|{m}的规定在哪|where is the policy on {m}|where are the rules for {m}",
    )
)
"""Twenty-five questions: two in Chinese, two in English."""
SITES = tuple(
    tuple(pair.split("|"))
    for pair in (
        "总部|head office", "北京|Beijing", "上海|Shanghai", "广州|Guangzhou", "深圳|Shenzhen",
        "杭州|Hangzhou", "南京|Nanjing", "苏州|Suzhou", "成都|Chengdu", "重庆|Chongqing",
        "武汉|Wuhan", "西安|Xi'an", "天津|Tianjin", "青岛|Qingdao", "济南|Jinan", "郑州|Zhengzhou",
        "长沙|Changsha", "合肥|Hefei", "福州|Fuzhou", "厦门|Xiamen", "南昌|Nanchang",
        "昆明|Kunming", "贵阳|Guiyang", "南宁|Nanning", "海口|Haikou", "沈阳|Shenyang",
        "大连|Dalian", "长春|Changchun", "哈尔滨|Harbin", "太原|Taiyuan", "石家庄|Shijiazhuang",
        "呼和浩特|Hohhot", "兰州|Lanzhou", "银川|Yinchuan", "乌鲁木齐|Urumqi", "宁波|Ningbo",
        "无锡|Wuxi", "佛山|Foshan", "东莞|Dongguan", "香港|Hong Kong",
    )
)  # fmt: skip
"""Forty sites."""
MOST = len(MATTERS) * len(ASKED) * len(SITES)
ENGLISH = 5
"""One of so many is told in English."""


@dataclass(frozen=True, slots=True)
class Told:
    """One answer and how it is asked."""

    slug: str
    language: str
    title: str
    answer: str
    questions: tuple[str, ...]


def answers(many: int) -> Iterator[Told]:
    """So many answers, at most MOST; a smaller number is the beginning of a larger one."""
    every = itertools.product(enumerate(SITES), enumerate(ASKED), enumerate(MATTERS))
    for number, ((s, site), (a, asked), (m, matter)) in enumerate(itertools.islice(every, many)):
        slug = f"own_{s:02}_{a:02}_{m:02}"
        if number % ENGLISH:
            place, about = site[0], matter[0]
            questions = (f"{place}{about}{asked[0]}", place + asked[1].format(m=about))
            yield Told(slug, "zh", questions[0], _chinese(place, about, number), questions)
        else:
            about, place = matter[1], site[1]
            questions = tuple(f"{ask.format(m=about)} in {place}" for ask in asked[2:])
            title = questions[0][0].upper() + questions[0][1:]
            yield Told(slug, "en", title, _english(place, about, number), questions)


def _chinese(place: str, about: str, number: int) -> str:
    return (
        f"{place}的{about}由{number % 9 + 1}号窗口负责，工作日{8 + number % 3}点半到"
        f"{16 + number % 3}点受理。在内网填写表单 A{number % 977:03}，一般"
        f"{number % 14 + 1} 个工作日内办完；有疑问请拨分机 {2000 + number % 7919}。"
    )


def _english(place: str, about: str, number: int) -> str:
    return (
        f"In {place}, desk {number % 9 + 1} looks after {about}, on working days from "
        f"{8 + number % 3}:30 to {16 + number % 3}:00. Fill in form A{number % 977:03} on the "
        f"intranet; it takes up to {number % 14 + 1} working days. Questions: extension "
        f"{2000 + number % 7919}."
    )


def write_overlay(folder: Path, many: int) -> Path:
    """An overlay of so many answers below *folder*, as `zhiwen import` lays it out."""
    for told in answers(many):
        name, text = f"faq/{told.slug}.yaml", _yaml(told)
        head = f"id: faq.{told.slug}\norigin: organization\n"
        put(folder / "knowledge" / name, head + text)
        if told.language != "zh":
            put(folder / "knowledge" / "translations" / told.language / name, text)
    return folder


def _yaml(told: Told) -> str:
    rows = [f"title: '{_quoted(told.title)}'", f"summary: '{_quoted(told.answer)}'"]
    asked = [f"  - '{_quoted(question)}'" for question in told.questions]
    return "\n".join([*rows, "examples:", *asked]) + "\n"


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def put(path: Path, text: str) -> None:
    """Write a file and its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def write_table(path: Path, many: int) -> Path:
    """The same answers as a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("title", "question", "answer", "similar questions", "language"))
        for told in answers(many):
            first, *others = told.questions
            row = (told.title, first, told.answer, "\n".join(others), told.language)
            writer.writerow(row)
    return path
