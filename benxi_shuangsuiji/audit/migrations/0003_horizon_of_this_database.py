# A long transaction in another database of the same server no longer keeps this trail from being sealed.

from django.db import migrations

HORIZON = """
-- The oldest transaction of this database that still runs and has written. A transaction that wrote holds its own number
-- and a lock on what it wrote to until it ends; pg_locks shows both to everybody, the number in 32 bits.
CREATE FUNCTION audit_horizon() RETURNS bigint LANGUAGE sql SET search_path = public, pg_temp AS $$
    WITH next AS (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS xid)
    SELECT least(next.xid, (
        SELECT min(next.xid - ((next.xid - own.transactionid::text::bigint) & 4294967295))
        FROM pg_locks own
        WHERE own.locktype = 'transactionid' AND own.mode = 'ExclusiveLock' AND own.granted AND EXISTS (
            SELECT 1 FROM pg_locks held WHERE held.pid = own.pid AND held.locktype = 'relation'
            AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database()))
    )) FROM next
$$;

CREATE OR REPLACE FUNCTION audit_seal() RETURNS integer LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE entry audit_auditentry; last_seq bigint; last_link text; n integer := 0; h text;
        horizon bigint := audit_horizon();
BEGIN
    PERFORM pg_advisory_xact_lock(715150001);
    SELECT seq, link INTO last_seq, last_link FROM audit_auditlink ORDER BY seq DESC LIMIT 1;
    last_seq := coalesce(last_seq, 0); last_link := coalesce(last_link, repeat('0', 64));
    FOR entry IN SELECT e.* FROM audit_auditentry e
                 WHERE e.xid < horizon AND NOT EXISTS (SELECT 1 FROM audit_auditlink l WHERE l.entry_id = e.id)
                 ORDER BY e.xid, e.id LOOP
        h := audit_hash(last_link, entry);
        last_seq := last_seq + 1;
        INSERT INTO audit_auditlink (seq, entry_id, prev, link) VALUES (last_seq, entry.id, last_link, h);
        last_link := h; n := n + 1;
    END LOOP;
    RETURN n;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_chain")]
    operations = [migrations.RunSQL(HORIZON, migrations.RunSQL.noop)]
