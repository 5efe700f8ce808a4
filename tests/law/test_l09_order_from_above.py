"""L-9: no instruction by word of mouth takes a firm off the list."""

import pytest
from django.db import IntegrityError, transaction

from disclosure import words
from plans.models import AmendmentRequest, ChangeReason
from tests.browsing import refused
from tests.factories import make_unit
from tests.plans.amendments.factories import PHOTO

from .factories import make_quarter, take_off

pytestmark = pytest.mark.django_db


@pytest.mark.clause("七(二)-e")
def test_l09_a_superior_checks_it_himself_by_a_written_decision_or_the_firm_stays(at):
    unit = make_unit()
    at("2026-07-06 09:00")
    check, *_ = make_quarter(unit)
    assert ChangeReason.ORDER.label == words.DROPPED["ORDER"] == "上级机关书面决定由其直接检查"
    with refused("写明上级机关书面决定的文号"):
        take_off([check], ChangeReason.ORDER)
    with refused("写明上级机关书面决定的文号"):
        take_off([check], ChangeReason.ORDER, order_no="无", file=PHOTO)
    with refused("附上证明材料的文件"):
        take_off([check], ChangeReason.ORDER, file=None, order_no="辽环执〔2026〕3 号")

    request = take_off([check], ChangeReason.ORDER, order_no="辽环执〔2026〕3 号", file=PHOTO)

    assert (request.order_no, request.file.content_type) == ("辽环执〔2026〕3 号", "image/jpeg")
    for change in ({"order_no": ""}, {"file": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AmendmentRequest.objects.filter(pk=request.pk).update(**change)
