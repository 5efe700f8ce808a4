"""What a confirmed batch asks for and does not write: category, status, positive list wait for a second person.

六(二)-r, -d; 七(三)-e. Everything of one workbook for the same people is one `ProposalBatch`, decided as a whole.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from benxi_shuangsuiji.accounts.models import User
from registry.facilities import categories, waiting
from registry.models import (
    CategoryGround,
    ChangeProposal,
    Ground,
    ImportBatch,
    ProposalBatch,
    ProposalKind,
    ProposalState,
)
from registry.positive_list.rules import SUBJECT

from .copying import copy_in


@dataclass
class Asking:
    """Collects what the rows of one batch ask for, and opens each of the two batches with the first of it."""

    imported: ImportBatch
    by: User
    now: datetime
    batches: dict[bool, ProposalBatch] = field(default_factory=dict)

    def ask(self, rows: Iterable[tuple[int, dict]]) -> None:
        """`rows`: facility and what its line says. Left out is what was asked for since the check."""
        rows = list(rows)
        open_ = CategoryGround.objects.filter(facility__in=[pk for pk, x in rows if x["ended"]], valid_to__isnull=True)
        ends = {(pk, kind): ground for ground, pk, kind in open_.values_list("pk", "facility", "kind")}
        asked = [
            (pk, one)
            for pk, content in rows
            for one in _asked(content, self.imported.asked, self.now.date())
            if one["kind"] != ProposalKind.GROUND_END or (pk, one["subject"]) in ends
        ]
        for pk, one in asked:
            if one["kind"] == ProposalKind.GROUND_END:
                one["payload"]["pk"] = ends[pk, one["subject"]]
        there = ChangeProposal.objects.pending().filter(facility__in=[pk for pk, _ in asked])
        waits = set(there.values_list("facility", "subject"))
        copy_in(
            ChangeProposal,
            [
                {"effective_on": self.now.date(), **one}
                | {
                    "facility_id": pk,
                    "unit_id": self.imported.unit_id,
                    "asked_by_id": self.by.pk,
                    "asked_at": self.now,
                    "batch_id": self._batch(one["kind"]).pk,
                }
                for pk, one in asked
                if (pk, one["subject"]) not in waits
            ],
        )

    def _batch(self, kind: ProposalKind) -> ProposalBatch:
        city = kind.by_lead_office
        if city not in self.batches:
            self.batches[city] = ProposalBatch.objects.create(
                unit=self.imported.unit,
                imported=self.imported,
                by_lead_office=city,
                title=f"{'正面清单：' if city else ''}导入 {self.imported.file.name}"[:120],
                asked_by=self.by,
                asked_at=self.now,
            )
            waiting.open_duty(self.imported.unit, f"batch:{self.batches[city].pk}", self.now, by_lead_office=city)
        return self.batches[city]


def _asked(content: dict, upload: dict, today: date) -> Iterator[dict]:
    """The proposals of one line. An end that nobody ticked is not asked for."""
    for ground in content["grounds"]:
        kind = Ground(ground["kind"])
        yield {
            "kind": ProposalKind.GROUND,
            "subject": kind.value,
            "payload": {"ground": kind.value, "year": ground.get("year") or categories.year_of(kind, today)},
            "reason": kind.label,
            "evidence": ground["evidence"],
            "document": ground.get("document", ""),
        }
    for kind in content["ended"]:
        reason = upload.get("ending") if content.get("left_out") else waiting.no_more(kind)
        if reason:
            yield {
                "kind": ProposalKind.GROUND_END,
                "subject": kind,
                "payload": {"ground": kind},
                "reason": reason[:200],
                "evidence": f"{upload.get('document', '')}里没有列入" if content.get("left_out") else "",
            }
    if content["code"] and "status" in content["new"]:
        yield {
            "kind": ProposalKind.STATUS,
            "subject": "status",
            "payload": {"status": content["new"]["status"]},
            "effective_on": content["status_on"],
            "reason": content["status_evidence"][:200],
            "evidence": content["status_evidence"][:200],
        }
    if positive := content["positive"]:
        yield {
            "kind": ProposalKind.LISTED,
            "subject": SUBJECT,
            "payload": {"batch": positive["batch"]},
            "reason": f"列入{positive['batch']}",
            "evidence": positive["document"],
            "document": positive["document"],
        }


def take_back(imported: ImportBatch, now: datetime) -> None:
    """The workbook is withdrawn before anybody decided: what it asked for goes with it."""
    for batch in imported.proposal_batches.pending().select_related("unit"):
        batch.proposals.pending().update(state=ProposalState.WITHDRAWN, decided_at=now)
        batch.decide(ProposalState.WITHDRAWN, by=None, at=now)
        waiting.close_duty(batch.unit, now, batch.get_state_display())


def forget(facilities: Iterable[int], imported: ImportBatch) -> None:
    """New rows leave the registry with their batch, and with what it asked about them."""
    ChangeProposal.objects.filter(batch__imported=imported, facility__in=facilities).delete()
