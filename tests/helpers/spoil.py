"""Files with slips made up by chance: in the text, in the cells of tables, in the parts of a workbook, in statements.

`BALANSEKUNST_INPUTS` says how many to make up of each kind, where not so few as in an ordinary run.
"""

import csv
import errno
import io
import os
import random
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from xml.sax.saxutils import escape

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse, serialize

from balansekunst.errors import UserError
from balansekunst.messages import LANGUAGES
from balansekunst.rdf.graph import Term

COUNT = int(os.environ.get("BALANSEKUNST_INPUTS", "25"))
TOKENS = {
    ".ttl": ['"', "<", ">", ".", "[", "(", "@nb", "^^", "<http://[::1/>", '"\\u0000"', "_:a", "a bk:Role", "<../../x>", "\\uD800", "4,5"],
    ".jsonld": ['{"@id": 1}', "[", "null", '"@context": null', '"@type": 3', '"@list": [[1]]', '"@reverse": 1', "1e999", '"@graph"'],
    ".tsv": ["\t", "\n", '"', "#", "https://[::1/", "<x>", "1.7", "høy", "- 3", "{", ": :", "\u2028", "sssom:NoTermFound", "a b", "skos:x"],
    ".csv": [";", '"', "\n", "=1+1", "\0", "ansatt-1", "Kari Nordmann", "\ufeff", "veiledning"],
    ".toml": ["[", "]", "[[[[[[", '"https://[::1/"', '"\\u0000"', "3", "{}", "= ", "languages = 1", "name = []", '"x/"', '["nb", "nb"]'],
    ".xml": [
        "<c>",
        "</c>",
        "<row>",
        '"',
        "&",
        "&#0;",
        "<v>",
        "</v>",
        ' t="s"',
        ' t="d"',
        ' r="ZZZZ9"',
        "-1",
        "1e999",
        "99999999999",
        "x",
        "",
    ],
    ".ods": [
        *(
            "<table:table-row>",
            "</table:table-row>",
            "<table:table-cell/>",
            "<table:covered-table-cell/>",
            "</table:table>",
            "<table:table>",
        ),
        *("<text:p>", "</text:p>", "<text:line-break/>", '<text:s text:c="99999999"/>', "<office:annotation>", "<draw:frame/>"),
        *(
            "&#0;",
            "&",
            "<",
            ">",
            '"',
            " ",
            "x",
            "99999999",
            "-1",
            "1e999",
            'table:name="x"',
            "table:table-cell",
            "table:covered-table-cell",
        ),
    ],
}
"""What slips in, by the ending of a file."""
ODS_ATTRIBUTES = [
    *(
        f'table:number-{kind}="{number}"'
        for kind in ("rows-repeated", "columns-repeated", "rows-spanned")
        for number in ("0", "3", "9999999", "x")
    ),
    *('office:value-type="float" office:value="1e999"', 'office:value-type="float" office:value="x"', 'table:formula="of:=1+1"'),
    *('office:value-type="date" office:date-value="2024-13-45"', 'office:value-type="percentage" office:value="0.5"'),
]
"""What a row or cell of an OpenDocument workbook may come to say of itself."""
CELLS = [
    *("", " ", "-", "–", "\n", "x", "Veiledning", "Veiledning; Veiledning", "veiledning\nmålstyring", "1", "-1", "4,5", "1e999", "²"),
    *("99999999", "2024-13-45", "2024", "ja", "kanskje", "P0D", "1/0", "=1+1", "'=1+1", "#N/A", "{name}", "{", "%", "a" * 5000),
    *("https://[::1/", "http://", "http://x y", "https://w3id.org/balansekunst/standard/butikksjef", "bk:Role", "rdf:type", "rdf:x y"),
    *("standard/", "role/../x", "/", "..", "competence/veiledning", "<x>", "<<", "_:b", '"x"@nb', '"x"^^xsd:date', "æøå", "ÆØÅ/", "?"),
    *("\u202e", "\u2028", "\ufeff", "\u0007", "\U0010ffff", "e\u0301", "xsd:integer", "nb", "no-such", "mennesker", "Mennesker", "hva"),
]
"""What may come to stand in a cell."""
TERMS: list[Term] = [
    *(NamedNode(f"https://example.org/{end}") for end in ("", "x", "a%20b", "%E6", "?q=1#x", "æ", "x" * 500)),
    *(NamedNode(iri) for iri in ("javascript:alert(1)", "urn:x", "mailto:a@b.no", "https://w3id.org/balansekunst/", "http://[::1]/", "x:")),
    *(NamedNode(f"https://w3id.org/balansekunst/{path}") for path in ("ns#Role", "ns#order", "role/butikksjef", "competence", "ns#no")),
    BlankNode("b"),
    *(Literal(text) for text in ("", "x", "\u0007", "{name}", "<b>", "a" * 5000)),
    *(Literal(text, language=tag) for text in ("", "Veiledning", "\u202e") for tag in ("nb", "en", "no", "nb-no", "en-x-plain")),
    *(
        Literal(text, datatype=NamedNode(f"http://www.w3.org/2001/XMLSchema#{kind}"))
        for kind in ("integer", "date", "gYear", "gYearMonth", "duration", "boolean", "decimal", "anyURI", "double", "no-such")
        for text in ("1", "-1", "x", "2024-02-30", "P1M", "INF", "99999999999999999999999")
    ),
]
"""What may come to stand in a statement."""


def spoil_text(text: str, tokens: Sequence[str], chance: random.Random) -> str:
    """A text with a few slips: something left out, twice, moved, or from elsewhere."""
    for _ in range(chance.randint(1, 4)):
        one, other = sorted(chance.randint(0, len(text)) for _ in range(2))
        near = min(other, one + chance.randint(1, 30))
        text = chance.choice(
            [
                text[:one] + text[near:],
                text[:near] + text[one:],
                text[:one] + chance.choice(tokens) + text[one:],
                text[:one] + chance.choice(tokens) + text[near:],
                text[:one],
                text.replace(text[one:near], chance.choice(tokens)) if text[one:near] else text,
            ]
        )[:200_000]
    return text


def spoil_rows(rows: list[list[str]], chance: random.Random) -> list[list[str]]:
    """Rows with a few slips: cells with what belongs elsewhere, rows and columns left out or twice."""
    rows = [list(row) for row in rows] or [[""]]
    for _ in range(chance.randint(1, 6)):
        number = chance.randrange(len(rows))
        row = rows[number] or [""]
        column = chance.randrange(len(row))
        elsewhere = chance.choice(rows) or [""]
        what = chance.randrange(8)
        if what < 4:
            row[column] = chance.choice(CELLS)
        elif what == 4:
            row[column] = chance.choice(elsewhere)
        elif what == 5:
            rows.insert(number, list(row))
        elif what == 6 and len(rows) > 1:
            del rows[number]
        else:
            row.insert(column, chance.choice(elsewhere))
        rows[min(number, len(rows) - 1)] = rows[min(number, len(rows) - 1)] or [""]
    return rows


def spoil_csv(content: bytes, chance: random.Random) -> bytes:
    """A table in CSV with a few slips."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    written = io.StringIO()
    csv.writer(written).writerows(spoil_rows(rows, chance))
    return written.getvalue().encode("utf-8-sig")


def spoil_part(name: str, part: bytes, chance: random.Random) -> bytes:
    """A part of a workbook, or any text, with a few slips."""
    text = part.decode("utf-8", "replace")
    if name == "content.xml" and chance.random() < 0.9:
        return spoil_ods_sheets(text, chance).encode("utf-8", "replace")
    ending = ".csv" if name.endswith(".csv") else ".xml"
    return spoil_text(text, TOKENS[ending], chance).encode("utf-8", "replace")


def spoil_ods_sheets(content: str, chance: random.Random) -> str:
    """The sheets of an OpenDocument workbook with a few slips: in what its cells hold or say of themselves, in its rows, or in its text."""
    parts = re.split(r"(<table:table-row>.*?</table:table-row>)", content, flags=re.DOTALL)
    for _ in range(chance.randint(1, 6)):
        number, elsewhere = (chance.randrange(1, len(parts), 2) for _ in range(2))
        what = chance.randrange(12)
        if what < 6:
            pieces = re.split(r"(<text:p>[^<]*</text:p>|<table:table-cell/>)", parts[number])
            if len(pieces) > 1:
                place, text = chance.randrange(1, len(pieces), 2), f"<text:p>{escape(chance.choice(CELLS))}</text:p>"
                is_empty = pieces[place] == "<table:table-cell/>"
                pieces[place] = f"<table:table-cell>{text}</table:table-cell>" if is_empty else text
            parts[number] = "".join(pieces)
        elif what < 8:
            written = rf"<table:table-\1 {chance.choice(ODS_ATTRIBUTES)}\2>"
            parts[number] = re.sub(r"<table:table-(row|cell)[^>]*?(/?)>", written, parts[number], count=chance.randint(1, 3))
        elif what == 8:
            parts[number] = parts[elsewhere]
        elif what == 9:
            parts[number] += parts[elsewhere]
        elif what == 10:
            parts[number] = ""
        else:
            parts[number] = spoil_text(parts[number], TOKENS[".ods"], chance)
    return "".join(parts)


def spoil_zip(archive: bytes, chance: random.Random) -> bytes:
    """A workbook or zip of tables with slips in one or two of its parts, or in its bytes."""
    if chance.random() < 0.1:
        return spoil_text(archive.decode("latin-1"), ["\0", "PK\3\4", "PK\5\6", "\xff"], chance).encode("latin-1", "replace")
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as new:
        names = old.namelist()
        weights = [20 if name == "content.xml" else 1 for name in names]
        chosen = set(chance.choices(names, weights, k=chance.randint(1, 3)))
        for name in names:
            part = old.read(name)
            if name in chosen:
                if chance.random() < 0.05:
                    continue
                is_table = name.endswith(".csv") and chance.random() < 0.8
                part = spoil_csv(part, chance) if is_table else spoil_part(name, part, chance)
            new.writestr(name, part)
    return made.getvalue()


def spoil_triples(quads: Sequence[Quad], chance: random.Random) -> list[Quad]:
    """Statements with a few slips: left out, or with a subject, property or value that belongs elsewhere."""
    spoilt = list(quads)
    for _ in range(chance.randint(1, 5)):
        number = chance.randrange(len(spoilt))
        quad, other = spoilt[number], chance.choice(spoilt)
        odd = chance.choice(TERMS)
        what = chance.randrange(8)
        if what == 0 and len(spoilt) > 1:
            del spoilt[number]
        elif what == 1:
            spoilt[number] = Quad(other.subject, quad.predicate, quad.object)
        elif what == 2:
            spoilt[number] = Quad(quad.subject, other.predicate, quad.object)
        elif what == 3:
            spoilt.append(Quad(quad.subject, quad.predicate, other.object))
        elif what == 4 and isinstance(odd, NamedNode):
            spoilt[number] = Quad(odd, quad.predicate, quad.object)
        elif what == 5 and isinstance(odd, NamedNode):
            spoilt[number] = Quad(quad.subject, odd, quad.object)
        elif what == 6:
            spoilt.append(Quad(quad.subject, quad.predicate, odd))
        else:
            spoilt[number] = Quad(quad.subject, quad.predicate, odd)
    return spoilt


def spoil_turtle(content: str, base: str, chance: random.Random) -> str:
    """A file in Turtle with a few slips: in its text, or more often in what it says."""
    if chance.random() < 0.3:
        return spoil_text(content, TOKENS[".ttl"], chance)
    quads = spoil_triples(list(parse(content.encode(), RdfFormat.TURTLE, base_iri=base)), chance)
    return (serialize((quad.triple for quad in quads), format=RdfFormat.TURTLE) or b"").decode()


def make_up(kind: str, share: int = 1) -> Iterator[tuple[int, random.Random]]:
    """Give the numbers of what is to be made up, each with its own chance, which is the same in every run; of what takes long, a share."""
    for number in range(1, COUNT // share + 1):
        yield number, random.Random(f"{kind}/{number}")


@contextmanager
def read_or_told(what: str, *paths: Path) -> Iterator[None]:
    """Let the user's faults pass that are told in sentences. Any other error would end a command with 3."""
    try:
        yield
    except UserError as error:
        assert all(error.format_sentences(language) for language in LANGUAGES), what
    except OSError as error:
        # The command line tells of what the system refuses.
        assert error.errno == errno.ENAMETOOLONG, what
    except Exception as error:
        raise AssertionError(f"{what}: {[str(path) for path in paths]}") from error
