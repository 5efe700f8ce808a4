"""JSON Schema of each published text, by its kind (四(3)-e; PUB1 §1, §2).

Written beside nothing that makes the texts, as every public page: it knows what was published, not how. A test compares it with what
writes them, and every text that a test publishes is held to it. A withdrawn number has a tombstone in place of its words.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

from disclosure import words
from disclosure.city.result_tables import COLUMNS
from disclosure.models import FOLLOWUPS, Change, Ground, PublicationKind

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
WHOLE: Schema = {"type": "integer"}
YES_NO: Schema = {"type": "boolean"}
DAY: Schema = {"type": "string", "format": "date"}
PLACE: Schema = {"type": "string", "format": "uri"}
HEX: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
QUARTER: Schema = {"type": "string", "pattern": "^[0-9]{4}Q[1-4]$"}
CATEGORY: Schema = {"enum": [*words.CATEGORIES]}


def one_of(choices: Iterable[str]) -> Schema:
    return {"enum": [*map(str, choices)]}


def some(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def thing(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}


def each(kind: Schema, names: str) -> dict[str, Schema]:
    """These names, all of one kind."""
    return dict.fromkeys(names.split(), kind)


SOURCES = (
    "DRAW", "COMPLAINT", "MEDIA", "ASSIGNED", "REFERRED_IN", "APPROVAL_RELATED", "REVIEW", "EMERGENCY", "NUCLEAR_SAFETY",
    "CAMPAIGN", "JOINT", "DATA_CLUE", "OTHER_TARGETED", "SPECIAL_FACILITY",
)  # fmt: skip
SOURCE, MODE = one_of(SOURCES), one_of(("ONSITE", "OFFSITE", "DOCUMENT"))
UNIT = thing(code=TEXT, name=TEXT)
POLICY = thing(version=TEXT, title=TEXT)
FACILITY = thing(code=TEXT, name=TEXT, uscc=TEXT, natural_person=YES_NO)
_YEAR, _NUMBER = {"type": "integer", "minimum": 2000}, {"type": "integer", "minimum": 1, "maximum": 4}
_PERIOD = {"year": _YEAR, "quarter": _NUMBER}
_CHECKED = {"facility": FACILITY, "district": TEXT, "category": CATEGORY, "category_label": TEXT, "unit": UNIT, **_PERIOD}  # fmt: skip
_STEP = _CHECKED | {
    "checked_on": DAY,
    "check": TEXT,
    "kind_label": TEXT,
    "step": TEXT,
    "step_label": TEXT,
    "on": DAY,
    "words": TEXT,
    "facts": some(thing(label=TEXT, value=TEXT)),
}
_LOOK = thing(method=TEXT, **{"from": DAY, "to": DAY})
_LOOK = _LOOK | {
    "properties": _LOOK["properties"] | {"clue_withdrawn": {"const": True}}
}  # only where one was taken back
_ITEM = thing(code=TEXT, name=TEXT, answer=one_of(["", *words.ANSWERS]), words=some(TEXT), handling=TEXT)
_SUMMED = {"quarter": QUARTER, "title": TEXT, "unit_name": TEXT, "missing": some(TEXT), "policy": POLICY}
_STRATUM = thing(category=CATEGORY, name=TEXT, on_books=COUNT, planned=COUNT)
_PLANNED = thing(
    code=TEXT, name=TEXT, plan=TEXT, version=COUNT, digest=HEX, strata=some(_STRATUM),
    total=COUNT, window_text=TEXT, draw_text=TEXT, late_reason=TEXT,
)  # fmt: skip
_OUTCOME = {"type": "array", "prefixItems": [TEXT, TEXT, COUNT], "minItems": 3, "maxItems": 3}
_REPORTED = thing(
    code=TEXT, name=TEXT, receipt=TEXT, draws=some(TEXT), outcomes=some(_OUTCOME), **{name: COUNT for name, _ in COLUMNS}
)  # fmt: skip
CHECKED_RULE = thing(**each(TEXT, "id clause kind quote looks"), **each(COUNT, "kept broken open"))
_PLACE = thing(
    code=TEXT, name=TEXT, uscc=TEXT, former_names=some(TEXT), address=TEXT, district=TEXT,
    industry_code=TEXT, industry=TEXT, category=CATEGORY, natural_person=YES_NO,
)  # fmt: skip

_POINT = thing(number=COUNT, **each(TEXT, "text standard basis method applies_to"))
_CITE = thing(**each(TEXT, "title document_no kind"), articles=some(TEXT))
_LISTED = thing(
    **each(TEXT, "code category_name name content objects importance mode ratio frequency body legal_basis power_code scope"),
    **each(TEXT, "valid_from note materials"), category=WHOLE, annual_focus=YES_NO, cites=some(_CITE), points=some(_POINT),
)  # fmt: skip
_SHARE = thing(
    **each(TEXT, "category name ratio"), required={"anyOf": [WHOLE, {"type": "null"}]}, lines=some(TEXT),
    **each(WHOLE, "on_books drawable unseen halted capped offsite left_out planned reserved_percent"),
)  # fmt: skip
_PLAN_ITEM = thing(
    **each(TEXT, "code category_name name content legal_basis mode only"),
    category=WHOLE,
    **each(YES_NO, "key general special"),
)
_PLAN_ITEM["required"].remove("only")
_DRAWN_FROM = thing(**each(TEXT, "kind kind_name label due due_text"))
_NAMES = "title unit_code unit_name policy_title policy_label policy_version"

# What each kind says besides its number, version and salt.
WORDS: dict[str, dict[str, Schema]] = {
    "ITEM_LIST": {
        **each(TEXT, f"{_NAMES} reason due"), "year": WHOLE, "list_version": WHOLE, "bases": some(TEXT), "items": some(_LISTED),
    },
    "PLAN": {
        **each(TEXT, f"{_NAMES} revision_reason unit_short executing_unit quarter quarter_label list_title modes draw_at draw_text"),
        **each(TEXT, "window_from window_to window_text release_at release_text positive_text due late_reason"),
        **each(TEXT, "fallback_text local_list_title"), **each(YES_NO, "same_day_release positive_out"),
        **each(WHOLE, "revision list_version total team_size cap publish_within local_list_version"),
        "strata": some(_SHARE), "items": some(_PLAN_ITEM), "sources": some(_DRAWN_FROM), "bases": some(TEXT),
    },
    "REGISTER": {"unit": UNIT, **_PERIOD, "draw": TEXT, "manifest": HEX, "rows": some(_PLACE)},
    "RESULT": _CHECKED | {
        "executing_unit": TEXT, "source": SOURCE, "source_label": TEXT, "draw": TEXT,
        "mode": MODE, "mode_label": TEXT, "checked_on": DAY, "items": some(_ITEM),
        "outcome": one_of(words.OUTCOMES), "outcome_label": TEXT, "finding": TEXT, "measures": TEXT,
        "rectify_by": {"anyOf": [DAY, {"const": ""}]}, "inspectors": COUNT, "publish_by": DAY, "quarter_due": DAY,
        "workday_number": COUNT, "late_reason": TEXT, "names_confirmed": YES_NO, "policy": POLICY, "looks": some(_LOOK),
    },
    "SUMMARY": _SUMMED | {"changes": some(thing(code=TEXT, name=TEXT, words=some(TEXT))), "units": some(_PLANNED)},
    "RESULT_SUM": _SUMMED | {"added": some(TEXT), "units": some(_REPORTED)},
    "SELF_CHECK": {
        "quarter": QUARTER, **each(TEXT, "title unit_name as_of"), "units": COUNT, "rules": some(CHECKED_RULE), "policy": POLICY,
    },
    **dict.fromkeys(map(str, FOLLOWUPS), _STEP),
    "STATEMENT": {"facility": FACILITY, "district": TEXT, "unit": UNIT, **_PERIOD, "check": TEXT, "words": TEXT, "on": DAY},
    "DECISION": {
        "title": TEXT, "receipt": TEXT, "record": thing(kind=one_of(PublicationKind.values), no=TEXT, version=COUNT),
        "became": {"anyOf": [COUNT, {"type": "null"}]}, "unit": UNIT, "relation": TEXT, "relation_label": TEXT,
        "demand": TEXT, "demand_label": TEXT, "received_on": DAY, "decided_on": DAY, "due": DAY, "workday_number": COUNT,
        "late_reason": TEXT, "outcome": TEXT, "outcome_label": TEXT, "reason": TEXT, "document_no": TEXT,
        "places": some(thing(key=TEXT, label=TEXT)), "checked_by": TEXT, "decided_by": TEXT,
    },
    "HEADS": {"on": DAY, "chain": HEX, "trail": HEX},
    "KEY": {"old_key": TEXT, "new_key": TEXT, "document_no": TEXT, "on": DAY},
    "LOG": {
        "origin": TEXT, "old_origin": TEXT, "old_size": COUNT, "old_root": HEX, "old_key": TEXT,
        "reason": TEXT, "document_no": TEXT, "on": DAY,
    },
}  # fmt: skip
# What came later: texts of before do not hold it.
LATER = {"RESULT": ("looks",), "PLAN": ("fallback_text", "local_list_title", "local_list_version")}
TOMBSTONE = {
    "title": TEXT, "unit": UNIT, "year": _YEAR, "quarter": {"anyOf": [_NUMBER, {"type": "null"}]},
    "ground": one_of([*Ground.values, "OWN"]), "ground_label": TEXT, "reason": TEXT,
    "document_no": TEXT, "decided_by": TEXT, "withdrawn_on": DAY,
}  # fmt: skip
_CORRECTION = thing(reason=TEXT, document_no=TEXT, decided_by=TEXT, corrected_on=DAY, places=some(TEXT))


@cache
def of_kind(kind: str) -> Schema:
    """A published text of this kind: its words, or the tombstone of what was withdrawn."""
    said = WORDS[kind]
    return {
        "$schema": DIALECT,
        "title": PublicationKind(kind).label,
        "type": "object",
        "properties": {
            "kind": {"const": kind},
            "no": {"type": "string", "pattern": "^[0-9A-Z][0-9A-Z._-]{0,63}$"},
            "version": {"type": "integer", "minimum": 1},
            "salt": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
            "change": one_of(Change.values),
        },
        "required": ["kind", "no", "version", "salt"],
        "if": {"properties": {"change": {"const": "withdrawal"}}, "required": ["change"]},
        "then": {"properties": TOMBSTONE, "required": [*TOMBSTONE]},
        "else": {
            "properties": said | {"correction": _CORRECTION},
            "required": [name for name in said if name not in LATER.get(kind, ())],
        },
        "unevaluatedProperties": False,
    }
