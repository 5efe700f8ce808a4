"""Pages of 通报 and 评估, of the statistics and of the three years (五-2c, 五-2d, 五-4k, 二-c, N-16)."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST, require_safe

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.city import this_city
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files, official, pdf
from benxi_shuangsuiji.documents.workbooks.writing import OutColumn, long_tables
from benxi_shuangsuiji.forms.pages import TONES as OF_REQUESTS
from benxi_shuangsuiji.forms.pages import Decide, Row, act_page, decision_page, press
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.web import frame as shell
from inspections.indicators import pages
from inspections.models import Bulletin, BulletinKind, BulletinState

from . import actions, content, papers, rules, statistics
from .forms import ASK, IssueForm, WordsForm

TONES = {**OF_REQUESTS, BulletinState.DRAFT: "run"}
WHO = [
    ("市执法队牵头部门", "编写、报签；数字在编写时固定，文字在报签以前可以改"),
    ("市执法队分管负责人", "签发，或者退回；不能签发自己报签的"),
]
MAKE = {"pdf": (official.as_pdf, pdf.PDF), "docx": (official.as_docx, official.DOCX)}


@requires(P.SEE_PROGRESS)
@require_safe
def bulletin_list(request):
    """The papers of a year: what is signed, what is being written, what can be made."""
    user, year = request.user, shell.current_quarter(request).year
    today, calendar = clock.today(), workdays.calendar()
    found = Bulletin.objects.visible_to(user).filter(year=year).select_related("unit", "office").order_by("pk")
    latest = {(b.kind, b.unit_id, b.number): b for b in found}
    writes = bool(user.units_with(P.RECEIVE_REPORTS))
    # That one waits to be signed stands on the home of whoever oversees the city; what it says, only once it is signed.
    asked = Bulletin.objects.filter(year=year, state=BulletinState.ASKED) if user.units_with(P.SEE_CITY) else ()
    waiting = {(b.kind, b.unit_id, b.number): b for b in asked if b not in found}
    rows = []
    for subject in content.subjects_of(year):
        key = (subject.kind, subject.unit.pk, subject.number)
        bulletin = latest.get(key)
        standing = bulletin if bulletin and bulletin.state != BulletinState.RETURNED else None
        if bulletin or writes or key in waiting:
            obstacle = rules.why_not_make(subject, standing, user, today, calendar)
            rows.append((subject, bulletin, TONES.get(bulletin.state) if bulletin else "", obstacle, waiting.get(key)))
    context = {"year": year, "rows": rows, "writes": writes}
    return TemplateResponse(request, "inspections/bulletins/bulletin_list.html", context)


@requires(P.RECEIVE_REPORTS)
@require_POST
def bulletin_make(request):
    """Count and lock the figures of one paper."""
    year, number = request.POST.get("year", ""), request.POST.get("number", "")
    units = Unit.objects.drawing()
    unit = get_object_or_404(units, code=request.POST.get("of", ""))
    kind = request.POST.get("kind", "")
    wanted = (kind, unit.pk, _number(number))
    subjects = content.subjects_of(n) if (n := _number(year)) and n in range(2025, 2100) else []
    subject = next((s for s in subjects if (s.kind, s.unit.pk, s.number) == wanted), None)
    if subject is None:
        raise Http404
    act = partial(actions.make, subject=subject, by=request.user)

    def back(made):
        """To the paper, or after a refusal to the list."""
        return made or "inspections:bulletin-list"

    return press(request, act, back, "已编写，数字固定。写文字，再报签。")


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else None


@requires(P.SEE_PROGRESS, P.ISSUE_BULLETINS)
def bulletin_detail(request, pk):
    """The paper; its words while it is a draft, its signature afterwards."""
    user, bulletin = request.user, _visible(request, pk)
    shown = {"bulletin": bulletin, "tone": TONES[bulletin.state], "paper": papers.of_bulletin(bulletin)}
    if bulletin.state == BulletinState.DRAFT:
        form = WordsForm(request.POST or None, chapters=content.CHAPTERS[bulletin.kind], initial=bulletin.text)

        def write(*, act, seen, **_):
            """Keep the words, or send the whole up to be signed."""
            do = actions.ask if act == ASK else actions.write
            return do(bulletin=bulletin, text=form.text(), by=user, seen=seen)

        return act_page(
            request,
            "inspections/bulletins/bulletin_detail.html",
            form if not rules.why_not_write(bulletin, user) else None,
            write,
            request.path,
            lambda kept: "已报签，等市执法队分管负责人签发。" if kept.waits else "草稿已保存。",
            **shown,
        )
    if request.method == "POST" and "decision" not in request.POST:  # words from a page that was opened before
        messages.error(request, rules.why_not_write(bulletin, user))
    return decision_page(
        request,
        about=bulletin,
        template="inspections/bulletins/bulletin_detail.html",
        pending=bulletin if bulletin.waits else None,
        rows=[Row(bulletin, TONES[bulletin.state], bulletin.get_kind_display(), notes=[bulletin.no])],
        decide=_decide(bulletin, user) if user.may(P.ISSUE_BULLETINS, bulletin.office) else None,
        nobody="由市执法队分管负责人签发。" if bulletin.waits else "",
        who=WHO,
        **shown,
    )


def _decide(bulletin: Bulletin, user) -> Decide:
    return Decide(
        IssueForm,
        partial(actions.issue, bulletin=bulletin, by=user),
        partial(actions.give_back, bulletin=bulletin, by=user),
        approved="已签发，各单位已收到消息。",
        rejected="已退回，编写的人会收到意见。",
        obstacle=rules.why_not_open_decision(bulletin, user),
        title="签发以后不能撤回",
        approve_button="签发",
        reject_button="退回",
    )


@requires(P.SEE_PROGRESS, P.ISSUE_BULLETINS)
@require_safe
def bulletin_paper(request, pk, way):
    bulletin = _visible(request, pk)
    make, content_type = MAKE[way]
    paper = papers.of_bulletin(bulletin)
    try:
        made = make(paper)
    except Refused as refusal:
        return HttpResponse(str(refusal), status=503, content_type="text/plain; charset=utf-8")
    trail.record("inspections.bulletin.downloaded", by=request.user, about=bulletin, form=way)
    return files.attachment(made, name=f"{paper.title}.{way}", content_type=content_type)


def _visible(request, pk) -> Bulletin:
    found = Bulletin.objects.visible_to(request.user).select_related("unit", "office", "asked_by", "decided_by")
    return get_object_or_404(found, pk=pk)


@requires(P.SEE_PROGRESS)
@require_safe
def statistics_page(request):
    """执法统计: by kind of check, by object, by unit; of all units that the reader follows."""
    asked = pages.of(request, city=True)
    body = papers.plain("执法统计", statistics.tables(asked.public), clock.today())
    return TemplateResponse(request, "inspections/bulletins/statistics.html", {"asked": asked, "body": body})


@requires(P.SEE_PROGRESS)
@require_safe
def statistics_export(request):
    asked = pages.of(request, city=True)
    trail.record("inspections.statistics.exported", by=request.user, period=asked.label)
    sheets = []
    for table in statistics.tables(asked.public):
        columns = [OutColumn(title, 20 if n == 0 else 12) for n, title in enumerate(table.head)]
        sheets.append((table.caption, columns, [[row[0], *map(int, row[1:])] for row in table.rows]))
    return files.attachment(
        long_tables(sheets), name=f"{this_city().label}_执法统计_{asked.label}.xlsx", content_type=files.XLSX
    )


@requires(P.SEE_CITY)
@require_safe
def trend(request):
    """2025—2027: coverage, timeliness and papers, year by year (二-c)."""
    shell.show_whole_city(request)
    today, year = clock.today(), shell.current_quarter(request).year
    cycle = content.Subject(BulletinKind.CYCLE, Unit.objects.city_team(), year).cycle
    blocks = papers.trend_blocks(content.trend(cycle, today))
    paper = papers.plain(f"{cycle[0]}—{cycle[1]} 年进展", blocks, today)
    return TemplateResponse(request, "inspections/bulletins/trend.html", {"paper": paper, "cycle": cycle})
