"""The Chinese report on a volume of findings: extraction record, list of evidence, pictures, reasons, flaws.

The fields follow the model of the provisional rules on electronic evidence in market regulation enforcement
(2024) and article 112 of the interpretation of the criminal procedure law (2021), see `casework.flaws`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from casework import flaws, provenance
from casework.blocks import Block, Heading, Picture, Table, Text
from casework.finding_report import finding_blocks, title_of
from casework.labels import ITEMS, LOOKS, ORIGINS, SECOND_LOOKS, how_name
from casework.sheets import Sheet, beijing
from core.model import SYSTEM, Missing

HINT = "机器标记只是线索。没有“已确认”字样的条目未经人工确认，不得作为事实使用。"
EVENTS = {
    "captured": "取证", "sealing": "开始封存", "sealed": "封存", "stamped": "盖时间戳", "viewed": "查看", "copied": "复制",
    "redacted": "遮盖", "exported": "导出", "transferred": "移交", "received": "接收", "verified": "校验",
    "held": "要求保留", "released": "解除保留", "deleted": "删除",
}  # fmt: skip
# Where custody was written by the system itself, its reason is the program's word.
REASONS = {SYSTEM.reason: "系统自动"}
# Law on administrative penalties, article 42: two officers at least, each of them entitled.
SIGN = Table(
    (
        ("提取人（签名）", "", "执法证号", ""),
        ("提取人（签名）", "", "执法证号", ""),
        ("见证人（签名）", "", "日期", "　　　　年　　月　　日"),
    ),
    (),
    (16, 34, 16, 34),
    sign=True,
)


@dataclass(frozen=True)
class Heads:
    """What stands on the first sheet of each volume."""

    matter: str
    officer: str
    receiver: str
    reason: str
    at: datetime
    volume: int
    volumes: int
    name: Callable[[str], str] = str  # what an account's officer is called


def blocks(heads: Heads, sheets: Sequence[Sheet]) -> Iterator[Block]:
    """The whole volume."""
    yield Heading(heads.matter, 0)
    yield Text(f"第 {heads.volume} 册，共 {heads.volumes} 册；本册 {len(sheets)} 条线索。")
    yield Text(HINT, warning=True)
    yield from _record(heads, sheets)
    yield from _list(sheets)
    yield from _pictures(sheets)
    yield from _findings(heads, sheets)
    yield from _flaws(sheets)


def _record(heads: Heads, sheets: Sequence[Sheet]) -> Iterator[Block]:
    looks = [look for sheet in sheets for look in sheet.looks.values()]
    begun = sorted(look.evidence.captured_at for look in looks)
    ended = max((item.made_at for look in looks for item in look.evidence.items), default=None)
    yield Heading("一、电子数据提取笔录")
    rows = [
        ("案由", heads.matter),
        ("提取对象", "\n".join(dict.fromkeys(map(_place, sheets)))),
        ("原始存储介质", "网站的服务器，不由办案单位控制，无法扣押、封存；以网络在线提取的方式取得其内容，附完整性校验值"),
        ("提取时间（北京时间）", f"{beijing(begun[0])} 至 {beijing(ended or begun[-1])}" if begun else "没有取证记录"),
        ("提取设备、软件", "\n".join(dict.fromkeys(_tools(look) for look in looks)) or "没有取证记录"),
        ("提取方法", "网络在线提取：以公开身份访问公开网页，不登录、不绕过限制，自动保存网络请求与应答、浏览器绘制的网页代码、整页截图和文字"),
        ("提取过程", "程序发现疑似内容后保存原始应答，随即用浏览器再次访问并截图；全部文件即时计算 SHA-256 和国密 SM3 值，封存于只写一次的证据库，每次操作写入保管记录"),
        ("校验值算法", "SHA-256、SM3"),
        ("证明对象", "网页在提取之时登载的内容"),
        ("制作人、制作时间", f"{heads.name(heads.officer)}，{beijing(heads.at)}（由网巡系统生成）"),
        ("接收单位", heads.receiver or "未填写"),
        ("导出理由", heads.reason),
    ]  # fmt: skip
    yield Table(tuple(rows), widths=(22, 78))
    for sheet in sheets:
        yield from _circumstances(sheet)
    yield SIGN


def _circumstances(sheet: Sheet) -> Iterator[Block]:
    yield Heading(f"提取情况 {sheet.number}：{title_of(sheet.finding)}", 3)
    for look in sheet.looks.values():
        evidence = look.evidence
        rows = [
            ("证据编号", evidence.id),
            ("网址", evidence.url),
            ("方式、时间", f"{LOOKS[evidence.look]}，{beijing(evidence.captured_at)}（北京时间）"),
            *provenance.lines(look.provenance),
            ("外部时间戳", "；".join(_stamp(stamp) for stamp in look.stamps) or "无外部时间戳"),
            (
                "未能提取",
                "；".join(_gap(gap) for gap in evidence.missing) or "无",
            ),
        ]
        yield Table(tuple(rows), widths=(22, 78))
    for name, said in sheet.gone.items():
        yield Table((("证据编号", name), ("状态", said)), widths=(22, 78))


def _place(sheet: Sheet) -> str:
    """The place that is watched, and its name in the network, which stays when our files are renamed."""
    return f"{sheet.source}，网站 {urlsplit(sheet.finding.url).hostname or sheet.finding.url}"


def _tools(look: flaws.Look) -> str:
    told = look.provenance
    named = (told.get("host", "设备未记录"), told.get("software", "软件未记录"))
    return "；".join(named)


def _gap(gap: Missing) -> str:
    where = f"（{gap.url}）" if gap.url else ""
    return f"{item_name(gap.role)}{where}：{gap.cause}"


def _stamp(stamp: flaws.Stamp) -> str:
    test = "（测试机构，没有证明力）" if stamp.test else ""
    at = f"，{beijing(stamp.at)}（北京时间）" if stamp.at else ""
    number = f"，序列号 {stamp.serial:X}，{stamp.digest.upper()}" if stamp.digest else ""
    return f"{stamp.authority}{test}{at}，{_delay(stamp)}{number}"


def _delay(stamp: flaws.Stamp) -> str:
    """How long after capture; a stamp from before it is said to be one, since no capture can be that old."""
    seconds = stamp.delay.total_seconds()
    if stamp.early:
        return f"早于取证 {-seconds:.0f} 秒，取证设备与时间戳机构的时钟不一致"
    return f"取证后 {abs(seconds):.0f} 秒"  # a little below nought is the stamp's whole second


def _list(sheets: Sequence[Sheet]) -> Iterator[Block]:
    yield Heading("二、证据清单", new_page=True)
    for sheet in sheets:
        yield Heading(f"{sheet.number}. {title_of(sheet.finding)}", 3)
        rows = [
            (
                f"{item_name(item.role)}\n{LOOKS[look.evidence.look]}",
                f"{item.media_type}\n{ORIGINS[item.origin]}，{item.size} 字节",
                f"SHA-256 {item.sha256}\nSM3 {item.sm3 or '无'}",
                how_name(item.how),
            )
            for look in sheet.looks.values()
            for item in look.evidence.items
        ]
        head = ("名称、类别", "格式、大小", "完整性校验值", "制作方法")
        yield Table(tuple(rows), head, (16, 18, 44, 22))
    yield Text("以上清单与所附电子数据核对无误。", lead=True)
    yield SIGN


def _pictures(sheets: Sequence[Sheet]) -> Iterator[Block]:
    yield Heading("三、截图页", new_page=True)
    for sheet in sheets:
        shown = [(sheet.looks[name], shot) for name, shots in sheet.shots.items() for shot in shots]
        yield Heading(f"{sheet.number}. {title_of(sheet.finding)}", 3)
        if not shown:
            state = SECOND_LOOKS[sheet.finding.second_look]
            yield Text(f"没有截图（{state}）{sheet.finding.second_look_cause or ''}", warning=True)
        for look, shot in shown:
            caption = (
                f"{item_name(shot.item.role)}，{beijing(look.evidence.captured_at)}，{look.evidence.url}\n"
                f"SHA-256 {shot.item.sha256}\nSM3 {shot.item.sm3 or '无'}"
            )
            yield Picture(shot.path, caption)


def _findings(heads: Heads, sheets: Sequence[Sheet]) -> Iterator[Block]:
    yield Heading("四、线索内容、判断理由和人工决定", new_page=True)
    for sheet in sheets:
        yield from finding_blocks(sheet.number, sheet.finding, sheet.source, heads.name)
        for look in sheet.looks.values():
            rows = [
                (str(entry["number"]), beijing_text(entry["at"]), EVENTS.get(entry["event"], entry["event"]),
                 heads.name(str(entry.get("officer", ""))), _told(entry))
                for entry in look.custody
            ]  # fmt: skip
            yield Text(f"保管记录（证据 {look.evidence.id[:12]}）", lead=True)
            yield Table(tuple(rows), ("序号", "时间（北京）", "事项", "经办", "说明"), (8, 24, 12, 14, 42))


def _told(entry: dict[str, Any]) -> str:
    """The reason of a custody line and what it adds, as people read it."""
    reason, detail = str(entry.get("reason", "")), str(entry.get("detail", ""))
    reason = REASONS.get(reason, reason)
    if entry["event"] == "stamped":
        detail = f"时间戳机构：{detail}"
    if detail.startswith("{"):
        plain = json.loads(detail)
        plain["at"] = beijing_text(plain["at"]) if plain.get("at") else ""
        parts = {"bundle": "证据包 SHA-256", "receiver": "接收", "scope": "范围", "at": "截至"}
        detail = "；".join(f"{label} {plain[name]}" for name, label in parts.items() if plain.get(name))
    return "\n".join(filter(None, (reason, detail)))


def _flaws(sheets: Sequence[Sheet]) -> Iterator[Block]:
    yield Heading("五、证据瑕疵检查", new_page=True)
    rows = [
        (str(sheet.number), flaw.where, f"{flaw.facts.name}\n{flaws.SEVERITIES[flaw.facts.severity]}",
         flaw.facts.rule, "\n".join(filter(None, (flaw.detail, flaw.facts.mend))))
        for sheet in sheets
        for flaw in sheet.flaws
    ]  # fmt: skip
    yield Text("由程序按证据规则逐条检查，供办案人员补正参考；签名、盖章须在打印后由人完成，不在检查之列。")
    if rows:
        yield Table(tuple(rows), ("线索", "对象", "瑕疵", "依据", "情况和补正办法"), (7, 17, 24, 22, 30))
    else:
        yield Text("没有发现瑕疵。")


def item_name(role: str) -> str:
    """The Chinese name of a kept file's role."""
    return ITEMS.get(role, role)


def beijing_text(moment: str) -> str:
    """A custody entry's time as officers read it."""
    return beijing(datetime.fromisoformat(moment))
