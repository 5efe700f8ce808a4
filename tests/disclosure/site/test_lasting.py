"""Which public pages may be kept for longer than a minute (八(二)-c): by hand, for no program knows what holds words of a publication."""

import pytest

from disclosure.site import addresses
from disclosure.site.freshness import WITH_WORDS

DRAW, TILE = "(?:[0-9A-Z]{1,16}-[12][0-9]{3}Q[1-4]-[0-9]{2})", "(?:entries|[0-7])/(?:(?:x[0-9]{3}/){0,4}[0-9]{3})"
SCHEMAS = "item_list|plan|register|result|summary|result_sum|rectification|case|referral|statement|decision|self_check|heads|key|log"
# Explanations, programs and forms of data; addresses alone; what a draw was made from; entries of the log, which are fingerprints.
LASTING = r"""
/\.well-known/security\.txt /accessibility/ /contact/ /favicon\.ico /guide/ /robots\.txt
/data/catalog\.jsonld /data/fields/ /data/openapi\.json /data/units\.json
/data/schema/register\.json /data/schema/result\.json /data/schema/texts/(?:SCHEMAS)\.json
/draws/DRAW/frames/(?:key|general|special)\.txt /draws/DRAW/tickets\.csv
/register/tile/TILE /register/tile/TILE\.p/(?:[1-9][0-9]{0,2})
/sitemap\.xml /sitemap-(?:pages|enterprises|results)-(?:[1-9][0-9]{0,3})\.xml
/verify/ /verify/algorithm/ /verify/history/(?:[12][0-9]{3})\.json
/verify/pub1\.js /verify/pub1\.py /verify/ssj1\.js /verify/ssj1\.py
"""


@pytest.mark.clause("八(二)-c")
@pytest.mark.promise("P26")
def test_no_page_but_these_is_kept_for_longer_than_a_minute():
    """A page that is put here holds nothing that can be withdrawn: it outlives the minute in browsers, and a day in the proxy."""
    text = LASTING.replace("SCHEMAS", SCHEMAS).replace("DRAW", DRAW).replace("TILE", TILE)
    kept = {address for address, page in addresses.public() if page.max_age > WITH_WORDS}
    assert {address.replace("\\-", "-") for address in kept} == {f"^{address}$" for address in text.split()}
