"""What can be downloaded, told to other catalogues in their own words (DCAT 3 as JSON-LD; 四(3)-e)."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji.accounts.city import this_city

from .rows import LICENCE

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dct:issued": {"@type": "xsd:dateTime"},
    "dct:modified": {"@type": "xsd:dateTime"},
    "dct:license": {"@type": "@id"},
    "dct:conformsTo": {"@type": "@id"},
    "dcat:landingPage": {"@type": "@id"},
    "dcat:downloadURL": {"@type": "@id"},
    "dcat:accessURL": {"@type": "@id"},
    "dcat:endpointURL": {"@type": "@id"},
    "dcat:endpointDescription": {"@type": "@id"},
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLES = {"rates": "各单位的覆盖、公开、发现问题、改正、从未检查", "found": "各季度发现问题占比", "never": "从未检查"}
TABLES |= {"evenness": "抽取是否均匀"}
# (title, its page, [(file, its arguments, media type, name of what describes its rows)])
DATASETS = (
    ("检查结果", "results", [("results-csv", [], "text/csv", "fields"), ("results-xlsx", [], XLSX, "fields")]),
    ("检查结果的公示原文", "register", [("results-jsonl", [], "application/jsonl", "")]),
    ("整改、立案、移送的每一步", "data", [("followups-csv", [], "text/csv", "fields")]),
    ("公开名录里的企业", "enterprises", [("facilities-csv", [], "text/csv", "fields")]),
    ("单位的地址和电话", "contact", [("units-json", [], "application/json", "")]),
    *(
        (f"统计：{words}", "statistics", [(f"statistics-{form}", [name], f"{kind}/{form}", "") for form, kind in (("csv", "text"), ("json", "application"))])
        for name, words in TABLES.items()
    ),
    ("合规体检摘要", "selfchecks", [("selfchecks-csv", [], "text/csv", ""), ("selfchecks-json", [], "application/json", "")]),
)  # fmt: skip


LOG = ("公示日志", "register", [("register-file", [], "text/plain", "")])


def catalogue(site: str, last: datetime | None, years: Iterable[int], *, signed: bool) -> dict:
    """The catalogue; `last`: when something became public; `years`: those whose draws are bound in one file.

    `signed`: the log has a head, and so a file.
    """

    def at(name: str, *arguments) -> str:
        return site + reverse(f"disclosure:{name}", args=arguments)

    bound = [
        (f"{year} 年随机抽取的证据包", "draws", [("history", [year], "application/json", "algorithm")])
        for year in years
    ]
    said = {
        "@context": CONTEXT,
        "@id": at("data"),
        "@type": "dcat:Catalog",
        "dct:title": f"{this_city().site}：开放数据",
        "dct:language": "zh-CN",
        "dct:license": LICENCE,
        "dct:publisher": {"@type": "foaf:Organization", "foaf:name": this_city().bureau},
        "dcat:dataset": [_dataset(at, *one) for one in (*DATASETS, *([LOG] if signed else ()), *bound)],
        "dcat:service": {
            "@type": "dcat:DataService",
            "dct:title": "检查结果接口",
            "dcat:endpointURL": at("results-json"),
            "dcat:endpointDescription": at("openapi"),
            "dct:conformsTo": at("schema"),
            "dct:license": LICENCE,
        },
    }
    return said | ({"dct:modified": localtime(last).isoformat(timespec="seconds")} if last else {})


def _dataset(at: Callable[..., str], title: str, page: str, files: list) -> dict:
    return {
        "@type": "dcat:Dataset",
        "dct:title": title,
        "dct:license": LICENCE,
        "dcat:landingPage": at(page),
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dcat:downloadURL": at(name, *arguments),
                "dcat:accessURL": at(page),
                "dcat:mediaType": media,
            }
            | ({"dct:conformsTo": at(described)} if described else {})
            for name, arguments, media, described in files
        ],
    }
