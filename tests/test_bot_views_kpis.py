"""A role's metrics as rows to paste: on the screen, in a file, on its page."""

from __future__ import annotations

import csv
import html
import io

import command
import pytest

from bot.exchange.kpis import FORMATS
from bot.exchange.sheets import _sheets
from bot.texts import say
from bot.views.kpis import COLUMNS, READ, heads, rows
from knowledge.engine.model import LANGUAGES


def table(book, id_, language):
    """The rows of a role, each by the names of its columns."""
    role = book.base.entry(id_, language)
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows(role, book.base, language)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_kpis_are_a_row_for_each_metric_of_the_role(book, language):
    """In the role's order, in the language asked for, with what the metric says of itself."""
    role = book.base.entry("role.sales", language)
    told = table(book, "role.sales", language)
    assert [row["metric"] for row in told] == [book.base.title(m, language) for m in role.metrics]
    revenue = book.base.entry("metric.revenue", language)
    assert told[0]["comes_from"] == revenue.comes_from
    assert told[0]["not_for"] == revenue.not_for
    assert told[0]["period"] and told[0]["moved_by"] and told[0]["formula"]


@pytest.mark.parametrize(
    ("role", "metric", "alone"),
    [
        pytest.param("role.sales", "metric.lead_conversion_rate", True, id="of one role"),
        pytest.param("role.sales", "metric.win_rate", False, id="of several"),
    ],
)
def test_kpis_say_whose_a_figure_is(book, role, metric, alone):
    """The role's own; where others are measured by it too, they are named."""
    title = book.base.title(metric, "en")
    (owner,) = (row["owner"] for row in table(book, role, "en") if row["metric"] == title)
    assert owner.startswith("Sales")
    assert (owner == "Sales") is alone
    if not alone:
        assert book.base.title("role.business_development", "en") in owner


def test_kpis_are_filled_for_every_metric_that_a_role_lists(book):
    """No empty cell in the shipped content, in any language."""
    for language in LANGUAGES:
        for id_ in book.base.ids("role"):
            for row in table(book, id_, language):
                assert all(row.values()), (language, id_, row)


@pytest.mark.parametrize("language", LANGUAGES)
def test_kpis_files_hold_the_same_rows(book, language):
    """CSV and workbook: the heads, then the rows, as a spreadsheet reads them."""
    role = book.base.entry("role.content_operations", language)
    wanted = [list(heads(language)), *map(list, rows(role, book.base, language))]
    raw = FORMATS["csv"][0](role, book.base, language)
    assert list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))) == wanted
    (sheet,) = _sheets(FORMATS["xlsx"][0](role, book.base, language)).values()
    assert sheet == wanted


@pytest.mark.parametrize("named", ["role.sales", "sales", "销售", "Sales"])
def test_kpis_command_finds_the_role(tmp_path, named):
    """By id, by slug, by a name in any language."""
    out, _ = command.run(tmp_path, "kpis", named, "--lang", "en")
    assert "Win rate" in out.decode("utf-8")
    assert "general practice" in out.decode("utf-8")


def test_kpis_command_names_what_is_kept_for_some_roles(tmp_path):
    """On the screen and for a file; standard output holds the rows alone."""
    own = tmp_path / "own" / "knowledge"
    own.mkdir(parents=True)
    rule = "- {entry: metric.win_rate, to: [manager]}\n"
    (own / "restricted.yaml").write_text(rule, "utf-8")
    (tmp_path / "config.yaml").write_text("overlay: own\n", "utf-8")
    for more in ([], ["--out", "kpis.csv"]):
        out, err = command.run(tmp_path, "--config", "config.yaml", "kpis", "sales", *more)
        assert "metric.win_rate: kept for some roles" in err
        assert b"kept for some roles" not in out


def test_kpis_are_filled_for_every_metric_there_is(book):
    """Also for those that no role lists: an organization's own role may."""
    for language in LANGUAGES:
        metrics = [book.base.entry(id_, language) for id_ in book.base.ids("metric")]
        empty = [m.id for m in metrics if not all(getattr(m, name) for name in READ)]
        assert not empty, (language, empty)


def test_kpis_command_writes_a_file(tmp_path):
    """The ending says the format; a file that was there is replaced whole."""
    (tmp_path / "kpis.csv").write_text("old", "utf-8")
    _, err = command.run(tmp_path, "kpis", "role.brand", "--out", "kpis.csv")
    assert "wrote kpis.csv: 3 row(s)" in err
    assert "品牌知名度" in (tmp_path / "kpis.csv").read_text("utf-8-sig")
    assert [path.name for path in tmp_path.glob("*kpis*")] == ["kpis.csv"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(["role.salse"], "near: role.sales", id="no such role"),
        pytest.param(["metric.gmv"], "there is no role 'metric.gmv'", id="another kind"),
        pytest.param(["sales", "--out", "kpis.doc"], "ends in .csv or .xlsx", id="other ending"),
    ],
)
def test_kpis_command_says_what_is_wrong(tmp_path, arguments, sentence):
    """One sentence, and no file."""
    _, err = command.run(tmp_path, "kpis", *arguments, code=2)
    assert sentence in err
    assert not list(tmp_path.glob("*kpis*"))


def test_kpis_stand_on_the_page_of_a_role(server):
    """A table, what good is measured by, and the files; other entries have none."""
    with server.client() as client:
        page = html.unescape(client.get("/knowledge/role.sales", params={"lang": "en"}).text)
        assert say("en", "kpis.title") in page
        assert 'href="/knowledge/role.sales/kpis.csv"' in page
        assert 'href="/knowledge/concept.good_value#sources"' in page
        told = client.get("/knowledge/role.sales/kpis.csv", params={"lang": "en"})
        assert told.headers["content-type"] == "text/csv; charset=utf-8"
        assert told.headers["content-disposition"].endswith('filename="kpis-sales.csv"')
        assert told.content.decode("utf-8-sig").startswith("Metric,Formula,")
        assert "kpis.csv" not in client.get("/knowledge/metric.gmv").text


@pytest.mark.parametrize(
    "path", ["metric.gmv/kpis.csv", "role.nobody/kpis.csv", "role.sales/kpis.doc"]
)
def test_kpis_of_what_is_no_role_are_not_found(server, path):
    """As with any page that is not there."""
    with server.client() as client:
        assert client.get(f"/knowledge/{path}").status_code == 404
