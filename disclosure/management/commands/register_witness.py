"""`manage.py register_witness`: enter or end a witness of the register, or take in what he signed (PUB1 §3)."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from benxi_shuangsuiji.refusal import Refused
from disclosure.register import witnesses


class Command(BaseCommand):
    help = "登记见证人的公钥，或者收下他签过的检查点。"

    def add_arguments(self, parser):
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--add", metavar="公钥", help="登记一位见证人")
        what.add_argument("--end", metavar="公钥", help="不再见证")
        what.add_argument("--receive", metavar="文件", help="收下签过的检查点，- 从标准输入读")
        parser.add_argument("--name", default="", help="见证人的名称")
        parser.add_argument("--document", default="", help="依据文件")

    def handle(self, *, add, end, receive, name, document, **options):
        try:
            if add:
                said = f"已登记：{witnesses.add(name=name, key=add, document=document).name}。"
            elif end:
                said = f"{witnesses.end(key=end, document=document).name}不再见证。"
            else:
                note = sys.stdin.buffer.read() if receive == "-" else Path(receive).read_bytes()
                said = f"收下 {len(witnesses.receive(note))} 个新的见证签名。"
        except (Refused, OSError) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(said)
