"""Files whose form is wrong: lines, quotes, bytes, packing, headers."""

from __future__ import annotations

from orchestration.landing.csvbytes import MAX_LINE
from tests.integration.landing.corpus_case import Case, header, line, packed, text_case
from tests.integration.landing.corpus_parquet import many_balances

_H = header("account_balances")
_R = "A{},2024-12-31,{}.00\n"


def _rows(first: int, last: int) -> str:
    return "".join(_R.format(n, n) for n in range(first, last + 1))


def line_cases() -> list[Case]:
    """Single lines that cannot be read, and where the next ones stand."""
    bad = "malformed_row"
    return [
        text_case("too few values", _H + "A1,2024-12-31\n" + _rows(1, 2), (2, None, bad), rows=3),
        text_case(
            "too many values", _H + _rows(1, 1) + "A1,2024-12-31,1,2\n", (3, None, bad), rows=2
        ),
        text_case("thousands unquoted", _H + "A1,2024-12-31,1,000.00\n", (2, None, bad)),
        text_case("only commas", _H + ",,,,\n" + _rows(3, 3), (2, None, bad), rows=2),
        text_case(
            "empty values only",
            _H + ",,\n",
            (2, "account_id", "missing_value"),
            (2, "balance_on", "missing_value"),
            (2, "closing_balance", "missing_value"),
        ),
        text_case(
            "a stray word", _H + _rows(1, 2) + "-- end of report --\n", (4, None, bad), rows=3
        ),
        text_case(
            "semicolons in one line", _H + "A1;2024-12-31;5\n" + _rows(4, 4), (2, None, bad), rows=2
        ),
        text_case(
            "a quote inside a value",
            _H + 'A"1,2024-12-31,5\n' + _rows(5, 5),
            (2, None, bad),
            rows=2,
        ),
        text_case("text after a closing quote", _H + '"A1"x,2024-12-31,5\n', (2, None, bad)),
        text_case("blank before a quote", _H + ' "A1",2024-12-31,5\n', (2, None, bad)),
        text_case(
            "a quote never closed",
            _H + _rows(1, 1) + '"A2,2024-12-31,5\n' + _rows(3, 4),
            (3, None, bad),
            rows=4,
        ),
        text_case(
            "two quotes never closed",
            _H + '"A1,2024-12-31,5\n' + _rows(2, 2) + '"A3,2024-12-31,5\n' + _rows(4, 5),
            (2, None, bad),
            (4, None, bad),
            rows=5,
        ),
        text_case(
            "single quotes",
            _H + "'A1','2024-12-31','5'\n",
            (2, "balance_on", "wrong_type"),
            (2, "closing_balance", "wrong_type"),
        ),
        text_case(
            "backslash before a quote",
            _H + '"A\\"1",2024-12-31,5\n' + _rows(6, 6),
            (2, None, bad),
            rows=2,
        ),
        text_case(
            "a line break in quotes",
            _H + '"A\n1",2024-12-31,5\nA2,x,5\n',
            (4, "balance_on", "wrong_type"),
            rows=2,
        ),
        text_case(
            "three line breaks in quotes",
            _H + '"A\n\n\n1",2024-12-31,5\nA2,x,5\n',
            (6, "balance_on", "wrong_type"),
            rows=2,
        ),
        text_case(
            "a bad row over two lines",
            _H + '"A\n1",x,5\n' + _rows(7, 7),
            (2, "balance_on", "wrong_type"),
            rows=2,
        ),
        text_case(
            "a record over lines with too few values",
            _H + '"A\n1",5\n' + _rows(8, 8),
            (2, None, bad),
            (3, None, bad),
            rows=3,
        ),
        text_case(
            "everything quoted",
            _H + '"A1","2024-12-31","5.00"\n"A2","2024-12-31","x"\n',
            (3, "closing_balance", "wrong_type"),
            rows=2,
        ),
        text_case(
            "blank lines",
            _H + "\n\n" + _rows(1, 1) + "\n  \nA2,x,5\n\n",
            (7, "balance_on", "wrong_type"),
            rows=2,
        ),
        text_case(
            "windows line ends",
            (_H + _rows(1, 2) + "A3,x,5\n").replace("\n", "\r\n"),
            (4, "balance_on", "wrong_type"),
            rows=3,
        ),
        text_case(
            "mixed line ends",
            _H + _rows(1, 1).replace("\n", "\r\n") + "A3,x,5\n",
            (3, "balance_on", "wrong_type"),
            rows=2,
        ),
        text_case(
            "old line ends",
            (_H + _rows(1, 2) + "A3,x,5\n").replace("\n", "\r"),
            (4, "balance_on", "wrong_type"),
            rows=3,
        ),
        text_case(
            "windows line break in quotes",
            (_H + '"A\n2",2024-12-31,5\nA2,x,5\n').replace("\n", "\r\n"),
            (4, "balance_on", "wrong_type"),
            rows=2,
        ),
        text_case(
            "a carriage return inside a line",
            _H + "A1,2024-12\r-31,5\n" + _rows(9, 9),
            (2, "balance_on", "wrong_type"),
            rows=2,
        ),
        text_case(
            "the header again",
            _H + _rows(1, 1) + _H,
            (3, "balance_on", "wrong_type"),
            (3, "closing_balance", "wrong_type"),
            rows=2,
        ),
        text_case("no line end at the end", _H + _rows(1, 3).rstrip("\n"), rows=3),
        text_case(
            "a last value in quotes without line end",
            _H + _rows(1, 3) + '"A\n9",2024-12-31,"5"',
            rows=4,
        ),
        text_case(
            "a separator of the reader",
            _H + "A\x1f1,2024-12-31,5\n" + _rows(11, 11),
            (2, None, "bad_encoding"),
            rows=2,
        ),
        text_case(
            "a zero byte",
            _H + "A\x001,2024-12-31,5\n" + _rows(12, 12),
            (2, None, "bad_encoding"),
            rows=2,
        ),
        text_case(
            "one line not UTF-8",
            _H.encode() + b"A\xe9,2024-12-31,5\n" + _rows(13, 14).encode(),
            (2, None, "bad_encoding"),
            rows=3,
        ),
        text_case(
            "two lines not UTF-8 among others",
            _H.encode()
            + b"A\xe9,2024-12-31,5\n"
            + "Aé,2024-12-31,5\n".encode()
            + b"A\xff,2024-12-31,5\n",
            (2, None, "bad_encoding"),
            (4, None, "bad_encoding"),
            rows=3,
        ),
        text_case(
            "a noncharacter",
            _H + "A\ufdd1,2024-12-31,5\n" + _rows(15, 15),
            (2, None, "bad_encoding"),
            rows=2,
        ),
        text_case(
            "a long line", _H + "A" * 900_000 + ",2024-12-31,5\n", (2, "account_id", "too_long")
        ),
        text_case(
            "bad row in a packed file",
            _H + _rows(1, 1) + "A1,x,5\n",
            (3, "balance_on", "wrong_type"),
            rows=2,
            file="a.csv.gz",
        ),
        text_case(
            "two packed parts",
            packed((_H + _rows(1, 1)).encode()) + packed(b"A1,x,5\n"),
            (3, "balance_on", "wrong_type"),
            rows=2,
            file="a.csv.gz",
        ),
        text_case(
            "a byte order mark",
            b"\xef\xbb\xbf" + (_H + "A1,x,5\n").encode(),
            (2, "balance_on", "wrong_type"),
        ),
        text_case(
            "two byte order marks",
            b"\xef\xbb\xbf" * 2 + (_H + "A1,x,5\n").encode(),
            (2, "balance_on", "wrong_type"),
        ),
        text_case(
            "the longest line",
            _H + "A" * (MAX_LINE - 13) + ",2024-12-31,5\n",
            (2, "account_id", "too_long"),
        ),
        text_case("header only", _H, rows=0),
        text_case("header only without line end", _H.rstrip("\n"), rows=0),
        text_case("header and blank lines", _H + "\n\n\n", rows=0),
        text_case(
            "columns in another order",
            "closing_balance,account_id,balance_on\nx,A1,2024-12-31\n",
            (2, "closing_balance", "wrong_type"),
        ),
        text_case(
            "an unknown column",
            "account_id,extra,balance_on,closing_balance\nA1,?,2024-12-31,x\n",
            (2, "closing_balance", "wrong_type"),
        ),
        text_case(
            "header in capitals with blanks",
            "ACCOUNT_ID, Balance_On ,closing_balance\nA1,x,5\n",
            (2, "balance_on", "wrong_type"),
        ),
        text_case(
            "quoted header",
            '"account_id","balance_on","closing_balance"\nA1,x,5\n',
            (2, "balance_on", "wrong_type"),
        ),
        text_case(
            "trailing comma everywhere",
            "account_id,balance_on,closing_balance,\nA1,x,5,\n",
            (2, "balance_on", "wrong_type"),
        ),
        text_case(
            "personal data in a broken line",
            header("customers") + "Zhang Wei,110101\n" + line("customers"),
            (2, None, bad),
            rows=2,
            table="customers",
        ),
    ]


def refused_cases() -> list[Case]:
    """Files that fail as a whole."""
    text = _H + _rows(1, 50)
    gz = packed(text.encode())
    pages = many_balances(5000)
    return [
        text_case("nothing at all", "", refused="is empty"),
        text_case("only a byte order mark", b"\xef\xbb\xbf", refused="is empty"),
        text_case("only blank lines", "\n\n", refused="empty"),
        text_case("nothing, packed", b"", file="a.csv.gz", refused="is empty"),
        text_case("no bytes for a packed file", b"!", file="a.csv.gz", refused="is empty"),
        text_case(
            "a missing column",
            "account_id,balance_on\nA1,2024-12-31\n",
            refused="lacks.*closing_balance",
        ),
        text_case(
            "two missing columns", "account_id\nA1\n", refused="lacks.*balance_on, closing_balance"
        ),
        text_case(
            "a column twice",
            "account_id,balance_on,closing_balance,balance_on\n",
            refused="'balance_on'.*twice",
        ),
        text_case(
            "a column twice by case",
            "account_id,balance_on,closing_balance,Account_ID\n",
            refused="twice",
        ),
        text_case(
            "an unknown column twice",
            "account_id,balance_on,closing_balance,x,x\n",
            refused="'x'.*twice",
        ),
        text_case("no header", _rows(1, 3), refused="no column of the contract"),
        text_case(
            "semicolons", _H.replace(",", ";") + "A1;2024-12-31;5\n", refused="separated by commas"
        ),
        text_case(
            "tabs", _H.replace(",", "\t") + "A1\t2024-12-31\t5\n", refused="separated by commas"
        ),
        text_case(
            "a header over two lines",
            '"account\n_id",balance_on,closing_balance\n',
            refused="not readable as CSV",
        ),
        text_case(
            "another table's file",
            header("products") + line("products"),
            refused="no column of the contract",
        ),
        text_case(
            "a web page", "<!DOCTYPE html>\n<html></html>\n", refused="no column of the contract"
        ),
        text_case("zero bytes only", bytes(4096), refused="starts with zero bytes"),
        text_case("zero bytes only, packed", bytes(99), file="a.csv.gz", refused="zero bytes"),
        text_case("UTF-16 with mark", text.encode("utf-16"), refused="UTF-16"),
        text_case("UTF-16 without mark", text.encode("utf-16-le"), refused="UTF-16"),
        text_case("UTF-16 big end first", text.encode("utf-16-be"), refused="UTF-16"),
        text_case(
            "GB18030",
            header("customers").encode()
            + "".join(
                line("customers", customer_id=f"C{n}", name="张伟", address="北京市")
                for n in range(9)
            ).encode("gb18030"),
            table="customers",
            refused="not UTF-8",
        ),
        text_case(
            "Latin-1",
            header("customers").encode()
            + "".join(
                line("customers", customer_id=f"C{n}", name="Müller") for n in range(9)
            ).encode("latin-1"),
            table="customers",
            refused="not UTF-8",
        ),
        text_case(
            "a header not UTF-8",
            b"account_id,balance_on,closing_balance,gr\xfcn\n",
            refused="header.*UTF-8",
        ),
        text_case(
            "not gzip", b"!" + text.encode(), file="a.csv.gz", refused="not readable as gzip"
        ),
        text_case("gzip cut off", gz[: len(gz) // 2], file="a.csv.gz", refused="cut off"),
        text_case("gzip without its last bytes", gz[:-4], file="a.csv.gz", refused="cut off"),
        text_case(
            "gzip with a wrong checksum",
            gz[:-8] + b"\0\0\0\0" + gz[-4:],
            file="a.csv.gz",
            refused="not readable as gzip",
        ),
        text_case(
            "gzip with rubbish behind",
            gz + b"rubbish",
            file="a.csv.gz",
            refused="not readable as gzip",
        ),
        text_case(
            "gzip damaged inside",
            gz[:20] + bytes(30) + gz[50:],
            file="a.csv.gz",
            refused="not readable as gzip",
        ),
        text_case("gzip named csv", gz, refused="gzip inside"),
        text_case("Parquet named csv", pages, refused="Parquet inside"),
        text_case("a spreadsheet named csv", b"PK\x03\x04rest", refused="Excel"),
        text_case("cut off in the last line", text + "A9,2024-1", refused="cut off.*half written"),
        text_case("cut off before the last value", text + "A9", refused="half written"),
        text_case("cut off inside quotes", text + 'A9,2024-12-31,"5', refused="half written"),
        text_case(
            "cut off inside a letter",
            _H.encode() + b"A1,2024-12-31,5\nA2,2024-12-31,5\xe5\xbc",
            refused="half written",
        ),
        text_case("cut off in the first row", _H + "A1,", refused="half written"),
        text_case(
            "cut off in the header",
            "account_id,balance_on,closing_bal",
            refused="lacks.*closing_balance",
        ),
        text_case(
            "a line longer than the longest",
            _H + "A" * (MAX_LINE - 12) + ",2024-12-31,5\n",
            refused="longer than",
        ),
        text_case("one endless line", _H + "A" * 3_000_000 + "\n", refused="longer than"),
        text_case(
            "an endless line of zero bytes",
            _H + _rows(1, 99) + "\0" * 1_500_000 + "x\n",
            refused="longer than",
        ),
        text_case("an unknown form", text, file="a.txt", refused="ends in none of"),
        text_case("an unpacked name", text, file="a.csv.zip", refused="ends in none of"),
        text_case("no ending", text, file="balances", refused="ends in none of"),
        text_case(
            "Parquet without bytes", b"", file="a.parquet", refused="not readable as Parquet"
        ),
        text_case("text named Parquet", text, file="a.parquet", refused="not readable as Parquet"),
        text_case(
            "Parquet cut off",
            pages[: len(pages) // 2],
            file="a.parquet",
            refused="not readable as Parquet",
        ),
        text_case(
            "Parquet without its last byte",
            pages[:-1],
            file="a.parquet",
            refused="not readable as Parquet",
        ),
        text_case(
            "Parquet with damaged pages",
            pages[:100] + b"\xff" * 3000 + pages[3100:],
            file="a.parquet",
            refused="not readable as Parquet",
        ),
    ]
