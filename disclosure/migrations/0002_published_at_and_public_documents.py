from django.db import migrations, models

# When something was published is written by the database, whatever the caller says, and versions count on without a
# gap: nothing is dated back, and nothing slips in behind an earlier version (四(3)-a, 八(二)-d).
PUBLISHED_AT = """
CREATE FUNCTION publication_stamp() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(715150003, hashtext(NEW.kind || ' ' || NEW.no));
    NEW.published_at := sj_now();
    IF NEW.version <> 1 + coalesce((SELECT max(p.version) FROM disclosure_publication p
                                    WHERE (p.kind, p.no) = (NEW.kind, NEW.no)), 0) THEN
        RAISE EXCEPTION '公示的版本号依次递增' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER publication_stamp BEFORE INSERT ON disclosure_publication
    FOR EACH ROW EXECUTE FUNCTION publication_stamp();
ALTER TABLE disclosure_publication ENABLE ALWAYS TRIGGER publication_stamp;
"""


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0001_initial"), ("plans", "0002_draw_rules")]
    operations = [
        migrations.RunSQL(PUBLISHED_AT, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="PublicDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("draw_id", models.CharField(max_length=32)),
                ("unit_id", models.BigIntegerField()),
                ("year", models.PositiveSmallIntegerField()),
                ("quarter", models.PositiveSmallIntegerField()),
                ("serial", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(max_length=8)),
                ("run", models.PositiveSmallIntegerField()),
                ("number", models.PositiveSmallIntegerField()),
                ("text", models.TextField()),
                ("digest", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "公开的抽取文书",
                "verbose_name_plural": "公开的抽取文书",
                "db_table": "plans_public_document",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="PublicChainEntry",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("prev", models.CharField(max_length=64)),
                ("link", models.CharField(max_length=64)),
                ("kind", models.CharField(max_length=6)),
                ("draw_id", models.CharField(max_length=32, null=True)),
                ("doc", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("text", models.TextField()),
            ],
            options={
                "verbose_name": "公示链",
                "verbose_name_plural": "公示链",
                "db_table": "plans_public_chain",
                "ordering": ["seq"],
                "managed": False,
            },
        ),
    ]
