"""What must be right before the system starts."""

import os

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register

from .logins import LOGINS, PUBLIC, WEB, WORKER


@register(Tags.security)
def one_login(app_configs, **kwargs):
    """With a single database login the tables' rights rest on `SET ROLE`, which that login could undo."""
    if settings.OWNER_URL or settings.DATABASES["default"].get("USER") in LOGINS:
        return []
    return [
        Warning(
            "只配置了 DATABASE_URL：网页、后台任务和公示页用 SET ROLE 降低权限，但能执行任意 SQL 的人可以换回原来的登录名。",
            hint="运行 docs/deploy/roles.sql 建好各登录名，DATABASE_URL、DATABASE_WORKER_URL、DATABASE_PUBLIC_URL 各用自己的。",
            id="benxi.W001",
        )
    ]


@register(Tags.security)
def own_login_of_each(app_configs, **kwargs):
    """The worker has a login of its own, and so have the pages that everybody reads."""
    found = []
    if os.environ.get("BENXI_AS") == "worker" and settings.DATABASES["default"].get("USER") in (WEB, PUBLIC):
        words = f"后台任务的数据库登录名是 {settings.DATABASES['default']['USER']}，它读不到任务队列，什么也做不了。"
        hint = f"运行 docs/deploy/roles.sql 建好 {WORKER}，在 DATABASE_WORKER_URL 里写它的地址。"
        found.append(Error(words, hint=hint, id="benxi.E014"))
    if settings.DATABASES["public"].get("USER") in (WEB, WORKER):
        words = f"公示页用 {settings.DATABASES['public']['USER']} 读数据库，没有用只能读公开内容的 {PUBLIC}。"
        hint = f"运行 docs/deploy/roles.sql 建好 {PUBLIC}，在 DATABASE_PUBLIC_URL 里写它的地址。"
        found.append(Warning(words, hint=hint, id="benxi.W003"))
    return found


@register(deploy=True)
def site_identifiers(app_configs, **kwargs):
    """A government site says on every page who it is, whose portal it belongs to, where its mistakes are told (ui.md 3)."""
    names = ("identifier", "icp", "police", "portal_url", "find_error_url")
    words = {name: f"SITE_{name.upper()}" for name in names}
    missing = [variable for name, variable in words.items() if not settings.SITE[name]]
    if not missing:
        return []
    hint = "在 .env 里写明政府网站标识码、ICP 备案号、公网安备号，市局门户和“我为政府网站找错”的网址。"
    return [Warning(f"公示页的页头和页脚缺少 {'、'.join(missing)}。", hint=hint, id="benxi.W002")]


@register(Tags.security)
def keys(app_configs, **kwargs):
    """Refuse keys that are short or the same (reliability.md 4)."""
    found = []
    for name, value in (("DJANGO_SECRET_KEY", settings.SECRET_KEY), ("DJANGO_DATA_KEY", settings.DATA_KEY)):
        if len(value) < 43:
            found.append(Error(f"{name} 太短，至少 43 个字符。", id="benxi.E001"))
    if settings.SECRET_KEY == settings.DATA_KEY:
        found.append(Error("DJANGO_SECRET_KEY 与 DJANGO_DATA_KEY 不能相同。", id="benxi.E002"))
    return found


@register(Tags.database)
def trigrams(app_configs, databases=None, **kwargs):
    """A database under locale C sorts and searches Chinese wrongly and silently (dependencies.md 7)."""
    if not databases:
        return []
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT lower('Ä') = 'ä'")
        if not cursor.fetchone()[0]:
            return [Error("数据库的区域设置是 C，改用 C.UTF-8 或 zh_CN.UTF-8 重建。", id="benxi.E003")]
    return []


@register(Tags.database)
def rules_in_force(app_configs, databases=None, **kwargs):
    """The draw, the trail and the publications rest on functions and triggers that must be those of the files."""
    if not databases or os.environ.get("BENXI_AS") == "owner":  # `migrate` asks by itself, and then puts them right
        return []
    from django.db import connection

    from . import rules

    with connection.cursor() as cursor:
        reason = rules.why_not_in_force(cursor)
    return [Error(reason, id="benxi.E004")] if reason else []


@register(Tags.database, deploy=True)
def login(app_configs, databases=None, **kwargs):
    """Web and worker work under the rules: with these logins they could put them aside (S7)."""
    if not databases:
        return []
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT session_user, rolsuper, rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication, EXISTS ("
            " SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'"
            " WHERE c.relkind IN ('r', 'p') AND pg_has_role(session_user, c.relowner, 'MEMBER'))"
            " FROM pg_roles WHERE rolname = session_user"
        )
        name, superuser, powerful, owner = cursor.fetchone()
    why = (
        "是数据库的超级用户"
        if superuser
        else "拥有数据表"
        if owner
        else "可以建库、建登录名或绕过行规则"
        if powerful
        else ""
    )
    hint = "网站和后台任务的 DATABASE_URL 只用运行登录名（docs/deploy/roles.sql），拥有者只用于迁移。"
    return [Error(f"数据库登录名 {name} {why}，能改动已封存的记录。{hint}", id="benxi.E011")] if why else []


@register(Tags.database, deploy=True)
def migrated(app_configs, databases=None, **kwargs):
    """The tables are those of this program."""
    if not databases:
        return []
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not waiting:
        return []
    said = f"数据库还有 {len(waiting)} 项迁移没有做，第一项是 {waiting[0][0]}。"
    return [Error(f"{said}用拥有者的登录名运行 manage.py migrate。", id="benxi.E012")]


@register(Tags.database, deploy=True)
def sealed_tables(app_configs, databases=None, **kwargs):
    """What is sealed can only be added to, whatever somebody granted by hand (decisions.md 10)."""
    if not databases:
        return []
    from django.db import connection

    from . import rights

    names = [name for name, table in rights.TABLES.items() if table.sealed]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'"
            " WHERE c.relname = ANY(%s) AND (has_any_column_privilege(c.oid, 'UPDATE')"
            " OR has_table_privilege(c.oid, 'DELETE') OR has_table_privilege(c.oid, 'TRUNCATE')) ORDER BY 1",
            [names],
        )
        open_ones = [name for (name,) in cursor.fetchall()]
    if not open_ones:
        return []
    said = f"运行登录名能改动已封存的表：{'、'.join(open_ones[:8])}。"
    return [Error(f"{said}查明是谁授的权，再用拥有者的登录名运行 manage.py migrate 恢复。", id="benxi.E013")]
