"""What every list of 名录后台 has in common: whose records, which filters, where a row leads.

Nothing is written by Django's admin. It gives search, filters, order and pages; a row leads to the page of the workbench
that changes the record, and can refuse. An address takes no condition that is not on offer: Django would let it follow any
relation of the model, those of draws included (decisions.md 3).
"""

from collections.abc import Callable
from operator import attrgetter

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import QuerySet, Subquery
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from benxi_shuangsuiji.accounts.access import requires

from .site import kept_units

day = "{:%Y-%m-%d}".format


class Pages(Paginator):
    """A page number out of range means the nearest page."""

    def validate_number(self, number):
        return min(max(int(number), 1), self.num_pages)


class Listing(ChangeList):
    def get_filters_params(self, params=None):
        """Only what the filters beside the list offer; anything else is as if it were not there (reliability.md F05)."""
        offered_names = {f.parameter_name for f in self.list_filter}
        return {name: value for name, value in super().get_filters_params(params).items() if name in offered_names}

    @property
    def page(self):
        return self.paginator.page(self.page_num)

    def url_for_result(self, result):
        return self.model_admin.change_url(result)


def offered(title: str, field: str, choices) -> type[admin.SimpleListFilter]:
    """A filter on one field; `choices` are its values with their words, or what gives them for a request.

    A value that is not among them counts as none.
    """

    class Offered(admin.SimpleListFilter):
        parameter_name = field.replace("__", "-")

        def lookups(self, request, model_admin):
            return choices(request) if callable(choices) else choices

        def queryset(self, request, queryset):
            known = {str(value) for value, _ in self.lookup_choices}
            return queryset.filter(**{field: self.value()}) if self.value() in known else queryset

    Offered.title = title
    return Offered


def column(head: str, field: str, shown: Callable = str, empty: str = "—"):
    """A column under a head of its own: what the record has in a field, in words."""

    @admin.display(description=head, ordering=field, empty_value=empty)
    def words(record):
        value = attrgetter(field.replace("__", "."))(record)
        return value and shown(value)

    return words


class ReadOnly(admin.ModelAdmin):
    """One list. `permission` opens it, for the units in which the reader has it."""

    permission = None
    text = ""  # on the index: what is kept here
    heading = ""
    methods = staticmethod(require_safe)
    doors: tuple[tuple[str, str, str], ...] = ()  # buttons above the list: address in the workbench, icon, words
    paginator = Pages
    list_per_page, show_full_result_count = 100, False
    actions = None
    empty_value_display = "—"

    @property
    def list_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_changelist"

    def get_urls(self):
        return [path("", requires(self.permission)(self.methods(self.changelist_view)), name=self.list_name)]

    def has_view_permission(self, request, obj=None):
        return bool(request.user.units_with(self.permission))

    def has_add_permission(self, request, obj=None):
        return False

    has_change_permission = has_delete_permission = has_add_permission

    def change_url(self, record) -> str:
        """The page of the workbench on which this record is changed."""
        return record.get_absolute_url()

    def get_changelist(self, request, **kwargs):
        return Listing

    def changelist_view(self, request, extra_context=None):
        units = kept_units(request.user, self.permission)
        of = f"?unit={units[0].code}" if units else ""
        doors = [{"url": reverse(to) + of, "icon": icon, "label": label} for to, icon, label in self.doors]
        return super().changelist_view(request, {"title": self.heading, "doors": doors})


class WithHistory(ReadOnly):
    """A list whose records have a history: when each was last changed, as a link to all of it, recomputed (ui.md 7.2)."""

    @staticmethod
    def last_of(changes: QuerySet) -> Subquery:
        return Subquery(changes.order_by("-at").values("at")[:1])

    @admin.display(description="最近修改")
    def changed(self, record):
        """The rows' queryset brings `changed_at`."""
        if record.changed_at is None:
            return None
        url, at = f"{self.change_url(record)}?verify=1#history", f"{localtime(record.changed_at):%Y-%m-%d %H:%M}"
        return format_html('<a class="nw" href="{}" aria-label="{}的变更历史，{}">{}</a>', url, record, at, at)
