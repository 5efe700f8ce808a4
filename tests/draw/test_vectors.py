"""The public test vectors, and the worked example of the specification taken from one of them (SSJ1 §16, §18)."""

import json
from pathlib import Path

import pytest

from plans.draw import ssj1

CASES = json.loads((Path(__file__).parent / "draw-vectors.json").read_text(encoding="utf-8"))["cases"]
BY_NAME = {case["name"]: case for case in CASES}
SEED = "bc567440a69df984763a408f1f0b1752890328202c9eb5c0b3f46ee9eeacbda6"
SECRET = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"


@pytest.mark.clause("七(二)-c")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_vector_gives_what_it_should(case):
    assert ssj1.run_vector(case["kind"], case["input"]) == case["expect"]


def test_every_kind_of_vector_can_be_run():
    kinds = "lex value ticket commit slip rank quota frame seed select assign draw amend verify history"

    assert sorted(ssj1._VECTORS) == sorted(kinds.split())


@pytest.mark.clause("七(二)-c")
def test_the_worked_example_has_the_digests_printed_in_the_specification():
    bundle = ssj1.run_vector("draw", BY_NAME["draw-example"]["input"])

    assert [ssj1.digest(frame) for frame in bundle["frames"]] == [
        "be79671fb8f71849e1bb1cb30785a757639d21c74417e622908e2f724b291d1f",
        "196d6fd239934641cf757bc5c93af867ea3f8f9ef5b03995abf0fd31d8e30d96",
    ]
    assert ssj1.digest(bundle["roster"]) == "9a58c49539fe2d601f774e6368a18b2d24ca0e76be9ffe62b84fd4563a9bda4a"
    assert ssj1.digest(bundle["manifest"]) == "258269264df6dc1fdf756a5850ba441523dd02830af0d8fb7347bef9555c9934"
    assert ssj1.digest(bundle["seed"]) == SEED
    assert ssj1.digest(bundle["result"]) == "2879b408231de2c412225d61bd5e0d947fc18a5ed197fcbfa61ae7df063fe74d"
    assert ssj1.digest(bundle["slips"][0]) == "d111d1c5ed240b0062f79c17a61f67e586ac854c93abf6a3be459896a38a4826"
    assert [ssj1.link(entry) for entry in bundle["chain"]] == [
        "7c92a46878b8af7e9eab84b4429b0b480db5e65a3de5ff5bf8cc9bb3a3ed36c7",
        "d0a5755eeeeee71f2a7ea42563ca74d06334f5694163842ccc7556daabd221fc",
        "d2a97e71c482bc58f53b01577e6b45bb171ee47a8bf8ab5c4f93f3e7601e146a",
    ]


@pytest.mark.parametrize(
    ("tag", "a", "b", "ticket"),
    [
        ("T", "210502.key", "91210502MA00000012", "036d7b151f8ce2f25f3c9769d6d3688c7ce2bad6fd53ddf84dfa174d8838b40c"),
        ("T", "210502.key", "91210502MA00000025", "bc04d8cdac25b51d1dc706f888a020e3d076e515da87e37643dfecdfe149d2ad"),
        ("T", "210502.key", "BX-0007", "d83c373d37f7689a7e92f03e2bd11fb234655d04aeaa88fc6767d46e990d1bde"),
        ("L", "91210502MA00000012", "Z02", "9e1edcc3dc84f3cdc2758dc9ed94dc97aed315bbe99aa1b07c086fa2249c95eb"),
        ("M", "91210502MA00000012", "Z04", "52634de7c26f5bf840aadd4a319a8448f2607f633ea3e4a9afaf22e11c2eb142"),
    ],
)
def test_the_tickets_of_the_worked_example(tag, a, b, ticket):
    assert ssj1.H(ssj1.ticket_string(tag, SEED, a, b)) == ticket


def test_object_ticket_is_the_ticket_with_tag_t():
    assert ssj1.object_ticket(SEED, "210502.key", "BX-0007").startswith("d83c373d37f7689a")


def test_the_numbers_of_the_worked_example():
    assert ssj1.quota(2026, 2, "key", 2500, 50, 2026, 0, 0, 5, 4, 3)[:6] == (3, 2, 1, 2, 2, 1)
    assert ssj1.quota(2026, 2, "general", 1000, 50, 2027, 0, 0, 3, 3, 2)[:6] == (7, 1, 1, 1, 1, 0)


def test_the_salt_of_the_worked_example():
    salt = "962e04f773e7c516a3b63195b3999b3801b02c2c9e942c768537e73fe78c6774"

    assert ssj1.salt("210502-2026Q2-01", SECRET, "91210502MA00000012") == salt


@pytest.mark.clause("七(二)-g")
def test_the_amendment_of_the_worked_example_has_the_digest_printed_in_the_specification():
    given = BY_NAME["amend-example"]["input"]
    change = ssj1.amend(
        given["bundle"],
        at="2026-04-15T10:00:00+08:00",
        person="李某某（分管负责人）",
        document="平环审〔2026〕3号",
        drop_objects=[ssj1.DropObject("210502.key", "91210502MA00000038", "HALT")],
        drop_inspectors=[ssj1.DropInspector("91210502MA00000012", "Z04", "RECUSE")],
    )

    assert change.digest == "83ca897928f5889d7113a5863e25853860c0ca0e4bf6c34ed60bab446d4e735a"
    assert [pick.id for pick in change.amend.added] == ["91210502MA00000025"]
