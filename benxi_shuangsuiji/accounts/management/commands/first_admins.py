"""`manage.py first_admins`: the units and the first two administrators of an empty production system."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from benxi_shuangsuiji.accounts import actions, benxi, secrets_in
from benxi_shuangsuiji.accounts.filling import read
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.refusal import Refused


class Command(BaseCommand):
    help = "在空系统里建好各单位和首批管理员：系统管理员、授权管理员各一名。密码在终端里输入，或从标准输入逐行读。"

    def add_arguments(self, parser):
        for stem, label in (("system", "系统管理员"), ("grants", "授权管理员")):
            parser.add_argument(f"--{stem}", required=True, metavar="账号", help=f"{label}的账号，如 wang.min")
            parser.add_argument(f"--{stem}-name", required=True, metavar="姓名", help=f"{label}的姓名")
        parser.add_argument("--units", type=Path, metavar="文件", help="另一个市的单位和行政区划，JSON；不写的是本溪市")
        parser.add_argument("--document", required=True, metavar="文件", help="任命文件，如“本环办〔2026〕3 号”")

    def handle(self, *, system, system_name, grants, grants_name, document, units, **options):
        try:
            filling = read(units) if units else benxi.FILLING
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        people = {}
        for role, username, name in (
            (Role.ADMIN_SYSTEM, system, system_name),
            (Role.ADMIN_GRANTS, grants, grants_name),
        ):
            people[role] = (username, name, secrets_in.ask(f"{role.label} {username} 的密码"))
        try:
            made = actions.found(people=people, document=document, filling=filling)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        names = "、".join(f"{account.username}（{account.full_name}）" for account in made)
        self.stdout.write(f"单位和首批管理员已建好：{names}。两人登录以后先改密码，再建别的账号和授权。")
        self.stdout.write(
            "接着定启用日期：manage.py first_use 日期 --document 文件，或者两人在 /desk/first-use/ 上定。"
        )
