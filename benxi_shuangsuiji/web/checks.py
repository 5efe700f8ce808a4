"""What settings make a server unsafe, each with a sentence; web and worker ask before they start (`web.start`).

They are deployment checks: a trial and the tests, whose database is marked as a demo, run without TLS and behind nothing.
"""

from ipaddress import ip_network
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, register

LOOPBACK = {"localhost", "127.0.0.1", "[::1]", "::1"}
SOCKET = "unix"  # in TRUSTED_PROXIES: whoever comes over the web server's own socket
WIDEST = {4: 8, 6: 16}  # a network of proxies that is wider trusts half the world


def trusted_networks():
    """The networks of TRUSTED_PROXIES that can be read, and whether a socket of the machine is among them."""
    networks, socket = [], False
    for word in settings.TRUSTED_PROXIES:
        if word == SOCKET:
            socket = True
            continue
        try:
            networks.append(ip_network(word))
        except ValueError:
            continue  # `proxies` says so before anything starts
    return networks, socket


@register(Tags.security, deploy=True)
def no_details(app_configs, **kwargs):
    if not settings.DEBUG:
        return []
    return [Error("DEBUG=true：出错时把程序和设置显示给任何人。去掉这一行，或改为 false。", id="benxi.E006")]


@register(Tags.security, deploy=True)
def signing_key(app_configs, **kwargs):
    """The key of the public register is 32 bytes in hex or not there (PUB1 §3)."""
    key = settings.REGISTER_KEY
    if not key or (len(key) == 64 and not set(key.lower()) - set("0123456789abcdef")):
        return []
    return [Error("REGISTER_KEY 要 64 位十六进制数字（32 字节）。按 .env.example 里的命令重做。", id="benxi.E007")]


@register(Tags.security, deploy=True)
def webhook_address(app_configs=None, **kwargs):
    wrong = why_no_webhook()
    return [Error(wrong, id="benxi.E016")] if wrong else []


def why_no_webhook() -> str:
    """Why nothing can be sent to the robot of a group chat; "" where it can, or is not wanted."""
    parts = urlsplit(settings.WEBHOOK_URL)
    fine = (parts.scheme == "https" and parts.hostname) or not settings.WEBHOOK_URL
    return "" if fine else "WEBHOOK_URL 不是 https 的网址：群机器人的钥匙会明文传送。写 https://，或者留空。"


@register(Tags.security, deploy=True)
def hosts(app_configs, **kwargs):
    wide = [host for host in settings.ALLOWED_HOSTS if host.startswith(("*", "."))]
    if settings.ALLOWED_HOSTS and not wide:
        return []
    said = f"ALLOWED_HOSTS 写了“{'、'.join(wide)}”" if wide else "ALLOWED_HOSTS 是空的"
    return [Error(f"{said}：任何域名都能冒充本站。写明网站的域名，用逗号分隔。", id="benxi.E008")]


@register(Tags.security, deploy=True)
def encrypted(app_configs, **kwargs):
    """Passwords and sign-ins travel under TLS, unless nobody but this machine itself is served."""
    if settings.HTTPS or set(settings.ALLOWED_HOSTS) <= LOOPBACK:
        return []
    return [Error("HTTPS=false：密码会明文传送。前面的网关或代理终止 TLS，这里写 HTTPS=true。", id="benxi.E009")]


@register(Tags.security, deploy=True)
def proxies(app_configs, **kwargs):
    """The caller's address: what a stranger writes into X-Forwarded-For counts for nothing (S10)."""
    found, networks = [], trusted_networks()[0]
    for word in settings.TRUSTED_PROXIES:
        if word == SOCKET:
            continue
        try:
            ip_network(word)
        except ValueError:
            found.append(
                Error(
                    f"TRUSTED_PROXIES 里的“{word}”不是地址或网段，如 172.30.21.0/24；套接字写 unix。", id="benxi.E010"
                )
            )
    for network in networks:
        if network.prefixlen < WIDEST[network.version]:
            found.append(
                Error(f"TRUSTED_PROXIES 里的 {network} 太宽，等于谁都能冒充别人的地址。只写代理的。", id="benxi.E010")
            )
    if settings.HTTPS and not settings.TRUSTED_PROXIES:
        found.append(
            Error(
                "HTTPS=true，却没有写 TRUSTED_PROXIES：所有人都会算作代理的地址，登录限次和限速会误伤。写明代理的地址。",
                id="benxi.E010",
            )
        )
    return found
