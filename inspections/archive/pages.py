"""What the pages of the archive show: the list, one file, what paper and electronic disagree about (ui-2.md 25, 25b)."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices.agenda import left_of_due
from benxi_shuangsuiji.subject import Leaf, Waiting
from benxi_shuangsuiji.workdays.days import full_date, is_over, short_date, weekday
from inspections.checks.states import SHUT_OR_NOBODY
from inspections.models import ArchiveRequest, Inspection, Outcome, PaperScan, Volume, Wish

from . import actions, rules, urging
from .models import of_archive
from .standing import File, damaged_files, files_of
from .urging import Urging

TONES = {Outcome.NO_ISSUE: "ok", **dict.fromkeys(SHUT_OR_NOBODY, "wait")}
FOOT = (
    "没有发现问题的，公开那天算办结，批准不公开的从批准和名单公开的那天算；发现问题的，整改、立案或移送有了结果算办结。"
    "有更换审批表的，名单公开以前不算办结。"
)
CHIPS = (("", "全部"), ("late", "逾期"), ("lacking", "缺文书"), ("whole", "文书齐"))


def waiting(user, unit, quarter):
    """The files of the unit that wait to be bound, for the navigation."""
    return Waiting((unbound(user, unit),)) if unit else None


def unbound(user, unit):
    return of_archive(user).filter(unit=unit).exclude(volumes__part=0, volumes__file__isnull=False)


def bound(user, unit, year: int):
    return of_archive(user).filter(unit=unit, year=year, volumes__part=0, volumes__file__isnull=False)


@dataclass(frozen=True)
class Row:
    """One file in the list."""

    file: File
    today: date
    urging: Urging

    @property
    def stays(self) -> str:
        return self.urging.stays([line.filed.name for line in self.file.missing], self.today)

    @property
    def tone(self) -> str:
        return TONES.get(self.file.check.outcome, "warn")

    @property
    def badge(self) -> dict:
        return badge(self.file, self.today)

    @property
    def group(self) -> str:
        if self.file.due and is_over(self.file.due.date, self.today):
            return "late"
        return "lacking" if self.file.missing else "whole"

    @property
    def button(self) -> str:
        missing = self.file.missing
        return f"催{missing[0].filed.name}" if len(missing) == 1 else f"催 {len(missing)} 份文书"


def badge(file: File, today: date) -> dict:
    """As the to-do of its binding says it."""
    if file.due is None:
        return {"text": "未办结", "state": ""}
    words, tone = left_of_due(file.due, today, file.calendar)
    return {"text": words, "state": tone, "title": f"{full_date(file.due.date)}前成册"}


def listing(user, unit, year: int, chosen: str) -> dict[str, object]:
    """Late ones first, then what lacks something, then what can be bound; by deadline."""
    today = clock.today()
    checks = unbound(user, unit).select_related(*actions.ALONG).order_by("no")
    every = [file for file in files_of(checks) if file.due]
    asked = urging.of([file.check.no for file in every])
    rows = [Row(file, today, asked[file.check.no]) for file in sorted(every, key=lambda f: f.due.date)]
    lacking, ready = ([row for row in rows if bool(row.file.missing) == lacks] for lacks in (True, False))
    late = [row for row in rows if row.group == "late"]
    of = {"late": late, "lacking": lacking, "whole": ready}
    shown = {chosen: of[chosen]} if chosen else {key: [row for row in rows if row.group == key] for key in of}
    titles = {"late": "已经逾期", "lacking": "缺文书，没有逾期", "whole": "文书齐了"}
    done, found = bound(user, unit, year).count(), mismatches(user, unit)
    homeless = len(found[0].rows)
    papers = Counter(line.filed.name for row in rows for line in row.file.missing)
    most = max(papers.values(), default=1)
    bindable = sum(not rules.why_not_bind(row.file, user) for row in ready)
    running = sum(bool(row.file.main and row.file.main.why_running) for row in ready)
    held = sum(bool(row.file.holds) for row in ready)
    states = ((bindable, "卷可以成册"), (running, "卷正在成册"), (held, "卷现在不能成册"))
    longest = max(((today - row.file.due.date).days for row in late), default=0)
    return {
        "groups": [(titles[key], some) for key, some in shown.items() if some],
        "counts": {"": len(rows), **{key: len(rows) for key, rows in of.items()}},
        "closed": done + len(rows),
        "done": done,
        "papers": [(name, n, round(100 * n / most)) for name, n in papers.most_common()],
        "missing": sum(papers.values()),
        "bindable": bindable,
        "homeless": homeless,
        "mismatches": found,
        "open": unbound(user, unit).count() - len(rows),
        "stats": [
            _stat(
                "逾期没有成册",
                len(late),
                f"最长逾期 {longest} 天" if longest else "没有逾期的",
                bad=bool(late),
            ),
            _stat("缺文书", len(lacking), f"共缺 {sum(papers.values())} 份" if lacking else "没有缺文书的"),
            _stat("文书齐", len(ready), "，".join(f"{n} {words}" for n, words in states if n) or "没有要成册的"),
            _stat("已成册", done, f"{homeless} 卷没有架位" if homeless else "纸质都已上架"),
        ],
    }


def _stat(label: str, figure: int, note: str, bad=False) -> dict:
    return {"label": label, "figure": figure, "unit": "卷", "note": note, "bad": bad}


# --- one file ----------------------------------------------------------------------------------------------------


def shown(file: File, user) -> dict:
    """Everything on the page of one file."""
    volume, today = file.main, clock.today()
    scans = _scans(file.check)
    printed = {paper.key: paper for v in file.volumes for paper in v.papers.all()}
    rows = [_line(n, leaf, printed.get(leaf.key), scans) for n, leaf in enumerate(file.leaves, 1)]
    matched = [scans[row["leaf"].key] for row in rows if row["leaf"].key in scans]
    needed = [line for line in file.lines if line.filed.needed]
    refusal = rules.why_not_bind(file, user)
    return {
        "rows": rows,
        "last": printed.get("BACKUP"),
        "pages": volume.pages if file.bound else 0,
        "needed": [line for line in needed if not line.excused],
        "matched": (sum(len(have) for have, _ in matched), sum(of for _, of in matched)),
        "unread": sum(0 in scan.pages for scan in file.check.paper_scans.all() if scan.of_pages),
        "clock": _clock(file, today),
        "badge": badge(file, today),
        "refusal": refusal,
        "state": refusal or "文书齐，可以成册",
        "looks": looks(file.check),
        "over": rules.is_over(file, today),
        "later": file.unbound if file.bound else [],
        "keeps": not rules.why_not_the_archivist(file.check, user),
        "url": reverse("inspections:archive-file", args=[file.check.no]),
    }


def appraised(file: File, asked: ArchiveRequest) -> list[str]:
    """What whoever decides an appraisal decides about: which volume, where it lies, what goes and what stays (七(七)-q)."""
    if asked.wish == Wish.WITHOUT or not file.bound:
        return []
    volume = file.bound
    place = "，".join(filter(None, (volume.box, volume.shelf))) or "没有登记架位"
    pages = sum(v.pages for v in file.volumes if v.file_id)
    found = [f"档号 {volume.no}，{pages} 页，{place}。保管 {file.years} 年，到 {full_date(file.kept_until)}。"]
    if asked.wish == Wish.DESTROY:
        found.append("批准以后合订本和文书不能再打开，纸质卷凭批准销毁；目录、指纹、申请和操作记录留下。")
    return found


def _line(n: int, leaf: Leaf, paper, scans) -> dict:
    have, of = scans.get(leaf.key, (set(), 0))
    missing = sorted(set(range(1, of + 1)) - have)
    words = f"{len(have)}/{of} 页对上" + (f"，缺第 {'、'.join(map(str, missing))} 页" if missing else "")
    return {
        "n": n,
        "leaf": leaf,
        "number": leaf.number(),
        "paper": paper,
        "digest": paper.digest if paper else leaf.digests[0] if len(leaf.digests) == 1 else "",
        "scan": words if of else "",
        "whole": not missing,
    }


def _scans(check: Inspection) -> dict[str, tuple[set[int], int]]:
    """Paper → its pages that came back from the scanner, and how many there are."""
    found: dict[str, tuple[set[int], int]] = {}
    for scan in check.paper_scans.all():
        have, of = found.get(scan.paper, (set(), 0))
        found[scan.paper] = (have | {n for n in scan.pages if n}, max(of, scan.of_pages))
    return {paper: (have, of) for paper, (have, of) in found.items() if of}


def _clock(file: File, today: date) -> dict:
    if file.due is None or file.bound:
        return {}
    passed, of = file.calendar.workdays_between(file.closed_on, today), file.due.workdays
    return {
        "days": ["on" if n < passed else "" for n in range(of)] if passed <= of else ["over"] * of,
        "passed": min(passed, of),
        "start": f"{short_date(file.closed_on)}办结",
        "now": f"今天 {short_date(today)}，第 {passed} 个工作日",
        "end": f"{short_date(file.due.date)}，第 {of} 个工作日",
        "due": f"{short_date(file.due.date)}（{weekday(file.due.date)}）前成册",
    }


def looks(check: Inspection):
    """Who opened the file or took a copy of it; the newest first."""
    entries = AuditEntry.objects.filter(about_type="inspections.Inspection", about_key=check.no)
    return (
        entries.filter(verb__in=("inspections.volume.read", "inspections.volume.taken"))
        .select_related("actor")
        .order_by("-at")
    )


# --- paper and electronic ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mismatch:
    """What paper and electronic disagree about; of each thing its file, its name and what is said beside it."""

    title: str
    words: str
    rows: list[tuple[Inspection, str, str]]
    bad: bool = False


def mismatches(user, unit) -> list[Mismatch]:
    """双向并存 (七(七)-r): volumes without a place, pages that no scan shows, files that are no longer what was bound."""
    volumes = Volume.objects.visible_to(user).bound().filter(inspection__unit=unit, destroyed_at=None)
    volumes = volumes.select_related("inspection__facility", "file").prefetch_related("papers")
    scans = PaperScan.objects.filter(inspection__in=of_archive(user).filter(unit=unit)).select_related(
        "inspection__facility"
    )
    damaged = damaged_files()
    homeless = [
        (v.inspection, v.no, f"{v.inspection.facility.name}　{localtime(v.bound_at):%Y-%m-%d} 成册，{v.pages} 页")
        for v in volumes
        if not v.shelf
    ]
    unread = [
        (s.inspection, s.get_paper_display(), f"{s.inspection.facility.name}　{s.inspection.no}{_unseen(s)}")
        for s in scans
        if s.of_pages and (s.missing or 0 in s.pages)  # a notice counts no pages
    ]
    broken = [
        (v.inspection, v.no, "文件的指纹和成册时不同")
        for v in volumes
        if {v.file.sha256, *(p.digest for p in v.papers.all())} & damaged
    ]
    changed = [
        (s.inspection, s.get_paper_display(), f"{s.inspection.no}　纸质印出以后，记录改过") for s in scans if s.changed
    ]
    return [
        Mismatch("没有架位", "卷，已成册、没有登记盒号和架位", homeless),
        Mismatch("扫描件不全", "份，缺页或者码看不清", unread),
        Mismatch("内容对不上", "份，指纹和成册时不同，或者印出以后记录改过", [*broken, *changed], bad=True),
    ]


def _unseen(scan: PaperScan) -> str:
    missing = f"　缺第 {'、'.join(map(str, scan.missing))} 页" if scan.missing else ""
    return missing + ("　有一页没有认出" if 0 in scan.pages else "")
