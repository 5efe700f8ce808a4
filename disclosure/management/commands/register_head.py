"""`manage.py register_head`: after a restore, enter the highest head of the register that is known outside (PUB1 §3)."""

import re

from django.core.management.base import BaseCommand, CommandError

from benxi_shuangsuiji.audit import trail
from disclosure.register import signing


class Command(BaseCommand):
    help = "从备份恢复以后，录入外面见过的最新检查点（条数和根），日志才重新签名。"

    def add_arguments(self, parser):
        parser.add_argument("size", type=int, help="条数")
        parser.add_argument("root", help="根，64 位十六进制")

    def handle(self, *, size, root, **options):
        if size < 1 or not re.fullmatch("[0-9a-f]{64}", root):
            raise CommandError("条数是正整数，根是 64 位小写十六进制，照检查点或印出的公示文书抄。")
        known = signing.remembered()
        if known and known[0] > size:
            raise CommandError(f"这台机器记得更新的检查点：{known[0]} 条，{known[1]}。没有改动。")
        signing.remember_known(size, root)
        trail.record("disclosure.register.head_entered", by=None, size=size, root=root)
        self.stdout.write(f"已录入：{size} 条，{root}。日志接得上的，下一分钟起继续签名。")
