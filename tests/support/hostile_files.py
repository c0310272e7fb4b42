"""Files that are made to harm whoever reads them; each is small on the disk."""

from __future__ import annotations

import io
import struct
import zipfile

SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0" + b"no,text\n" * 90
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01" + b"no,text\n" * 90


def xlsx(*sheets, texts=""):
    """A workbook; each sheet is the XML of its rows; *texts*: the XML of those it shares."""
    names = range(1, len(sheets) + 1)
    book = "".join(f'<sheet name="S{i}" sheetId="{i}" r:id="r{i}"/>' for i in names)
    related = f'<Relationship Id="t" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    related += "".join(
        f'<Relationship Id="r{i}" Type="{OFFICE}/worksheet" Target="worksheets/s{i}.xml"/>'
        for i in names
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r0" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}">'
        f"<sheets>{book}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{related}</Relationships>',
    }
    for i, rows in zip(names, sheets, strict=True):
        parts[f"xl/worksheets/s{i}.xml"] = (
            f'<worksheet xmlns="{SHEET}"><sheetData>{rows}</sheetData></worksheet>'
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        if texts:
            archive.writestr("xl/sharedStrings.xml", texts)
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def row(number, *cells):
    """The XML of a row of texts; a cell may be (place, text)."""
    told = [
        cell if isinstance(cell, tuple) else (f"{chr(65 + i)}{number}", cell)
        for i, cell in enumerate(cells)
    ]
    inside = "".join(f'<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>' for at, text in told)
    return f'<row r="{number}">{inside}</row>'


def far_cell():
    """A workbook of its first and last cell: 17 thousand million cells, if one makes them all."""
    return xlsx(row(1, "description") + row(1_048_576, ("XFD1048576", "Write articles")))


def looping_xls():
    """An old workbook whose directory comes after itself, again and again."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096,
                        0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)  # fmt: skip
    head = head.ljust(512, b"\xff")
    fat = struct.pack("<II", 0xFFFFFFFD, 1).ljust(512, b"\xff")
    return head + fat + bytes(1536)


def wide_csv(columns=100_000):
    """A table of that many columns."""
    return (",".join(f"c{i}" for i in range(columns)) + "\n").encode() * 2


def crowded_zip(members=300_000):
    """An archive that names that many members and holds none."""
    one = b"PK\x01\x02" + bytes(24) + struct.pack("<H", 1) + bytes(16) + b"x"
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, members & 0xFFFF, members & 0xFFFF,
                      len(one) * members, 4, 0)  # fmt: skip
    return b"PK\x03\x04" + one * members + end


def repeated(times=3_000, length=100_000):
    """A workbook that has one text and names it that many times."""
    texts = f'<sst xmlns="{SHEET}"><si><t>description</t></si><si><t>{"x" * length}</t></si></sst>'
    rows = "".join(
        f'<row r="{i}"><c r="A{i}" t="s"><v>{i > 1:d}</v></c></row>' for i in range(1, times)
    )
    return xlsx(rows, texts=texts)
