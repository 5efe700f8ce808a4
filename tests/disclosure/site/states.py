"""A table of states: what it is called → (address, sentence, status), and which of its rows do not hold."""

import re
from collections.abc import Mapping

from django.test import Client

PAGE = re.compile(r"<script.*?</script>|<[^>]+>", re.S)
Table = Mapping[str, tuple]


def words_of(address: str, status: int = 200) -> str:
    answer = Client().get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return re.sub(r"\s+", " ", PAGE.sub("", answer.content.decode()))


def missing(table: Table, **names: str) -> dict[str, str]:
    """The states that are not said where they should be, with what is said there."""
    wrong = {}
    for state, (address, sentence, *status) in table.items():
        words = words_of(address.format(**names), *status)
        if re.sub(r"\s+", " ", sentence.format(**names)) not in words:
            wrong[state] = words[:2500]
    return wrong
