"""检查对象 in 名录后台: the list, and tags and export for the rows ticked."""

from functools import partial

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME, ActionForm
from django.db.models import OuterRef
from django.http import HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.refusal import Refused
from registry.facilities import pages, wording
from registry.facilities import selection as facility_list
from registry.tags import actions

from ..models import Category, Facility, FacilityChange, OperatingStatus, Tag
from ..sheets import DIVISIONS
from .site import kept_units, site
from .upkeep import WithHistory, column, offered

TAGGING = (("put", actions.put_tag, "加标签", "加上"), ("take", actions.take_tag, "去标签", "去掉"))


class ChosenForm(ActionForm):
    """What to do with the rows ticked."""

    action = forms.ChoiceField(label="动作", widget=forms.Select(attrs={"class": "in in-s", "aria-label": "动作"}))


def _units(request):
    """The units to choose from; a single one is no choice."""
    units = kept_units(request.user, P.EDIT_FACILITIES)
    return [(unit.code, unit.short_name) for unit in units] if len(units) > 1 else []


@admin.display(description="状态", ordering="status")
def state(facility):
    context = {"state": wording.status_tone(facility), "text": facility.get_status_display()}
    return render_to_string("components/status.html", context)


@admin.register(Facility, site=site)
class FacilityUpkeep(WithHistory):
    permission = P.EDIT_FACILITIES
    methods = staticmethod(require_http_methods(["GET", "HEAD", "POST"]))  # 导出所选, tags
    text = "基本数据、生产状态、监管单位、标签"
    heading = "选择要修改的检查对象"
    doors = (
        ("registry:facility-import", "upload", "导入"),
        ("registry:facility-export", "download", "导出"),
        ("registry:facility-new", "plus", "增加检查对象"),
    )
    search_fields, search_help_text = ("search_text",), "名称、信用代码、编号、拼音"
    action_form = ChosenForm
    list_display = (
        column("编号", "code"),
        column("企业", "name"),
        column("统一社会信用代码", "uscc", partial(format_html, '<span class="mono">{}</span>')),
        column("类别", "category", lambda value: Category(value).label),
        state,
        "changed",
    )
    list_filter = (
        offered("单位", "unit__code", _units),
        offered("类别", "category", Category.choices),
        offered("生产状态", "status", OperatingStatus.choices),
        offered("县区", "division_code", lambda request: list(DIVISIONS.items())),
    )

    def get_queryset(self, request):
        user = request.user
        rows = Facility.objects.visible_to(user).filter(unit__in=user.units_with(self.permission))
        return rows.annotate(changed_at=self.last_of(FacilityChange.objects.filter(facility=OuterRef("pk"))))

    def action_checkbox(self, facility):
        attributes = {"class": "ck", "aria-label": f"选择 {facility.name}"}
        return forms.CheckboxInput(attributes, lambda value: False).render(ACTION_CHECKBOX_NAME, facility.code)

    def get_actions(self, request):
        """导出所选, and 加标签, 去标签 of each tag in use; as the bar above the list of the workbench."""
        if not hasattr(request, "_actions_here"):  # Django asks three times
            units = kept_units(request.user, self.permission)
            found = {"export": (self.export, "export", "导出所选")}
            for tag in Tag.objects.in_use().filter(unit__in=units).select_related("unit"):
                of = f"（{tag.unit.short_name}）" if len(units) > 1 else ""
                for verb, act, words, done in TAGGING:
                    name = f"{verb}-{tag.pk}"
                    found[name] = (partial(self.tag, act, tag, done), name, f"{words}：{tag.name}{of}")
            request._actions_here = found
        return request._actions_here

    def get_action_choices(self, request, default_choices=None):
        return [("", "动作：————"), *((n, words) for n, (_, _, words) in self.get_actions(request).items())]

    def changelist_view(self, request, extra_context=None):
        if request.method != "POST":
            return super().changelist_view(request, extra_context)
        act, _, _ = self.get_actions(request).get(request.POST.get("action", ""), (None, "", ""))
        codes = request.POST.getlist(ACTION_CHECKBOX_NAME)[: self.list_per_page]
        try:
            if act is None:
                raise Refused("先选一个动作，再按“执行”。")
            if not codes:
                raise Refused("还没有勾选检查对象。勾选以后再按。")
            answer = act(request, self.get_queryset(request).filter(code__in=codes))
        except Refused as refusal:
            messages.error(request, str(refusal))
            answer = None
        return answer or HttpResponseRedirect(request.get_full_path())  # the same list, with what was done

    def tag(self, act, tag, done, request, rows):
        run = act(tag=tag, facilities=rows, by=request.user)
        messages.success(request, f"已给 {run.count:,} 家{done}标签“{tag.name}”")

    def export(self, request, rows):
        rows = facility_list.with_figures(rows.order_by("code"), clock.today().year)
        units = kept_units(request.user, self.permission)
        return pages.workbook_of(request, units[0] if len(units) == 1 else None, rows)
