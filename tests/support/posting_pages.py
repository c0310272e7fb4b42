"""What the tests of the pages about postings share: postings, tables, and the way to send them."""

from __future__ import annotations

import csv
import io
import re

from web_server import form_of, until

SECRET = "zanzibar7731"
"""A word that stands in postings and must turn up nowhere else."""
WRITER = (
    f"内容运营\n岗位职责：\n1、负责公众号选题、撰写和编辑推送，栏目 {SECRET}；\n2、负责专题策划。\n"
    "任职要求：\n1、三年以上内容运营经验；\n2、限女性，35岁以下。"
)
OPEN = (
    "Responsibilities:\n- Talk to people about content\n- Help the team with the community\n"
    "Requirements:\n- Degree or equivalent\n- Reliable and friendly, able to work on site"
)
"""A posting that two functions may own; a person has to say which."""
HEADER = ("编号", "职位名称", "职位描述")
ROWS = (
    ("1", "内容运营", f"负责公众号选题、撰写和编辑推送，栏目 {SECRET}"),
    ("2", "销售", "岗位职责：负责公众号选题、撰写文章、编辑排版和内容推送"),
    ("3", "", ""),
    ("4", "=1+1", "负责店铺运营、商品上架、直通车推广"),
)


def table(rows=ROWS, header=HEADER):
    """A CSV file of these rows."""
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return out.getvalue().encode()


def many(count=30_000):
    """A table that takes some seconds."""
    return table([ROWS[0]] * count)


def send(client, **fields):
    """A filled-in form, as the page sends it."""
    return client.post("/posting", data={"form": form_of(client, "/posting"), **fields})


def upload(client, *files, **fields):
    """(name, content) of each file, as the page sends them."""
    parts = [("files", (name, raw, "application/octet-stream")) for name, raw in files]
    data = {"form": form_of(client, "/posting"), **fields}
    return client.post("/posting", data=data, files=parts)


def begun(client, *files, **fields):
    """The address of a batch of these files."""
    answer = upload(client, *files, **fields)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def ended(client, where):
    """The page about a batch once it is over."""
    until(lambda: "hx-trigger" not in client.get(where).text, "the batch does not end", 180)
    return client.get(where).text


def batch(client, *files, **fields):
    """(address, page) of a batch of these files once it is over."""
    where = begun(client, *files, **fields)
    return where, ended(client, where)


def alert(page):
    """The text of the notice on a page."""
    found = re.search(r'<p class="notice" role="alert">(.*?)</p>', page, re.DOTALL)
    assert found, page
    return found.group(1)
