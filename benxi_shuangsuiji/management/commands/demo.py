"""`manage.py demo`: a database of its own, filled by playing, then web and worker on one machine (decisions.md 8)."""

import os
import sys
import time
from contextlib import contextmanager
from datetime import date, datetime
from datetime import time as clock_time
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections

from benxi_shuangsuiji.database import demo_clock
from benxi_shuangsuiji.machine import devdb, processes, standalone

CHINA = ZoneInfo("Asia/Shanghai")
DEFAULT_DAY = date(2026, 8, 19)


class Command(BaseCommand):
    help = "装好演示数据并启动网站和后台任务；第一次约需三分钟。"
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000, help="网站端口，默认 8000")
        parser.add_argument(
            "--on", type=date.fromisoformat, default=DEFAULT_DAY, help="演示到 2026 年的哪一天，如 2026-05-20"
        )
        parser.add_argument("--fresh", action="store_true", help="删除原来的演示数据，重新开始")
        parser.add_argument("--prepare-only", action="store_true", help="只准备数据，不启动网站")

    def handle(self, *, port, on, fresh, prepare_only, **options):
        if on.year != 2026:
            raise CommandError("--on 只能是 2026 年的一天，例如 --on 2026-05-20。")
        until = datetime.combine(on, clock_time(10), CHINA)
        self.prepare(until, fresh, port, prepare_only)
        if prepare_only:
            return
        try:
            processes.serve(port, self.announce, self.say, partial(devdb.keep_up, standalone.var()))
        except processes.NotStarted as trouble:
            raise CommandError(str(trouble)) from trouble
        self.say("演示已停止。")

    def say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()

    # --- data -----------------------------------------------------------------------------------------------------

    def prepare(self, until: datetime, fresh: bool, port: int, prepare_only: bool) -> None:
        state = self._state()
        if state == "foreign":
            raise CommandError(
                "DATABASE_URL 指向的数据库不是演示库，演示不会动它。换一个空的数据库，或去掉 DATABASE_URL。"
            )
        if state == "played" and not fresh:
            self._migrate()
            self._go_on(until)
            return
        if state != "empty":
            self.say("上一次的演示数据没有做完或要求重做，正在重建数据库……")
            self._recreate()
            Path(settings.REGISTER_HEAD).unlink(missing_ok=True)  # the register begins anew, too
        page = None
        if not prepare_only:
            from benxi_shuangsuiji.demo.progress_page import ProgressPage

            free = processes.free_port(port)
            page = ProgressPage(free)
            self.say(f"准备期间可以先打开 http://127.0.0.1:{free}/ 看进度。")
        try:
            self.say("正在建表……")
            with self._owner() as cursor:
                demo_clock.mark(cursor)
            self._migrate()
            self._play(until, page)
        finally:
            if page:
                page.close()
            connections.close_all()

    def _play(self, until: datetime, page) -> None:
        from benxi_shuangsuiji.demo.player import Player
        from benxi_shuangsuiji.notices import tasks
        from disclosure.register import signing

        began, shown = time.monotonic(), -1

        def progress(done, total, words):
            nonlocal shown
            if page:
                page.done, page.total, page.words = done, total, words
            # The later quarters' events are planned while the earlier ones are played, so the share is told by the date.
            seconds = int(time.monotonic() - began)
            if seconds // 5 != shown:
                shown = seconds // 5
                self.say(f"　{seconds:>3} 秒　已办 {done} 件　{words}")

        with self._owner() as cursor:
            cursor.execute("SET synchronous_commit = off")  # the clock is moved a thousand times and more
            player = Player(
                until=until,
                set_clock=lambda when: demo_clock.set_to(cursor, when, running=False),
                progress=progress,
            )
            player.play()
            demo_clock.set_to(cursor, until, running=True)
        tasks.daily(force=True)
        signing.sign_newest()
        tasks.beat("demo-played", until)
        tasks.beat("tick", until)
        self.say(f"演示数据已备好：{player.done} 件事，用时 {time.monotonic() - began:.0f} 秒。")

    def _go_on(self, until: datetime) -> None:
        """Start the clock again where the demo begins, or where somebody left it, whichever is later."""
        with self._owner() as cursor:
            cursor.execute("SELECT max(at) FROM audit_auditentry")
            start = max(until, cursor.fetchone()[0])
            demo_clock.set_to(cursor, start, running=True)
        from benxi_shuangsuiji.notices import tasks

        tasks.beat("tick", start)  # the worker is about to begin

    def _state(self) -> str:
        """What the database is: empty, played, unfinished (a demo that was interrupted), or foreign.

        Asked as the owner: on a server that has just been set up, only the migrations make the runtime role.
        """
        with self._owner() as cursor:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            tables = {name for (name,) in cursor.fetchall()}
            if not tables:
                return "empty"
            if "demo_clock" in tables:
                done = (
                    {"notices_heartbeat", "rules_in_force"} <= tables  # without: from before migrations began anew
                    and cursor.execute("SELECT 1 FROM notices_heartbeat WHERE name = 'demo-played'").fetchone()
                )
                return "played" if done else "unfinished"
            # Ours, migrated, and nobody has an account yet: nothing is lost.
            ours = {"accounts_user", "audit_auditentry"} <= tables
            if ours and not cursor.execute("SELECT 1 FROM accounts_user LIMIT 1").fetchone():
                return "unfinished"
            return "foreign"

    def _recreate(self) -> None:
        name = connection.settings_dict["NAME"]
        connections.close_all()
        with self._owner("postgres") as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{name}"')

    def _migrate(self) -> None:
        command = [sys.executable, "-W", "ignore", str(standalone.ROOT / "manage.py"), "migrate", "-v", "0"]
        if processes.finished(command, env={**os.environ, "BENXI_AS": "owner"}):
            raise CommandError("建表没有成功，原因见上。")

    @contextmanager
    def _owner(self, database: str | None = None):
        """A cursor of the owner's login, outside Django's own connection."""
        import environ
        import psycopg

        url = os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]
        settings = environ.Env.db_url_config(url)
        with psycopg.connect(
            dbname=database or settings["NAME"],
            user=settings.get("USER") or None,
            password=settings.get("PASSWORD") or None,
            host=settings.get("HOST") or settings.get("OPTIONS", {}).get("host"),
            port=settings.get("PORT") or settings.get("OPTIONS", {}).get("port"),
            autocommit=True,
        ) as owner:
            yield owner.cursor()

    # --- words ----------------------------------------------------------------------------------------------------

    def announce(self, address: str) -> None:
        from benxi_shuangsuiji.demo.cast import PASSWORD, door_list

        lines = [
            "",
            f"网站已启动：{address}　工作台：{address}desk/　按 Ctrl-C 停止。",
            f"每种角色一个账号，密码都是 {PASSWORD}：",
        ]
        lines += [f"　{role}　{username}　（{unit}）" for role, username, unit in door_list()]
        self.say("\n".join(lines))
        connections.close_all()
