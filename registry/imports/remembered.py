"""What the columns under the same heads meant when the unit last brought them: offered again, for somebody to confirm."""

from benxi_shuangsuiji.accounts.models import User
from registry.models import ImportBatch


def columns_of(batch: ImportBatch, heads: list[str], user: User) -> dict[int, str]:
    """Column of the sheet → field; nothing where these heads are new, or where there are none."""
    if not any(heads):
        return {}
    before = ImportBatch.objects.visible_to(user).filter(unit=batch.unit, kind=batch.kind, layout__heads=heads)
    layout = before.order_by("uploaded_at", "pk").values_list("layout", flat=True).last() or {"places": {}, "ticks": {}}
    ticked = {int(at): name for name, of in layout["ticks"].items() for at in of}
    return {at: name for name, at in layout["places"].items()} | ticked
