"""Every certificate that stood in the columns becomes a statement; 业务专长 becomes a list of the vocabulary."""

import re

from django.db import migrations

WORDS = {
    "水": "WATER",
    "气": "AIR",
    "大气": "AIR",
    "固废": "SOLID",
    "危废": "HAZWASTE",
    "辐射": "RADIATION",
    "环评": "EIA",
    "监测": "MONITORING",
    "应急": "EMERGENCY",
    "法制": "LEGAL",
}


def state(apps, schema_editor):
    Inspector = apps.get_model("registry", "Inspector")
    Certificate = apps.get_model("registry", "InspectorCertificate")
    people = list(Inspector.objects.select_related("unit"))
    for person in people:
        said = re.split(r"[、，,;；\s]+", person.expertise_words)
        person.expertise = list(dict.fromkeys(WORDS[word] for word in said if word in WORDS))
        person.division_code = person.unit.division_code
    Inspector.objects.bulk_update(people, ["expertise", "division_code"], batch_size=500)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now = cursor.fetchone()[0]
    Certificate.objects.bulk_create(
        Certificate(
            inspector=person,
            number=person.certificate_no,
            kind=person.certificate_kind,
            valid_from=person.certificate_from,
            valid_to=person.certificate_to,
            reason="原有登记",
            entered_at=now,
        )
        for person in people
        if person.certificate_no
    )


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_inspector_fields_and_certificates")]
    operations = [migrations.RunPython(state, migrations.RunPython.noop)]
