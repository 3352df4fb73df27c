"""Where a name begins that is known by its ending."""

from __future__ import annotations

import re

_HAN = re.compile(r"[\u4e00-\u9fff]+\Z")  # not `$`: a name does not reach over the end of a line
LONGEST = 14  # characters before an ending that may belong to the name
# Words after which a name begins; 和平, 太原 and 本溪 are none of them.
_OPENS = re.compile(
    r"(?:地址|位于|就在|在|住|到|来(?![福宾安])|去|校区|坐标|地点|学员|欢迎|加入|选择|联系|报名|走进|我们是|我是|这里是|是|由|找|(?<![人太谦谐协祥共泰永])和(?![平谐睦悦兴])|与|及|的|了|了解|附近|旁边|对面|本(?!溪)|(?<![太高平])原|转让|招聘|诚聘|家长|店名|名称|关于|同意|通知|推荐|搜|致电|详情|让|把|要|群(?![星英])|校址|现址?|您好|这是)"
)


def beginning(
    text: str, end: int, done: int, opens: re.Pattern[str] | None = None, longest: int = LONGEST
) -> int:
    """Where the name that ends at `end` begins: after the last word that opens one (`opens`: more such words).

    At most `longest` characters back, and not before `done`.
    """
    before = _HAN.search(text[max(done, end - longest) : end])
    if not before:
        return end
    opened = [match.end() for match in _OPENS.finditer(before[0])]
    if opens is not None:
        opened += [match.end() for match in opens.finditer(before[0])]
    return end - len(before[0]) + max(opened, default=0)
