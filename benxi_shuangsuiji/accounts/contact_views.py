"""单位地址和电话: the list, and the form of one unit (四(3)-f, 0-c)."""

from functools import partial

from django import forms
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji.forms import fields
from benxi_shuangsuiji.forms.pages import act_page

from . import contacts
from .access import requires
from .roles import Permission as P


class ContactForm(forms.Form):
    telephone = fields.text("电话", max_length=40, help_text="写明区号，公开。")
    email = forms.EmailField(
        label="邮箱",
        max_length=100,
        required=False,
        widget=forms.EmailInput(attrs={"class": "in"}),
        error_messages={"invalid": "邮箱写错了，照 name@example.cn 的样子写"},
    )
    address = fields.text("地址", max_length=100)
    hours = fields.text("办公时间", max_length=60, required=False, help_text="如“工作日 8:30—11:30　13:00—17:00”。")


@requires(P.MANAGE_SYSTEM, P.EDIT_FACILITIES)
@require_safe
def contact_list(request):
    """Every unit that this person keeps."""
    return TemplateResponse(request, "accounts/contact_list.html", {"units": contacts.kept_by(request.user)})


@requires(P.MANAGE_SYSTEM, P.EDIT_FACILITIES)
def contact_edit(request, unit):
    """登记地址和电话."""
    found = get_object_or_404(contacts.kept_by(request.user), code=unit)
    return act_page(
        request,
        "accounts/contact_edit.html",
        ContactForm(request.POST or None, initial={name: getattr(found, name) for name in contacts.FIELDS}),
        partial(contacts.keep, unit=found, by=request.user),
        "accounts:contact-list",
        "已登记，公开页立即更新",
        unit=found,
    )
