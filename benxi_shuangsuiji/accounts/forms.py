from django.contrib.auth.forms import AuthenticationForm


class LoginForm(AuthenticationForm):
    """Account and password; the same sentence whether the account exists or not."""

    error_messages = {
        "invalid_login": "账号或密码不对。核对后重新输入；连续输错 5 次，要等 15 分钟。",
        "inactive": "账号或密码不对。核对后重新输入；连续输错 5 次，要等 15 分钟。",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "账号"
        self.fields["password"].label = "密码"
        for field in self.fields.values():
            field.error_messages["required"] = f"填写{field.label}"
