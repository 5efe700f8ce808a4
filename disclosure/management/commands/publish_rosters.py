"""Enter the rosters of draws that were sealed before rosters became public, once: as the registry was at each freeze."""

from django.core.management.base import BaseCommand
from django.db import transaction

from disclosure.rosters.actions import publish_roster
from plans.models import Draw
from registry.facilities import past


class Command(BaseCommand):
    help = "补登：以前封存的各季度名录，按封存时的名录库逐份公开。重复运行没有影响。"

    def handle(self, *args, **options):
        sealed = Draw.objects.filter(sealed_by__isnull=False).select_related("unit", "plan", "sealed_by")
        for draw in sealed.order_by("frozen_at", "pk"):
            with transaction.atomic():
                at = draw.frozen_at
                facilities = {f.code: f for f in past.rosters_on([draw.unit], at.date(), known=at)}
                if publication := publish_roster(draw, draw.sealed_by, facilities):
                    self.stdout.write(publication.title)
