"""Pages of the library of legal bases (/desk/bases/): what there is, what changed, which items a change concerns."""

from functools import partial
from itertools import groupby
from types import SimpleNamespace

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST, require_safe

from benxi_shuangsuiji import clock, policy, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.pages import act_page
from benxi_shuangsuiji.notices.deadlines.due_days import list_change_due
from plans.lists import basis_changes, rules, starting
from plans.models import BasisChange, BasisEffect, BasisKind, InspectionItem, LegalBasis, ListStatus
from plans.pages import due_badge

from . import actions
from . import rules as basis_rules
from .forms import BasisForm, ChangeForm, UnaffectedForm

P = Permission
TONES = {"现行有效": "ok", "尚未施行": "wait", "已被取代": "warn", "已废止": "bad"}


@requires(P.SEE_ITEMS)
@require_safe
def basis_list(request):
    """Every basis by kind, with its standing; what waits for an adjusted list stands above."""
    today = clock.today()
    bases = (
        LegalBasis.objects.visible_to(request.user)
        .select_related("replaced_by")
        .annotate(articles_n=Count("articles", distinct=True))
        .order_by("kind", "title")
    )
    if wanted := request.GET.get("q", "").strip()[:60]:
        bases = bases.filter(Q(title__icontains=wanted) | Q(document_no__icontains=wanted))
    rows = [_row(basis, today) for basis in bases]
    order = list(BasisKind)
    rows.sort(key=lambda row: order.index(row.basis.kind))
    waiting = BasisEffect.objects.open().filter(unit__in=request.user.units_with(P.SEE_ITEMS))
    changes = BasisChange.objects.filter(effects__in=waiting).select_related("basis").distinct()
    context = {
        "groups": [
            SimpleNamespace(name=BasisKind(kind).label, rows=list(found))
            for kind, found in groupby(rows, key=lambda row: row.basis.kind)
        ],
        "wanted": wanted,
        "waiting": [_waiting(change, today) for change in changes],
        "may_keep": not basis_rules.why_not_keep(request.user),
        "latest": BasisChange.objects.select_related("basis", "recorded_by")[:8],
    }
    return TemplateResponse(request, "plans/bases/basis_list.html", context)


def _row(basis, today) -> SimpleNamespace:
    word = basis.standing_on(today)
    return SimpleNamespace(basis=basis, word=word, tone=TONES[word])


def _waiting(change, today) -> SimpleNamespace:
    calendar = workdays.calendar()
    due = list_change_due(change.effective_on, calendar)
    return SimpleNamespace(change=change, due=due_badge(due, today, calendar=calendar))


@requires(P.SEE_ITEMS)
@require_safe
def basis_detail(request, pk):
    """One basis: its articles, its history, and what cites it."""
    basis = get_object_or_404(LegalBasis.objects.visible_to(request.user).select_related("replaced_by"), pk=pk)
    today = clock.today()
    cited = (
        InspectionItem.objects.filter(cites__basis=basis, list__status=ListStatus.PUBLISHED, list__year__gte=today.year)
        .filter(Q(list__unit__kind=UnitKind.CITY_TEAM) | Q(list__unit__in=request.user.units_with(P.SEE_ITEMS)))
        .select_related("list__unit")
        .distinct()
        .order_by("list__unit__position", "code", "-list__version")
    )
    newest = {}
    for item in cited:
        newest.setdefault((item.list.unit_id, item.code), item)
    context = {
        **vars(_row(basis, today)),
        "articles": [(article, article.holds_on(today)) for article in basis.articles.all()],
        "replaces": basis.replaces.all(),
        "changes": basis.changes.select_related("recorded_by", "successor"),
        "items": list(newest.values()),
        "may_keep": not basis_rules.why_not_keep(request.user),
    }
    return TemplateResponse(request, "plans/bases/basis_detail.html", context)


@require_POST
@requires(P.KEEP_BASES)
def basis_load(request):
    entered = starting.load_starting_bases(by=request.user)
    messages.success(request, f"已登记 {entered} 部。" if entered else "起始的依据已经都在库里。")
    return redirect("plans:basis-list")


@requires(P.KEEP_BASES)
def basis_edit(request, pk=None):
    """Enter a basis, or complete what is known of one."""
    basis = get_object_or_404(LegalBasis.objects.visible_to(request.user), pk=pk) if pk else None

    def save(*, articles, **data):
        if basis:
            return actions.save_basis(basis=basis, by=request.user, data=data, articles=articles)
        return actions.enter_basis(by=request.user, data=data, articles=articles)

    return act_page(
        request,
        "plans/bases/basis_edit.html",
        BasisForm(request.POST or None, instance=basis),
        save,
        lambda saved: saved,
        lambda saved: f"{saved}已保存。",
        basis=basis,
    )


@requires(P.KEEP_BASES)
def basis_change(request, pk):
    """Enter 立、改、废; the page that follows lists the items concerned."""
    basis = get_object_or_404(LegalBasis.objects.visible_to(request.user), pk=pk)
    return act_page(
        request,
        "plans/bases/basis_change.html",
        ChangeForm(basis, clock.today(), request.POST or None),
        partial(basis_changes.record_change, basis=basis, by=request.user),
        lambda change: change,
        lambda change: (
            f"已登记，涉及 {n} 项抽查事项。" if (n := change.effects.count()) else "已登记，没有事项引用它。"
        ),
        basis=basis,
        months=policy.on(clock.today()).other_law.list_change_within_months,
    )


@requires(P.SEE_ITEMS)
def change_detail(request, pk):
    """One change and the items it concerns; who writes the list says here that an item is not touched."""
    change = get_object_or_404(BasisChange.objects.select_related("basis", "successor", "recorded_by"), pk=pk)
    effects = (
        change.effects.filter(Q(unit__kind=UnitKind.CITY_TEAM) | Q(unit__in=request.user.units_with(P.SEE_ITEMS)))
        .select_related("unit", "item_list__unit", "settled_by", "settled_list__unit")
        .order_by("unit__position", "code")
    )
    effect = form = None
    if request.method == "POST":
        wanted = request.POST.get("effect", "")
        effect = get_object_or_404(effects, pk=wanted if wanted.isdecimal() else 0)
        form = UnaffectedForm(request.POST)
    today = clock.today()

    def facts():
        due = list_change_due(change.effective_on, workdays.calendar())
        return {
            "form": None,  # one stands at each item
            "rows": [
                SimpleNamespace(
                    effect=one,
                    may_decide=not one.settled_at and not rules.why_not_write_list(one.unit, request.user),
                    form=form if one == effect else UnaffectedForm(auto_id=f"id_{one.pk}_%s"),
                )
                for one in effects
            ],
            "due": due_badge(due, today, done=not any(e.settled_at is None for e in effects)),
        }

    return act_page(
        request,
        "plans/bases/basis_change_detail.html",
        form,
        partial(basis_changes.decide_unaffected, effect=effect, by=request.user),
        change,
        lambda settled: f"事项 {settled.code} 记为不受影响。",
        refusals_at="reason",
        facts=facts,
        change=change,
    )
