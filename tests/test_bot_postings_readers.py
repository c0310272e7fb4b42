"""Any file gives its postings or one clear sentence; its format goes by its content."""

from __future__ import annotations

import io
import zipfile

import docx
import pypdf
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from bot.postings import batch, documents, output, readers, writers
from bot.postings.columns import Named
from bot.postings.model import Unreadable
from bot.postings.sandbox import run_here
from knowledge.engine.model import LANGUAGES

TEXT = "内容编辑\n岗位职责：\n1、负责选题策划、组稿和文章编辑；\n任职要求：\n本科以上"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PROTECTED = OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
AES = (
    b"<< /Filter /Standard /V 5 /R 6 /Length 256 /P -4 /CF << /StdCF << /CFM /AESV3 "
    b"/AuthEvent /DocOpen /Length 32 >> >> /StmF /StdCF /StrF /StdCF /O (%b) /U (%b) "
    b"/OE (%b) /UE (%b) /Perms (%b) >>" % (b"o" * 48, b"u" * 48, b"e" * 32, b"f" * 32, b"p" * 16)
)


def pdf(text, encrypt=b""):
    """A PDF of one page that shows *text*, with this /Encrypt dictionary if any."""
    shown = f"BT /F1 12 Tf 50 700 Td ({text}) Tj ET".encode() if text else b""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(shown), shown),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    raw, at = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        at.append(len(raw))
        raw += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in at)
    more = b" /Encrypt " + encrypt + b" /ID [(0123456789abcdef) (0123456789abcdef)]"
    return (
        raw + b"xref\n0 6\n0000000000 65535 f \n" + table + b"trailer\n<< /Size 6 /Root 1 0 R"
        b"%b >>\nstartxref\n%d\n%%%%EOF\n" % (more if encrypt else b"", len(raw))
    )


def locked_pdf(user, owner):
    """The same with passwords."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf("Write articles")))
    writer.encrypt(user, owner, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def word():
    """A Word file with a title, a table and a closing line."""
    made = docx.Document()
    made.add_paragraph("内容编辑")
    table = made.add_table(2, 2)
    for i, cell in enumerate(["岗位职责", "负责选题策划", "任职要求", "本科以上"]):
        table.cell(i // 2, i % 2).text = cell
    made.add_paragraph("五险一金")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def workbook():
    """A workbook with one posting."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["id", "职位名称", "职位描述"])
        sheet.write_row(1, 0, [1, "内容编辑", "负责选题策划"])
    return out.getvalue()


def zipped(members, flag=0):
    """An archive with these members, each flagged as with a password if asked."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in members.items():
            archive.writestr(name, raw)
    raw = out.getvalue()
    at = raw.index(b"PK\x01\x02") + 8
    return raw[:at] + bytes([raw[at] | flag]) + raw[at + 1 :]


def parts(raw, **edits):
    """The members of a zipped file, some replaced."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name) for name in archive.namelist()} | edits


WORD, BOOK, PAGE = word(), workbook(), pdf("Write articles and edit them")
FORMATS = [
    ("csv", "p.csv", b"description\nx\n", "csv"),
    ("tsv", "p.TSV", b"description\tid\nx\t1\n", "csv"),
    ("jsonl by name", "p.jsonl", b"broken", "jsonl"),
    ("jsonl by content", "p.txt", b'{"description": "x"}\n{}', "jsonl"),
    ("jsonl with a long first line", "p.log", b'{"description": "' + b"x" * 9_000, "jsonl"),
    ("text", "p.txt", TEXT.encode(), "text"),
    ("text that looks like json", "p.txt", b'{"a":' + b"[" * 4_000, "text"),
    ("workbook by content", "p.csv", BOOK, "xlsx"),
    ("word by content", "p.xlsx", WORD, "docx"),
    ("pdf by content", "p.docx", PAGE, "pdf"),
    ("old workbook", "p.xls", OLE + b"\0" * 600, "xls"),
]
REFUSED = [
    ("empty", "p.csv", b"", "empty"),
    ("binary", "p.txt", bytes(range(32)) * 90, "binary"),
    ("random bytes", "p", b"\x81\x20\xff\xfe\x80\x80" * 90, "encoding"),
    ("protected workbook", "p.xlsx", PROTECTED, "password"),
    ("protected word file", "p.docx", PROTECTED, "password"),
    ("protected members", "p.xlsx", zipped({"xl/workbook.xml": b"x"}, 1), "password"),
    ("protected pdf", "p.pdf", locked_pdf("user", "owner"), "password"),
    ("pdf with a cipher unknown to us", "p.pdf", pdf("x", AES), "password"),
    ("old word file", "p.doc", OLE + b"\0" * 600, "old_office"),
    ("damaged old workbook", "p.xls", OLE + b"\0" * 600, "damaged"),
    ("scanned pdf", "p.pdf", pdf(""), "no_text"),
    ("cut pdf", "p.pdf", PAGE[:60], "damaged"),
    ("cut word file", "p.docx", WORD[: len(WORD) // 2], "damaged"),
    ("cut workbook", "p.xlsx", BOOK[:-40], "damaged"),
    ("archive", "p.zip", zipped({"a.txt": b"x"}), "archive"),
    ("bomb", "p.xlsx", zipped({"xl/a": b"0" * 20_000_000}), "bomb"),
    ("too many members", "p.docx", zipped({f"word/{i}": b"" for i in range(5_001)}), "bomb"),
    ("word file of something else", "p.docx",
     zipped(parts(WORD, **{"word/document.xml": b"<foo/>"})), "damaged"),
    ("word file without a body", "p.docx", zipped(parts(WORD, **{
        "word/document.xml": b'<w:document xmlns:w="http://schemas.openxmlformats.org/'
                             b'wordprocessingml/2006/main"/>'})), "damaged"),
    ("workbook without its sheet", "p.xlsx",
     zipped({k: v for k, v in parts(BOOK).items() if "sheet1" not in k}), "damaged"),
]  # fmt: skip
PRELUDES = [b"", b"PK\x03\x04", OLE, b"%PDF-1.4\n", b"{", b"\xef\xbb\xbf", b"\xff\xfe",
            b"\xff\xfe\0\0", b"description\n", b'{"description": "']  # fmt: skip
NAMES = ["p.txt", "p.csv", "p.jsonl", "p.xls", "p.ods", "p"]


def rows_of(path, pack):
    """All postings of a file."""
    return list(readers.rows(path, readers.format_of(path), Named(), pack, run_here))


@pytest.fixture
def read(tmp_path, book):
    """The rows of a file with that name and content."""

    def rows(name, raw):
        path = tmp_path / name
        path.write_bytes(raw)
        return rows_of(path, book.pack)

    return rows


@pytest.mark.parametrize(
    ("name", "raw", "form"), [row[1:] for row in FORMATS], ids=[row[0] for row in FORMATS]
)
def test_readers_tell_the_format_by_the_content(tmp_path, name, raw, form):
    """Only where bytes do not tell does the name decide."""
    path = tmp_path / name
    path.write_bytes(raw)
    assert readers.format_of(path) == form


@pytest.mark.parametrize(
    ("name", "raw", "key"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_readers_refuse_with_the_reason(read, name, raw, key):
    """Each kind of unusable file has its own sentence, in every language."""
    with pytest.raises(Unreadable) as caught:
        read(name, raw)
    assert caught.value.key == f"classify.file.{key}"
    assert len({caught.value.message(language) for language in LANGUAGES}) == len(LANGUAGES)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_readers_take_a_text_file_for_one_posting(read, encoding):
    """The first short line is its title, the rest its description."""
    (row,) = read("p.txt", TEXT.encode(encoding))
    assert (row.id, row.number, row.posting.title) == ("p.txt", 1, "内容编辑")
    assert f"{row.posting.title}\n{row.posting.description}" == TEXT


def test_readers_take_the_words_of_a_word_file_in_order(read):
    """Paragraphs and table cells as they stand in the document."""
    (row,) = read("p.docx", WORD)
    assert row.posting.title == "内容编辑"
    assert row.posting.description == "岗位职责\n负责选题策划\n任职要求\n本科以上\n五险一金"


@pytest.mark.parametrize(
    "raw", [PAGE, locked_pdf("", "owner")], ids=["open", "locked against change only"]
)
def test_readers_take_the_words_of_a_pdf(read, raw):
    """A PDF that anyone may open is read."""
    (row,) = read("p.pdf", raw)
    assert row.posting.description.startswith("Write articles")


def test_readers_take_three_characters(read):
    """Little is not nothing."""
    (row,) = read("p.txt", b"abc")
    assert row.posting.description == "abc"


def test_readers_take_the_beginning_of_five_megabytes(read, book):
    """A huge text is cut, and the verdict says that it was."""
    (row,) = read("p.txt", TEXT.encode() + b"\n" + "背景如下。".encode() * 340_000)
    assert len(row.posting.description) <= documents.MAX_CHARS
    (result,) = batch.run([row], book.pack)
    assert result.verdict.function == "content_operations"
    assert "cut" in [odd.kind for odd in result.verdict.flags]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_readers_take_jsonl_in_any_encoding(read, encoding):
    """Editors save JSONL in many encodings, too."""
    lines = '{"id": 1, "description": "负责选题策划"}\n\n{"id": 2, "description": "撰写稿件"}\n'
    rows = read("p.jsonl", lines.encode(encoding))
    assert [(row.number, row.id) for row in rows] == [(1, 1), (3, 2)]
    assert rows[1].posting.description == "撰写稿件"


def sound(path, pack):
    """Read, classify and write a file; nothing but Unreadable may come out of it."""
    try:
        rows = rows_of(path, pack)
    except Unreadable as problem:
        assert all(problem.message(language) for language in LANGUAGES)
        return
    for result in batch.run(rows, pack):
        assert (result.verdict is None) == (result.row.problem is not None)
        assert writers.json_line(result, pack).encode("utf-8")
        assert "".join(output.cells(result, pack, "en").values()).encode("utf-8")


@given(
    prelude=st.sampled_from(PRELUDES),
    raw=st.binary(max_size=200),
    name=st.sampled_from(NAMES),
)
def test_readers_survive_any_bytes(tmp_path_factory, book, prelude, raw, name):
    """Rows or a refusal, never anything else, and all of it can be written."""
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(prelude + raw)
    sound(path, book.pack)


@given(
    raw=st.sampled_from([WORD, BOOK, PAGE, locked_pdf("", "owner")]),
    at=st.floats(0, 1),
    gone=st.integers(0, 40),
    put=st.binary(max_size=8),
)
def test_readers_survive_any_damage(tmp_path_factory, book, raw, at, gone, put):
    """A real file with some bytes lost, changed or added is read or refused."""
    place = int(at * len(raw))
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(raw[:place] + put + raw[place + gone :])
    sound(path, book.pack)


@given(
    raw=st.sampled_from([WORD, BOOK]),
    pick=st.integers(0, 20),
    at=st.floats(0, 1),
    gone=st.integers(0, 400),
    put=st.binary(max_size=8),
)
def test_readers_survive_any_damage_inside(tmp_path_factory, book, raw, pick, at, gone, put):
    """So is an office file whose archive is whole and one of whose parts is not."""
    members = parts(raw)
    name = sorted(members)[pick % len(members)]
    part = members[name]
    place = int(at * len(part))
    members[name] = part[:place] + put + part[place + gone :]
    path = tmp_path_factory.getbasetemp() / "inside"
    path.write_bytes(zipped(members))
    sound(path, book.pack)
