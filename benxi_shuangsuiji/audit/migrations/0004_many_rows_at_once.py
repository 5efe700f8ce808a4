# The generic trigger writes a hundred thousand entries for one import: half of that was work done twice.

from django.db import migrations

# `OFFSET 0` keeps a row from being turned into JSON once for its key and once more for its values. The entries of one
# statement are stamped together, where they are made.
ROWS = """
CREATE OR REPLACE FUNCTION audit_rows() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE actor bigint := nullif(current_setting('app.actor', true), '')::bigint; n bigint;
        hidden text[] := ARRAY['password', 'search_text'];
        moment timestamptz := sj_now();
BEGIN
    IF TG_ARGV[0] = 'count' THEN
        IF TG_OP = 'DELETE' THEN SELECT count(*) INTO n FROM olds; ELSE SELECT count(*) INTO n FROM news; END IF;
        IF n > 0 THEN
            INSERT INTO audit_auditentry (at, login, xid, verb, actor_id, about_type, about_key, details)
            VALUES (moment, session_user, pg_current_xact_id()::text::bigint, 'row.' || lower(TG_OP), actor,
                    TG_TABLE_NAME, '', jsonb_build_object('rows', n));
        END IF;
    ELSIF TG_OP = 'INSERT' THEN
        INSERT INTO audit_auditentry (at, login, xid, verb, actor_id, about_type, about_key, details)
        SELECT moment, session_user, pg_current_xact_id()::text::bigint, 'row.insert', actor, TG_TABLE_NAME, coalesce(j->>'id', ''),
               jsonb_build_object('new', j - hidden)
        FROM (SELECT to_jsonb(t) AS j FROM news t OFFSET 0) x;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO audit_auditentry (at, login, xid, verb, actor_id, about_type, about_key, details)
        SELECT moment, session_user, pg_current_xact_id()::text::bigint, 'row.delete', actor, TG_TABLE_NAME, coalesce(j->>'id', ''),
               jsonb_build_object('old', j - hidden)
        FROM (SELECT to_jsonb(t) AS j FROM olds t OFFSET 0) x;
    ELSE
        INSERT INTO audit_auditentry (at, login, xid, verb, actor_id, about_type, about_key, details)
        SELECT moment, session_user, pg_current_xact_id()::text::bigint, 'row.update', actor, TG_TABLE_NAME, o.j->>'id',
               jsonb_build_object('old', d.was, 'new', d.is)
        FROM (SELECT to_jsonb(t) AS j FROM olds t OFFSET 0) o
        JOIN (SELECT to_jsonb(t) AS j FROM news t OFFSET 0) n ON n.j->>'id' = o.j->>'id'
        CROSS JOIN LATERAL (SELECT jsonb_object_agg(k, o.j->k) AS was, jsonb_object_agg(k, n.j->k) AS is
                            FROM jsonb_object_keys(n.j) k
                            WHERE n.j->k IS DISTINCT FROM o.j->k AND k <> ALL (hidden)) d
        WHERE d.was IS NOT NULL;
    END IF;
    RETURN NULL;
END $$;
"""

# Whoever writes an entry by a statement of his own has it stamped as before, whatever he says. From within a trigger only
# `audit_rows` writes, which stamps for itself; the runtime logins can make neither functions nor triggers.
STAMP = """
CREATE OR REPLACE TRIGGER audit_stamp BEFORE INSERT ON audit_auditentry FOR EACH ROW
WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION audit_stamp();
ALTER TABLE audit_auditentry ENABLE ALWAYS TRIGGER audit_stamp;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_horizon_of_this_database")]
    operations = [
        migrations.RunSQL(ROWS, migrations.RunSQL.noop),
        migrations.RunSQL(STAMP, migrations.RunSQL.noop),
    ]
