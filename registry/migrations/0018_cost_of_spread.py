from django.db import migrations

# An expression in SQL is put in place of the call, and PostgreSQL then takes it for as cheap as any comparison: a search for
# one character read the table and spread every row, although the index had the answer. A function of another language
# stays a call, and its price can be told.
PRICED = r"""
CREATE OR REPLACE FUNCTION registry_spread(text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 100
AS $$ BEGIN RETURN regexp_replace($1, '([\u3400-\u9fff])', '\1\1\1', 'g'); END $$;
"""
UNPRICED = r"""
CREATE OR REPLACE FUNCTION registry_spread(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100
AS $$ SELECT regexp_replace($1, '([\u3400-\u9fff])', '\1\1\1', 'g') $$;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0017_complaints_and_hazwaste_licence")]

    operations = [migrations.RunSQL(PRICED, UNPRICED)]
