"""检查清单 (PNG 29f) and one item a screen (PNG 30)."""

from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.pages import carried_out
from benxi_shuangsuiji.refusal import Refused
from inspections.checks.pages import items, my_task, tapped_at
from inspections.evidence import pages as evidence_pages
from inspections.models import Answer
from inspections.privacy import actions as privacy_actions
from inspections.privacy import findings as privacy
from inspections.privacy.forms import USUAL
from inspections.privacy.named import without

from . import actions, adopting, differences, pages, rules
from .closed_views import open_to_the_team, too_early
from .forms import PointsForm


@requires(P.FIELD_WORK)
@require_safe
def field_checklist(request, no):
    """The items with how far each is; the bar leads to the first that is not through."""
    inspection = my_task(request, no)
    if closed := open_to_the_team(request, inspection):
        return closed
    found = items(inspection)
    proofs = evidence_pages.of_visit(inspection)
    rows = [item | {"status": pages.outcome_of(item), "done": len(item["points"]) - item["left"]} for item in found]
    context = {
        "inspection": inspection,
        "early": too_early(inspection, request.user),
        "rows": rows,
        "progress": pages.progress(found),
        "next_n": pages.first_open(found),
        "photos": len(proofs["photos"]),
        "recordings": len(proofs["recordings"]),
        "platform": adopting.offered(inspection, request.user),
        "through": all(not item["left"] for item in found),
    }
    return TemplateResponse(request, "inspections/visits/field_checklist.html", context)


@requires(P.FIELD_WORK)
def field_check(request, no, n):
    """The points of one item. Each answer that can be kept is kept, also when another on the page has to be mended."""
    inspection = my_task(request, no)
    if closed := open_to_the_team(request, inspection):
        return closed
    found = items(inspection)
    if not 1 <= n <= len(found):
        return redirect("inspections:field-finish", inspection.no)
    item = found[n - 1]
    form = PointsForm(_mended(inspection, request.POST) or None, points=item["points"])
    if request.method == "POST" and (reason := rules.why_not_that_day(inspection, tapped_at(request))):
        messages.error(request, reason)
        return redirect(_page(inspection, n))
    if request.method == "POST" and form.is_valid():
        _keep_answers(request, form, inspection)
        _keep_names(request, form, inspection)
        if not form.errors:
            carried_out(request)
            return _go(request, inspection, item, n, len(found))
    photos = evidence_pages.photos_of(inspection, item["points"])
    shown = [
        row
        | {
            "value": row["answer"].value() or "",
            "seen": actions.stamp(row["point"]),
            "open": bool(row["words"].errors) or row["answer"].value() == "FOUND",
            "photos": photos.get(row["point"].pk, []),
            "marks": privacy.marks(inspection, row["words"].value() or "") if row["answer"].value() == "FOUND" else [],
        }
        for row in form.rows()
    ]
    just = [p.pk for p in item["points"] if str(p.pk) in request.GET.get("just", "").split(",")]
    context = {
        "inspection": inspection,
        "early": too_early(inspection, request.user),
        "usual": USUAL,
        "personal": privacy.given_to_the_phone(inspection),
        "item": item,
        "n": n,
        "count": len(found),
        "progress": pages.progress(found),
        "form": form,
        "rows": shown,
        "just": just,
        "folded": pages.folded(item["points"]),
        "longest": policy.on(clock.today()).recommended.photo_longest_side,
        "before": _page(inspection, n - 1) if n > 1 else reverse("inspections:field-checklist", args=[no]),
        "after": _page(inspection, n + 1) if n < len(found) else reverse("inspections:field-finish", args=[no]),
    }
    return TemplateResponse(request, "inspections/visits/field_check.html", context)


def _page(inspection, n: int) -> str:
    return reverse("inspections:field-check", args=[inspection.no, n])


def _go(request, inspection, item, n: int, count: int):
    """Where the button leads that was pressed: on, back, or to the same screen with the rest declared or taken back."""
    pressed = request.POST.get("go", "")
    of = {"inspection": inspection, "by": request.user}
    here = _page(inspection, n)
    try:
        if pressed == "rest":
            declared = actions.answer_rest(item_code=item["code"], **of)
            return redirect(f"{here}?{urlencode({'just': ','.join(map(str, declared))}, safe=',')}#rest")
        if pressed == "undo":
            actions.take_rest_back(points=[int(k) for k in request.POST.getlist("just") if k.isdecimal()], **of)
            return redirect(f"{here}#rest")
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(here)
    if point := request.POST.get("mend"):
        return redirect(f"{here}#p{point}")
    if pressed == "back":
        return redirect(
            _page(inspection, n - 1) if n > 1 else reverse("inspections:field-checklist", args=[inspection.no])
        )
    return redirect(_page(inspection, n + 1))


def _mended(inspection, posted):
    """改为“现场负责人”: the words of the point whose button was pressed, without the names."""
    field = f"words_{posted.get('mend', '')}"
    if field not in posted:
        return posted
    given = posted.copy()
    for said in privacy.waiting_in(inspection, given[field]):
        given[field] = without(given[field], said.name) if said.name else given[field]
    return given


def _keep_names(request, form, inspection) -> None:
    """确认需要，写明理由: the names in the words of a point under which a reason was written stay."""
    for point in form.points:
        reason = request.POST.get(f"why_{point.pk}", "").strip()
        words = form.cleaned_data.get(f"words_{point.pk}")
        if not (reason and words):
            continue
        try:
            for said in privacy.waiting_in(inspection, words):
                if said.name:
                    privacy_actions.keep_name(inspection=inspection, name=said.name, reason=reason, by=request.user)
        except Refused as refusal:
            form.add_error(f"words_{point.pk}", str(refusal))


def _keep_answers(request, form, inspection) -> None:
    """Every point that was sent; what has neither answer nor words was not."""
    for point in form.points:
        answer = form.cleaned_data[f"answer_{point.pk}"]
        words = form.cleaned_data[f"words_{point.pk}"]
        if not answer and not words:
            continue
        try:
            kept = actions.answer_point(
                inspection=inspection,
                pk=point.pk,
                answer=answer,
                words=words,
                found_under=form.cleaned_data[f"basis_{point.pk}"] if answer == Answer.FOUND else "",
                by=request.user,
                seen=form.cleaned_data[f"seen_{point.pk}"] if f"seen_{point.pk}" in form.data else None,
            )
        except Refused as refusal:
            form.add_error(f"words_{point.pk}", str(refusal))
        else:
            if conflict := getattr(kept, "differs", None):
                messages.warning(request, differences.words(conflict), extra_tags=differences.TAG)
