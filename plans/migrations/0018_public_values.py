from django.db import migrations

VIEW = r"""
-- A public value is public from the moment at which two people typed it alike (SSJ1 14.1): without the sealed number it
-- says nothing about who is drawn, and whoever keeps the notice can compare it before the names are open.
CREATE VIEW plans_public_value AS
    SELECT min(e.id) AS id, d.draw_id, e.position, draw_value_agreed(e.draw_id, e.position) AS value
    FROM plans_valueentry e JOIN plans_draw d ON d.id = e.draw_id
    GROUP BY d.draw_id, e.draw_id, e.position
    HAVING draw_value_agreed(e.draw_id, e.position) IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("plans", "0017_beacon_sources")]
    operations = [migrations.RunSQL(VIEW, "DROP VIEW plans_public_value")]
