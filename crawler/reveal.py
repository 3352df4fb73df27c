"""Contacts behind a click: where the click would ask, and what the answer says. Pure functions."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from core.source import RevealRule, Source
from crawler import clean
from crawler.page import Page, belongs, nodes, values

# Phone, second phone, WeChat, QQ: a site that answers with more hands out a directory, not a contact.
_MOST_CONTACTS = 8


def addresses(page: Page, source: Source) -> tuple[str | None, ...]:
    """For each post of the page, the address that its click asks; None where nothing is hidden."""
    rule = source.post.reveal
    if rule is None:
        return ()
    return tuple(_address(page, source, rule, node) for node in nodes(page, source.post)[1])


def _address(page: Page, source: Source, rule: RevealRule, node: Any) -> str | None:
    found = {name: values(node, field, page.setting)[:1] for name, field in rule.values.items()}
    if not all(found.values()):
        return None
    # Quoted whole: a value of the page must not become a path or a further parameter.
    parts = {name: quote(value[0], safe="") for name, value in found.items()}
    url = clean.absolute_url(rule.address.format_map(parts), page.setting)
    return url if url and belongs(url, source) else None


def contacts(page: Page, rule: RevealRule) -> tuple[str, ...]:
    """`标签：值` for each contact in the answer; labelled, since a bare WeChat account is not told from a word."""
    root: Any
    if rule.format == "json":
        try:
            root = json.loads(page.text)
        except (ValueError, RecursionError):
            return ()
    else:
        root = page.html
    found = [
        f"{label}：{value}"
        for label, field in rule.contacts.items()
        for value in values(root, field, page.setting)
    ]
    return tuple(dict.fromkeys(found))[:_MOST_CONTACTS]
