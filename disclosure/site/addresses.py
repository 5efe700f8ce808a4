"""Which arguments each public address reads, and which pages hold no words of a publication, as the proxy has to know it (P26, 八(二)-c).

Both stand on the pages themselves (`open_to_all(asks=…, max_age=…)`), which see no other argument. From it the lines of
`docs/deploy/nginx.conf` between the two marks are written; a test compares them, so that proxy and program cannot differ:

    .venv/bin/python manage.py shell -c "from disclosure.site import addresses; addresses.write()"
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.urls import URLPattern, get_resolver

from disclosure.kept import EVERY

from .freshness import WITH_WORDS

CONF = Path(settings.BASE_DIR) / "docs/deploy/nginx.conf"
BEGIN, END = "# -- 地址的参数：由程序写，不手改 --\n", "# -- 地址的参数，完 --\n"


def public(resolver=None) -> Iterator[tuple[str, Callable]]:
    """Each public address, as a regular expression, and its page."""
    for entry in (resolver or get_resolver()).url_patterns:
        if not isinstance(entry, URLPattern):
            yield from public(entry)
        elif getattr(entry.callback, "asks_as_everybody", False):
            inside = re.sub(r"\(\?P<\w+>", "(?:", entry.pattern.regex.pattern.removeprefix("^").removesuffix(r"\Z"))
            yield f"^/{inside}$", entry.callback


def lines() -> str:
    """Other arguments go neither into the key of the cache nor on to the program: they make no page anew."""
    found = sorted((address, page.asks) for address, page in public() if page.asks)
    lasting = sorted(address for address, page in public() if page.max_age > WITH_WORDS)
    groups = sorted({asks for _, asks in found} - {EVERY})
    names = sorted({name for asks in groups for name in asks})
    text = 'map $uri $asks {\n    default "";\n'
    text += "".join(f'    "~{address}" "{_called(asks)}";\n' for address, asks in found)
    text += "}\n"
    for name in names:
        text += f'map $arg_{name} $given_{name} {{ "" ""; default "{name}=$arg_{name}&"; }}\n'
    text += 'map $asks $given {\n    default "";\n    every $args;\n'
    text += "".join(f'    "{_called(asks)}" "{"".join(f"$given_{name}" for name in asks)}";\n' for asks in groups)
    text += '}\nmap $given $asked { "" ""; default "?$given"; }\n'
    # As the reader wrote it: other spellings of an address and arguments, of which anybody can think up more, push no page out.
    text += 'map "$as_written$asked" $kept_in {\n    default words;\n    "~[?%]" asked;\n'
    return text + "".join(f'    "~{address}" pages;\n' for address in lasting) + "}\n"


def _called(asks: tuple[str, ...]) -> str:
    """A name of these arguments that fits where nginx looks names up (`map_hash_bucket_size`)."""
    if asks == EVERY:
        return "every"
    return name if len(name := "-".join(asks)) < 30 else f"{asks[0]}-{asks[-1]}-{len(asks)}"


def in_file(conf: str) -> str:
    return conf.partition(BEGIN)[2].partition(END)[0]


def write() -> None:
    conf = CONF.read_text(encoding="utf-8")
    CONF.write_text(conf.replace(f"{BEGIN}{in_file(conf)}{END}", f"{BEGIN}{lines()}{END}"), encoding="utf-8")
