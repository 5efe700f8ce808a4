"""The acts on which everything rests, each as the form that a browser sends: what it needs, who presses, what it leaves.

One table for all that is tried on them: a failure at every statement (`test_every_statement.py`), presses at one moment
(`test_races.py`).
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from benxi_shuangsuiji.forms import keys
from disclosure.models import Publication
from plans.models import AmendmentRequest, ChainEntry, ChangeReason, ItemList, QuarterlyPlan
from registry.imports import actions as imports
from registry.models import Facility
from tests.browsing import signed_in
from tests.disclosure.factories import make_reviewed
from tests.factories import make_approver, make_disclosure_officer, make_planner, make_registrar, make_unit
from tests.journeys.forms import page_of, values_of
from tests.plans.amendments.factories import grounds
from tests.plans.draw.factories import make_held_draw, make_prepared_draw, make_sealed_draw
from tests.plans.factories import make_list, make_plan
from tests.registry.workbooks import facility_row, workbook


@dataclass
class Press:
    """A button of a page, pressed by somebody who has read it; every press has a key of its own unless one is given."""

    user: Any
    page: str
    button: str
    changes: dict[str, Any] = field(default_factory=dict)
    path: str = ""
    fields: dict[str, list] = field(default_factory=dict)

    def read(self) -> "Press":
        """Open the page and keep what its form would send."""
        answer = signed_in(self.user).get(self.page)
        form, button = page_of(answer).form_with(self.button)
        self.path = urljoin(self.page, form.action) if form.action else self.page
        for name, value in values_of(form, button, self.changes):
            self.fields.setdefault(name, []).append(value)
        self.fields.pop("csrfmiddlewaretoken", None)
        return self

    def send(self, browser: Client, key: str = ""):
        fields = {name: [_anew(v) for v in values] for name, values in self.fields.items()}
        return browser.post(self.path, {**fields, keys.FIELD: key or str(uuid.uuid4())})


def _anew(value: Any) -> Any:
    """A file is read while it is sent."""
    if not isinstance(value, SimpleUploadedFile):
        return value
    value.seek(0)
    return SimpleUploadedFile(value.name, value.read())


@dataclass(frozen=True)
class Act:
    name: str
    make: Callable[[], Press]  # the world in which it is due, and the press that does it
    done: Callable[[], QuerySet]  # the rows of which it leaves exactly one more, or that `many` were
    many: int = 1
    at: str = ""  # the functions that offer it, as `test_all_acts.py` finds them
    statements: int = 0  # about so many: what was measured when this was written


def _seal() -> Press:
    draw = make_prepared_draw()
    return Press(make_approver(draw.unit), reverse("plans:draw-seal", args=[draw.draw_id]), "封存", {"word": "封存"})


def _draw() -> Press:
    draw = make_sealed_draw(values_agreed=True)
    return Press(make_planner(draw.unit), reverse("plans:draw-entry", args=[draw.draw_id]), "抽取")


def _amend() -> Press:
    from plans.amendments import actions

    draw = make_held_draw(key=12, general=0, special=0, inspectors=6)
    gone = draw.picks.filter(category="key").first()
    asked = actions.ask_for_amendment(
        draw=draw,
        reason=ChangeReason.HALT,
        picks=[gone],
        inspector=None,
        evidence="停产通知 本环停〔2026〕3 号",
        by=make_planner(draw.unit),
        **grounds(ChangeReason.HALT, gone),
    )
    page = reverse("inspections:draw-replacement", args=[draw.draw_id, asked.pk])
    return Press(make_approver(draw.unit), page, "批准更换", {"document_no": "本环更〔2026〕1 号"})


def _publish() -> Press:
    check = make_reviewed(make_unit())
    officer = make_disclosure_officer(check.unit)
    return Press(officer, reverse("disclosure:publish-confirm", args=[check.no]), "公开")


def _import() -> Press:
    unit = make_unit()
    by = make_registrar(unit)
    content = workbook([facility_row(name=f"示例厂{n}") for n in range(5)])
    batch = imports.check_workbook(file_name="名录.xlsx", content=content, kind="FACILITY", unit=unit, by=by)
    return Press(by, reverse("registry:facility-import-check", args=[batch.pk]), "导入 5 行")


def _approve() -> Press:
    plan = make_plan(upto="SUBMITTED")
    page = reverse("plans:plan-review", args=[plan.unit.code, "2026q3"])
    return Press(make_approver(plan.unit), page, "批准")


def _submit() -> Press:
    plan = make_plan(upto="DRAFT")
    page = reverse("plans:plan-edit", args=[plan.unit.code, "2026q3"])
    return Press(make_planner(plan.unit), page, "提交", {"late_reason": "名录核对延误"})


def _submit_list() -> Press:
    made = make_list(upto="DRAFT")
    return Press(made.created_by, reverse("plans:itemlist-detail", args=["210500", 2026, 1]), "提交")


ACTS = (
    Act(
        "seal",
        _seal,
        lambda: ChainEntry.objects.filter(kind="FREEZE"),
        at="plans.draw.views.draw_seal",
        statements=84,
    ),
    Act(
        "draw",
        _draw,
        lambda: ChainEntry.objects.filter(kind="RESULT"),
        at="plans.draw.views.draw_entry",
        statements=59,
    ),
    Act(
        "amend",
        _amend,
        lambda: AmendmentRequest.objects.filter(state="APPROVED"),
        at="inspections.replacements.views.replacement_detail",
        statements=74,
    ),
    Act(
        "publish",
        _publish,
        lambda: Publication.objects.results(),
        at="disclosure.publishing.views.publish_confirm",
        statements=45,
    ),
    Act(
        "import",
        _import,
        lambda: Facility.objects.filter(name__startswith="示例厂"),
        many=5,
        at="registry.imports.views._confirm",
        statements=34,
    ),
    Act(
        "approve",
        _approve,
        lambda: QuarterlyPlan.objects.filter(status="APPROVED"),
        at="plans.quarterly.views.plan_review",
        statements=60,
    ),
    Act("submit", _submit, lambda: QuarterlyPlan.objects.filter(status="SUBMITTED"), statements=79),
    Act(
        "submit a list",
        _submit_list,
        lambda: ItemList.objects.filter(status="SUBMITTED"),
        at="plans.lists.views.itemlist_submit",
        statements=32,
    ),
)
