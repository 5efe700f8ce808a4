"""工作报告 for the box of the frame: by number or receipt, by unit."""

from django.db.models import Case, CharField, F, Q, Value, When

from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.search.finding import Asked, Found, Hit, any_is, of_unit_and_period, part_of

from .models import WorkReport
from .periods import Period


def reports(user, asked: Asked) -> Found | None:
    if not user.units_with(P.SEE_PROGRESS):
        return None
    of_year = When(number__isnull=True, then=of_unit_and_period(quarterly=False))
    called = Case(of_year, default=of_unit_and_period(), output_field=CharField())
    rows = WorkReport.objects.visible_to(user).standing().select_related("unit").alias(called=called)
    return Found(
        rows.order_by("-year", F("number").desc(nulls_first=True), "unit__position"),
        lambda report: Hit(
            f"{report.unit} {Period(report.year, report.number).name}",
            report.get_absolute_url(),
            report.no,
            report.get_state_display(),
        ),
        any_is(asked, "called") | any_is(asked, "receipt_no") & ~Q(receipt_no=Value("")),
        part_of(asked, "called", "receipt_no", "unit__short_name"),
    )
