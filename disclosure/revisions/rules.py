"""Why something public cannot be corrected or withdrawn, in one sentence (八(二)-c; 行政处罚法48, 50)."""

from collections.abc import Mapping
from datetime import date
from types import SimpleNamespace
from typing import Any

from django.utils.timezone import localtime

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.decision import why_not_decide
from benxi_shuangsuiji.refusal import why_not_reason
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure.city.result_tables import COLUMNS
from disclosure.draws.documents import PublicDocument
from disclosure.models import FOLLOWUPS, OF_THE_CITY, Publication, PublicationKind
from disclosure.rosters import corrections
from disclosure.words import district_of, districts
from inspections.models import FollowUp, Inspection
from inspections.privacy import findings as privacy
from inspections.visits.rules import why_not_submit
from registry.codes import why_not_uscc
from registry.inspectors.rules import why_not_scan

from .models import BY_ANOTHER, Act, Ground, Revision
from .places import TEXT, corrected, places_of
from .terms import term_of

ROLE = "由公示单位的公示员提出更正和撤下，全市汇总和合规体检摘要由牵头部门提出。"
DECIDER = "由公示单位的分管负责人批准更正和撤下。"
RECORDED = "记录这条结果的人不能提出，也不能决定它的更正和撤下，由别人办理。"


def may_ask(publication: Publication, user: User, unit: Unit) -> bool:
    return user.may(Permission.PUBLISH_CITY if publication.kind in OF_THE_CITY else Permission.PUBLISH, unit)


def why_not_open(publication: Publication, user: User, unit: Unit) -> str:
    """What stands in the way of this person asking, whatever he asks for."""
    if publication.is_withdrawn:
        return "这条公示已经撤下，原文已封存。要重新公开的，按原来的办法另行公开。"
    if not may_ask(publication, user, unit):
        return ROLE
    if is_recorder(publication, user):
        return RECORDED
    if Revision.objects.pending().filter(publication__kind=publication.kind, publication__no=publication.no).exists():
        return "已有一份申请等决定。"
    return ""


def why_not_ask(
    publication: Publication,
    user: User,
    unit: Unit,
    *,
    act: str,
    ground: str,
    reason: str,
    evidence: str,
    document_no: str,
    known_on: date | None,
    changes: Mapping[str, str],
    names_because: str,
    gone: str,
    file: tuple[str, bytes] | None,
    today: date,
) -> str:
    if refusal := why_not_open(publication, user, unit):
        return refusal
    if refusal := why_not_reason(reason, "理由") or why_not_reason(evidence, "证明材料") or why_not_scan(file):
        return refusal
    for label, text in (("理由", reason), ("文号", document_no)):
        if found := in_public(publication, label, text):
            return f"{found[0].sentence}。{label}随更正、撤下一并公开。"
    if act != Act.CORRECT and (
        refusal := _why_not_ground(publication, act, ground, reason, document_no, known_on, gone, changes, today)
    ):
        return refusal
    if act == Act.WITHDRAW:
        return why_still_needed(publication, today)
    return why_not_words(publication, changes, names_because)


def in_public(publication: Publication, label: str, text: str) -> list[privacy.Finding]:
    """Personal data in what is said in public about this publication."""
    if publication.kind not in (PublicationKind.RESULT, *FOLLOWUPS):
        return privacy.numbers(label, text)
    return _found_in(publication, [(label, text)])


def _why_not_gone(publication, act, ground, gone: str, changes: Mapping[str, str], said: str) -> str:
    """What must not be public is named once, and looked for in everything that stays or becomes public."""
    lines = [plain for line in gone.splitlines() if (plain := privacy.plain_of(line))]
    if ground not in (Ground.PRIVATE, Ground.SECRET):
        return ""
    if not lines:
        return "在“要撤下的文字”里写明是哪些文字，一行一处，用来核对别处没有留下。"
    old = _all_words(publication.snapshot)
    if missing := next((line for line in lines if not any(line in text for text in old)), ""):
        return f"公开的文字里没有“{missing}”。照公开页上的写法填写要撤下的文字。"
    if line := next((line for line in lines if line in privacy.plain_of(said)), ""):
        return f"理由和文号会公开，里面还有“{line}”。改写理由和文号。"
    if act == Act.REISSUE:
        for place in places_of(publication):
            text = privacy.plain_of(changes.get(place.key, place.value))
            if line := next((line for line in lines if line in text), ""):
                return f"{place.label}里还有“{line}”。改掉以后再提出。"
        new = _all_words(corrected(publication, changes))
        if line := next((line for line in lines if any(line in text for text in new)), ""):
            return f"不能更正的地方还有“{line}”，不能重新公开。选“撤下”，撤下以后按原来的办法另行公开。"
    return ""


def _all_words(said: Any) -> list[str]:
    """Every text of a snapshot, also where nothing can be corrected; the salt says nothing."""
    if isinstance(said, dict):
        return [text for key, value in said.items() if key != "salt" for text in _all_words(value)]
    if isinstance(said, list):
        return [text for value in said for text in _all_words(value)]
    return [privacy.plain_of(said)] if isinstance(said, str) else []


def _why_not_ground(publication, act, ground, reason, document_no, known_on, gone, changes, today) -> str:
    if ground not in Ground.values:
        return "选择撤下的事由。"
    if ground == Ground.REVOKED and (not document_no.strip() or known_on is None):
        return "决定被撤销或者变更的，写明那份决定的文号和日期，撤下的时限从那一天起算。"
    if known_on and known_on < date(publication.year, 1, 1):
        return f"撤销、变更决定的日期早于 {publication.year} 年。核对日期。"
    if known_on and known_on > today:
        return "撤销、变更决定的日期晚于今天。核对日期。"
    if ground == Ground.TERM:
        term = term_of(publication)
        if term.ends_on is None or term.ends_on > today:
            return f"公示期限{term.words}，还没有期满。"
        if act == Act.REISSUE:
            return "公示期满的只撤下，不重新公开。"
    texts = [line for p in places_of(publication) if p.kind == TEXT for line in p.value.splitlines() if len(line) >= 6]
    if copied := next((line for line in texts if line in reason), ""):
        return f"理由会公开，不能照抄要撤下的文字：“{copied[:20]}”。改写理由。"
    return _why_not_gone(publication, act, ground, gone, changes, f"{reason}\n{document_no}")


def why_not_words(publication: Publication, changes: Mapping[str, str], names_because: str) -> str:
    """The new words: something is new, they agree with each other, and nobody's private data is among them."""
    if not changes:
        return "没有改动任何文字。在要更正的地方写上正确的内容。"
    if refusal := _why_not_values(publication, changes):
        return refusal
    s = corrected(publication, changes)
    if publication.kind == PublicationKind.RESULT_SUM and (refusal := _why_not_sums(s)):
        return refusal
    if publication.kind == PublicationKind.SELF_CHECK and (refusal := _why_not_counts(publication, s)):
        return refusal
    if publication.kind in FOLLOWUPS:
        said = [(p.label, changes[p.key]) for p in places_of(publication) if p.key in changes]
        return privacy.why_not_clean(_found_in(publication, said))
    if publication.kind != PublicationKind.RESULT:
        found = [f for p in places_of(publication) for f in privacy.numbers(p.label, changes.get(p.key, ""))]
        return privacy.why_not_clean(found, confirmed=True)
    found = _findings(publication, s)
    if refusal := _why_not_result(publication, s) or privacy.why_not_clean(found, confirmed=bool(names_because)):
        return refusal
    return why_not_reason(names_because, "公开姓名的理由") if any(f.name for f in found) else ""


def names_in(publication: Publication, changes: Mapping[str, str]) -> list[str]:
    """The names in the new words that nobody has given a reason for yet."""
    if publication.kind != PublicationKind.RESULT:
        return []
    return list(dict.fromkeys(f.name for f in _findings(publication, corrected(publication, changes)) if f.name))


def _why_not_values(publication: Publication, changes: Mapping[str, str]) -> str:
    """What cannot be at all, before anything is computed from it."""
    if publication.kind == PublicationKind.REGISTER:
        return corrections.why_not(publication, changes)
    if publication.kind != PublicationKind.RESULT:
        return ""
    if (day := changes.get("checked_on")) and day < f"{publication.year}-01-01":
        return f"检查日期早于 {publication.year} 年。核对检查日期。"
    if code := changes.get("facility.uscc"):
        problem, remedy = why_not_uscc(code)
        if problem:
            return f"统一社会信用代码{problem}。{remedy}。"
    if district := changes.get("district"):
        own = [district_of("", u.code, u.short_name) for u in Unit.objects.drawing() if not u.code.isdecimal()]
        known = list(dict.fromkeys([*districts().values(), *own]))
        if district not in known:
            return f"所在县区没有“{district}”。可以填：{'、'.join(known)}。"
    least = policy.on(localtime(publication.issued_at).date()).min_team_size
    if (people := changes.get("inspectors")) and int(people) < least:
        return f"检查人员不少于 {least} 人。核对人数。"
    return ""


def _why_not_sums(s: dict) -> str:
    """抽取 = 查完 + 未能检查 + 更换 + 没有查完, as everywhere."""
    for unit in s["units"]:
        parts = sum(unit[name] for name in ("finished", "not_possible", "replaced", "unfinished"))
        if unit["drawn"] != parts:
            return f"{unit['name']}：查完、未能检查、更换、没有查完合计 {parts} 家，与抽取的 {unit['drawn']} 家不等。核对这几个数。"
        most = unit["drawn"] + unit["targeted"]
        for name in ("public", "onsite", "offsite", "problems", "rectify", "case", "transferred"):
            if unit[name] > most:
                return f"{unit['name']}：{dict(COLUMNS)[name]} {unit[name]} 家，多于抽取和针对性检查的 {most} 家。核对这个数。"
    return ""


def _why_not_counts(publication: Publication, s: dict) -> str:
    """Each rule is looked at in as many units as before: what one count loses another gains."""
    for before, rule in zip(publication.snapshot["rules"], s["rules"], strict=True):
        was, now = ([one[name] for name in ("kept", "broken", "open")] for one in (before, rule))
        if min(now) < 0 or sum(now) != sum(was):
            return f"{rule['clause']} {rule['looks']}：三个数合计 {sum(now)} 处，原来看了 {sum(was)} 处。核对这几个数。"
    return ""


def _why_not_result(publication: Publication, s: dict) -> str:
    if not s["facility"]["name"].strip() or not s["district"].strip():
        return "检查对象和所在县区不能空着。"
    if s["checked_on"] > localtime(publication.issued_at).date().isoformat():
        return "检查日期晚于公开的那一天。核对检查日期。"
    if s["rectify_by"] and s["rectify_by"] < s["checked_on"]:
        return "改正期限早于检查日期。核对期限。"
    for item in s["items"]:
        if (item["answer"] == "FOUND") != bool(item["words"]):
            return f"“{item['name']}”发现问题的，写明问题；没有发现问题的，不写。"
    answers = [SimpleNamespace(answer=i["answer"], words=i["words"], text=i["name"]) for i in s["items"]]
    return why_not_submit(outcome=s["outcome"], finding=s["finding"], rectify_by=s["rectify_by"], answers=answers)


def _findings(publication: Publication, s: dict) -> list[privacy.Finding]:
    texts = [(f"“{item['name']}”的问题记录", line) for item in s["items"] for line in item["words"]]
    texts += [("描述", s["finding"]), ("现场处理", s["measures"]), ("逾期原因", s["late_reason"])]
    return _found_in(publication, [(place, text) for place, text in texts if text])


def _found_in(publication: Publication, texts: list[tuple[str, str]]) -> list[privacy.Finding]:
    results = Inspection.objects.select_related("facility").prefetch_related("members__inspector")
    inspection = results.get(no=publication.snapshot.get("check", publication.no))
    return privacy.unsettled(inspection, privacy.findings(inspection, texts))


def why_still_needed(publication: Publication, today: date) -> str:
    """What the next step rests on is not withdrawn without another in its place (七(四)-3)."""
    if publication.kind == PublicationKind.ITEM_LIST and publication.year >= today.year:
        return "清单还在执行，不能只撤下：下一版清单公开以后再撤，或者选“撤下并重新公开”，同时公开干净的一版。"
    if publication.kind == PublicationKind.REGISTER:
        return "名录是抽取的依据，不能只撤下：选“撤下并重新公开”，同时公开干净的一版。"
    if publication.kind == PublicationKind.PLAN:
        quarter = Quarter(publication.year, publication.number)
        sealed = PublicDocument.objects.filter(
            kind="MANIFEST", draw_id__startswith=f"{publication.unit_code}-{quarter}-"
        )
        if not sealed.exists():
            return "计划还要用来封存和抽取，不能只撤下：更改计划，或者选“撤下并重新公开”。"
    return ""


def echoes(publication: Publication) -> str:
    """Where words of this plan stand once more: the city's summary repeats why a plan was late (七(六)-a)."""
    if publication.kind != PublicationKind.PLAN or not publication.late_reason:
        return ""
    of_quarter = Publication.objects.filter(
        kind=PublicationKind.SUMMARY, year=publication.year, number=publication.number
    )
    if any(publication.late_reason == u["late_reason"] for p in of_quarter for u in p.snapshot["units"]):
        return "全市汇总里也写着这份计划的逾期原因，由牵头部门先撤下汇总。"
    return ""


def is_recorder(publication: Publication, user: User) -> bool:
    """Whoever recorded a result neither asks nor decides about it (ui-2.md 27)."""
    return user.pk in recorders(publication)


def recorders(publication: Publication) -> dict[int, str]:
    """Who wrote the record of this result: account and name."""
    if publication.kind in FOLLOWUPS:
        return {step.by_id: step.by.full_name for step in FollowUp.objects.filter(no=publication.no)}
    if publication.kind != PublicationKind.RESULT:
        return {}
    wrote = Inspection.objects.filter(no=publication.no)
    keys = {*wrote.values_list("recorded_by", flat=True), *wrote.values_list("answers__answered_by", flat=True)}
    return dict(User.objects.filter(pk__in=keys - {None}).values_list("pk", "full_name"))


def why_not_here(revision: Revision, receipt: str = "") -> str:
    """What answers an objection is decided with it, where `receipt` is known: nobody is asked twice (docs/decisions/0043)."""
    return "" if revision.receipt == receipt else f"这份申请答复 {revision.receipt}，在“更正与申诉”里一并决定。"


def why_not_open_decision(revision: Revision, user: User, receipt: str = "") -> str:
    """What stands in the way of this person deciding."""
    if refusal := why_not_here(revision, receipt) or why_not_decide(
        revision,
        user,
        may=user.may(Permission.APPROVE_REVISION, revision.unit_id),
        role=DECIDER,
        own=BY_ANOTHER,
    ):
        return refusal
    return RECORDED if is_recorder(revision.publication, user) else ""


def why_not_approve(revision: Revision, user: User, today: date, *, receipt: str = "") -> str:
    """Of the version that stands, with words that are still in order."""
    if refusal := why_not_open_decision(revision, user, receipt):
        return refusal
    publication = revision.publication
    newest = Publication.everything.filter(kind=publication.kind, no=publication.no).order_by("-version").first()
    if newest != publication:
        return "公示已经有了新的一版，这份申请退回重提。"
    if revision.ground in (Ground.PRIVATE, Ground.SECRET) and (refusal := echoes(publication)):
        return refusal
    if revision.act == Act.WITHDRAW:
        return why_still_needed(publication, today)
    return why_not_words(publication, revision.changes, revision.names_because)


def why_not_take_back(revision: Revision, user: User) -> str:
    """Whoever asked may think better of it as long as nobody has decided."""
    if refusal := why_not_here(revision):
        return refusal
    if not revision.waits:
        return f"这份申请{revision.get_state_display()}，不能再撤回。"
    return "" if user.pk == revision.asked_by_id else "由提出的人撤回。"


def why_not_read(publication: Publication, user: User, unit: Unit, reason: str) -> str:
    """Sealed words are read by whoever has the right, for a reason."""
    if not user.may(Permission.SEE_WITHDRAWN, unit):
        return "由本单位的分管负责人或者市执法队监督员查看已撤下的原文。"
    return why_not_reason(reason, "查看的理由")
