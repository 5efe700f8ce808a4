from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "benxi_shuangsuiji.accounts"
    label = "accounts"
    verbose_name = "账号与权限"

    def ready(self):
        from . import checks, city, fresh, known_city, refusals  # noqa: F401  (registers the system check, when a password was typed, when it was wrong)

        city.use(known_city.known_city)
