"""Witnesses sign our heads in the format of C2SP; their lines stand after ours and on the page (PUB1 §3)."""

import hashlib
import io
from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, transaction
from django.test import override_settings

from benxi_shuangsuiji import clock
from disclosure.models import Checkpoint, Cosignature
from disclosure.register import log, pub1, signing
from tests.disclosure.factories import make_published_result
from tests.factories import make_unit

pytestmark = pytest.mark.django_db
NAME = "sfj.example/witness"
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture(autouse=True)
def signed(tmp_path):
    key = {"REGISTER_KEY": "11" * 32, "REGISTER_ORIGIN": "", "REGISTER_HEAD": str(tmp_path / "head")}
    with override_settings(**key):
        yield


def id_of(name: str = NAME) -> bytes:
    return hashlib.sha256(name.encode() + b"\n\x04" + PRIVATE.public_key().public_bytes_raw()).digest()[:4]


def key_of(name: str = NAME) -> str:
    encoded = b64encode(b"\x04" + PRIVATE.public_key().public_bytes_raw()).decode()
    return f"{name}+{id_of(name).hex()}+{encoded}"


def cosigned(head: Checkpoint, seconds: int | None = None, said: str = "") -> bytes:
    """What a witness hands back: our note with his line, written here from the words of the specification."""
    seconds = int(clock.now().timestamp()) if seconds is None else seconds
    body = said or "".join(f"{line}\n" for line in head.note.split("\n")[:3])
    signature = PRIVATE.sign(f"cosignature/v1\ntime {seconds}\n{body}".encode())
    line = f"— {NAME} {b64encode(id_of() + seconds.to_bytes(8, 'big') + signature).decode()}\n"
    return (head.note + line).encode()


def command(**options) -> str:
    said = io.StringIO()
    call_command("register_witness", stdout=said, **options)
    return said.getvalue()


@pytest.mark.clause("四(3)-a")
def test_a_witness_signs_our_head_and_his_line_stands_after_ours(client, tmp_path):
    make_published_result()
    head = signing.sign_newest()
    assert "还没有见证人" in client.get("/verify/register/").content.decode()
    command(add=key_of(), name="市司法局（示例）", document="本司〔2026〕8 号")
    page = client.get("/verify/register/").content.decode()
    assert key_of() in page and "还没有见证" in page and "还没有见证人" not in page

    file = tmp_path / "note"
    file.write_bytes(cosigned(head))
    assert "收下 1 个" in command(receive=str(file)) and "收下 0 个" in command(receive=str(file))
    given = client.get("/register/checkpoint").content
    assert given == file.read_bytes()  # ours first, then his
    answer = pub1.check_file("".join(log.plain_file(head)).encode(), given, head.key)
    assert answer[0] == "ok"
    make_published_result(make_unit("210503"))
    newest = signing.sign_newest()
    page = client.get("/verify/register/").content.decode()
    assert f">{head.size}<span" in page and f"差 {newest.size - head.size} 条" in page
    assert client.get("/register/checkpoint").content.decode() == newest.note
    for change in (Cosignature.objects.all().delete, lambda: Cosignature.objects.update(line="x")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.clause("四(3)-a")
def test_what_a_witness_did_not_sign_so_is_not_taken(tmp_path):
    make_published_result()
    head = signing.sign_newest()
    for wrong in (key_of()[:-4], key_of("other")[6:], head.key, "x", key_of().replace(id_of().hex(), "00000000")):
        with pytest.raises(CommandError, match="写法不对"):
            command(add=wrong, name="x", document="x")
    with pytest.raises(CommandError, match="依据文件"):
        command(add=key_of(), name="x")
    file = tmp_path / "note"

    def refused(content: bytes) -> str:
        file.write_bytes(content)
        with pytest.raises(CommandError) as refusal:
            command(receive=str(file))
        return str(refusal.value)

    file.write_bytes(cosigned(head))
    assert "收下 0 个" in command(receive=str(file))  # nobody known
    command(add=key_of(), name="市司法局（示例）", document="本司〔2026〕8 号")
    other = pub1.Checkpoint(head.origin, head.size, pub1.EMPTY).body
    assert "与检查点不符" in refused(cosigned(head, said=other))
    assert "签名时间不对" in refused(cosigned(head, int(clock.now().timestamp()) + 3600))
    assert "不是签名的检查点" in refused(b"x")
    assert "不是本日志签署过的检查点" in refused(cosigned(head).replace(head.base64.encode(), b64encode(bytes(32))))
    command(end=key_of(), document="本司〔2026〕9 号")
    file.write_bytes(cosigned(head))
    assert "收下 0 个" in command(receive=str(file))
    with pytest.raises(CommandError, match="没有登记"):
        command(end=key_of(), document="本司〔2026〕9 号")
