"""Passwords typed at a terminal or piped in; never an argument, where every process list would show them."""

import getpass
import sys

from django.core.management.base import CommandError


def ask(what: str) -> str:
    """Return one password: twice at a terminal, else the next line of standard input. It is printed nowhere."""
    if not sys.stdin.isatty():
        line = sys.stdin.readline()
        if not line.strip("\r\n"):
            raise CommandError(f"标准输入里没有{what}：一行一个密码。")
        return line.rstrip("\r\n")
    first = getpass.getpass(f"{what}：")
    if getpass.getpass(f"再输一遍{what}：") != first:
        raise CommandError("两遍输入的不一样，没有执行。")
    return first
