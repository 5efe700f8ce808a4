"""Which facility a row of a workbook means, and what follows for its category: of the registry's own table, and of lists
that others make. A list speaks of facilities that are there; whom it does not name stays as he is (六(二)-a, -n, -o, -t).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.db import connection
from django.db.models import Prefetch

from benxi_shuangsuiji.database.arrays import text_array
from registry import book
from registry.codes import name_key
from registry.comparison import Comparison, before_and_after
from registry.divisions import whole_city
from registry.models import (
    CategoryGround,
    ChangeProposal,
    Facility,
    PositiveListEntry,
    ProposalKind,
)

from . import categories, names
from .names import Named

CODES = ("code", "permit_no", "uscc")
_SEVERAL = re.compile("[^、;；\\n]{4,}[、;；\\n]+[^、;；\\n]{4,}")
_DERIVED_FROM = ("permit_category", "permit_no", "credit_level")
_BY_CODE = """
SELECT id, code, permit_no, uscc, unit_id FROM registry_facility
WHERE code = ANY(%(code)s::text[]) OR (permit_no <> '' AND permit_no = ANY(%(permit_no)s::text[])) OR uscc = ANY(%(uscc)s::text[])
"""
# Of its own table a name alone means only what has no code.
_WITHOUT_CODE = f"""
SELECT id FROM registry_facility
WHERE unit_id = %(unit)s AND uscc = '' AND permit_no = '' AND {names.BARE.format("name")} = ANY(%(names)s)
"""


class FacilityRows(Comparison):
    """Rows that mean facilities of one unit."""

    by = CODES
    leaves_others = False  # rows of other units are passed over; otherwise they are a mistake
    code_remedy = "名录编号由系统编排；新增的对象这一列留空"
    of_the_living = True  # whom a remark calls closed is not taken as listed

    @property
    def foreign_remedy(self) -> str:
        """Whoever confirms a part of the city's list has no table in which to write."""
        return f"确由本单位监管的，{'告诉牵头部门' if self.asked.get('part') else '写明监管单位'}"

    def prepare(self, lines: list) -> None:
        written = []
        for line in lines:
            self.forget_running_number(line)
            name = line.values.get("name")
            if name and names.may_have_more(name) and (found := names.written(name)).name != name:
                written.append((line, found))
        if not written:
            return
        said = [name for line, found in written for name in (line.values["name"], found.name, found.before) if name]
        ours = [
            key for _, *called, unit in names.called(said) if unit == self.unit.pk for key, _ in names.keys(*called)
        ]
        for line, found in written:
            self._take_name(line, found, set(ours))

    def _take_name(self, line, found: names.Written, known: set[str]) -> None:
        """The name without what was written around it, unless somebody is called so with it."""
        is_part = found.before and not known & {name_key(found.name), name_key(found.before)}
        if is_part or name_key(line.values["name"]) in known:
            return
        line.values["name"] = found.name
        if not found.remark:
            text = "有 {n} 个名称前后的序号、星号没有当作名称"
            self.notes.count(line.number, self.columns["name"], text, "")
        elif found.is_gone and self.of_the_living and not line.values.get("status"):
            mend = "填“生产状态”和它的日期、依据" if "status" in self.columns else "已经不在的，删去此行"
            self.wrong(line, "name", f"名称后面写着“{found.remark}”", f"{mend}；仍在的，去掉括号里的话")
        else:
            remedy = "生产状态有变的，填“生产状态”一列" if "status" in self.columns and not found.before else ""
            self.note(line, "name", f"名称后面的“{found.remark}”没有当作名称", remedy)

    def match(self, lines: list) -> None:
        super().match(lines)
        unlike = [
            x for x in lines if x.match and x.values.get("name") and not names.is_called(x.match, x.values["name"])
        ]
        called = {x.values["name"] for x in unlike}
        others = names.others_of_today(self.unit, called, everywhere=self.leaves_others) if unlike else {}
        for line in unlike:
            meant = line.match
            same = [
                f"“{name}”（{code or '其他单位的对象'}）"
                for pk, name, code, uscc in others.get(name_key(line.values["name"]), ())
                if pk != meant.pk and not (uscc and uscc == meant.uscc)
            ]
            if same:
                problem = f"代码是“{meant.name}”（{meant.code}）的，名称是{'、'.join(same)}的"
                remedy = "核对是哪一家，改正代码或者名称；确已改用这个名称的，在对象页面办理变更"
                self.wrong(line, "name", problem, remedy)
            else:
                self.called_otherwise(line)

    def called_otherwise(self, line) -> None:
        """By its code the row means somebody whom nobody calls so."""

    def missing(self) -> int:
        there = book.facilities_of(self.unit).on_books()
        return there.count() - there.filter(pk__in=self.matched).count()

    def codes_of(self, line) -> tuple[str, str, str]:
        """By what the row says whom it means: number of the registry, permit, credit code."""
        code, permit, uscc = (line.values.get(name) or "" for name in CODES)
        return code, permit, uscc

    def look_up(self, lines: list) -> "_Index":
        own, elsewhere = [], {name: set() for name in CODES}
        if not lines:
            return _Index(own, elsewhere)
        said = [self.codes_of(line) for line in lines]
        asked = {n: text_array(set(codes) - {""}) for n, codes in zip(CODES, zip(*said, strict=True), strict=True)}
        nameless = [x.values.get("name", "") for x, codes in zip(lines, said, strict=True) if not any(codes)]
        with connection.cursor() as cursor:
            cursor.execute(_BY_CODE, asked)
            for pk, *codes, unit in cursor.fetchall():
                if unit == self.unit.pk:
                    own.append(pk)
                else:
                    for name, code in zip(CODES, codes, strict=True):
                        elsewhere[name].add(code)
            if any(nameless):
                cursor.execute(_WITHOUT_CODE, names.asked(nameless) | {"unit": self.unit.pk})
                own += [pk for (pk,) in cursor.fetchall()]
        return _Index(with_open(own), elsewhere)

    def find(self, line, found: "_Index") -> None:
        code, permit, uscc = self.codes_of(line)
        if code:
            line.match = found.by_code.get(code)
            if line.match is None and code in found.elsewhere["code"]:
                self.belongs_elsewhere(line, "code")
            elif line.match is None:
                self.wrong(line, "code", "名录里没有这个编号", "编号由系统编排；新增的对象这一格留空")
        elif permit and permit in found.elsewhere["permit_no"]:
            self.belongs_elsewhere(line, "permit_no")
        elif permit and permit in found.by_permit:
            line.match = found.by_permit[permit]
        elif uscc:
            # The same firm with another permit is another place; without any permit it is the place itself (decisions.md 1).
            same = [f for f in found.by_uscc.get(uscc, ()) if not permit or not f.permit_no]
            if len(same) > 1:
                problem = f"名录里有 {len(same)} 个对象用这个信用代码，分不清是哪一个"
                self.wrong(line, "uscc", problem, f"填写许可证编号，或者名录编号：{_codes(same[:5])}")
            elif same:
                (line.match,) = same
            elif not permit and uscc in found.elsewhere["uscc"]:
                self.belongs_elsewhere(line, "uscc")
        elif not permit:
            same = found.without_code.get(name_key(line.values.get("name", "")), ())
            if len(same) > 1:
                self.wrong(line, "name", f"名录里有 {len(same)} 个同名对象", f"填写名录编号：{_codes(same)}")
            elif same:
                (line.match,) = same

    def belongs_elsewhere(self, line, name: str) -> None:
        if self.leaves_others:
            self.leave(line)
            return
        remedy = "核对代码；不归本单位监管的，删去此行。只有辖区确有调整的，才提出移交申请"
        self.wrong(line, name, "名录里已有这个对象，属于其他单位", remedy)

    def outcome(self, facility: Facility | None, **said) -> dict:
        return outcome(facility, serious=self.notes.serious, **said)


class NamedRows(FacilityRows):
    """Rows of a list. Without code and permit the exact name says whom it means, in the unit; new ones it adds none."""

    by = ("permit_no", "uscc", "name")
    leaves_others = True
    county_is_kept = False  # it only tells whose the row is; who is found by code or name needs none

    def __init__(self, *args):
        super().__init__(*args)
        self._by_name: set[int] = set()

    def look_up(self, lines: list) -> "_Index":
        index = super().look_up(lines)
        said = {line.values.get("name", "") for line in lines if not index.knows(*self.codes_of(line))} - {""}
        index.named = self._named(said) if said else {}
        return index

    def _named(self, said: set[str]) -> dict[str, Named]:
        rows = names.called(said)
        found = {name_key(name): Named() for name in said}
        for facility in with_open([pk for pk, *_, unit in rows if unit == self.unit.pk]):
            for key, of_today in names.keys(facility.name, facility.former_names):
                if key in found:
                    (found[key].now if of_today else found[key].before).append(facility)
        for _, name, former, unit in rows:
            for key, _ in names.keys(name, former) if unit != self.unit.pk else ():
                if key in found:
                    found[key].elsewhere = True
        return found

    def find(self, line, found: "_Index") -> None:
        v = line.values
        named = replace(found.named.get(name_key(v.get("name", ""))) or Named())
        coded = any(v.get(n) or line.has_problem_in(self.title(n)) for n in CODES if n in self.columns)
        if coded:
            super().find(line, found)
        else:
            self._find_by_name(line, named)
        if line.match is None and line.number not in self.foreign:
            uscc = self.codes_of(line)[2]
            named.elsewhere |= bool(uscc) and uscc in found.elsewhere["uscc"] and uscc not in found.by_uscc
            self.find_nowhere(line, named, coded)
            return
        if line.match and not self.county_is_kept:
            line.forget_problem(self.title("division_code"))
        if line.match and (whose := self.not_ours(line)):
            self._told_of_another(line, named, coded, whose)

    def _told_of_another(self, line, named: Named, coded: bool, whose: str) -> None:
        """A name alone does not make a row ours that says it is another unit's; a code does."""
        if coded:
            self.note(line, "name", f"表里写的是{whose}，按代码是本单位的{line.match.code}", "监管单位有变的，办理移交")
        elif named.elsewhere or self.asked.get("part"):
            line.match = None
            self.leave(line)
        else:
            problem = f"表里写的是{whose}，名称对应的是本单位的 {line.match.code}"
            self.wrong(line, "name", problem, "是这一家的，补上信用代码；不是的，删去此行")

    def called_otherwise(self, line) -> None:
        text = f"名录里的名称是“{line.match.name}”，按代码对应"
        self.note(line, "name", text, "企业更名的，在对象页面办理变更")

    def _find_by_name(self, line, named: Named) -> None:
        if len(named.here) == 1:
            (line.match,) = named.here
            self._by_name.add(line.number)
            told = "按名称对应" if named.now else f"按曾用名对应，现在的名称是“{line.match.name}”"
            self.note(line, "name", f"{told}（{line.match.code}）")
        elif named.here:
            problem = f"名录里有 {len(named.here)} 个对象用这个名称：{_codes(named.here)}"
            self.wrong(line, "name", problem, "补上信用代码或许可证编号，写明是哪一个")

    def find_nowhere(self, line, named: Named, coded: bool) -> None:
        """Not in the unit: another unit's, or a mistake to mend here."""
        if not named.here and (named.elsewhere or not self.concerns(line)):
            self.leave(line)
        elif not coded and not line.values.get("name"):
            self.wrong(line, "name", "没有写明是哪一家", "填写信用代码、许可证编号或者名称")
        elif not line.problems:
            remedy = "核对代码；确实没有的，先加入检查对象名录"
            if not coded and _SEVERAL.search(self.written(line, "name")):
                remedy = "一格里有几家的，一行写一家"
            elif not coded:
                remedy = "核对名称，或者补上信用代码；确实没有的，先加入检查对象名录"
            elif named.here:
                remedy = f"核对代码；名录里同名的是 {_codes(named.here)}"
            name = next((n for n in ("uscc", "permit_no", "code") if line.values.get(n)), "name")
            self.wrong(line, name, "名录里没有这个对象", remedy)

    def concerns(self, line) -> bool:
        """Whether a row that nobody knows is this unit's to mend: by the county it names. The city team's is what names none,
        where a list for the whole city was split."""
        if said := self.unit_said(line):
            return said == self.unit.short_name
        said, own = line.values.get("division_code") or whole_city(), self.county or whole_city()
        return said == own or (not self.asked.get("part") and whole_city() in (said, own))

    def content(self, line) -> dict | None:
        content = super().content(line)
        return content | {"by_name": True} if content and line.number in self._by_name else content

    def change(self, line, facility: Facility | None) -> dict | None:
        return None if facility is None else self.change_of(facility, line)

    def change_of(self, facility: Facility, line) -> dict | None:
        raise NotImplementedError

    def missing(self) -> int:
        return len(self.absent())


class _Index:
    """The facilities of the unit by what names them; of other units only the codes in use there (X41)."""

    def __init__(self, facilities: list[Facility], elsewhere: dict[str, set[str]]):
        self.elsewhere = elsewhere
        self.named: dict[str, Named] = {}
        self.by_code = {f.code: f for f in facilities}
        self.by_permit = {f.permit_no: f for f in facilities if f.permit_no}
        self.by_uscc: dict[str, list[Facility]] = defaultdict(list)
        self.without_code: dict[str, list[Facility]] = defaultdict(list)
        for f in facilities:
            if f.uscc:
                self.by_uscc[f.uscc].append(f)
            elif not f.permit_no:
                self.without_code[name_key(f.name)].append(f)

    def knows(self, code: str, permit: str, uscc: str) -> bool:
        """Whether one of them is the unit's, so that nobody need look for the name."""
        return code in self.by_code or permit in self.by_permit or uscc in self.by_uscc


def with_open(keys: list[int]) -> list[Facility]:
    """These facilities with the grounds and the positive-list entry in force, and with what waits to be approved."""
    if not keys:
        return []
    return list(
        Facility.objects.filter(pk__in=keys)
        .order_by("code")
        .prefetch_related(
            Prefetch("grounds", CategoryGround.objects.filter(valid_to__isnull=True), to_attr="open_grounds"),
            Prefetch("positive_entries", PositiveListEntry.objects.filter(valid_to__isnull=True), to_attr="listed"),
            Prefetch("proposals", ChangeProposal.objects.pending(), to_attr="waiting"),
        )
    )


def kinds_asked(facility: Facility | None) -> tuple[set[str], set[str]]:
    """The kinds in force or asked for, and those whose end is asked for."""
    if facility is None:
        return set(), set()
    coming = {p.subject for p in facility.waiting if p.kind == ProposalKind.GROUND}
    leaving = {p.subject for p in facility.waiting if p.kind == ProposalKind.GROUND_END}
    return {g.kind for g in facility.open_grounds} | coming, leaving


def outcome(
    facility: Facility | None,
    *,
    serious: frozenset[str],
    new: Mapping[str, Any] | None = None,
    grounds: Iterable[dict] = (),
    ended: Iterable[str] = (),
    derives: bool = False,
    **more,
) -> dict:
    """What a row asks of a facility, with the derived grounds that follow or end, and the category if all is approved."""
    new, grounds, ended = new or {}, list(grounds), list(ended)
    there, leaving = kinds_asked(facility)
    if derives or facility is None or new.keys() & set(_DERIVED_FROM):
        facts = {n: new.get(n, getattr(facility, n, "")) for n in _DERIVED_FROM}
        derived = categories.derived_grounds(**facts, serious=serious)
        grounds += [{"kind": k.value, "evidence": e} for k, e in derived.items() if k.value not in there]
        held = {g.kind for g in facility.open_grounds} if facility else set()
        ended += [k for k in held - leaving if k in categories.DERIVED and k not in derived]
    kinds = (there - leaving - set(ended)) | {g["kind"] for g in grounds}
    return {
        "code": facility.code if facility else "",
        "name": facility.name if facility else new.get("name", ""),
        **before_and_after(facility, new),
        "grounds": grounds,
        "ended": ended,
        "category": [facility.category if facility else None, categories.category_of(kinds)],
        "positive": None,
        "status_on": None,
        "status_evidence": "",
        **more,
    }


def _codes(facilities: Iterable[Facility]) -> str:
    return "、".join(f.code for f in facilities)
