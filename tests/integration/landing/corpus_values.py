"""Values that are wrong, and look-alikes that are right."""

from __future__ import annotations

from tests.integration.landing.corpus_case import Case, header, line, value_case

_BALANCE = [
    ("text for money", "abc", "wrong_type"),
    ("empty money", "", "missing_value"),
    ("quoted empty money", '""', "missing_value"),
    ("three decimals", "1.234", "too_many_decimals"),
    ("a third decimal that would round away", "1.004", "too_many_decimals"),
    ("zeros after the second decimal", "1.2300", None),
    ("a far decimal", "1.00000000000000000001", "too_many_decimals"),
    ("no decimals", "7", None),
    ("a bare point", ".", "wrong_type"),
    ("a leading point", ".5", None),
    ("a trailing point", "5.", None),
    ("a plus sign", "+5.00", None),
    ("negative zero", "-0.00", None),
    ("leading zeros", "0007.50", None),
    ("two signs", "--5", "wrong_type"),
    ("a sign at the end", "5.00-", "wrong_type"),
    ("brackets for negative", "(5.00)", "wrong_type"),
    ("an exponent", "1e3", "wrong_type"),
    ("an exponent as spreadsheets write it", "1.5E+05", "wrong_type"),
    ("an underscore", "1_000.00", "wrong_type"),
    ("thousands separated", '"1,000.00"', "wrong_type"),
    ("a decimal comma", '"10,50"', "wrong_type"),
    ("a currency sign", "$5.00", "wrong_type"),
    ("a currency code", "5.00 EUR", "wrong_type"),
    ("a blank before", " 5.00", "wrong_type"),
    ("a blank after", "5.00 ", "wrong_type"),
    ("a no-break space", "5\u00a0000.00", "wrong_type"),
    ("full-width digits", "\uff15.00", "wrong_type"),
    ("hexadecimal", "0x10", "wrong_type"),
    ("not a number", "NaN", "wrong_type"),
    ("infinity", "inf", "wrong_type"),
    ("the word null", "NULL", "wrong_type"),
    ("the largest amount", "10000000000000.00", None),
    ("the largest amount owed", "-10000000000000.00", None),
    ("a cent more than the largest", "10000000000000.01", "out_of_range"),
    ("a cent more than the largest owed", "-10000000000000.01", "out_of_range"),
    ("the largest the type can hold", "9999999999999999.99", "out_of_range"),
    ("more than the type can hold", "10000000000000000.00", "out_of_range"),
    ("forty digits", "1" * 40, "out_of_range"),
]
_DATE = [
    ("no date", "yesterday", "wrong_type"),
    ("empty key date", "", "missing_value"),
    ("month 13", "2024-13-01", "wrong_type"),
    ("30 February", "2024-02-30", "wrong_type"),
    ("29 February of a common year", "2023-02-29", "wrong_type"),
    ("29 February of a leap year", "2024-02-29", None),
    ("slashes", "2024/12/31", "wrong_type"),
    ("day first", "31.12.2024", "wrong_type"),
    ("no leading zeros", "2024-1-5", "wrong_type"),
    ("no separators", "20241231", "wrong_type"),
    ("two-digit year", "24-12-31", "wrong_type"),
    ("with a time", "2024-12-31 00:00:00", "wrong_type"),
    ("a blank before", " 2024-12-31", "wrong_type"),
    ("the word epoch", "epoch", "wrong_type"),
    ("infinity", "infinity", "wrong_type"),
    ("a spreadsheet's serial number", "45657", "wrong_type"),
    ("year zero", "0000-00-00", "wrong_type"),
    ("before our era", "0044-03-15 (BC)", "wrong_type"),
    ("far future", "9999-12-31", "future_date"),
]
_INTEGER = [
    ("a fraction", "1.5", "wrong_type"),
    ("a whole number with point zero", "3.0", None),
    ("text", "many", "wrong_type"),
    ("an exponent", "1e2", "wrong_type"),
    ("less than the least", "-1", "out_of_range"),
    ("twenty digits", "9" * 20, "out_of_range"),
    ("more days than a century has", "36526", "out_of_range"),
    ("leading zeros", "007", None),
    ("hexadecimal", "0xFF", "wrong_type"),
]
_BOOLEAN = [
    ("yes", "yes", "wrong_type"),
    ("one", "1", "wrong_type"),
    ("t", "t", "wrong_type"),
    ("empty", "", "missing_value"),
    ("capitals", "TRUE", None),
    ("title case", "False", None),
]
_CUSTOMER = [
    ("unknown code", "customer_type", "private", "unknown_code"),
    ("code in capitals", "customer_type", "RETAIL", "unknown_code"),
    ("code with a blank", "gender", "male ", "unknown_code"),
    ("empty nullable code", "gender", "", None),
    ("a code beyond the scale", "risk_appetite", "R6", "unknown_code"),
    ("born before the first date", "birth_date", "1879-12-31", "out_of_range"),
    ("born on the first date", "birth_date", "1880-01-01", None),
    ("negative income", "household_income", "-0.01", "out_of_range"),
    ("closed before opened", "closed_on", "2009-12-31", "date_order"),
    ("closed on the day opened", "closed_on", "2010-01-01", None),
    ("a bad date in a nullable column", "closed_on", "never", "wrong_type"),
    ("a blank key", "customer_id", "  ", "missing_value"),
    ("a key of 64 characters", "customer_id", "C" * 64, None),
    ("a key of 65 characters", "customer_id", "C" * 65, "too_long"),
    ("64 characters beyond ASCII", "customer_id", "客" * 64, None),
    ("a comma in quotes", "address", '"1 High Street, Town"', None),
    ("doubled quotes", "name", '"Wei ""Will"" Zhang"', None),
    ("letters of many scripts", "name", "张伟 Müller Ωmega", None),
]
_OTHERS = [
    ("a currency in small letters", "accounts", "currency", "eur", "bad_pattern"),
    ("a currency of two letters", "accounts", "currency", "EU", "bad_pattern"),
    ("a currency with more behind it", "accounts", "currency", "EURO", "bad_pattern"),
    ("a missing currency", "accounts", "currency", "", "missing_value"),
    ("six decimals of a rate", "products", "ftp_spread", "0.123456", None),
    ("seven decimals of a rate", "products", "ftp_spread", "0.1234567", "too_many_decimals"),
    ("a rate in per cent", "products", "ftp_spread", "1.25%", "wrong_type"),
    ("a rate over its bound", "products", "ftp_spread", "1.000001", "out_of_range"),
    ("a weight on its bound", "products", "asset_weight", "10", None),
    ("opened before banks had computers", "accounts", "opened_on", "1900-01-01", None),
    ("a century lost", "accounts", "opened_on", "0024-02-01", "out_of_range"),
    ("ends before it starts", "campaigns", "ends_on", "2024-02-29", "date_order"),
]


def value_cases() -> list[Case]:
    """One case per value, and rows with several problems."""
    cases = [value_case(n, "account_balances", "closing_balance", v, c) for n, v, c in _BALANCE]
    cases += [value_case(n, "account_balances", "balance_on", v, c) for n, v, c in _DATE]
    cases += [value_case(n, "loan_performance", "days_past_due", v, c) for n, v, c in _INTEGER]
    cases += [value_case(n, "loan_performance", "in_default", v, c) for n, v, c in _BOOLEAN]
    cases += [value_case(n, "customers", column, v, c) for n, column, v, c in _CUSTOMER]
    cases += [value_case(n, t, column, v, c) for n, t, column, v, c in _OTHERS]
    table = "campaigns"
    ahead = line(table, starts_on="2031-01-01", ends_on="2031-02-01")
    cases.append(Case("campaigns: planned ahead", table, (header(table) + ahead).encode()))
    table = "account_balances"
    several = line(table, account_id="", balance_on="x", closing_balance="y")
    cases.append(
        Case(
            "every value of a row wrong",
            table,
            (header(table) + several).encode(),
            problems=(
                (2, "account_id", "missing_value"),
                (2, "balance_on", "wrong_type"),
                (2, "closing_balance", "wrong_type"),
            ),
        )
    )
    return cases
