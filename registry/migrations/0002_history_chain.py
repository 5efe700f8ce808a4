"""Changes of a record are linked entry by entry, by the database itself (ui.md 4.9, decisions.md 6, SSJ1 D9).

`seq` counts the entries of one record from 1. `digest` is SHA-256 over the digest before it and the text of the entry.
Both are written by a trigger, whatever the caller says. Two writers cannot fork a chain: of two entries with the same
number the second waits for the first and is then refused by the unique constraint.
"""

from django.db import migrations, models

# The text of an entry as it is hashed. A column added later must be appended as `|| CASE WHEN {c}.x IS NULL THEN '' …`
# in both functions, so that the digests of the entries before it stay what they are.
COLUMNS = {
    "facility": "{c}.kind, {c}.effective_on, {c}.reason, {c}.evidence, {c}.entered_by_id, {c}.approved_by_id, {c}.batch_id",
    "inspector": "{c}.kind, {c}.effective_on, {c}.reason, {c}.entered_by_id, {c}.batch_id",
}
DIGEST = """encode(sha256(convert_to({prev} || '|' || jsonb_build_array({c}.id, {c}.seq, {c}.{who}_id, {c}.{who}_code,
        {columns}, extract(epoch FROM {c}.at))::text || '|' || {c}."values"::text, 'UTF8')), 'hex')"""

CHAIN = """
CREATE FUNCTION registry_{who}_link() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE last record;
BEGIN
    SELECT seq, digest INTO last FROM registry_{who}change WHERE {who}_id = NEW.{who}_id ORDER BY seq DESC LIMIT 1;
    NEW.seq := coalesce(last.seq, 0) + 1;
    NEW.digest := {digest_new};
    RETURN NEW;
END $$;

-- Entries from before there was a chain get theirs, in the order they were entered.
DROP TRIGGER IF EXISTS sealed_rows ON registry_{who}change;  -- put back by rights.py at the end of every `migrate`
DO $$
DECLARE c registry_{who}change; n integer := 0; who bigint := 0; prev text := '';
BEGIN
    FOR c IN SELECT * FROM registry_{who}change ORDER BY {who}_id, id LOOP
        IF c.{who}_id <> who THEN who := c.{who}_id; n := 0; prev := ''; END IF;
        n := n + 1;
        c.seq := n;
        prev := {digest_old};
        UPDATE registry_{who}change SET seq = n, digest = prev WHERE id = c.id;
    END LOOP;
END $$;

CREATE TRIGGER history_link BEFORE INSERT ON registry_{who}change
FOR EACH ROW EXECUTE FUNCTION registry_{who}_link();
ALTER TABLE registry_{who}change ENABLE ALWAYS TRIGGER history_link;

-- Recompute the chain of one record. `broken_at` is the first entry that does not fit; `missing` the first one that the
-- trail of actions knows by number and digest and that is not there any more.
CREATE FUNCTION registry_{who}_check(record_id bigint, record_code text,
                                     OUT checked bigint, OUT broken_at integer, OUT missing integer)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    WITH entries AS (
        SELECT c.seq, row_number() OVER w AS n, c.digest, {digest_was} AS expected
        FROM (SELECT *, lag(digest, 1, '') OVER (ORDER BY seq) AS prev FROM registry_{who}change
              WHERE {who}_id = record_id) c
        WINDOW w AS (ORDER BY c.seq)
    )
    SELECT (SELECT count(*) FROM entries),
           (SELECT min(n)::integer FROM entries WHERE seq <> n OR digest <> expected),
           (SELECT min((a.details->'entry'->>0)::integer) FROM audit_auditentry a
            WHERE a.about_type = '{about}' AND a.about_key = record_code AND a.details ? 'entry'
              AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.seq = (a.details->'entry'->>0)::integer
                              AND e.digest = a.details->'entry'->>1))
$$;
"""


def chain(who: str, about: str) -> str:
    def digest(row: str, prev: str) -> str:
        return DIGEST.format(c=row, prev=prev, who=who, columns=COLUMNS[who].format(c=row))

    return CHAIN.format(
        who=who,
        about=about,
        digest_new=digest("NEW", "coalesce(last.digest, '')"),
        digest_old=digest("c", "prev"),
        digest_was=digest("c", "c.prev"),
    )


def _fields(model: str) -> list:
    return [
        migrations.AddField(model, "seq", models.PositiveIntegerField("序号", db_default=0, editable=False)),
        migrations.AddField(model, "digest", models.CharField("指纹", max_length=64, db_default="", editable=False)),
    ]


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial"), ("audit", "0002_chain")]
    operations = [
        *_fields("facilitychange"),
        *_fields("inspectorchange"),
        migrations.RunSQL(chain("facility", "registry.Facility"), migrations.RunSQL.noop),
        migrations.RunSQL(chain("inspector", "registry.Inspector"), migrations.RunSQL.noop),
        migrations.AddConstraint(
            "facilitychange",
            models.UniqueConstraint(fields=["facility", "seq"], name="facility_history_has_no_fork"),
        ),
        migrations.AddConstraint(
            "inspectorchange",
            models.UniqueConstraint(fields=["inspector", "seq"], name="inspector_history_has_no_fork"),
        ),
    ]
