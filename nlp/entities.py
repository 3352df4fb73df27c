"""Contacts, prices, names and places in a text, each with its span in the original."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.model import Entity
from core.text import fold_with_offsets
from nlp.disguise import Plain

DIGITS = str.maketrans(
    "零〇o一幺壹l二贰两三叁四肆五伍六陆七柒八捌九玖", "00011112223344556677889 9".replace(" ", "")
)
_NUMERAL = "0-9零〇一幺壹二贰三叁四肆五伍六陆七柒八捌九玖"
_WECHAT_LABEL = r"(?:微信号?|微\s?信|v信|威信|薇信|维信|徽信|卫星号?|薇|wx号?|vx号?|wechat|\+\s?v|➕\s?v|加\s?v|\+wei|绿泡泡|绿色软件|v[x❤]?|卫❤)"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("email", re.compile(r"[a-z0-9][\w.+-]{0,63}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}", re.ASCII)),
    ("url", re.compile(r"(?:https?://|www\.)[^\s\u4e00-\u9fff，。；、）】]{3,200}")),
    ("landline", re.compile(r"(?<![\d.])(?:0\d{2,3}[- ]?[2-9]\d{6,7}|400[- ]?\d{3,4}[- ]?\d{3,4})(?![\d.])")),
    ("qq", re.compile(r"(?<![a-z])(?:qq|扣扣|企鹅号?|q群|q)(?:号码|号|群号|群|联系)?\s{0,2}[:：是加]?\s{0,2}(?P<value>[1-9]\d{4,10})(?!\d)")),
    ("wechat", re.compile(
        _WECHAT_LABEL + r"(?:号|是|加|账号|id|❤️?|同号)?\s{0,2}[:：=→]?\s{0,2}(?P<value>[a-z][a-z0-9_-]{5,19}|1[3-9]\d{9})(?![a-z0-9_-])")),
    ("address", re.compile(
        r"[\u4e00-\u9fff]{2,8}(?:路|街|大道|巷|弄|胡同)\d{1,5}号(?:[\u4e00-\u9fffa-z0-9-]{0,12}(?:楼|层|室|栋|单元|座))?")),
    ("address", re.compile(r"[\u4e00-\u9fff]{2,6}(?:花园|小区|家园|大厦|广场|写字楼|公馆|名邸|华庭|新城|嘉园|佳苑|商务楼)(?:[a-z0-9]{1,4}(?:座|栋|号楼|楼))?")),
    ("institution", re.compile(
        r"(?:(?<=【)[\u4e00-\u9fff]{2,12}(?=】)|[\u4e00-\u9fff]{2,10}(?:教育科技有限公司|教育咨询有限公司|文化传播有限公司|家政服务有限公司|有限公司"
        r"|培训学校|培训中心|辅导中心|教育中心|托管中心|托管班|家教网|家教中心|学堂|书院|工作室|教育|家政|学习中心|自习室))")),
)  # fmt: skip
_MOBILE = re.compile(rf"(?<![0-9a-z])[1一幺壹l](?:[ \-.]?[{_NUMERAL}ol]){{10}}(?![0-9])")
_SAME = re.compile(
    r"(?:微信|v信|威信|薇信|薇|vx|wx|v)[和与及]?(?:电话|手机)?(?:号)?(?:同号|同步|同|也是这个)|(?:同|也是)(?:微信|薇信?|v信?|vx|wx)|手机微信同|加微信也是这个号|微信电话同号"
)
_UNITS = (
    ("hour", r"小时|h(?![a-z])|时|钟头|60分钟"), ("lesson", r"节课?|课时|次课?|堂课?|课(?!程)"), ("day", r"天|日"), ("week", r"周|星期"),
    ("month", r"个?月"), ("term", r"个?学期|期|季"), ("year", r"年|学年"), ("package", r"套|份|全科|打包|科|门|人"),
)  # fmt: skip
_NUMBER = r"\d{1,6}(?:\.\d{1,2})?"
_UNIT = "|".join(f"(?P<{name}>{words})" for name, words in _UNITS)
_PRICE = re.compile(
    rf"(?P<lead>[¥￥$]|(?:时薪|课时费|学费|薪水|薪酬|工资|收费|报价|价格|费用|单价|月薪|仅需|只要|只需|特价|原价|现价|低至)[:：为是]?\s?)?"
    rf"(?P<low>{_NUMBER})(?P<wan1>万|k)?(?:\s?[-~～至到—]\s?(?P<high>{_NUMBER}))?(?P<wan>万|k)?"
    rf"\s?(?P<money>元|块钱?|rmb|💰|r(?![a-z])|米(?![\u4e00-\u9fff]))?\s?(?:[/每一1]|元/)?\s?(?:{_UNIT})?"
)


def find_entities(text: str) -> tuple[Entity, ...]:
    """All entities of `text` in order of place. Spans count characters of `text`."""
    folded, offsets = fold_with_offsets(text)
    plain = Plain(text, folded, offsets, [offset + 1 for offset in offsets])
    found = [*_contacts(plain), *_named(plain), *_prices(plain)]
    unique = {(item.kind, item.span.start, item.span.end): item for item in found}
    return tuple(sorted(unique.values(), key=lambda item: (item.span.start, item.kind)))


def _named(plain: Plain) -> Iterator[Entity]:
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(plain.text):
            group = "value" if "value" in pattern.groupindex else 0
            value = match[group].rstrip(",.;:!?)")  # folded stops end a web address
            if kind == "landline":
                value = re.sub(r"\D", "", value)
            yield Entity(
                kind=kind,
                value=value,
                span=plain.span(match.start(group), match.start(group) + len(match[group].rstrip(",.;:!?)"))),
            )


def _contacts(plain: Plain) -> Iterator[Entity]:
    for match in _MOBILE.finditer(plain.text):
        number = re.sub(r"\D", "", match[0].translate(DIGITS))
        if not re.fullmatch(r"1[3-9]\d{9}", number):
            continue
        span = plain.span(*match.span())
        yield Entity(kind="phone", value=number, span=span)
        # The remark stands right after the number, or a few characters before it: one clause.
        around = (
            plain.text[max(0, match.start() - 10) : match.start()]
            + " "
            + plain.text[match.end() : match.end() + 14]
        )
        if _SAME.search(around):
            yield Entity(kind="wechat", value=number, span=span)


def _prices(plain: Plain) -> Iterator[Entity]:
    for match in _PRICE.finditer(plain.text):
        unit = next((name for name, _ in _UNITS if match[name]), "none")
        if not _is_price(plain.text, match, unit):
            continue
        value = "-".join(
            _amount(number, match["wan"] or match["wan1"])
            for number in (match["low"], match["high"])
            if number
        )
        span = plain.span(*_trimmed(match))
        yield Entity(kind="price", value=value, span=span, unit=unit)


def _trimmed(match: re.Match[str]) -> tuple[int, int]:
    blanks = (
        len(match[0]) - len(match[0].rstrip(" /每一1"))
        if not match["money"]
        else len(match[0]) - len(match[0].rstrip())
    )
    return match.start("low"), max(match.end() - blanks, match.end("low"))


def _is_price(text: str, match: re.Match[str], unit: str) -> bool:
    """A number is a price with a currency word, with a price word before it, or as `80/h`; never inside a longer number."""
    if text[match.start("low") - 1 : match.start("low")].isdigit() and match.start("low") > 0:
        return False
    if text[match.end() : match.end() + 1].isdigit():
        return False
    if match["money"] or match["lead"]:
        return True
    rate = re.search(r"/\s?(?:小时|h|节|课时|次|月|天)$", match[0])
    return bool(rate) and float(match["low"]) >= 10 and unit != "none"  # below ten it is "2次/周"


def _amount(number: str, scale: str | None) -> str:
    factor = {"万": 10000, "k": 1000}.get(scale or "", 1)
    value = float(number) * factor
    return str(int(value)) if value == int(value) else f"{value:.2f}".rstrip("0")
