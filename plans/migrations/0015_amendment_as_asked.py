# An AMEND takes out exactly what its approved request names (七(二)-g; SSJ1 15 D8).

from django.db import migrations

# A trigger of its own beside `draw_document`, which it follows by its name.
AS_ASKED = r"""
CREATE FUNCTION draw_document_amend() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE asked plans_amendmentrequest; wanted text[]; given text[];
BEGIN
    SELECT * INTO STRICT asked FROM plans_amendmentrequest WHERE draw_id = NEW.draw_id AND number = NEW.number;
    SELECT array_agg(l ORDER BY l COLLATE "C") INTO wanted FROM (
        SELECT CASE left(asked.reason, 1)
               WHEN 'O' THEN concat_ws(E'\t', 'dropobj', u.code || '.' || p.category, f.code, substr(asked.reason, 3))
               ELSE concat_ws(E'\t', 'dropinsp', f.code, i.code, substr(asked.reason, 3)) END AS l
        FROM plans_amendmentrequest_picks a JOIN plans_pick p ON p.id = a.pick_id JOIN registry_facility f ON f.id = p.facility_id
        JOIN plans_draw d ON d.id = p.draw_id JOIN accounts_unit u ON u.id = d.unit_id
        LEFT JOIN registry_inspector i ON i.id = asked.inspector_id
        WHERE a.amendmentrequest_id = asked.id AND left(asked.reason, 1) IN ('O', 'I')
        UNION ALL
        SELECT concat_ws(E'\t', 'join', i.code) FROM registry_inspector i
        WHERE i.id = asked.inspector_id AND left(asked.reason, 1) = 'J'
    ) lines;
    SELECT array_agg(l ORDER BY l COLLATE "C") INTO given FROM (
        SELECT array_to_string(fields, E'\t') AS l FROM ssj1_lines(NEW.text, 'dropobj')
        UNION ALL SELECT array_to_string(fields, E'\t') FROM ssj1_lines(NEW.text, 'dropinsp')
        UNION ALL SELECT concat_ws(E'\t', 'join', fields[2]) FROM ssj1_lines(NEW.text, 'join')
    ) lines;
    IF wanted IS DISTINCT FROM given THEN
        RAISE EXCEPTION '更换的对象、人员和原因应与批准的申请相同' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER draw_document_amend BEFORE INSERT ON plans_drawdocument FOR EACH ROW
    WHEN (NEW.kind = 'AMEND') EXECUTE FUNCTION draw_document_amend();
ALTER TABLE plans_drawdocument ENABLE ALWAYS TRIGGER draw_document_amend;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("plans", "0014_lottery_schedule"),
    ]

    operations = [
        migrations.RunSQL(AS_ASKED, "DROP FUNCTION draw_document_amend() CASCADE"),
    ]
