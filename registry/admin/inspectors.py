"""检查人员, their leave and their interests in 名录后台."""

from django.contrib import admin
from django.db.models import OuterRef
from django.urls import reverse

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission as P

from ..models import (
    AbsenceKind,
    ConflictOfInterest,
    Employment,
    Inspector,
    InspectorAbsence,
    InspectorChange,
    InterestState,
)
from .site import site
from .upkeep import ReadOnly, WithHistory, column, day, offered


def people(request):
    """Those of the units whose registry the reader keeps (A-17)."""
    user = request.user
    return Inspector.objects.visible_to(user).of_units(user.units_with(P.EDIT_INSPECTORS))


def _sections(request):
    units = Unit.objects.filter(inspectors__in=people(request)).distinct()
    return list(units.values_list("code", "short_name"))


def _named(inspector):
    return f"{inspector.name}（{inspector.code}）"


@admin.register(Inspector, site=site)
class InspectorUpkeep(WithHistory):
    permission = P.EDIT_INSPECTORS
    text = "科室岗位、在编在岗、专业资格、业务专长"
    heading = "选择要修改的检查人员"
    doors = (
        ("registry:inspector-import", "upload", "导入"),
        ("registry:inspector-export", "download", "导出"),
        ("registry:inspector-new", "plus", "增加检查人员"),
    )
    search_fields, search_help_text = ("search_text",), "姓名、人员编号、执法证号、拼音"
    list_display = (
        "code",
        "name",
        column("科室（单位）", "unit__short_name"),
        "position",
        "certificate_no",
        "employment",
        column("调离日期", "left_on", day),
        "changed",
    )
    list_select_related = ("unit",)
    list_filter = (
        offered("科室（单位）", "unit__code", _sections),
        offered("在编在岗", "employment", Employment.choices),
    )

    def get_queryset(self, request):
        changes = InspectorChange.objects.filter(inspector=OuterRef("pk"))
        return people(request).annotate(changed_at=self.last_of(changes))


@admin.register(InspectorAbsence, site=site)
class AbsenceUpkeep(ReadOnly):
    permission = P.EDIT_INSPECTORS
    text = "请假、公务、调离执法岗位的起止日"
    heading = "选择要登记返岗的离岗"
    doors = (("registry:inspector-list", "user", "检查人员"),)  # leave is entered on the person's page
    list_display = (
        column("检查人员", "inspector", _named),
        "kind",
        column("起始日", "starts_on", day),
        column("截止日", "ends_on", day, empty="未定"),
        "note",
    )
    list_select_related = ("inspector",)
    list_filter = (offered("原因", "kind", AbsenceKind.choices),)
    ordering = ("-starts_on", "-pk")

    def get_queryset(self, request):
        return InspectorAbsence.objects.filter(inspector__in=people(request))

    def change_url(self, record):
        return reverse("registry:absence-end", args=[record.inspector.code, record.pk])


@admin.register(ConflictOfInterest, site=site)
class ConflictUpkeep(ReadOnly):
    """All of them, past ones too; declared and decided on the page of the workbench (七(五)-c)."""

    permission = P.EDIT_INSPECTORS
    text = "谁对哪家企业回避，到哪一天；只查看"
    heading = "查看回避登记"
    doors = (("registry:recusal-list", "minus", "回避申报"),)
    list_display = (
        column("检查人员", "inspector", _named),
        column("企业", "facility__name"),
        "kind",
        column("起始日", "valid_from", day),
        column("截止日", "valid_to", day),
        "state",
    )
    list_display_links = None
    list_select_related = ("inspector", "facility")
    list_filter = (offered("状态", "state", InterestState.choices),)
    ordering = ("-asked_at", "-pk")

    def get_queryset(self, request):
        return ConflictOfInterest.objects.filter(inspector__in=people(request))
