"""How the people of a unit stand on a day: certificate, duty, tags, and how many of each (六(三), ui.md 7.2)."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Prefetch, Q

from benxi_shuangsuiji.workdays.days import full_date
from registry import questions
from registry.models import CertificateStatus, Employment, Expertise, Inspector, InspectorAbsence, Scope
from registry.sheets import DIVISIONS

SOON = timedelta(days=183)  # ui.md 7.2: certificate ends within half a year
YEARS = (
    ("0", "不满 3 年", 0, 3),
    ("3", "3 至 9 年", 3, 10),
    ("10", "10 至 19 年", 10, 20),
    ("20", "20 年以上", 20, 200),
)
GENDERS = {"M": "男", "F": "女"}


def certificate_state(inspector: Inspector, today: date, window_to: date | None = None) -> dict:
    """How the certificate stands, in words; `bad` when somebody should look at it. `window_to`: last day of the checks."""
    if not inspector.certificate_no:
        return {"text": "没有执法证，不参加抽取", "bad": True}
    if inspector.certificate_status != CertificateStatus.VALID:
        return {"text": f"已{inspector.get_certificate_status_display()}，不参加抽取", "bad": True}
    until = f"{inspector.certificate_to:%Y-%m-%d}"
    if inspector.certificate_to < today:
        return {"text": f"已于 {until} 到期，不参加抽取", "bad": True}
    if inspector.certificate_from > today:
        return {"text": f"{inspector.certificate_from:%Y-%m-%d} 起有效", "bad": True}
    if window_to and today <= window_to and inspector.certificate_to < window_to:
        return {"text": f"有效期至 {until}，早于检查截止日 {window_to:%Y-%m-%d}，不参加抽取", "bad": True}
    if inspector.certificate_to <= today + SOON:
        return {"text": f"有效期至 {until}，将到期", "bad": True}
    return {"text": f"有效期至 {until}", "bad": False}


def duty_state(inspector: Inspector, absence=None) -> dict:
    """In service or not; `absence` is the one that holds today."""
    if inspector.left_on:
        return {"text": "已调离", "tone": "wait"}
    if inspector.employment == Employment.OFF_POST:
        return {"text": "不在岗", "tone": "wait"}
    if absence is None:
        return {"text": "在岗", "tone": "ok"}
    until = f"至 {absence.ends_on:%m-%d}" if absence.ends_on else ""
    return {"text": f"{absence.note[:6] if absence.note else '离岗'}{until}", "tone": "wait"}


def away_words(people: Iterable[Inspector], day: date) -> dict[int, str]:
    """Of these people, who is not in service on a day, by key: registered leave or other duty, or gone (六(三)-p)."""
    people = list(people)
    found = {
        p.pk: f"{p.name}{'已调离' if p.left_on else '不在岗'}"
        for p in people
        if (p.left_on and p.left_on <= day) or p.employment == Employment.OFF_POST
    }
    rows = InspectorAbsence.objects.filter(inspector__in=[p.pk for p in people], starts_on__lte=day)
    for a in rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day)).select_related("inspector").order_by("pk"):
        until = f"至 {full_date(a.ends_on)}" if a.ends_on else "起"
        words = f"{a.inspector.name}登记了{a.get_kind_display()}（{full_date(a.starts_on)}{until}）"
        found.setdefault(a.inspector_id, words)
    return found


def can_be_drawn(inspector: Inspector, absence, today: date) -> bool:
    """As far as the registry knows: a card valid today, in service, not away (六(三)-p, N-2)."""
    return (
        inspector.certified_on(today)
        and not absence
        and not inspector.left_on
        and inspector.employment != Employment.OFF_POST
    )


def drawable(people, today: date) -> list[Inspector]:
    """Those of a queryset who can be drawn today; two queries."""
    now = InspectorAbsence.objects.filter(starts_on__lte=today).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))
    rows = people.prefetch_related(Prefetch("absences", now, to_attr="away"))
    return [i for i in rows if can_be_drawn(i, i.away, today)]


def views(today: date, window_to: date) -> dict:
    """The saved views of the list: name → (label, whether a person belongs there); `away` is today's absence."""
    return {
        "all": ("全部", lambda i: True),
        "drawable": (
            "可参加抽取",
            lambda i: can_be_drawn(i, i.away, today),
        ),
        "soon": (
            "证件半年内到期",
            lambda i: i.certified_on(today) and i.certificate_to <= today + SOON,
        ),
        "window": (
            "检查期内到期",
            lambda i: i.certified_on(today) and i.certificate_to < window_to,
        ),
        "none": ("证件到期或没有", lambda i: not i.certified_on(today)),
        "away": ("离岗", lambda i: bool(i.away) and not i.left_on),
        "conflicts": ("有回避", lambda i: i.n_conflicts > 0),
        "undeclared": ("本年没有申报回避", lambda i: not i.declared and not i.left_on),
    }


def years_band(years: int | None) -> str:
    return next((key for key, _, low, high in YEARS if years is not None and low <= years < high), "")


def loads(user, unit, quarter) -> Counter:
    """Checks of the quarter by inspector (本季任务), as far as this reader may know."""
    return questions.ask.loads(user, unit, quarter)


# The tags of 六(三)-j … -p: name → (title, the values of one person, value → label).
TAGS = {
    "division": ("行政区域", lambda i, day: [i.division_code], lambda v: DIVISIONS.get(v, v)),
    "gender": ("性别", lambda i, day: [i.gender], lambda v: GENDERS.get(v, v)),
    "years": (
        "工作年限",
        lambda i, day: [years_band(i.years_of_service(day))],
        lambda v: next((label for key, label, _, _ in YEARS if key == v), v),
    ),
    "expertise": ("业务专长", lambda i, day: i.expertise, lambda v: Expertise(v).label),
    "post": ("部门岗位", lambda i, day: [i.post], str),
    "study": ("专业类别", lambda i, day: [i.field_of_study], str),
    "scope": ("专业资格", lambda i, day: i.scopes, lambda v: Scope(v).label),
    "employment": ("在编在岗", lambda i, day: [i.employment], lambda v: Employment(v).label),
}


def with_tags(people: list[Inspector], wanted: dict[str, str], day: date) -> list[Inspector]:
    """Those who bear every wanted tag; a name that is no tag is left out."""
    for name, value in wanted.items():
        _, values, _ = TAGS[name]
        people = [i for i in people if value in values(i, day)]
    return people


def counted_tags(people: list[Inspector], day: date) -> list[dict]:
    """How many bear each value of each tag, most first; (title, name, [(value, label, count)])."""
    found = []
    for name, (title, values, label) in TAGS.items():
        counts = Counter(v for i in people for v in values(i, day) if v)
        rows = [(v, label(v), n) for v, n in sorted(counts.items(), key=lambda c: (-c[1], c[0]))]
        if rows:
            found.append({"name": name, "title": title, "rows": rows})
    return found
