"""Pages of 整体审核: the checklist with the keeper's signature, signed audits, and who keeps which registry."""

from functools import partial

from django import forms
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import RoleGrant, User
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.forms import fields
from benxi_shuangsuiji.forms.pages import act_page
from benxi_shuangsuiji.web import chips
from benxi_shuangsuiji.web import frame as shell
from registry.models import Book, RegistryAudit, RegistryKeeper

from . import actions, rules
from . import standing as audits


class AuditForm(forms.Form):
    """A tick and a remark for each line of the checklist, and the conclusion."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    remark = fields.text("审核结论", max_length=200, help_text="如“已逐项核对，名录完整，两家停产已提出变更”。")

    def __init__(self, lines, data=None):
        super().__init__(data, initial={"seen": audits.stamp(lines)})
        for line in lines:
            tick = forms.BooleanField(label=f"{line.title}：已核对", required=False)
            self.fields[f"tick_{line.key}"] = tick
            needed = "怎么处理" if line.stale and line.count else "说明"
            self.fields[f"said_{line.key}"] = fields.text(
                needed, max_length=200, required=bool(line.stale and line.count)
            )
        self.lines = lines

    def rows(self):
        return [(line, self[f"tick_{line.key}"], self[f"said_{line.key}"]) for line in self.lines]

    def as_data(self) -> dict:
        """What was ticked and said, as the act takes it."""
        said = self.cleaned_data
        return {
            "seen": said["seen"],
            "remark": said["remark"],
            "ticked": {line.key for line in self.lines if said[f"tick_{line.key}"]},
            "remarks": {line.key: said[f"said_{line.key}"] for line in self.lines},
        }


class KeeperForm(forms.Form):
    book = fields.choice("名录", Book.choices)
    person = forms.ModelChoiceField(
        User.objects.none(),
        label="专人",
        empty_label="选择一人",
        widget=forms.Select(attrs={"class": "in"}),
        help_text="本单位的名录管理员。",
        error_messages={"required": "选择专人", "invalid_choice": "专人从列表里选"},
    )
    document = fields.text("指定文件", max_length=100, help_text="名称或文号。")
    on = fields.day("生效日期")

    def __init__(self, *args, unit, **kwargs):
        super().__init__(*args, **kwargs)
        holders = RoleGrant.objects.in_force(clock.today()).filter(role=Role.REGISTRAR, unit=unit)
        people = User.objects.filter(pk__in=holders.values("user"), is_active=True)
        self.fields["person"].queryset = people.order_by("full_name", "username")
        self.fields["person"].label_from_instance = lambda user: f"{user.full_name}（{user.username}）"


@requires(P.SEE_FACILITIES, P.SEE_INSPECTORS)
def audit(request, book):
    """This month's checklist; the keeper ticks, writes and signs, everybody else reads."""
    book = Book(book)
    unit = shell.unit_or_404(request, book.see)
    standing = audits.standing(unit, book, clock.today())
    lines = audits.checklist(unit, book, standing.today, standing.last.signed_at if standing.last else None)
    form = AuditForm(lines, request.POST if request.method == "POST" else None)
    earlier = RegistryAudit.objects.visible_to(request.user).filter(unit=unit, book=book)
    books = [(b, b.label, None) for b in Book if request.user.may(b.see, unit)]
    return act_page(
        request,
        "registry/audits/audit.html",
        form,
        lambda **_: actions.sign_audit(unit=unit, book=book, by=request.user, **form.as_data()),
        lambda signed: signed,
        f"{book.label}的审核已签字",
        unit=unit,
        book=book,
        standing=standing,
        lines=lines,
        obstacle=rules.why_not_sign(standing, request.user),
        may_appoint=not rules.why_not_appoint(unit, request.user),
        earlier=earlier.select_related("signed_by").defer("lines")[:12],
        chips=chips.choices(books, book, lambda b: f"{audits.PAGES[b]}?unit={unit.code}"),
        list_name=_LISTS[book],
    )


_LISTS = {Book.FACILITY: "registry:facility-list", Book.INSPECTOR: "registry:inspector-list"}


@requires(P.SEE_FACILITIES, P.SEE_INSPECTORS)
@require_safe
def audit_detail(request, pk):
    """A signed audit as it was signed."""
    seen = RegistryAudit.objects.visible_to(request.user)
    signed = get_object_or_404(seen.select_related("unit", "keeper", "signed_by"), pk=pk)
    context = {
        "audit": signed,
        "page": f"{audits.PAGES[Book(signed.book)]}?unit={signed.unit.code}",
        "stale": sum(line["count"] for line in signed.lines if line["key"] != "changes"),
    }
    return TemplateResponse(request, "registry/audits/audit_detail.html", context)


@requires(P.SEE_FACILITIES, P.SEE_INSPECTORS)
def keepers(request):
    """名录专人: who keeps which registry, since when and by which document; the unit's planner or leader appoints."""
    unit = shell.unit_or_404(request, P.SEE_FACILITIES, P.SEE_INSPECTORS)
    rows = RegistryKeeper.objects.visible_to(request.user).filter(unit=unit)
    return act_page(
        request,
        "registry/audits/audit_keepers.html",
        KeeperForm(request.POST or None, unit=unit, initial={"on": clock.today()}),
        partial(actions.appoint_keeper, unit=unit, by=request.user),
        f"{request.path}?unit={unit.code}",
        lambda keeper: f"已指定{keeper.person.full_name}为{keeper.get_book_display()}的专人",
        unit=unit,
        obstacle=rules.why_not_appoint(unit, request.user),
        audit_day=policy.on(clock.today()).recommended.registry_audit_day,
        rows=rows.select_related("person", "appointed_by").order_by("book", "-valid_from", "-pk")[:50],
    )
