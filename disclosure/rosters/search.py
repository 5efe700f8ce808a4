"""Finding facilities by any part of a word: name, former name, code, address, district, industry (四(3)-a)."""

import re
import unicodedata
from functools import reduce
from operator import or_

from django.contrib.postgres.lookups import TrigramWordSimilar
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Concat, Lower, Replace, StrIndex
from django.db.models.lookups import GreaterThan

from disclosure.models import RosterRow

MOST_WORDS = 5
NEAR, MOST_NEAR = 0.35, 5
_ENDING = re.compile("(股份)?(有限)?(责任)?公司")
_CHINESE = re.compile("([\u3400-\u9fff])")


def spread(word: str) -> str:
    """As the index holds it: what the function registry_spread of the database does."""
    return _CHINESE.sub(r"\1\1\1", word.lower())


def seen(text: str) -> str:
    """What the eye sees of it: without the marks for direction and joining that come along with what is copied."""
    return "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cc") or c == "\n").strip()


def spellings(text: str) -> list[str]:
    """As it was typed, and with the letters and digits of full width as those of half width."""
    return list(dict.fromkeys((text, unicodedata.normalize("NFKC", text))))


def matching(rows: QuerySet[RosterRow], q: str) -> QuerySet[RosterRow]:
    """Those that have each of the words somewhere."""
    for word in q.split()[:MOST_WORDS]:
        rows = rows.filter(reduce(or_, (Q(search_text__contains=spread(form)) for form in spellings(word))))
    return rows


def nearest_first(rows: QuerySet[RosterRow], q: str) -> QuerySet[RosterRow]:
    """Where several words meet in one place, as they were typed, that place first: 枫桥路 15 before whoever has a 15 in his code."""
    if len(q.split()) < 2:
        return rows.order_by("name", "code")
    typed = "".join(unicodedata.normalize("NFKC", q).lower().split())
    plain = Lower(Replace(Concat("name", "address"), Value(" "), Value("")))
    together = Case(When(GreaterThan(StrIndex(plain, Value(typed)), 0), then=0), default=1)
    return rows.order_by(together, "name", "code")


def near(rows: QuerySet[RosterRow], q: str) -> list[RosterRow]:
    """What somebody may have meant: by shared trigrams, in the database, by the index of the search.

    `difflib` would have to read every name into the process for each misspelt word. What nearly every name ends with says
    nothing, and would bring nearly every row.
    """
    meant = spread(_ENDING.sub("", q) or q)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL pg_trgm.word_similarity_threshold = {NEAR}")
        alike = rows.filter(TrigramWordSimilar(F("search_text"), meant))
        alike = alike.annotate(alike=TrigramWordSimilarity(meant, "search_text"))
        return list(alike.order_by("-alike", "name", "code")[:MOST_NEAR])
