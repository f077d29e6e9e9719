"""docs/glossary.md: a word that several families say is told apart for each of them."""

from __future__ import annotations

import re
from collections import defaultdict

from tests.unit.docs.pages import names, page, table

NAMES = page("dbt_project/macros/segments/segment_names.sql")
# Of these everybody knows what they mean wherever they stand.
PLAIN = {"unknown", "not_measured", "not_a_person", "none", "a", "b", "c"}


def segments() -> dict[str, set[str]]:
    """Word -> schemes of segments that say it."""
    found: dict[str, set[str]] = defaultdict(set)
    _, _, listed = NAMES.partition("macro segment_names")
    for scheme, words in re.findall(r"'(\w+)': \{(.*?)\}", listed, re.DOTALL):
        for word in re.findall(r"'(\w+)':", words):
            found[word].add(scheme)
    return found


def test_words_that_several_schemes_say_are_told_apart() -> None:
    told: dict[str, set[str]] = defaultdict(set)
    for word, where, _ in table(page("docs/glossary.md"))[1]:
        told[names(word)[0]].update(names(where))
    shared = {word: places for word, places in segments().items() if len(places) > 1}
    assert "potential" in shared
    for word, places in shared.items():
        assert word in PLAIN or places <= told[word], word
