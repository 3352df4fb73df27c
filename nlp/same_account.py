"""Whether a number is said to be the WeChat account as well: 微信同号, 手机/vx, QQ和微都是."""

from __future__ import annotations

import functools
import re

from nlp.wechat_labels import WECHAT

# Whose account the number behind one letter is: 张老师v138...
_OWNED_LABEL = "(?<=老师|主任|校长|助教|教务|客服|前台|顾问|教练|学姐|学长|本人|咨询|报名|联系)[微薇v]"
_SAME_WORDS = rf"(?:{WECHAT}|[薇威微v])"
_ADD = "(?<![不别勿没免])(?<![不别][可能用要必])加"
# "微信同号" and its kin, right after a number ...
_SAME_AFTER = (
    rf"^[^0-9\n。;!?]{{0,8}}?(?:{_SAME_WORDS}[号和与及/、]?(?:电话|手机|q+)?号?(?:同号|同步|同[手电]|同(?![学城])|也是)"
    rf"|(?:电话|手机)?同[是为]?{_SAME_WORDS}|(?:也是|就是|即是?|等于)(?:我的?)?{_SAME_WORDS}|{_ADD}{_SAME_WORDS}(?:也是|就是|同|都|请?(?:备注|说明|注明))"
    rf"|(?:{WECHAT}|[微薇v])(?:号?[: ]?(?:(?:一样的?|一致|通用)(?![\u4e00-\u9fff])|同号|号?(?:即|就是|也是|=)(?:手机|电话))|(?:直接|可)?搜(?:手机|电话|此|这个|同一个)?号)|(?:电话|短信)[/、和或]?{WECHAT}(?:[都均皆]可|都行)"
    rf"|[vw微薇]电同[步号]?|{_ADD}{_SAME_WORDS}聊?(?:[)。,!]|$)|{_SAME_WORDS}[也都]?可[加聊]?(?:[)。,!]|$)|可[微薇v]聊?(?:[)。,!]|$)|[微薇][电]?同号?|微电同|{_SAME_WORDS}(?:就是|是|用)?(?:这个|此|本)号?)"
    rf"|^\s?[(\[]\s?(?:(?:电话|手机)[/、和]?)?{_SAME_WORDS}\s?[)\]]|^[ ✓✔√]{{0,2}}(?:{WECHAT}|(?<=[ ])v)(?:[,。!;]|$)"
)
# ... and right before it.
_SAME_BEFORE = (
    rf"(?:(?:电话|手机|tel|call|[☎📱📞]️?)号?[/(\[和与及或、&+|]{{1,2}}{_SAME_WORDS}|{_SAME_WORDS}号?[/(\[和与及或、&+|]{{1,2}}(?:电话?|手机|[☎📱📞]|q+)"
    rf"|{_SAME_WORDS}(?:电话|手机|q+)|(?:电话?|手机){_SAME_WORDS}|(?:电话|手机)号?(?:就是|即|也是|同|=){_SAME_WORDS}|{_SAME_WORDS}号?(?:就是|即|也是|=)(?:我的?|本人)?(?:电话|手机))号?(?:同号?|同步)?[)\]]?(?:同号|同步|号)?码?[:, 都是=]{{0,5}}$"
    rf"|{_SAME_WORDS}[(]?(?:同号|同步|同)(?:电话?|手机)?号?[: ,是)☎📱📞]{{0,3}}$"
    rf"|(?:{_SAME_WORDS}号?[/和与及跟、]?(?:电话|手机)|(?:电话|手机)号?[/和与及跟、]?{_SAME_WORDS})号?(?:是|都是|用)?(?:同?一个号?|一样的?|一致|通用|都是|都?是?这个号?)码?[: ,是]{{0,3}}$|{_SAME_WORDS}(?:直接|可以?|请|就)?(?:搜索?|查找?|添?加)我?的?(?:手机|电话)号?码?[: ]{{0,3}}$|[vw微薇]电同[步号]?[: ]{{0,3}}$|{_SAME_WORDS} ?(?:(?:就?是|即|也是|=)(?:我的?|本人)?(?:电话|手机)号?码?|,?(?:电话|手机)同号)[:, ]{{0,3}}$"
    rf"|(?:{WECHAT}|(?<![a-z0-9\u4e00-\u9fff])[v薇微威]|{_OWNED_LABEL})号?\s?:\s?$|(?:{WECHAT}号?|(?<![^\s,。;!?])[微薇v]|(?<=[加➕+])[微薇v]|{_OWNED_LABEL})\s?$"
)
# The same before the number of a QQ label.
_QQ_SAME_BEFORE = rf"{_SAME_WORDS}(?:同|就是|也是|=)(?:我的?|她的?|他的?|本人)?q+号?[: ]{{0,2}}$|q+号?[ ]?(?:同|就是|也是|=|[/、和与及&+](?=.[同都]))(?:我的?|她的?|他的?|本人)?[ ]?{_SAME_WORDS}(?:同号|号|同步|[同一]一?个号)?(?:都是)?[: ]{{0,2}}$|{_SAME_WORDS}[/、和与及&+]?q+(?:同号|号|同步)?(?:都?是)?[: ]{{0,2}}$|q+号?[/、和与及&+同]?{WECHAT}(?:同号|号|同步)?(?:都?是)?[: ]{{0,2}}$"
_AROUND = 16  # characters before and after a number in which such a remark is looked for: one clause


def is_same(text: str, start: int, end: int) -> bool:
    """Whether the telephone number there is said to be the account."""
    return _is_said(text, start, end, _SAME_BEFORE)


def is_same_of_qq(text: str, start: int, end: int) -> bool:
    """The same for a QQ number."""
    return _is_said(text, start, end, _QQ_SAME_BEFORE)


def _is_said(text: str, start: int, end: int, before: str) -> bool:
    after = _compiled(_SAME_AFTER).search(text[end : end + _AROUND])
    return bool(after or _compiled(before).search(text[max(0, start - _AROUND) : start]))


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Made when a number is first found: the three take a tenth of a second, a tenth of the judge's start."""
    return re.compile(pattern)
