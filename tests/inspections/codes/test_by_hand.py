"""An enterprise without a login and without our programs: the visit is genuine, and was fixed on the day of the draw (SSJ1 14.5).

Nothing of the product is asked but its public addresses; what a person would do with any SHA-256 is done here with
`hashlib` and the words of the page.
"""

import hashlib
import html
import re

import pytest
from django.test import Client
from django.utils.timezone import localtime

from inspections.checks import visit_codes
from inspections.codes import tries
from inspections.codes.actions import keep_phone
from inspections.models import Try
from tests.browsing import text_of
from tests.factories import make_approver, make_unit
from tests.inspections.factories import link_of, make_dispatched, make_inspection
from tests.plans.draw.factories import make_held_draw

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
SECRET_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100: no I, O, S, V, Z


def fetched(client, address) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.mark.clause("七(二)-d", "七(五)-i", "一-f")
def test_a_drawn_visit_is_proved_before_the_release_with_sha256_and_the_published_texts_alone():
    one = make_dispatched(make_unit())[0]
    anybody = Client()
    assert one.draw.released_at is None

    page = fetched(anybody, f"/v/{one.visit_code}/")
    commands = re.findall(r"printf %s '(.+?)' \| sha256sum", page)
    line = html.unescape(commands[0])
    digest = hashlib.sha256(line.encode()).hexdigest()
    listed = re.search(r'href="(/draws/[^"]+/slips\.txt)"', page)[1]
    entry = re.search(r'href="(/verify/chain/(\d+)\.txt)"', page)

    # The line names this place and these people; its digest is in the list that was published with the draw.
    mark, kind, draw, place, lead, members, salt = line.split("|")
    assert (mark, kind, draw, place) == ("SSJ1", "V", one.draw.draw_id, one.facility.code)
    codes = [m.inspector.code for m in one.members.select_related("inspector")]
    assert {lead, *members.split(",")} == set(codes) and re.fullmatch("[0-9a-f]{64}", salt)
    slips = fetched(anybody, listed)
    assert f"slip\t{digest}\n" in slips and slips.startswith("SSJ1 SLIPS\n")
    # The list stands in the public chain, with its time: the day of the draw.
    chain = dict(row.split("\t", 1) for row in fetched(anybody, entry[1]).splitlines()[1:])
    assert (chain["kind"], chain["draw"], chain["seq"]) == ("SLIPS", draw, entry[2])
    assert chain["doc"] == hashlib.sha256(slips.encode()).hexdigest()
    assert chain["at"].startswith(f"{localtime(one.draw.drawn_at):%Y-%m-%d}")
    # Another place or another person in the line, and nothing published fits.
    for forged in (line.replace(place, "A" + place[1:]), line.replace(lead, codes[-1] + "x")):
        assert hashlib.sha256(forged.encode()).hexdigest() not in slips


@pytest.mark.clause("七(五)-i")
def test_a_forged_code_is_told_from_a_mistyped_one():
    """Forged: it could be one, and nobody has it. Mistyped: it cannot be one, and says where to look."""
    one = make_inspection()
    anybody = Client()
    keep_phone(unit=one.unit, day="024-00001204", night="", by=make_approver(one.unit))
    forged = visit_codes.by_chance()
    said = text_of(anybody.get("/v/", {"code": forged}, follow=True))
    assert "没有查到这个检查码" in said and "024-00001204" in said and "这次检查是真的" not in said

    genuine = one.visit_code
    told = set()
    for n in range(len(genuine)):  # every single wrong sign
        wrong = SECRET_SIGNS[(SECRET_SIGNS.index(genuine[n]) + 1) % 31]
        typed = genuine[:n] + wrong + genuine[n + 1 :]
        told.add(
            re.search("检查码对不上校验位，对照通知书三组逐位再看", text_of(anybody.get("/v/", {"code": typed})))[0]
        )
    for n in range(len(genuine) - 1):  # every two neighbours changed about
        if genuine[n] != genuine[n + 1]:
            typed = genuine[:n] + genuine[n + 1] + genuine[n] + genuine[n + 2 :]
            assert "检查码对不上校验位" in text_of(anybody.get("/v/", {"code": typed}))
    assert len(told) == 1 and Try.objects.count() == 1  # only the forged one was looked up


@pytest.mark.story("O2")
@pytest.mark.clause("七(五)-i")
def test_200_wrong_codes_from_one_address_shut_nobody_out_there_or_elsewhere():
    one = make_dispatched(make_unit())[0]
    link = f"/e/{link_of(one).token}/"
    attacker = Client(REMOTE_ADDR="192.0.2.66")
    for _ in range(190):
        tries.count(Try.Kind.UNKNOWN_CODE, "192.0.2.66")
    answers = [attacker.get(f"/v/{visit_codes.by_chance()}/").status_code for _ in range(10)]
    assert answers == [429] * 10 and Try.objects.count() == 200

    for address in ("192.0.2.66", "198.51.100.7"):
        somebody = Client(REMOTE_ADDR=address)
        for typed in (one.visit_code, " ".join(one.code_groups).lower()):
            answer = somebody.get("/v/", {"code": typed}, follow=True)
            assert answer.status_code == 200 and "这次检查是真的" in text_of(answer)
        assert somebody.get(link).status_code == 200
        assert somebody.get(f"/v/{one.visit_code}/report/").status_code == 200
    reported = attacker.post("/v/report/", {"unit": one.unit.code, "words": "有人冒充检查人员要钱", "phone": ""})
    assert reported.status_code in (200, 302) and "试错" not in text_of(reported)
    assert Client(REMOTE_ADDR="198.51.100.7").get(f"/v/{visit_codes.by_chance()}/").status_code == 404


def test_before_the_draw_is_dispatched_no_code_of_it_opens_anything():
    make_held_draw(make_unit())
    assert Client().get(f"/v/{visit_codes.by_chance()}/").status_code == 404
