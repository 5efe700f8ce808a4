"""What an owner of the database changes behind its back is named: by the system within a day, by whoever kept something at once.

Each manipulation is played on a register of its own, with all the owner can do so that nobody notices: triggers and
constraints off, digests and leaves made anew, even the signing key in his hands.
"""

import re
from dataclasses import dataclass

import pytest
from django.test import override_settings

from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices.models import Message
from disclosure.models import Checkpoint, RegisterEntry
from disclosure.register import columns, daily, log, pub1, signing
from tests import database
from tests.conftest import _working
from tests.disclosure.factories import make_published_result, make_published_step
from tests.factories import make_lead_office, make_unit
from tests.plans.draw.factories import make_sealed_draw

SEED = "11" * 32
LEAVES = "UPDATE disclosure_registerentry e SET leaf = register_leaf(p.kind, p.no, p.version, p.state, p.digest, e.at) FROM disclosure_publication p WHERE p.id = e.publication_id"
TEXT = "UPDATE disclosure_publication SET text = replace(text, '标签缺项 2 处', '设施运行正常') WHERE kind = 'RESULT'"
DIGEST = "UPDATE disclosure_publication SET digest = encode(sha256(convert_to(text, 'UTF8')), 'hex')"
LAST = "(SELECT publication_id FROM disclosure_registerentry ORDER BY index DESC LIMIT 1)"
REMOVE = [
    f"DELETE FROM disclosure_rosterrow WHERE publication_id = {LAST}",
    "CREATE TEMPORARY TABLE gone AS SELECT publication_id FROM disclosure_registerentry ORDER BY index DESC LIMIT 1",
    "DELETE FROM disclosure_registerentry WHERE publication_id IN (SELECT publication_id FROM gone)",
    "DELETE FROM disclosure_publication WHERE id IN (SELECT publication_id FROM gone)",
]


UNTIED = """
DO $$ DECLARE tie record; BEGIN
    FOR tie IN SELECT conrelid::regclass AS name, conname FROM pg_constraint
        WHERE contype = 'f' AND confrelid IN ('disclosure_publication'::regclass, 'disclosure_checkpoint'::regclass)
    LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', tie.name, tie.conname); END LOOP;
END $$
"""


@dataclass(frozen=True)
class Touched:
    """SQL of an owner; what the daily look says of it; which of PUB1's three commands names it at once to whoever kept
    a head or a proof, with what; `resigned`: he signs a head anew with the register's own key."""

    statements: list[str]
    named: str
    by: dict[str, str]
    resigned: bool = False


TOUCHED = {
    "text": Touched([TEXT], "与登记时不同", {"record": "E_DOC"}),
    "text and digest": Touched([TEXT, DIGEST], "与登记时不同", {"register": "E_ROOT", "record": "E_DOC"}),
    "text, digest and leaf": Touched(
        [TEXT, DIGEST, LEAVES], "与签过的检查点不符", {"register": "E_ROOT", "record": "E_DOC"}
    ),
    "… with a head signed anew": Touched(
        [TEXT, DIGEST, LEAVES], "数据库外记下的不同", {"witness": "E_REWRITTEN", "record": "E_DOC"}, resigned=True
    ),
    "row and leaf removed": Touched(REMOVE, "现在只有", {"register": "E_ROOT"}),
    "… with a head signed anew and shorter": Touched(
        REMOVE, "数据库外记下的不同|现在只有", {"witness": "E_SHORTER"}, resigned=True
    ),
    "row removed": Touched(
        [REMOVE[0], f"DELETE FROM disclosure_publication WHERE id = {LAST}"], "或者少了", {"register": "E_ROOT"}
    ),
    "leaf removed": Touched(REMOVE[1:3], "或者少了", {"register": "E_ROOT"}),
    "first leaf removed": Touched(
        ["DELETE FROM disclosure_registerentry WHERE index = 0"], "或者少了", {"register": "E_ROOT"}
    ),
    "time of an entry": Touched(
        ["UPDATE disclosure_registerentry SET at = '2025-07-06T10:00:00+08:00'", LEAVES],
        "与签过的检查点不符",
        {"register": "E_ROOT"},
    ),
    "head": Touched(
        [
            "UPDATE disclosure_checkpoint SET root = repeat('ab', 32), note = replace(note, split_part(note, E'\\n', 3), encode(decode(repeat('ab', 32), 'hex'), 'base64'))"
        ],
        "与数据库外记下的不同",
        {"register": "E_(ROOT|SIG)", "witness": "E_(ROOT|SIG)"},
    ),
    "signature of a head": Touched(
        [
            "UPDATE disclosure_checkpoint SET note = regexp_replace(note, ' [^ ]+\\n$', ' ' || translate(encode(decode(repeat('ab', 68), 'hex'), 'base64'), E'\\n', '') || E'\\n')"
        ],
        "检查点不成立",
        {"register": "E_SIG", "witness": "E_SIG"},
    ),
    "head removed": Touched(["DELETE FROM disclosure_checkpoint"], "数据库里没有", {}),
}
# What stands beside the texts: every digest and leaf holds, `register`, `record` and `witness` have nothing to say.
BESIDE = {
    "title": ("RESULT", "标题", "title = '另一家检查结果'"),
    "title of a step": ("RECTIFICATION", "标题", "title = '另一步'"),
    "title of a roster": ("REGISTER", "标题", "title = '另一份名录'"),
    "unit": ("RESULT", "单位代码", "unit_code = '210503'"),
    "unit's name": ("RESULT", "公示单位", "unit_name = '溪湖分局'"),
    "number": ("RESULT", "编号", "no = '210504-2026Q3-0099'"),
    "kind": ("RESULT", "种类", "kind = 'CASE'"),
    "year": ("RESULT", "年度", "year = 2025"),
    "quarter": ("REGISTER", "季度", "number = 2"),
    "facility": ("RESULT", "名录编号", "facility_code = '210504-9999'"),
    "facility's name": ("RECTIFICATION", "检查对象", "facility_name = '另一家'"),
    "district": ("RESULT", "县区", "district = '平山区'"),
    "category": ("RESULT", "类别", "category = 'special'"),
    "outcome": ("RESULT", "检查结果", "outcome = 'NOT_FOUND'"),
    "day": ("RESULT", "检查日期", "checked_on = '2026-01-01'"),
    "working days": ("RESULT", "第几个工作日公开", "workday_number = 19"),
    "reason of delay": ("RESULT", "逾期原因", "late_reason = '等待报告'"),
    "what is searched": ("RESULT", "检索文字", "search_text = '另一家'"),
    "a word more to search": ("RESULT", "检索文字", "search_text = search_text || ' 甲 乙'"),
    "line of the file": ("RESULT", "表格里的一行", "csv_line = replace(csv_line, '标签缺项 2 处', '设施运行正常')"),
    "when": ("RESULT", "公开时间", "published_at = published_at - interval '3 months', issued_at = issued_at - interval '3 months'"),
    "when first": ("RESULT", "首次公开时间", "issued_at = issued_at - interval '3 months'"),
}  # fmt: skip
ROWS = [
    "UPDATE disclosure_rosterrow SET name = '另一家' WHERE of_roster",
    "UPDATE disclosure_rosterrow SET address = '', search_text = '' WHERE of_roster",
    "UPDATE disclosure_rosterrow SET is_last = false",
    "DELETE FROM disclosure_rosterrow WHERE NOT of_roster",
    "INSERT INTO disclosure_rosterrow (publication_id, of_roster, is_last, unit_code, year, number, line, code, name, uscc,"
    " former_names, address, district, industry_code, industry, category, search_text) SELECT publication_id, true, true,"
    " unit_code, year, number, 99, 'X', '多出来的', '', '{}', '', '', '', '', 'key', '' FROM disclosure_rosterrow LIMIT 1",
    # Pages read what is computed from the text; an owner can let it be computed no more.
    "ALTER TABLE disclosure_publication ALTER COLUMN snapshot DROP EXPRESSION;"
    " UPDATE disclosure_publication SET snapshot = snapshot || '{\"finding\": \"设施运行正常\"}' WHERE kind = 'RESULT'",
]


@pytest.fixture
def register(own_database, tmp_path):
    """A result, its step, a roster; signed, with a copy, a proof and a text in the hands of somebody outside."""
    with override_settings(REGISTER_KEY=SEED, REGISTER_ORIGIN="", REGISTER_HEAD=str(tmp_path / "head")):
        result = make_published_result(make_unit(), problem="标签缺项 2 处")
        make_published_step(result)
        make_sealed_draw(make_unit("210505"))
        make_published_result(make_unit("210503"))
        head = signing.sign_newest()
        assert daily.compute() == (RegisterEntry.objects.count(), "")
        yield Kept(own_database, tmp_path, result, head)


class Kept:
    """What somebody outside has kept, and asks once more."""

    def __init__(self, name, folder, result, head):
        self.name, self.folder, self.result, self.head = name, folder / "kept", result, head
        pub1.check_witness(self.folder, "".join(log.plain_file(head)).encode(), head.note.encode(), head.key)
        self.proof = log.proof(result.entry, head).encode()

    def touch(self, statements) -> str:
        """What the daily look says after these."""
        with database.owner_connection(name=self.name) as cursor:
            for table in ("publication", "registerentry", "checkpoint", "rosterrow"):
                cursor.execute(f"ALTER TABLE disclosure_{table} DISABLE TRIGGER USER")
            cursor.execute(UNTIED)
            cursor.execute("ALTER TABLE disclosure_publication DROP CONSTRAINT IF EXISTS digest_is_that_of_the_text")
            for statement in statements:
                cursor.execute(statement)
        return daily.compute()[1]

    def served(self) -> bytes:
        """The register as he can put it in order from what is left."""
        lines = [entry.line for entry in log.entries(0, 10**15)]
        tree = pub1.Tree([pub1.leaf_hash(pub1.document_of(line.encode())) for line in lines])
        return "".join(pub1.register_text(lines, len(lines), tree.root)).encode()

    def ask(self, command: str, note: bytes, client) -> None:
        if command == "register":
            pub1.check_file(self.served(), note, self.head.key)
        elif command == "witness":
            pub1.check_witness(self.folder, self.served(), note, self.head.key)
        else:
            text = client.get(f"/results/{self.result.no}/v1.json").content
            pub1.check_record(self.proof, text, self.head.key)


def _sign_anew(kept: Kept) -> None:
    leaves = [bytes(leaf) for leaf in RegisterEntry.objects.order_by("index").values_list("leaf", flat=True)]
    root = pub1.Tree(leaves).root
    note, key = pub1.sign(kept.head.origin, len(leaves), root, bytes.fromhex(SEED))
    with database.owner_connection(name=kept.name) as cursor:
        cursor.execute(
            "UPDATE disclosure_checkpoint SET size = %s, root = %s, note = %s", [len(leaves), root.hex(), note]
        )
    assert key == kept.head.key


@pytest.mark.clause("八(二)-c")
@pytest.mark.parametrize("touched", TOUCHED)
def test_what_the_owner_changes_or_removes_is_named_by_the_system_and_by_whoever_kept_something(
    register, client, touched
):
    row = TOUCHED[touched]
    said = register.touch(row.statements)
    if row.resigned:
        _sign_anew(register)
        said = daily.compute()[1]
    note = (log.newest() or register.head).note.encode()
    assert re.search(row.named, said), said
    for command, fault in row.by.items():
        with pytest.raises(pub1.Pub1Error, match=fault):
            register.ask(command, note, client)


@pytest.mark.clause("八(二)-c")
def test_what_the_owner_changes_beside_a_text_is_named_within_a_day(register, at):
    """Title, unit, number, time, kind, what is searched: each for itself, and back again."""
    assert register.touch([]) == ""
    with database.owner_connection(name=register.name) as cursor:
        for name, (kind, what, change) in BESIDE.items():
            cursor.execute("BEGIN")
            cursor.execute(f"UPDATE disclosure_publication SET {change} WHERE kind = '{kind}'" + (" AND no = %s" if kind == "RESULT" else ""), [register.result.no] if kind == "RESULT" else [])  # fmt: skip
            assert cursor.rowcount == 1, name
            said = seen_by(cursor)
            cursor.execute("ROLLBACK")
            assert said and said[3] == what, (name, said)
        for change in ROWS:
            cursor.execute("BEGIN")
            cursor.execute(change)
            assert seen_by(cursor), change
            cursor.execute("ROLLBACK")
        assert seen_by(cursor) is None


def seen_by(cursor):
    """The first row that the daily look's questions find, in the transaction of the one who changed it."""
    for query in columns.QUESTIONS:
        cursor.execute(query)
        if found := cursor.fetchone():
            return found
    return None


@pytest.mark.clause("八(二)-c")
def test_a_changed_column_is_told_once_a_day_to_those_who_must_know(register, at):
    office = make_lead_office()
    register.touch(["UPDATE disclosure_publication SET title = 'x' WHERE kind = 'RECTIFICATION'"])
    assert daily.compute_daily(force=True) and daily.compute_daily(force=True)
    (told,) = Message.objects.filter(user=office, title__contains="公示日志")
    assert "的标题与登记的原文不同" in told.body
    assert AuditEntry.objects.filter(verb="disclosure.register.astray").count() == 1


@pytest.mark.clause("八(二)-c")
def test_a_head_signed_with_a_key_that_nobody_announced_is_named(register):
    make_published_result(make_unit("210504"))
    size = RegisterEntry.objects.count()
    root = pub1.root(log.reader(), size)
    note, key = pub1.sign(register.head.origin, size, root, bytes.fromhex("22" * 32))
    with _working():
        Checkpoint.objects.create(size=size, root=root.hex(), note=note, key=key, signed_at=register.head.signed_at)
    signing.remember_known(size, root.hex())
    assert "没有公告过的公钥" in daily.compute()[1]


def test_the_hashes_kept_for_proofs_are_those_of_the_entries():
    full = daily._Full()
    leaves = [pub1.leaf_hash(str(n).encode()) for n in range(256 * 256 + 256)]
    made = [place for leaf in leaves for place in full.add(leaf)]
    assert [place for place, _ in made if place[0] == 2] == [(2, 0)]
    assert len(made) == 257 + 1
    found = dict(made)
    assert found[1, 256] == pub1.Tree(leaves[-256:]).root and found[2, 0] == pub1.Tree(leaves[: 256 * 256]).root
