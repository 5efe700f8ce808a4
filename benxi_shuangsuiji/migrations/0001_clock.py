from django.db import migrations

# The one clock (decisions.md 8). `demo` replaces this function in a database it has just created; nothing else can.
SQL = """
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE FUNCTION sj_now() RETURNS timestamptz LANGUAGE sql STABLE SET search_path = public, pg_temp
AS $$ SELECT clock_timestamp() $$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(SQL, "DROP FUNCTION sj_now()")]
