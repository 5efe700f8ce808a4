"""企业办理: one address for each check, made with its notice (`inspections.approvals.issuing`)."""

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if
from inspections.checks.states import DROPPED
from inspections.models import Inspection

from .models import EnterpriseLink


@transaction.atomic
def renew(*, inspection: Inspection, by: User) -> EnterpriseLink:
    """Lost or passed on: the old address opens nothing any more."""
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw")
    refuse_if(why_not_renew(inspection, by))
    inspection.enterprise_links.filter(ended_at__isnull=True).update(ended_at=clock.now())
    trail.record("inspections.enterprise_link.renewed", by=by, about=inspection)
    link = EnterpriseLink.fresh(inspection, clock.now(), by)
    link.save()
    return link


def why_not_renew(inspection: Inspection, by) -> str:
    in_team = by.units_with(Permission.FIELD_WORK) and inspection.members.filter(inspector__user=by).exists()
    if not in_team and not by.may(Permission.DISPATCH, inspection.unit_id):
        return "由检查小组或本单位的计划员换。"
    return "这次检查已经取消，没有要办的。" if inspection.status in DROPPED else ""
