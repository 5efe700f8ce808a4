from django.urls import path, register_converter

from disclosure.city import public_views, rollup_views
from disclosure.city import roundup_views as city_roundup_views
from disclosure.draws import file_views, verify_views
from disclosure.draws import views as draw_views
from disclosure.facilities import file_views as facility_file_views
from disclosure.facilities import views as facility_views
from disclosure.followups import views as followup_views
from disclosure.lists import paper_views
from disclosure.lists import views as plan_views
from disclosure.models import FOLLOWUPS, OWN, PublicationKind
from disclosure.objections import form_views
from disclosure.objections import public_views as public_objection_views
from disclosure.objections import views as objection_views
from disclosure.opendata import api_views, description_views, feed_views, machine_views
from disclosure.publishing import views as publish_views
from disclosure.register import views as register_views
from disclosure.results import step_views
from disclosure.results import views as result_views
from disclosure.revisions import public_views as public_revision_views
from disclosure.revisions import views as revision_views
from disclosure.rosters import views as roster_views
from disclosure.selfcheck import public_views as public_selfcheck_views
from disclosure.selfcheck import views as selfcheck_views
from disclosure.site import contact_views, views
from disclosure.statements import link_views
from disclosure.statements import public_views as public_statement_views
from disclosure.statements import views as statement_views
from disclosure.statistics import views as statistics_views
from disclosure.yearbook import views as yearbook_views


def _converter(pattern: str) -> type:
    """A path part that can only hold what its kind may hold, so that no other text reaches the database."""

    class Converter:
        regex = pattern

        def to_python(self, value):
            return value

        def to_url(self, value):
            return str(value)

    return Converter


register_converter(_converter(r"[12][0-9]{3}"), "public_year")
register_converter(_converter(r"[12][0-9]{3}[qQ][1-4]"), "public_quarter")
register_converter(_converter(r"[0-9A-Za-z]{1,16}"), "public_unit")
register_converter(_converter(r"[0-9A-Z]{1,16}-[12][0-9]{3}Q[1-4]-[0-9]{2}"), "public_draw")
register_converter(_converter(r"key|general|special"), "public_category")
register_converter(_converter(r"pdf|zip"), "public_volume")
register_converter(
    _converter(
        r"manifest|abort|roster|(?:run-[1-9][0-9]?-)?(?:seed|result|slips(?:-[1-9][0-9]{0,3})?|amend-[1-9][0-9]{0,3})"
    ),
    "public_document",
)
register_converter(_converter(r"[0-9A-Za-z._-]{1,40}"), "public_no")
register_converter(_converter(r"[^\x00-\x20,|\x7f]{1,32}"), "public_code")
register_converter(_converter(r"[1-9][0-9]{0,17}"), "public_seq")
register_converter(_converter(r"[1-9][0-9]{0,3}"), "public_version")
register_converter(_converter(r"entries|[0-7]"), "public_level")
register_converter(_converter(r"(?:x[0-9]{3}/){0,4}[0-9]{3}"), "public_tile")
register_converter(_converter(r"[1-9][0-9]{0,2}"), "public_width")
register_converter(_converter("|".join(PublicationKind.values).lower()), "public_kind")
register_converter(_converter(r"large|normal"), "public_size")
register_converter(_converter("|".join(machine_views.MAPS)), "public_map")
register_converter(
    _converter(r"list|plan|register|results|result|summary|rectification|case|referral|statement|decision|selfcheck"),
    "public_publishing",
)
register_converter(_converter(r"list|plan|summary|results|selfcheck"), "public_paper")
register_converter(_converter(r"pdf|docx"), "public_form")
register_converter(_converter(r"YY[12][0-9]{3}-[0-9]{4,6}"), "public_receipt")
register_converter(_converter("|".join(statistics_views.TABLES)), "public_table")

app_name = "disclosure"
urlpatterns = [
    path("", views.home, name="home"),
    path("items/", plan_views.items_years, name="items-years"),
    path("items/<public_year:year>/", plan_views.items, name="items"),
    path("items/<public_no:no>/snapshot.json", plan_views.snapshot, {"kind": "ITEM_LIST"}, name="list-snapshot"),
    path(
        "items/<public_no:no>/<public_version:version>/snapshot.json",
        plan_views.snapshot,
        {"kind": "ITEM_LIST"},
        name="list-version-snapshot",
    ),
    path(
        "items/<public_year:year>/<public_unit:unit>/<public_version:version>/",
        plan_views.items_version,
        name="items-version",
    ),
    path("plans/", plan_views.plans, name="plans"),
    path("plans/<public_quarter:quarter>/", plan_views.plans_of_quarter, name="plans-of-quarter"),
    path("plans/<public_quarter:quarter>/<public_unit:unit>/", plan_views.plan, name="plan"),
    path("plans/<public_no:no>/snapshot.json", plan_views.snapshot, {"kind": "PLAN"}, name="plan-snapshot"),
    path(
        "plans/<public_quarter:quarter>/<public_unit:unit>/<public_version:version>/",
        plan_views.plan,
        name="plan-version",
    ),
    path(
        "plans/<public_no:no>/<public_version:version>/snapshot.json",
        plan_views.snapshot,
        {"kind": "PLAN"},
        name="plan-version-snapshot",
    ),
    path(
        "plans/<public_quarter:no>/summary/<public_version:version>/snapshot.json",
        plan_views.snapshot,
        {"kind": "SUMMARY"},
        name="summary-snapshot",
    ),
    path(
        "papers/<public_paper:kind>/<public_no:no>/<public_version:version>.<public_form:form>",
        paper_views.publication_paper,
        name="paper",
    ),
    path("draws/", draw_views.draws, name="draws"),
    path("draws/<public_draw:draw_id>/", draw_views.draw, name="draw"),
    path("draws/<public_draw:draw_id>/bundle.json", file_views.draw_bundle, name="draw-bundle"),
    path("draws/<public_draw:draw_id>/<public_document:name>.txt", file_views.draw_document, name="draw-document"),
    path("draws/<public_draw:draw_id>/tickets.csv", file_views.draw_tickets, name="draw-tickets"),
    path("draws/<public_draw:draw_id>/sha256sums.txt", file_views.draw_sums, name="draw-sums"),
    path("draws/<public_draw:draw_id>/changes/", draw_views.draw_changes, name="draw-changes"),
    path("draws/<public_draw:draw_id>/frames/", draw_views.draw_frames, name="draw-frames"),
    path("draws/<public_draw:draw_id>/frames/<public_category:category>/", draw_views.draw_frame, name="draw-frame"),
    path(
        "draws/<public_draw:draw_id>/frames/<public_category:category>.txt",
        file_views.draw_frame_text,
        name="draw-frame-text",
    ),
    path("results/", result_views.results, name="results"),
    path("results/export.csv", result_views.results_csv, name="results-csv"),
    path("results/followups.csv", step_views.followups_csv, name="followups-csv"),
    path("results/followups/<public_no:no>/", step_views.followup, name="followup-step"),
    path(
        "results/followups/<public_no:no>/<public_version:version>/snapshot.json",
        step_views.followup_snapshot,
        name="followup-snapshot",
    ),
    path("results/export.xlsx", result_views.results_xlsx, name="results-xlsx"),
    path("results/summary/<public_quarter:quarter>/", public_views.results_summary, name="results-summary"),
    path(
        "results/summary/<public_quarter:no>/<public_version:version>/snapshot.json",
        plan_views.snapshot,
        {"kind": "RESULT_SUM"},
        name="results-summary-snapshot",
    ),
    path("results/<public_no:no>/", result_views.result, name="result"),
    path("results/<public_no:no>/<public_version:version>/", result_views.result, name="result-version"),
    path(
        "results/<public_no:no>/<public_version:version>/snapshot.json",
        plan_views.snapshot,
        {"kind": "RESULT"},
        name="result-version-snapshot",
    ),
    path("results/<public_no:no>/snapshot.json", plan_views.snapshot, {"kind": "RESULT"}, name="result-snapshot"),
    path("registers/<public_no:no>/", roster_views.roster, name="roster"),
    path("enterprises/", facility_views.enterprises, name="enterprises"),
    path("enterprises/<public_code:code>.json", facility_file_views.enterprise_json, name="enterprise-json"),
    path("enterprises/<public_code:code>/feed/", facility_file_views.enterprise_feed, name="enterprise-feed"),
    path("enterprises/<public_code:code>/", facility_views.enterprise, name="enterprise"),
    path("verify/", verify_views.verify, name="verify"),
    path("verify/algorithm/", verify_views.algorithm, name="algorithm"),
    path("verify/ssj1.py", verify_views.program, {"name": "ssj1.py"}, name="verifier"),
    path("verify/ssj1.js", verify_views.program, {"name": "ssj1.js"}, name="verifier-script"),
    path("verify/pub1.py", verify_views.program, {"name": "pub1.py"}, name="register-verifier"),
    path("verify/pub1.js", verify_views.program, {"name": "pub1.js"}, name="register-script"),
    path("verify/register/", register_views.register, name="register"),
    path("verify/register/own/", register_views.own_records, name="register-own"),
    path("register/checkpoint", register_views.checkpoint, name="register-checkpoint"),
    path("register/register.txt", register_views.plain_file, name="register-file"),
    path(
        "register/tile/<public_level:level>/<public_tile:number>.p/<public_width:width>",
        register_views.tile,
        name="register-tile-part",
    ),
    path("register/tile/<public_level:level>/<public_tile:number>", register_views.tile, name="register-tile"),
    path("verify/history/<public_year:year>.json", verify_views.history, name="history"),
    path("verify/chain/", verify_views.chain, name="chain"),
    path("verify/chain/carry.txt", verify_views.carry_text, name="carry"),
    path("verify/chain/<public_seq:seq>.txt", verify_views.chain_entry, name="chain-entry"),
    path("statistics/", statistics_views.statistics, name="statistics"),
    path("statistics/tables.xlsx", statistics_views.tables_xlsx, name="statistics-xlsx"),
    path("statistics/<public_table:table>.csv", statistics_views.table_csv, name="statistics-csv"),
    path("statistics/<public_table:table>.json", statistics_views.table_json, name="statistics-json"),
    path("statistics/self-check/", public_selfcheck_views.selfchecks, name="selfchecks"),
    path("statistics/self-check.csv", public_selfcheck_views.selfchecks_csv, name="selfchecks-csv"),
    path("statistics/self-check.json", public_selfcheck_views.selfchecks_json, name="selfchecks-json"),
    path("statistics/self-check/<public_quarter:quarter>/", public_selfcheck_views.selfcheck, name="selfcheck"),
    path("data/", views.data, name="data"),
    path("data/fields/", views.fields, name="fields"),
    path("data/results.json", api_views.results, name="results-json"),
    path("data/results.jsonl", api_views.texts, name="results-jsonl"),
    path("data/sha256sums.txt", api_views.sums, name="sums"),
    path("data/facilities.csv", facility_file_views.facilities_csv, name="facilities-csv"),
    path("data/schema/register.json", description_views.text_schema, {"kind": "REGISTER"}, name="roster-schema"),
    path("data/schema/texts/<public_kind:kind>.json", description_views.text_schema, name="text-schema"),
    path("data/units.json", contact_views.units_json, name="units-json"),
    path("data/catalog.jsonld", machine_views.data_catalogue, name="catalogue"),
    path("data/openapi.json", description_views.openapi, name="openapi"),
    path("data/schema/result.json", description_views.row_schema, name="schema"),
    path("feed/", feed_views.of_city, name="feed"),
    path("feed/<public_unit:unit>/", feed_views.of_unit, name="unit-feed"),
    path("robots.txt", machine_views.robots, name="robots"),
    path("sitemap.xml", machine_views.sitemap, name="sitemap"),
    path("sitemap-<public_map:kind>-<public_version:number>.xml", machine_views.sitemap_part, name="sitemap-part"),
    path(".well-known/security.txt", machine_views.security, name="security"),
    path("favicon.ico", machine_views.favicon, name="favicon"),
    path("notices/", views.notices, name="notices"),
    path("notices/revisions/", public_revision_views.revisions, name="revisions"),
    path("corrections/", public_objection_views.objections, name="objections"),
    path("corrections/new/", form_views.new, name="objection-new"),
    path("corrections/<public_receipt:receipt>/", public_objection_views.objection, name="objection"),
    path("corrections/<public_receipt:receipt>/feed/", public_objection_views.objection_feed, name="objection-feed"),
    path("corrections/<public_receipt:receipt>/own/", form_views.enter, name="objection-enter"),
    path("corrections/<public_receipt:receipt>/own/<str:code>/", form_views.own, name="objection-own"),
    path("results/statements/<public_no:no>/", public_statement_views.statement, name="statement"),
    path("e/<str:token>/words/", link_views.own_words, name="statement-of-link"),
    path("e/<str:token>/correction/", form_views.of_link, name="objection-of-link"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("guide/", contact_views.guide, name="guide"),
    path("contact/", contact_views.contact, name="contact"),
    path("size/<public_size:size>/", views.size, name="size"),
    path("desk/city/plans/", rollup_views.rollup_plans, name="rollup-plans"),
    path("desk/city/plans/bulletin.json", rollup_views.rollup_bulletin, name="rollup-bulletin"),
    path("desk/city/draws/", rollup_views.rollup_draws, name="rollup-draws"),
    path("desk/city/results/", city_roundup_views.rollup_results, name="rollup-results"),
    path("desk/city/filings/<int:pk>/receive/", rollup_views.filing_receive, name="filing-receive"),
    path("desk/city/filings/<int:pk>/return/", rollup_views.filing_return, name="filing-return"),
    path(
        "desk/city/self-check/<public_quarter:quarter>/summary/",
        selfcheck_views.selfcheck_summary,
        name="selfcheck-summary",
    ),
    path("desk/yearbook/", yearbook_views.yearbook, name="yearbook"),
    path("desk/yearbook/<public_unit:unit>/<int:year>/bind/", yearbook_views.yearbook_bind, name="yearbook-bind"),
    path(
        "desk/yearbook/<public_unit:unit>/<int:year>/supplement/",
        yearbook_views.yearbook_supplement,
        name="yearbook-supplement",
    ),
    path(
        "desk/yearbook/<public_unit:unit>/<int:year>/volume-<int:part>.<public_volume:way>",
        yearbook_views.yearbook_file,
        name="yearbook-file",
    ),
    path("desk/publish/", publish_views.publish_list, name="publish-list"),
    path("desk/publish/confirm/", publish_views.publish_several, name="publish-several"),
    path("desk/publish/result/<public_no:no>/confirm/", publish_views.publish_confirm, name="publish-confirm"),
    path(
        "desk/publish/<public_paper:kind>/<public_no:no>/portal.zip", paper_views.portal_package, name="portal-package"
    ),
    path("desk/publish/step/<public_no:no>/", followup_views.followup, name="followup"),
    path("desk/corrections/", objection_views.objections, name="objections-desk"),
    path("desk/corrections/<public_receipt:receipt>/", objection_views.objection, name="objection-desk"),
    path("desk/corrections/<public_receipt:receipt>/more/", objection_views.ask_for_more, name="objection-more"),
    path("desk/corrections/<public_receipt:receipt>/late/", objection_views.explain, name="objection-late"),
    path(
        "desk/corrections/<public_receipt:receipt>/files/<int:pk>/",
        objection_views.objection_file,
        name="objection-file",
    ),
    path("desk/corrections/<public_receipt:receipt>/answer.pdf", objection_views.answer_paper, name="objection-paper"),
    path("desk/statements/", statement_views.statements, name="statements-desk"),
    path("desk/statements/<public_no:no>/", statement_views.statement, name="statement-desk"),
    path("desk/statements/<public_no:no>/return/", statement_views.give_back, name="statement-give-back"),
    path("desk/statements/<public_no:no>/withdraw/", statement_views.withdraw, name="statement-withdraw"),
    path("desk/publish/terms/", revision_views.terms_over, name="terms-over"),
    path("desk/publish/<public_publishing:kind>/<public_no:no>/revise/", revision_views.revision, name="revision"),
    path(
        "desk/publish/<public_publishing:kind>/<public_no:no>/revise/<int:pk>/file/",
        revision_views.revision_file,
        name="revision-file",
    ),
    path(
        "desk/publish/<public_publishing:kind>/<public_no:no>/revise/<int:pk>/paper.pdf",
        revision_views.revision_paper,
        name="revision-paper",
    ),
    path(
        "desk/publish/<public_publishing:kind>/<public_no:no>/withdrawn/<public_version:version>/",
        revision_views.withdrawn_text,
        name="withdrawn-text",
    ),
    path("desk/publish/<public_publishing:kind>/<public_no:no>/", publish_views.publish_detail, name="publish-detail"),
]
# Each text as it was published, and its place in the register (PUB1 §4).
PAGES_OF_TEXTS = {
    "ITEM_LIST": "items/<public_no:no>",
    "PLAN": "plans/<public_no:no>",
    "SUMMARY": "plans/<public_quarter:no>/summary",
    "REGISTER": "registers/<public_no:no>",
    "RESULT": "results/<public_no:no>",
    "RESULT_SUM": "results/summary/<public_quarter:no>",
    "SELF_CHECK": "statistics/self-check/<public_quarter:no>",
    "DECISION": "corrections/<public_receipt:no>",
    "STATEMENT": "results/statements/<public_no:no>",
}
PAGES_OF_TEXTS |= dict.fromkeys(FOLLOWUPS, "results/followups/<public_no:no>")
PAGES_OF_TEXTS |= dict.fromkeys(OWN, "verify/register/own/<public_no:no>")
for kind, page in PAGES_OF_TEXTS.items():
    for ending, view in (("json", register_views.text), ("tlog-proof", register_views.proof)):
        address = f"{page}/v<public_version:version>.{ending}"
        kinds = next((several for several in (FOLLOWUPS, OWN) if kind in several), (kind,))
        urlpatterns.append(path(address, view, {"kinds": kinds}, name=f"{ending}-{kind}"))
