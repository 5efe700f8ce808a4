import io

import pytest
from django.core.management import call_command
from django.test import override_settings

from benxi_shuangsuiji.accounts import second_factor
from benxi_shuangsuiji.accounts.models import Authenticator
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from disclosure.register import signing
from tests import database
from tests.disclosure.factories import make_published_result
from tests.disclosure.objections.factories import make_objection
from tests.factories import make_city_team, make_planner, make_unit
from tests.plans.draw.factories import make_sealed_draw


@pytest.fixture
def place(tmp_path):
    """Folders and keys of a server of its own; the private key of backups lies where no command looks by itself."""
    told = io.StringIO()
    call_command("backup_key", tmp_path / "private", stdout=told)
    public = told.getvalue().split()[0].partition("=")[2]
    given = {
        "VAR_DIR": tmp_path / "var",
        "REGISTER_KEY": "11" * 32,
        "REGISTER_ORIGIN": "",
        "REGISTER_HEAD": str(tmp_path / "var/head"),
    }
    with override_settings(**given, MEDIA_ROOT=tmp_path / "var/media", BACKUP_RECIPIENTS=[public]):
        yield tmp_path


@pytest.fixture
def filled(own_database, place, at):
    """Something of everything that a backup must bring back: sealed under each use of the data key, a file, a signed register."""
    at("2026-07-06 10:00")
    make_city_team()
    unit = make_unit()
    draw = make_sealed_draw(unit)
    person = make_planner(unit)
    Authenticator.objects.create(
        user=person, secret=second_factor.sealed(b"a secret of a phone", person.pk), confirmed_at=draw.frozen_at
    )
    make_objection(make_published_result(unit))
    files.store(name="照片.jpg", content=b"a photograph", content_type="image/jpeg", by=person)
    signing.sign_newest()
    trail.seal()
    trail.record("accounts.signed_in", by=person, about=unit)  # waits for its link
    with database.owner_connection(name=own_database) as cursor:  # as on a server that has done much more than the next
        cursor.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER sealed_rows")
        cursor.execute(
            "UPDATE audit_auditentry e SET xid = 4000000000 WHERE NOT EXISTS (SELECT FROM audit_auditlink l WHERE l.entry_id = e.id)"
        )
        cursor.execute("ALTER TABLE audit_auditentry ENABLE ALWAYS TRIGGER sealed_rows")
    return own_database
