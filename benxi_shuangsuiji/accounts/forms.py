"""Forms of the accounts. They read what was typed; whether it may be done is asked by `rules`."""

import unicodedata

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm
from django.core.validators import MaxLengthValidator

from benxi_shuangsuiji.forms import fields

from . import rules
from .models import Unit
from .roles import ADMIN_PARTS, CITY_WIDE, Permission, Role


def _unit(label, **kwargs):
    return forms.ModelChoiceField(
        Unit.objects.none(),
        label=label,
        widget=forms.Select(attrs={"class": "in"}),
        error_messages={"required": f"选择{label}", "invalid_choice": f"{label}从列表里选"},
        **kwargs,
    )


def _secret(label, complete, **kwargs):
    return forms.CharField(
        label=label,
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"class": "in", "autocomplete": complete}),
        error_messages={"required": f"填写{label}", "max_length": f"{label}最多 128 个字符"},
        **kwargs,
    )


def _email():
    return forms.EmailField(
        label="邮箱",
        max_length=254,
        required=False,
        help_text="提醒发到这里；不填的只在系统里看。",
        widget=forms.EmailInput(attrs={"class": "in", "autocomplete": "off"}),
    )


class LoginForm(AuthenticationForm):
    """Account and password; the same sentence whether the account exists or not."""

    error_messages = {
        "invalid_login": "账号或密码不对。核对后重新输入；连续输错 5 次，要等 15 分钟。",
        "inactive": "账号或密码不对。核对后重新输入；连续输错 5 次，要等 15 分钟。",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        name = self.fields["username"]
        name.label = "账号"
        # No account is as long; what counts the tries could not even write it down.
        name.validators.append(MaxLengthValidator(name.max_length, self.error_messages["invalid_login"]))
        self.fields["password"].label = "密码"
        for field in self.fields.values():
            field.error_messages["required"] = f"填写{field.label}"


class AccountFilter(forms.Form):
    """The filters of the list; `office`, because `unit` is the unit picker's word."""

    q = fields.text("账号或姓名", max_length=40, required=False)
    office = fields.choice("单位", [], required=False)
    role = fields.choice("角色", [("", "全部"), *Role.choices], required=False)

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["office"].choices = [("", "全部"), *((u.code, u.short_name) for u in units)]

    def chosen(self) -> dict:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class AccountForm(forms.Form):
    unit = _unit("单位", empty_label="选择单位")
    full_name = fields.text("姓名", max_length=rules.LONGEST_NAME)
    username = fields.text(
        "账号", max_length=40, help_text="小写字母、数字、点、横线，如 li.jianguo。一人一个，不共用。"
    )
    email = _email()

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.open().visible_to(by, Permission.MANAGE_SYSTEM)


class GrantForm(forms.Form):
    role = fields.choice("角色", Role.choices)
    unit = _unit("单位", empty_label="选择单位")
    document = fields.text("任命文件", max_length=100, help_text="文号或依据，如“本环办〔2026〕3 号”。")
    valid_from = fields.day("起始日")
    valid_to = fields.day("截止日", required=False, help_text="没有期限的留空。")

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        # A closed one too: what it left behind is finished by somebody (`rules.why_not_grant`).
        self.fields["unit"].queryset = Unit.objects.visible_to(by, Permission.MANAGE_GRANTS)
        own = [r for r in Role if r not in CITY_WIDE]
        city = [r for r in Role if r in CITY_WIDE and r not in ADMIN_PARTS]
        self.fields["role"].choices = [
            ("", "选择角色"),
            ("各单位", [(r.value, r.label) for r in own]),
            ("全市", [(r.value, r.label) for r in city]),
            ("管理员", [(r, Role(r).label) for r in ADMIN_PARTS]),
        ]


class GrantDecisionForm(GrantForm):
    """A request: the roles that open what was asked for, and no other."""

    opinion = fields.opinion("不授权的写明原因。")

    def __init__(self, *args, by, roles, **kwargs):
        super().__init__(*args, by=by, **kwargs)
        self.fields["role"].choices = [("", "选择角色"), *((role.value, role.label) for role in roles)]


class RenameForm(forms.Form):
    full_name = fields.text("姓名", max_length=rules.LONGEST_NAME)
    document = fields.text("依据", max_length=100, help_text="如身份证或户口簿上的变更。")


class EmailForm(forms.Form):
    email = _email()
    reason = fields.text("原因", max_length=100, help_text="如“换了单位邮箱”。")


class MoveForm(forms.Form):
    unit = _unit("调到", empty_label="选择单位")
    document = fields.text("任命文件", max_length=100, help_text="文号或依据，如“本环办〔2026〕3 号”。")

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.open().visible_to(by, Permission.MANAGE_GRANTS)


class ReasonForm(forms.Form):
    reason = fields.text("原因", max_length=200, help_text="写给以后看记录的人，至少 4 个字。")


class ConfirmForm(forms.Form):
    """Nothing to fill in: the button is the question."""


class PasswordForm(forms.Form):
    """The old password through `authenticate`, so that guessing it here is paused like guessing it at the door."""

    old_password = _secret("原密码", "current-password")
    new_password = _secret(
        "新密码",
        "new-password",
        help_text="至少 12 个字符；小写字母、大写字母、数字、符号至少用三种；不用常见的密码，不只用地名、单位的名字。",
    )
    new_password_again = _secret("再输一遍新密码", "new-password")

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self._request = request

    def clean_old_password(self):
        old = self.cleaned_data["old_password"]
        if authenticate(self._request, username=self._request.user.username, password=old) is None:
            raise forms.ValidationError("原密码不对。连续输错 5 次，要等 15 分钟。")
        return old

    def clean(self):
        data = super().clean()
        new, again = data.get("new_password"), data.get("new_password_again")
        if new and again and new != again:
            self.add_error("new_password_again", "两遍输入的新密码不一样")
        return data


class CodeForm(forms.Form):
    """The six digits of the phone, or one of the recovery codes."""

    code = forms.CharField(
        label="动态口令",
        max_length=40,
        help_text="手机上的 6 位数字。",
        widget=forms.TextInput(attrs={"class": "in", "autocomplete": "one-time-code", "autofocus": True}),
        error_messages={"required": "填写动态口令"},
    )
    remember = forms.BooleanField(
        label="这是我外出检查用的手机，7 天内打开检查任务不再问",
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "ck"}),
    )

    def clean_code(self) -> str:
        """As it is meant where the keyboard writes wide digits: five of these would close the account for a while."""
        return unicodedata.normalize("NFKC", self.cleaned_data["code"])

    def __init__(self, *args, remembers, **kwargs):
        super().__init__(*args, **kwargs)
        if not remembers:
            del self.fields["remember"]
        else:
            self.fields["code"].help_text += "手机不在身边的，输一个备用码。"


class ResetDecisionForm(forms.Form):
    opinion = fields.opinion()
