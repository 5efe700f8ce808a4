"""The rows, as SQL reads them."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from types import SimpleNamespace

from django.db import connection

from . import lines

HELD = ("DRAWN", "RELEASED")
JSONB = 3802  # the type's number in PostgreSQL


def rows(sql: str, *given) -> list[SimpleNamespace]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        names = [column.name for column in cursor.description]
        written = {column.name for column in cursor.description if column.type_code == JSONB}
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for row in found:
        row |= {name: json.loads(row[name]) for name in written if isinstance(row[name], str)}
    return [SimpleNamespace(**row) for row in found]


@dataclass
class Drawn:
    """One object that a draw named: by its RESULT, or by the AMEND of a number; and how it left, if it did."""

    code: str
    category: str
    slot: str
    ticket: str
    since: datetime
    team: list[str] = field(default_factory=list)
    open: bool = False
    gone: str = ""
    gone_at: datetime | None = None

    def stands(self, moment: datetime | None = None) -> bool:
        if moment is None:
            return not self.gone
        return self.since < moment and (self.gone_at is None or self.gone_at >= moment)


class Draw:
    """One draw with its texts; what it drew is read from them, run by run."""

    def __init__(self, row: SimpleNamespace, documents: list[SimpleNamespace]):
        self.__dict__ |= row.__dict__
        self.documents = documents

    def texts(self, kind: str, run: int | None = None) -> list[str]:
        return [d.text for d in self.documents if d.kind == kind and run in (None, d.run)]

    @cached_property
    def manifest(self) -> str:
        return self.texts("MANIFEST")[0]

    @cached_property
    def items(self) -> set[str]:
        return lines.codes(lines.one(self.manifest, "items")[0])

    @cached_property
    def frames(self) -> dict[str, dict[str, SimpleNamespace]]:
        """Category → code → line."""
        found: dict[str, dict] = {}
        for text in self.texts("FRAME"):
            _, category = lines.one(text, "stratum")
            found[category] = {
                code: SimpleNamespace(
                    code=code,
                    name=name,
                    scopes=lines.codes(scopes),
                    mode=mode,
                    times=int(times),
                    seen=seen == "1",
                    state=state,
                )
                for code, name, scopes, mode, times, seen, state in lines.tagged(text, "obj")
            }
        return found

    @cached_property
    def strata(self) -> dict[str, SimpleNamespace]:
        """Category → the manifest's line."""
        found = {}
        for stratum, frame, bp, v, end, *numbers in lines.tagged(self.manifest, "stratum"):
            P, plan, N, A, U, K, u = map(int, numbers)
            found[stratum.rpartition(".")[2]] = SimpleNamespace(
                stratum=stratum, frame=frame, bp=int(bp), v=int(v), E=None if end == "-" else int(end),
                P=P, plan=plan, N=N, A=A, U=U, K=K, u=u,
            )  # fmt: skip
        return found

    @cached_property
    def drawn(self) -> list[Drawn]:
        """Of the run that holds, whoever was ever named, with what the amendments did (SSJ1 8)."""
        if not self.texts("RESULT", self.run):
            return []
        (result,) = self.texts("RESULT", self.run)
        found = {
            code: Drawn(code, stratum.rpartition(".")[2], slot, ticket, self.drawn_at)
            for stratum, _, code, slot, ticket in lines.tagged(result, "pick")
        }
        self._teams(found, result)
        for text in self.texts("AMEND", self.run):
            at = datetime.fromisoformat(lines.one(text, "at")[0])
            for _, code, reason in lines.tagged(text, "dropobj"):
                found[code].gone, found[code].gone_at = reason, at
            for stratum, code, slot, ticket in lines.tagged(text, "addobj"):
                found[code] = Drawn(code, stratum.rpartition(".")[2], slot, ticket, at)
            self._teams(found, text)
        return list(found.values())

    @staticmethod
    def _teams(found: dict[str, Drawn], text: str) -> None:
        for code, *people in lines.tagged(text, "team"):
            found[code].team, found[code].open = [p for field in people for p in field.split(",")], False
        for code, *_ in lines.tagged(text, "open"):
            found[code].team, found[code].open = [], True


class World:
    """Everything that the other parts compare; read once."""

    @cached_property
    def draws(self) -> list[Draw]:
        documents = defaultdict(list)
        for row in rows(
            "SELECT draw_id, kind, run, number, text, digest FROM plans_drawdocument ORDER BY run, number, id"
        ):
            documents[row.draw_id].append(row)
        found = rows(
            "SELECT d.*, d.draw_id AS code, u.code AS unit, u.short_name AS unit_name FROM plans_draw d "
            "JOIN accounts_unit u ON u.id = d.unit_id WHERE d.status <> 'PREPARED' ORDER BY d.frozen_at, d.id"
        )
        return [Draw(row, documents[row.id]) for row in found]

    @cached_property
    def units(self) -> dict[str, str]:
        """Code → short name of those that draw, in their order."""
        kinds = ("CITY_TEAM", "BRANCH")
        found = rows(
            "SELECT code, short_name FROM accounts_unit WHERE kind = ANY(%s) ORDER BY position, code", list(kinds)
        )
        return {row.code: row.short_name for row in found}

    @cached_property
    def carried(self) -> list[tuple[str, int, int, set[str]]]:
        """(code, year, quarter, items) of the checks of before the first day, if some were carried into the chain."""
        tables = {row.table_name for row in rows("SELECT table_name FROM information_schema.views")}
        if "plans_public_carry" not in tables:
            return []
        return [
            (code, int(year), int(quarter), lines.codes(items))
            for row in rows("SELECT text FROM plans_public_carry")
            for code, year, quarter, items in lines.tagged(row.text, "old")
        ]

    @cached_property
    def checks(self) -> list[SimpleNamespace]:
        found = rows(
            "SELECT i.*, f.code AS facility, d.draw_id AS draw, d.status AS draw_status, d.released_at, u.code AS unit, "
            "EXISTS (SELECT 1 FROM inspections_checkanswer a WHERE a.inspection_id = i.id AND a.answer = 'FOUND') AS bad "
            "FROM inspections_inspection i JOIN registry_facility f ON f.id = i.facility_id "
            "JOIN accounts_unit u ON u.id = i.unit_id LEFT JOIN plans_draw d ON d.id = i.draw_id ORDER BY i.id"
        )
        return found

    @cached_property
    def facilities(self) -> list[SimpleNamespace]:
        return rows(
            "SELECT f.*, u.code AS unit FROM registry_facility f JOIN accounts_unit u ON u.id = f.unit_id ORDER BY f.code"
        )

    @cached_property
    def changes(self) -> list[SimpleNamespace]:
        """Of the registry, without what was withdrawn with its import."""
        return rows(
            "SELECT c.* FROM registry_facilitychange c LEFT JOIN registry_importbatch b ON b.id = c.batch_id "
            "WHERE b.state IS DISTINCT FROM 'WITHDRAWN' ORDER BY c.seq"
        )

    @cached_property
    def grounds(self) -> list[SimpleNamespace]:
        return rows("SELECT * FROM registry_categoryground")

    @cached_property
    def publications(self) -> list[SimpleNamespace]:
        return rows("SELECT * FROM disclosure_publication ORDER BY published_at, id")

    def held(self, year: int, number: int | None = None) -> Iterator[Draw]:
        return (
            draw for draw in self.draws if draw.status in HELD and draw.year == year and number in (None, draw.number)
        )
