"""What every list of 名录后台 has in common: whose records, which actions, what is not there.

Django's admin gives list, filters, form and history; what is saved goes through `registry.actions`, and a refusal comes back
on the form, as on the pages. Nothing can be deleted, and an address takes no condition that is not on offer: Django would
let it follow any relation of the model, those of draws included (decisions.md 3).
"""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path, reverse

from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.refusal import Refused
from registry.facilities import chain as history
from registry.facilities.models import Spread
from registry.facilities.search import spread

from .site import kept_units

MOST_WORDS = 5


class Pages(Paginator):
    """A page number out of range means the nearest page."""

    def validate_number(self, number):
        return min(max(int(number), 1), self.num_pages)


class Listing(ChangeList):
    def get_filters_params(self, params=None):
        """Only what the filters beside the list offer; anything else is as if it were not there (reliability.md F05)."""
        known = self.model_admin.offered_names()
        return {name: value for name, value in super().get_filters_params(params).items() if name in known}

    def get_queryset(self, request, exclude_parameters=None):
        return self.model_admin.with_figures(super().get_queryset(request, exclude_parameters))

    @property
    def pages(self):
        return self.paginator.get_elided_page_range(self.page_num, on_each_side=2, on_ends=1)

    def url_for_result(self, result):
        return reverse(self.model_admin.address("change"), args=[self.model_admin.key_of(result)])


class Offered(admin.SimpleListFilter):
    """A filter with words of its own; a value that is not among them counts as none."""

    field = ""

    def queryset(self, request, queryset):
        known = {str(value) for value, _ in self.lookup_choices}
        return queryset.filter(**{self.field: self.value()}) if self.value() in known else queryset


def offered(title: str, field: str, choices) -> type[Offered]:
    """A filter on one field; `choices` are its values with their words, or what gives them for a request."""

    class Filter(Offered):
        parameter_name = field.replace("__", "-")

        def lookups(self, request, model_admin):
            return choices(request, model_admin) if callable(choices) else choices

    Filter.title, Filter.field = title, field
    return Filter


class Upkeep(admin.ModelAdmin):
    """One list. `permission` opens it, for the units in which the reader has it."""

    permission = None
    text = ""  # on the index: what is kept here
    position = 0
    heading = add_words = ""
    search_words = ""  # what can be typed into the search box; "" for no search box
    has_history = False
    may_add = may_change = False
    paginator = Pages
    list_per_page, list_max_show_all, show_full_result_count = 100, 0, False
    show_facets = admin.ShowFacets.NEVER
    actions = None
    view_on_site = False
    save_on_top = False

    # Addresses and permissions

    def get_urls(self):
        guard = requires(self.permission)
        urls = [path("", guard(self.changelist_view), name=self._name("changelist"))]
        if self.may_add:
            urls.append(path("add/", guard(self.add_view), name=self._name("add")))
        if self.has_history:
            urls.append(path("<str:object_id>/history/", guard(self.history_view), name=self._name("history")))
        if self.may_change:
            urls.append(path("<str:object_id>/", guard(self.change_view), name=self._name("change")))
        return urls

    def _name(self, what: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{what}"

    def address(self, what: str) -> str:
        return f"{self.admin_site.name}:{self._name(what)}"

    def units(self, request):
        return kept_units(request.user, self.permission)

    def has_module_permission(self, request):
        return bool(request.user.units_with(self.permission))

    def has_view_permission(self, request, obj=None):
        return self.has_module_permission(request)

    def has_change_permission(self, request, obj=None):
        return self.may_change and self.has_module_permission(request)

    def has_add_permission(self, request):
        return self.may_add and bool(self.units(request))

    def has_delete_permission(self, request, obj=None):
        return False

    def lookup_allowed(self, lookup, value, request=None):
        return lookup in self.offered_names()

    def offered_names(self) -> set[str]:
        """What an address may say about the list: the names of the filters beside it."""
        return {f.parameter_name for f in self.list_filter}

    def to_field_allowed(self, request, to_field):
        return False

    # One record

    def key_of(self, record) -> str:
        """What stands in its address: the public number where it has one."""
        return str(record.pk)

    def found(self, rows, key: str):
        return rows.filter(pk=key).first() if key.isascii() and key.isdigit() and len(key) < 12 else None

    def get_object(self, request, object_id, from_field=None):
        """Another unit's record is not found, like one that does not exist."""
        record = self.found(self.get_queryset(request), object_id)
        if record is None:
            raise Http404
        return record

    # The list

    @property
    def media(self):
        return forms.Media()  # every page works without a script; what there is comes with the frame

    def get_changelist(self, request, **kwargs):
        return Listing

    def get_search_fields(self, request):
        return ("search_text",) if self.search_words else ()

    def get_search_results(self, request, queryset, search_term):
        """The words of the search box, as the lists of the workbench read them: names, codes, pinyin."""
        if not self.search_words:
            return queryset, False
        queryset = queryset.alias(words=Spread("search_text"))
        for word in search_term.lower().split()[:MOST_WORDS]:
            queryset = queryset.filter(words__contains=spread(word))
        return queryset, False

    def with_figures(self, rows):
        """The rows with what their lines show besides their own columns, in the same query."""
        return rows

    def changelist_view(self, request, extra_context=None):
        context = {
            "title": self.heading,
            "search_words": self.search_words,
            "links": self.links(request),
            "add_url": reverse(self.address("add")) if self.has_add_permission(request) else "",
            "add_words": self.add_words,
        }
        return super().changelist_view(request, context)

    def links(self, request) -> list[dict]:
        """Buttons above the list that lead to pages of the workbench."""
        return []

    # The form

    def form_of(self, request, data, record):
        """The form of the pages for this record, or for a new one."""
        raise NotImplementedError

    def get_form(self, request, obj=None, change=False, **kwargs):
        refusal = getattr(request, "refusal", "")

        def form_for(data=None, files=None, *, instance=None, initial=None):
            form = self.form_of(request, data, instance)
            form.instance = instance or self.model()
            if refusal and not form.errors:
                form.add_error(None, refusal)
            return form

        return form_for

    def save_form(self, request, form, change):
        return form.instance

    def save_model(self, request, obj, form, change):
        """Carry out what the form asks for; whoever does it is told what was done."""
        request.outcome = self.save_change(request, obj, form) if change else self.save_new(request, form)

    def save_new(self, request, form) -> str:
        raise NotImplementedError

    def save_change(self, request, record, form) -> str:
        raise NotImplementedError

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            # Its own savepoint: a refusal after a first step takes that back as well.
            with transaction.atomic():
                return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refusal:
            request.refusal = str(refusal)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context |= {
            "title": f"修改{self.opts.verbose_name}" if change else self.add_words,
            "form": context["adminform"].form,
            "record": obj,
            "list_url": reverse(self.address("changelist")),
            "history_url": reverse(self.address("history"), args=[self.key_of(obj)])
            if change and self.has_history
            else "",
            **(self.beside(request, obj) if change else {}),
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def beside(self, request, record) -> dict:
        """What the page of a record shows beside its form."""
        return {}

    def save_related(self, request, form, formsets, change):
        """Nothing: the action has written everything."""

    def construct_change_message(self, request, form, formsets, add=False):
        return []

    def log_addition(self, request, obj, message):
        """Nothing: the action has written the record's history and the trail (decisions.md 6)."""

    log_change = log_addition

    def response_add(self, request, obj, post_url_continue=None):
        messages.success(request, request.outcome)
        return self.response_post_save_add(request, obj)

    def response_change(self, request, obj):
        messages.success(request, request.outcome)
        return self.response_post_save_change(request, obj)

    # The history, to be read

    def history_view(self, request, object_id, extra_context=None):
        record = self.get_object(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "变更历史",
            "record": record,
            "entries": self.entries(record),
            "verdict": history.check(record),
            "list_url": reverse(self.address("changelist")),
            "record_url": reverse(self.address("change"), args=[self.key_of(record)]),
        }
        return TemplateResponse(request, "admin/object_history.html", context)

    def entries(self, record) -> list[dict]:
        raise NotImplementedError
