"""`manage.py admin_password ACCOUNT`: a new password for an administrator who cannot sign in."""

from django.core.management.base import BaseCommand, CommandError

from benxi_shuangsuiji.accounts import actions, secrets_in
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.refusal import Refused


class Command(BaseCommand):
    help = "重设管理员账号的密码（别的账号由系统管理员在网页上重设）。密码在终端里输入，或从标准输入读一行。"

    def add_arguments(self, parser):
        parser.add_argument("username", metavar="账号")
        parser.add_argument("--forget-second-factor", action="store_true", help="手机和备用码都丢了：动态口令一并重置")

    def handle(self, *, username, forget_second_factor, **options):
        account = User.objects.filter(username=username).first()
        if account is None:
            raise CommandError(f"没有账号 {username}。")
        try:
            actions.set_administrators_password(
                account=account,
                password=secrets_in.ask(f"{account.username} 的新密码"),
                forget_second_factor=forget_second_factor,
            )
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{account.username} 的密码已重设，登录暂停也已解除。本人登录以后先改密码。")
