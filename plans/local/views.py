"""Pages of a unit's own decisions: ratio, parameters, scheme (/desk/local/, 五-4a, 五-4b, 七(一)2-a)."""

from functools import partial
from types import SimpleNamespace

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.forms.decision import State
from benxi_shuangsuiji.forms.pages import Decide, Row, act_page, decision_page
from benxi_shuangsuiji.web import frame as shell
from benxi_shuangsuiji.workdays.days import Quarter
from plans.lists.rules import list_in_force
from plans.models import DECISIONS, GeneralRatioPolicy, LocalDecision, LocalScheme, LotteryGame, UnitPolicy
from plans.quarterly.forms import OpinionForm
from plans.quotas import quotas
from plans.quotas import staff as staffing
from registry.models import Category

from . import actions, rules
from .forms import ChoicesForm, RatioForm, SchemeForm

TONES = {State.ASKED: "warn", State.APPROVED: "ok", State.RETURNED: "bad"}
FORMS = {"ratio": RatioForm, "choices": ChoicesForm, "scheme": SchemeForm}
ASK = {"ratio": actions.ask_for_ratio, "choices": actions.ask_for_choices, "scheme": actions.ask_for_scheme}
WHO = [
    ("本单位计划员", "提出新的一版"),
    ("本单位分管负责人", "批准，或者退回；不能批准本人提出的"),
]
WHAT_FOR = {
    "ratio": "按区域生态环境质量、污染源数量、检查人员数量、行政区面积和全覆盖目标确定，分管负责人批准后，新计划按它抽。",
    "choices": "编制季度计划时的默认值。重点的最低比例、同一事项一年的最多次数等全市规定不能改。",
    "scheme": "本单位印发的随机抽查方案，上传正式文件的 PDF。",
}


@requires(P.SEE_PLANS)
@require_safe
def local_home(request):
    unit = shell.current_unit(request)
    if unit is None:
        raise Http404
    return redirect("plans:local-list", unit.code)


@requires(P.SEE_PLANS)
@require_safe
def local_list(request, unit):
    """Each of the three: what is in force, what waits, earlier versions."""
    found, today = _unit(request, unit), clock.today()
    groups = []
    for kind, model in DECISIONS.items():
        versions = list(model.objects.filter(unit=found).select_related("unit", "asked_by", "decided_by"))
        in_force = model.objects.in_force(found, today)
        groups.append(
            SimpleNamespace(
                kind=kind,
                name=model._meta.verbose_name,
                what_for=WHAT_FOR[kind],
                in_force=in_force,
                versions=[SimpleNamespace(one=v, tone=TONES[v.state], now=v == in_force) for v in versions],
            )
        )
    context = {"unit": found, "groups": groups, "may_ask": not rules.why_not_ask(found, request.user)}
    return TemplateResponse(request, "plans/local/local_list.html", context)


@requires(P.EDIT_PLANS)
def local_new(request, unit, kind):
    """Ask for the next version; it begins with the one in force."""
    found, model = _unit(request, unit, P.EDIT_PLANS), _model(kind)
    form = FORMS[kind](request.POST or None, request.FILES or None, initial=_initial(kind, found, clock.today()))
    name = model._meta.verbose_name
    return act_page(
        request,
        "plans/local/local_new.html",
        form,
        lambda **_: ASK[kind](unit=found, by=request.user, **form.as_data()),
        lambda made: made,
        lambda made: f"{name}第 {made.version} 版已提出，等分管负责人批准。",
        unit=found,
        name=name,
        text=WHAT_FOR[kind],
        obstacle=rules.why_not_ask(found, request.user) or rules.why_another_waits(model, found),
        back=reverse("plans:local-list", args=[found.code]),
    )


@requires(P.SEE_PLANS)
def local_detail(request, unit, kind, version):
    """One version, what it leads to, and the leader's decision."""
    one, user = _decision(request, unit, kind, version), request.user
    return decision_page(
        request,
        about=one,
        template="plans/local/local_detail.html",
        pending=one if one.waits else None,
        rows=[Row(one, TONES[one.state], f"第 {one.version} 版")],
        decide=_decide(one, user) if user.may(P.APPROVE_PLANS, one.unit) else None,
        nobody="由本单位分管负责人批准。" if one.waits else "",
        who=WHO,
        one=one,
        name=one._meta.verbose_name,
        tone=TONES[one.state],
        lines=_lines(one),
        leads_to=_leads_to(one) if isinstance(one, GeneralRatioPolicy) else "",
        has_file=isinstance(one, LocalScheme),
        begins_late=rules.begins_late(one, clock.today()),
    )


def _decide(one: LocalDecision, user) -> Decide:
    return Decide(
        OpinionForm,
        partial(actions.approve_decision, decision=one, by=user),
        partial(actions.return_decision, decision=one, by=user),
        approved="已批准。",
        rejected="已退回。",
        obstacle=rules.why_not_decide(one, user),
        reject_button="退回",
    )


@requires(P.SEE_PLANS)
@require_safe
def local_file(request, unit, version):
    """The scheme as it was issued."""
    return files.download(_decision(request, unit, "scheme", version).file)


def _unit(request, code, permission=P.SEE_PLANS) -> Unit:
    return get_object_or_404(Unit.objects.drawing().filter(pk__in=request.user.units_with(permission)), code=code)


def _model(kind):
    if kind not in DECISIONS:
        raise Http404
    return DECISIONS[kind]


def _decision(request, unit, kind, version):
    found = _model(kind).objects.visible_to(request.user).select_related("unit", "asked_by", "decided_by")
    return get_object_or_404(found, unit__code=unit, version=version)


def _initial(kind, unit, today) -> dict:
    """The version in force; for the first ratio what the registries count today."""
    now = DECISIONS[kind].objects.in_force(unit, today)
    initial = {"valid_from": today}
    if kind == "ratio":
        staff = staffing.count(unit, draw_on=today, window_to=Quarter.of(today).last_day)
        initial |= {"year": today.year, "pollution_sources": unit.facilities.count(), "inspectors": staff.people}
        if now:
            initial |= {name: getattr(now, name) for name in ("air_quality", "area_km2", "coverage_target")}
            initial["percent"] = quotas.percent(now.basis_points).rstrip("%")
    elif kind == "choices":
        shown = now or UnitPolicy()
        names = ("reserved_key", "reserved_general", "team_size", "game", "positive_out", "release_on_draw_day")
        initial |= {name: getattr(shown, name) for name in names}
    return initial


def _lines(decision) -> list[tuple[str, str]]:
    """What the version says, label by label."""
    if isinstance(decision, GeneralRatioPolicy):
        return [
            ("年度", f"{decision.year} 年"),
            ("每季度比例", quotas.percent(decision.basis_points)),
            ("区域生态环境质量", decision.air_quality),
            ("污染源数量", f"{decision.pollution_sources:,} 家"),
            ("检查人员数量", f"{decision.inspectors:,} 人"),
            ("行政区面积", f"{decision.area_km2:,} 平方公里"),
            ("全覆盖目标", decision.coverage_target),
        ]
    if isinstance(decision, UnitPolicy):
        return [
            ("优先名额", f"重点 {decision.reserved_key}%，一般 {decision.reserved_general}%"),
            ("每组人数", f"{decision.team_size} 人"),
            ("公开随机数", LotteryGame(decision.game).label),
            ("正面清单企业", "不参加抽取" if decision.positive_out else "照常参加抽取，抽中后用非现场方式检查"),
            ("名单公开", "抽取当天" if decision.release_on_draw_day else _close_words(decision)),
            ("理由", decision.reason),
        ]
    return [
        ("标题", decision.title),
        ("文号", decision.document_no),
        ("印发日期", f"{decision.issued_on:%Y-%m-%d}"),
    ]


def _close_words(decision: UnitPolicy) -> str:
    return f"季度末月 {policy.on(decision.valid_from).close_day} 日"


def _leads_to(ratio: GeneralRatioPolicy) -> str:
    """What the ratio leads to for the coverage of three years, on the public part of the history (decisions.md 3)."""
    today = clock.today()
    quarter = max(Quarter.of(today), Quarter.of(ratio.valid_from))
    item_list = list_in_force(quarter.year)
    codes = list(item_list.items.values_list("code", flat=True)) if item_list else []
    pool = quotas.pools(ratio.unit, quarter, codes, positive_out=False, today=today)[Category.GENERAL]
    planned = quotas.share(pool.N, ratio.basis_points)
    figures = quotas.figures(
        quarter,
        Category.GENERAL,
        pool,
        basis_points=ratio.basis_points,
        planned=planned,
        reserved_percent=0,
    )
    return rules.coverage_words(ratio, figures)
