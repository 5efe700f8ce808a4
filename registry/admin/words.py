"""Words of the registry in 名录后台: the unit's own tags, and the levels of ratings to be read."""

from django import forms
from django.contrib import admin
from django.urls import reverse

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.refusal import Refused
from registry.tags import actions
from registry.tags.forms import TagForm

from ..models import Rating, Tag, VocabularyTerm
from .facilities import NewFacilityForm
from .site import site
from .upkeep import Upkeep, offered


class NewTagForm(TagForm):
    unit = NewFacilityForm.base_fields["unit"]

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].label = "单位"
        self.fields["unit"].queryset = units


class TagUpkeepForm(TagForm):
    retired = forms.BooleanField(label="停用", required=False, help_text="不再显示和选用；恢复以后原来的企业仍带着它。")


@admin.register(Tag, site=site)
class TagUpkeep(Upkeep):
    permission = P.EDIT_FACILITIES
    position = 5
    text = "本单位自己的标签，改名、停用"
    heading, add_words = "选择要修改的标签", "增加标签"
    may_add = may_change = True
    list_display = ("name", "note", "of_unit", "retired")
    list_select_related = ("unit",)
    ordering = ("unit__position", "name")

    def get_queryset(self, request):
        return Tag.objects.filter(unit__in=request.user.units_with(self.permission))

    def found(self, rows, key):
        return super().found(rows.select_related("unit"), key)

    @admin.display(description="单位")
    def of_unit(self, tag):
        return tag.unit.short_name

    @admin.display(description="停用日期", empty_value="—")
    def retired(self, tag):
        return tag.retired_on and f"{tag.retired_on:%Y-%m-%d}"

    def get_fieldsets(self, request, obj=None):
        return [("标签", {"fields": ("name", "note", "retired") if obj else ("unit", "name", "note")})]

    def form_of(self, request, data, record):
        if record is not None:
            initial = {"name": record.name, "note": record.note, "retired": bool(record.retired_on)}
            return TagUpkeepForm(data, initial=initial)
        units = self.units(request)
        return NewTagForm(data, units=Unit.objects.filter(pk__in=[unit.pk for unit in units]))

    def save_new(self, request, form):
        tag = actions.make_tag(by=request.user, **form.cleaned_data)
        return f"已新建标签“{tag.name}”"

    def save_change(self, request, tag, form):
        data = form.cleaned_data
        retired, renamed = data["retired"] != bool(tag.retired_on), (data["name"], data["note"]) != (tag.name, tag.note)
        if not retired and not renamed:
            raise Refused("没有改动任何一项。")
        if renamed:
            actions.change_tag(tag=tag, name=data["name"], note=data["note"], by=request.user)
        if retired:
            actions.retire_tag(tag=tag, retired=data["retired"], by=request.user)
        return "标签已修改"


@admin.register(VocabularyTerm, site=site)
class TermUpkeep(Upkeep):
    """To be read: kept by the lead office on its page (六(二)-k)."""

    permission = P.EDIT_FACILITIES
    position = 6
    text = "各项评价的等级；由牵头部门维护，只查看"
    heading = "查看评价等级"
    list_display = ("kind", "code", "label", "rank", "is_serious", "starts", "ends")
    list_display_links = None
    list_filter = (offered("评价", "kind", Rating.choices),)

    @admin.display(description="启用日期")
    def starts(self, term):
        return f"{term.valid_from:%Y-%m-%d}"

    @admin.display(description="停用日期", empty_value="—")
    def ends(self, term):
        return term.valid_to and f"{term.valid_to:%Y-%m-%d}"

    def links(self, request):
        return [{"url": reverse("registry:facility-levels"), "icon": "list", "label": "评价等级"}]
