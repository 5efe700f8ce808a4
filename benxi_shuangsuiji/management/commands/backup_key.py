"""`manage.py backup_key FILE`: the pair of keys of backups; the private one goes into a file that leaves the server."""

import os
from pathlib import Path

import pyrage
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "生成备份用的一对密钥：私钥写进文件，公钥印出来。"
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="私钥写到哪里，不能是已有的文件")

    def handle(self, *, file, **options):
        pair = pyrage.x25519.Identity.generate()
        try:
            with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
                out.write(f"# 公钥 {pair.to_public()}\n{pair}\n")
        except FileExistsError as there:
            raise CommandError(f"{file} 已经在了，没有覆盖：没有它，以前的备份打不开。换一个文件名。") from there
        except OSError as fault:
            raise CommandError(f"{file} 写不进去：{fault.strerror}。") from fault
        self.stdout.write(f"BACKUP_RECIPIENTS={pair.to_public()}")
        self.stdout.write(f"把上面一行写进 .env。私钥在 {file}，抄两份分处保管，从服务器上删掉；丢了，备份打不开。")
