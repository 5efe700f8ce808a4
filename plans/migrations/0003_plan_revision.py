from django.conf import settings
from django.db import migrations, models

# 七(二)-d in PostgreSQL: once the list of a plan is sealed the plan stays published, whatever the code above it says.
# The row is locked by the update itself; sealing takes the same lock first (`draw_actions.seal_draw`).
STAYS = r"""
CREATE FUNCTION plan_stays_once_sealed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.status = 'PUBLISHED' AND NEW.status <> 'PUBLISHED' AND EXISTS (
        SELECT 1 FROM plans_draw WHERE plan_id = OLD.id AND status IN ('FROZEN', 'DRAWN', 'RELEASED')) THEN
        RAISE EXCEPTION '名单已经封存，计划不能再改' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER plan_stays_once_sealed BEFORE UPDATE ON plans_quarterlyplan
    FOR EACH ROW EXECUTE FUNCTION plan_stays_once_sealed();
ALTER TABLE plans_quarterlyplan ENABLE ALWAYS TRIGGER plan_stays_once_sealed;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("plans", "0002_draw_rules"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            model_name="quarterlyplan",
            name="revision",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="第几版"),
        ),
        migrations.AddField(
            model_name="quarterlyplan",
            name="revision_reason",
            field=models.CharField(blank=True, max_length=200, verbose_name="更改原因"),
        ),
        migrations.AddConstraint(
            model_name="quarterlyplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("revision", 1), ("revision_reason", "")),
                    models.Q(("revision__gt", 1), models.Q(("revision_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="a_changed_plan_says_why",
            ),
        ),
        migrations.RunSQL(STAYS, migrations.RunSQL.noop),
    ]
