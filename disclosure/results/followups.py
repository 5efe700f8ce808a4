"""What followed a result, as the public reads it: from publications only, joined by the check's number (八(二)-e)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTextTransform

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.city import this_city
from disclosure.kept_files import CSV, File
from disclosure.models import FOLLOWUPS, Publication
from disclosure.register.places import Registered
from disclosure.revisions.tombstones import sentence
from disclosure.tables import Column, Table

# What each step is shown as (components/status.html); every other one is under way.
_MARKS = {"MENDED": "ok", "CASE_ENDED": "ok", "ANSWERED": "ok", "TO_CASE": "bad", "CASE_OPENED": "bad", "SENT": "bad"}
_FACTS = """(
    SELECT string_agg(concat(a.label, '：', a.value), '；')
    FROM jsonb_to_recordset(r.snapshot -> 'facts') AS a (label text, value text))"""
COLUMNS = [
    Column("公示编号", 26, "这一步的编号", "r.no"),
    Column("检查编号", 22, "同一次检查的结果和各步共用的编号", "r.snapshot ->> 'check'"),
    Column("检查对象", 34, "结果公开时的名称；自然人隐去名字", "r.facility_name"),
    Column("统一社会信用代码", 22, "18 位；自然人不公开", "r.snapshot -> 'facility' ->> 'uscc'"),
    Column("名录编号", 24, "检查对象名录里的固定编号", "r.facility_code"),
    Column("种类", 14, "整改情况、立案查处情况、移送情况", "f.kinds ->> r.kind"),
    Column("步骤", 14, "责令改正、延长改正期限、复查、整改办结等", "r.snapshot ->> 'step_label'"),
    Column("日期", 12, "办理的日期", "r.snapshot ->> 'on'", is_text=False),
    Column("内容", 50, "公开的原文", "r.snapshot ->> 'words'"),
    Column("要点", 50, "期限、文号等", _FACTS),
    Column("公开日期", 12, "这一步公开的日期", "(r.issued_at AT TIME ZONE 'Asia/Shanghai')::date", is_text=False),
    Column("版次", 8, "第几版；更正以后是新的一版", "r.version", is_text=False),
    Column("指纹", 36, "公示原文的 SHA-256", "r.digest"),
]


@dataclass(frozen=True)
class Shown:
    """One step beside its result; of a withdrawn one only that it was, and why."""

    publication: Publication
    gone: str = ""
    registered: Registered | None = None

    @property
    def on(self) -> date:
        return date.fromisoformat(self.publication.snapshot["on"])

    @property
    def mark(self) -> str:
        return _MARKS.get(self.publication.snapshot["step"], "warn")


def of_check(no: str) -> list[Shown]:
    """The steps of one check, withdrawn ones as what stands in their place."""
    newest: dict[str, Publication] = {}
    found = Publication.everything.filter(kind__in=FOLLOWUPS, no__startswith=f"{no}-")
    for publication in found.order_by("version"):
        newest[publication.no] = publication
    registered = Registered.of_all(newest.values()) if newest else {}
    shown = [Shown(p, sentence(p) if p.is_withdrawn else "", registered[p.pk]) for p in newest.values()]
    return sorted(shown, key=lambda s: (s.publication.issued_at, s.publication.pk))


def steps() -> QuerySet[Publication]:
    return Publication.objects.current().filter(kind__in=FOLLOWUPS)


def last_steps() -> tuple[str, tuple]:
    """A query of one object: number of a check → the words of its last step that is public."""
    said = {name: KeyTextTransform(key, "snapshot") for name, key in (("check_no", "check"), ("words", "words"))}
    rows, arguments = steps().order_by().annotate(**said).values("id", "issued_at", *said).query.sql_with_params()
    ordered = "s.check_no, s.words ORDER BY s.issued_at, s.id"  # of several words for one number the last stays
    return f"SELECT jsonb_object_agg({ordered}) FROM ({rows}) s", arguments


def file() -> File:
    """Every step that is public, the newest first."""
    columns = ("no", "version", "kind", "facility_name", "facility_code", "issued_at", "digest", "snapshot")
    found = steps().order_by("-issued_at", "-pk").values(*columns)
    kinds = {"kinds": {kind.value: kind.label for kind in FOLLOWUPS}}
    name = f"{this_city().label}_后续处理_{clock.today():%Y%m%d}.csv"
    return File(name, CSV, Table(COLUMNS, found, facts=kinds).write_csv, "/results/followups.csv")
