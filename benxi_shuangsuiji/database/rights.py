"""What the runtime logins may do with each table: the one manifest (decisions.md 10, reliability.md 5.2).

`migrate` applies it after every run, and refuses to finish when a table is not listed, so that each later table is born
with its rights. A test compares the manifest with what the database says. Whatever may be changed, its key may not: a row
that took another number with other words would leave the trail no old and new to compare (S1).
"""

from dataclasses import dataclass

from . import shown
from .logins import DRAW, LOGINS, PUBLIC, WEB, WORKER


@dataclass(frozen=True)
class Rights:
    """`grants`: letters of SELECT, INSERT, UPDATE, DELETE for the web; the worker has the same unless `worker` says what.
    `sealed`: rows can only be added. `trail`: what the generic trigger writes about a change: "full", "count" (for tables
    that say who was drawn) or "" (own history, or no content); `hidden`: columns of which it says only that they changed.
    """

    grants: str = "SIUD"
    worker: str | None = None
    sealed: bool = False
    trail: str = "full"
    draw_only: bool = False
    hidden: tuple[str, ...] = ()

    def of(self, login: str) -> str:
        return self.worker if login == WORKER and self.worker is not None else self.grants


KEPT = Rights("SIU")  # rows are changed, never deleted
FREE = Rights("SIUD")
SEALED = Rights("SI", sealed=True, trail="")
NAMES = Rights("SIU", trail="count")  # rows say who was drawn
SEALED_NAMES = Rights("SI", sealed=True, trail="")
PLUMBING = Rights("SIUD", trail="")
READ = Rights("S", trail="")
QUEUE = Rights("", "SIUD", trail="")  # the worker alone: what stands there is called by name (S3)

TABLES: dict[str, Rights] = {
    "django_migrations": READ,
    "django_content_type": READ,
    "auth_permission": READ,
    "auth_group": READ,
    "auth_group_permissions": READ,
    "django_session": PLUMBING,
    "django_admin_log": READ,  # comes with Django's admin; 名录后台 writes the registry's own history instead
    "axes_accessattempt": PLUMBING,
    "axes_accesslog": PLUMBING,
    "axes_accessfailurelog": PLUMBING,
    "axes_accessattemptexpiration": PLUMBING,
    "django_q_ormq": QUEUE,
    "django_q_task": QUEUE,
    "django_q_schedule": QUEUE,
    "demo_clock": Rights("", trail=""),
    "rules_in_force": READ,
    "foundation_formkey": PLUMBING,
    "accounts_unit": KEPT,
    "accounts_cityrecord": KEPT,
    "accounts_unitchange": KEPT,
    "accounts_grantrequest": KEPT,
    "accounts_user": Rights("SIU", hidden=("password",)),
    "accounts_rolegrant": KEPT,
    # Secrets of people, and from where they come: the acts stand in the trail, not the values.
    "accounts_authenticator": Rights("SIUD", trail="count"),
    "accounts_recoverycode": Rights("SIUD", trail="count"),
    "accounts_knowndevice": PLUMBING,
    "accounts_secondfactorreset": KEPT,
    "audit_auditentry": SEALED,
    "audit_auditlink": SEALED,
    "audit_auditwatch": Rights("S", "SIU", trail=""),  # the worker alone looks
    "workdays_calendarexception": FREE,
    "workdays_publishedyear": KEPT,
    "notices_duty": Rights("SIU", trail="count"),  # which dates moved, without the words
    "notices_dutymove": SEALED,
    "notices_policychange": SEALED,
    "notices_policydecision": SEALED,
    "notices_firstuse": KEPT,
    "notices_calendarfeed": Rights("SIU", trail=""),
    "notices_reminder": Rights("SIU", trail=""),
    "notices_message": Rights("SIU", trail=""),
    "notices_outgoingmail": Rights("SIU", trail=""),
    "notices_heartbeat": Rights("SIU", trail=""),
    "documents_storedfile": Rights("SI", sealed=True, trail="count"),  # another name for the same bytes is a row, too
    "documents_fileround": Rights("SIU", trail=""),
    "documents_filetrouble": KEPT,
    "documents_job": Rights("SIU", trail=""),
    "registry_facility": Rights(
        hidden=("search_text",)
    ),  # only the withdrawal of an import deletes, and only untouched rows
    "registry_categoryground": FREE,
    "registry_positivelistentry": FREE,
    "registry_facilitychange": SEALED,
    "registry_changeproposal": FREE,  # the withdrawal of an import deletes what was only asked about its new rows
    "registry_proposalbatch": KEPT,
    "registry_categoryrun": SEALED,
    "registry_inspector": Rights(hidden=("search_text",)),
    "registry_inspectorabsence": FREE,
    "registry_inspectorcertificate": Rights("SID"),  # the withdrawal of an import deletes its own rows
    "registry_inspectorchange": SEALED,
    "registry_safetynote": SEALED,
    "registry_permitcondition": KEPT,
    "registry_conflictofinterest": KEPT,
    "registry_interestdeclaration": KEPT,
    "registry_staffcheck": KEPT,
    "registry_tag": KEPT,
    "registry_tagrun": KEPT,
    "registry_facilitytag": FREE,
    "registry_savedview": FREE,
    "registry_vocabularyterm": KEPT,
    "registry_facilityrating": Rights("SID", trail=""),  # the withdrawal of an import deletes its own rows
    "registry_complianceevent": SEALED,
    "registry_monitoringmonth": SEALED,
    "registry_complaint": SEALED,
    "registry_complaintoutcome": SEALED,
    "registry_complaintrule": SEALED,
    "registry_positiveexit": KEPT,
    "registry_registrykeeper": KEPT,
    "registry_registryaudit": SEALED,
    "registry_pastchecks": KEPT,
    "registry_pastcheck": Rights("SID"),  # the withdrawal of an import deletes its own rows
    "registry_nopastchecks": SEALED,
    "registry_importbatch": Rights("SIU", trail=""),
    "registry_importline": Rights("SIUD", trail=""),
    "registry_permitrecord": Rights("SID", trail=""),
    "plans_itemlist": KEPT,
    "plans_inspectionitem": FREE,
    "plans_itemkind": KEPT,
    "plans_checkpoint": FREE,
    "plans_legalbasis": KEPT,
    "plans_basisarticle": KEPT,
    "plans_itembasis": FREE,
    "plans_basischange": SEALED,
    "plans_basiseffect": KEPT,
    "plans_bankpoint": KEPT,
    "plans_quarterlyplan": KEPT,
    "plans_planstratum": FREE,
    "plans_planitem": FREE,
    "plans_plansource": FREE,
    "plans_generalratiopolicy": KEPT,
    "plans_unitpolicy": KEPT,
    "plans_localscheme": KEPT,
    "plans_lotteryschedule": Rights("SI"),
    "plans_lotterybreak": FREE,
    "plans_filing": KEPT,
    "plans_justicefiling": KEPT,
    "plans_draw": KEPT,
    "plans_drawdocument": SEALED,
    "plans_chainentry": SEALED,
    "plans_carry": KEPT,
    "plans_drawsecret": Rights("I", sealed=True, trail="", draw_only=True),
    "plans_valueentry": SEALED,
    "plans_drawrelease": SEALED,
    "plans_proofrun": Rights("SI", sealed=True),  # "all well" without having looked is found by its missing act
    "plans_pick": SEALED_NAMES,
    "plans_pickdrop": SEALED_NAMES,
    "plans_team": SEALED_NAMES,
    "plans_teammember": SEALED_NAMES,
    "plans_abortrequest": KEPT,
    "plans_correctionrequest": KEPT,
    "plans_amendmentrequest": NAMES,
    "plans_amendmentrequest_picks": SEALED_NAMES,
    "inspections_inspection": NAMES,
    "inspections_onsiterequest": NAMES,
    "inspections_onsiterequest_looks": SEALED_NAMES,
    "inspections_approvalchain": SEALED,
    "inspections_checkapproval": NAMES,
    "inspections_acceptance": NAMES,
    "inspections_visitmember": Rights("SIU", trail="count"),
    "inspections_checkanswer": NAMES,
    "inspections_paperlayout": SEALED,
    "inspections_paperscan": SEALED_NAMES,
    "inspections_volume": KEPT,
    "inspections_volumepaper": FREE,  # of a volume in the making: what no longer belongs in it goes
    "inspections_enclosure": SEALED,
    "inspections_archiverequest": KEPT,
    "inspections_numberword": SEALED,
    "inspections_noticenumber": SEALED_NAMES,
    "inspections_keptname": SEALED_NAMES,
    "inspections_evidence": SEALED_NAMES,
    "inspections_custody": SEALED_NAMES,
    "inspections_sample": SEALED_NAMES,
    "inspections_struck": SEALED_NAMES,
    "inspections_offsitelook": SEALED_NAMES,
    "inspections_lookfile": SEALED_NAMES,
    "inspections_lookpoint": SEALED_NAMES,
    "inspections_recorder": KEPT,
    "inspections_recording": NAMES,
    "inspections_recordinggap": SEALED_NAMES,
    "inspections_answerconflict": NAMES,
    "inspections_receipt": SEALED_NAMES,
    "inspections_conclusion": NAMES,
    "inspections_addendum": SEALED_NAMES,
    "inspections_signature": NAMES,
    "inspections_delivery": SEALED_NAMES,
    "inspections_paperbody": SEALED,
    "inspections_try": PLUMBING,
    "inspections_impostorreport": NAMES,
    "inspections_rating": SEALED_NAMES,  # which visit was rated how is told to nobody
    "inspections_enterpriselink": Rights("SIU", trail=""),  # what opens a page stands in no trail; its acts do
    "inspections_unitphone": KEPT,
    "inspections_statement": NAMES,
    "inspections_statementfile": SEALED_NAMES,
    "inspections_swap": NAMES,
    "inspections_withholding": NAMES,
    "inspections_followup": NAMES,
    "inspections_rectification": NAMES,
    # what a result named that was sent back and reviewed anew
    "inspections_rectificationpoint": Rights("SIUD", trail="count"),
    "inspections_rectificationreport": NAMES,
    "inspections_reportline": NAMES,
    "inspections_reportfile": Rights("SID", trail="count"),  # a file leaves a draft only; a filed report keeps its own
    "inspections_rectificationact": NAMES,
    "inspections_rectificationorder": SEALED_NAMES,  # what was handed out stays as it was
    "inspections_case": NAMES,
    "inspections_caseact": NAMES,
    "inspections_referral": NAMES,
    "inspections_creditexport": SEALED,
    "inspections_targetedcheck": NAMES,
    "inspections_targetedcheck_items": Rights("SI", sealed=True, trail=""),
    "inspections_targetedmember": Rights("SI", sealed=True, trail=""),
    "inspections_targetedkind": KEPT,
    "inspections_campaign": KEPT,
    "inspections_yearclosing": KEPT,
    "inspections_frequencycap": KEPT,
    "inspections_unfinishedreason": NAMES,
    "inspections_coveragereason": NAMES,
    "inspections_instruction": KEPT,
    "inspections_instructionanswer": KEPT,
    "inspections_workreport": Rights("SIU", trail="count"),  # a draft is the unit's until it is sent
    "inspections_selfchecksummary": KEPT,
    "inspections_selfcheckbefore": Rights("SIU", trail=""),  # reckoned anew each day, from what stands elsewhere
    "inspections_connection": SEALED,
    "inspections_platformcode": KEPT,
    "inspections_exchangepackage": NAMES,
    "inspections_exchangerecord": NAMES,
    "inspections_packagerefusal": NAMES,
    "inspections_platformtask": NAMES,
    "inspections_platformdifference": NAMES,
    "inspections_platformresult": NAMES,
    "inspections_bulletin": Rights("SIU", trail="count"),  # its words are written until it goes to be signed
    "inspections_provincialreport": SEALED,
    "inspections_provinciallayout": SEALED,
    "disclosure_publication": SEALED,
    "disclosure_registerentry": Rights("S", sealed=True, trail=""),  # written by the trigger of publications alone
    "disclosure_registernode": Rights("S", "SI", sealed=True, trail=""),  # the worker alone signs
    "disclosure_checkpoint": Rights("S", "SI", sealed=True, trail=""),
    "disclosure_rosterrow": READ,  # written by the trigger of publications alone
    "disclosure_objection": Rights("SIU", trail="count"),
    "disclosure_applicant": SEALED_NAMES,  # who asks, and what he says, is told to nobody who does not handle it
    "disclosure_applicantkey": Rights(
        "SI", "SID", trail=""
    ),  # the worker destroys it when its time is over; a demo is played by it
    "disclosure_objectionpaper": SEALED_NAMES,
    "disclosure_objectionfile": SEALED_NAMES,
    "disclosure_ruling": Rights("SIU", trail="count"),
    "disclosure_witness": KEPT,
    "disclosure_cosignature": SEALED,
    "disclosure_ownwords": Rights("SIU", trail="count"),  # what is given back may hold personal data
    "disclosure_wordsrequest": KEPT,
    "disclosure_yearvolume": KEPT,
    "disclosure_yearpaper": FREE,
    "disclosure_revision": Rights("SIU", trail=""),  # holds words that a withdrawal seals; its acts stand in the trail
}
VIEWS = [
    "plans_public_document",
    "plans_public_chain",
    "plans_public_carry",
    "plans_public_value",
    "plans_public_lateness",
    "plans_public_correction",
]
LARGE_OBJECTS = (
    "REVOKE EXECUTE ON FUNCTION lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea), lo_put(oid, bigint, bytea),"
    " lo_open(oid, integer), lowrite(integer, bytea) FROM PUBLIC"
)
WORDS = {"S": "SELECT", "I": "INSERT", "U": "UPDATE", "D": "DELETE"}


class Unlisted(Exception):
    """A table exists that the manifest does not name."""


def apply(cursor) -> None:
    """Give exactly the rights of the manifest; `cursor` belongs to the owner. Safe to run again."""
    _roles(cursor)
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    tables = [name for (name,) in cursor.fetchall()]
    if missing := [name for name in tables if name not in TABLES]:
        raise Unlisted("rights.py 没有列出这些表：" + "、".join(missing))
    cursor.execute("SELECT viewname FROM pg_views WHERE schemaname = 'public' ORDER BY 1")
    views = [name for (name,) in cursor.fetchall()]
    if missing := [name for name in views if name not in VIEWS]:
        raise Unlisted("rights.py 没有列出这些视图：" + "、".join(missing))
    logins = f"{WEB}, {WORKER}"
    cursor.execute("SELECT current_database()")
    database = cursor.fetchone()[0]
    cursor.execute(f'REVOKE TEMPORARY, CREATE ON DATABASE "{database}" FROM PUBLIC')
    cursor.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    cursor.execute(f"GRANT USAGE ON SCHEMA public TO {logins}, {DRAW}, {PUBLIC}")
    cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {logins}, {DRAW}, {PUBLIC}")
    cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {logins}")
    columns = changeable(cursor)
    for table in tables:
        rights = TABLES[table]
        for login in (WEB, WORKER):
            if words := _words(rights.of(login), columns.get(table, [])):
                cursor.execute(f"GRANT {words} ON {table} TO {login}")
        if rights.draw_only:
            cursor.execute(f"GRANT SELECT ON {table} TO {DRAW}")
        _triggers(cursor, table, rights)
    cursor.execute(f"GRANT SELECT ON {', '.join(views)} TO {logins}")
    # A reader holds nobody up.
    cursor.execute("REVOKE EXECUTE ON FUNCTION hold_still(regclass[]) FROM PUBLIC")
    cursor.execute(f"GRANT EXECUTE ON FUNCTION hold_still(regclass[]) TO {logins}")
    shown.lay_out(cursor, [*tables, *views])
    _without_large_objects(cursor)


def take_away(cursor) -> None:
    """No login reads or writes any table, until `apply`."""
    shown.take_away(cursor)
    cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {WEB}, {WORKER}, {DRAW}, {PUBLIC}")


def _roles(cursor) -> None:
    """Where one login does everything, it makes the others as roles to take; elsewhere the administrator made them."""
    cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [[*LOGINS, DRAW]])
    there = {name for (name,) in cursor.fetchall()}
    missing = [name for name in (WEB, WORKER, PUBLIC, DRAW) if name not in there]
    cursor.execute("SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user")
    if missing and not cursor.fetchone()[0]:
        raise Unlisted(f"数据库里没有登录名 {'、'.join(missing)}。由管理员先运行 docs/deploy/roles.sql，再迁移。")
    for role in missing:
        cursor.execute(f"CREATE ROLE {role} NOLOGIN NOINHERIT")
        cursor.execute(f"GRANT {role} TO CURRENT_USER")
        if role == DRAW:
            cursor.execute(f"GRANT {DRAW} TO {WEB}, {WORKER}")


def changeable(cursor) -> dict[str, list[str]]:
    """Table → its columns that an UPDATE may name: neither its key nor what the database reckons."""
    cursor.execute(
        "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND NOT a.attisdropped AND a.attgenerated = ''"
        " AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY(i.indkey))"
        " ORDER BY c.relname, a.attnum"
    )
    found: dict[str, list[str]] = {}
    for table, column in cursor.fetchall():
        found.setdefault(table, []).append(column)
    return found


def _words(letters: str, columns: list[str]) -> str:
    words = [WORDS[letter] for letter in letters if letter != "U"]
    if "U" in letters and columns:
        quoted = ", ".join(f'"{name}"' for name in columns)
        words.append(f"UPDATE ({quoted})")
    return ", ".join(words)


def _without_large_objects(cursor) -> None:
    """They belong to no table and to no right of ours, and could fill the disk (S12). Only a superuser can take them away; a
    server of its own does it in docs/deploy/roles.sql.
    """
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    if cursor.fetchone()[0]:
        cursor.execute(LARGE_OBJECTS)


def _triggers(cursor, table: str, rights: Rights) -> None:
    """ALWAYS triggers: they also hold when a session calls itself a replica (reliability.md 5.1)."""
    wanted: dict[str, str] = {}
    if rights.sealed:
        wanted["sealed_rows"] = f"BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        wanted["sealed_table"] = f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    if rights.trail:
        told = ", ".join(f"'{word}'" for word in (rights.trail, " ".join(rights.hidden)) if word)
        for event, tables in (
            ("INSERT", "NEW TABLE AS news"),
            ("UPDATE", "OLD TABLE AS olds NEW TABLE AS news"),
            ("DELETE", "OLD TABLE AS olds"),
        ):
            wanted[f"trail_{event.lower()}"] = (
                f"AFTER {event} ON {table} REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION audit_rows({told})"
            )
    for name in ("sealed_rows", "sealed_table", "trail_insert", "trail_update", "trail_delete"):
        cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
        if name in wanted:
            cursor.execute(f"CREATE TRIGGER {name} {wanted[name]}")
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
