import pytest

from benxi_shuangsuiji.accounts import benxi
from benxi_shuangsuiji.accounts.roles import Role
from tests.factories import make_user


@pytest.fixture
def two(city_by_data):
    """The units of the first filling, and the two administrators."""
    units = benxi.establish()
    return make_user((Role.ADMIN_SYSTEM, units["2105SJ"])), make_user((Role.ADMIN_GRANTS, units["2105SJ"]))
