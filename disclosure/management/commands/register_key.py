"""`manage.py register_key`: make a new key for the register, or announce one by an entry of kind KEY (PUB1 §3)."""

import secrets

from django.core.management.base import BaseCommand, CommandError

from benxi_shuangsuiji.refusal import Refused
from disclosure.register import own, pub1, signing


class Command(BaseCommand):
    help = "不带参数：生成一把新的签名密钥。带公钥：公告它，以后用它签名。"

    def add_arguments(self, parser):
        parser.add_argument("key", nargs="?", default="", help="要公告的新公钥，照生成时印出的一行抄")
        parser.add_argument("--document", default="", help="依据文件")

    def handle(self, *, key, document, **options):
        if not key:
            seed = secrets.token_bytes(32)
            name = signing.name()
            self.stdout.write(f"REGISTER_KEY={seed.hex()}\n公钥 {pub1.sign(name, 0, pub1.EMPTY, seed)[1]}")
            self.stdout.write("先公告公钥，再把 REGISTER_KEY 写进后台任务的环境，重新启动后台任务；密钥不留在别处。")
            return
        try:
            publication = own.announce_key(key=key, document=document)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"已公告：{publication.no}。公示文书上也印新公钥；换上新密钥以后第一次签名起使用。")
