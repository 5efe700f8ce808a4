"""`manage.py doctor`: what `/healthz/` and 系统状况 ask, with the answers, for whoever stands at the server."""

from django.core.management.base import BaseCommand

from benxi_shuangsuiji.health import questions

STATES = {True: "正常", False: "不正常", None: "没有问"}


class Command(BaseCommand):
    help = "检查系统是否正常：数据库、后台任务、邮件、磁盘、证书、链、日志和设置。不正常的，写明怎么办，退出码为 1。"
    requires_system_checks = []  # it says itself what is wrong

    def handle(self, **options):
        asked = questions.ask()
        for a in asked:
            self.stdout.write(f"{STATES[a.answer.ok]}　{a.question.name}：{a.answer.words}")
            if a.answer.ok is False and a.answer.remedy:
                self.stdout.write(f"　　　{a.answer.remedy}")
        if not questions.is_well(asked):
            raise SystemExit(1)
