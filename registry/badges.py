"""Counts beside the navigation's links; read from the registry only, so they tell nothing of a draw."""

from benxi_shuangsuiji.accounts.roles import Permission

from . import book


def facilities_on_books(user, unit, quarter):
    if unit is None or not user.may(Permission.SEE_FACILITIES, unit):
        return None, False
    return book.facilities_of(unit).on_books().count(), False


def inspectors_in_service(user, unit, quarter):
    if unit is None or not user.may(Permission.SEE_INSPECTORS, unit):
        return None, False
    return book.inspectors_of(unit).filter(left_on__isnull=True).count(), False
