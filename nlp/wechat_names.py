"""What can be no WeChat account whatever stands around it, and which everyday words speak against one."""

from __future__ import annotations

import re

from nlp.digits import is_telephone

SHORTEST, LONGEST = 6, 20  # characters of an account (WeChat's own bounds)
# Somebody has blacked it out already: the middle of a telephone number, that is four; three are initials as well (小星星).
BLACKED_OUT = "xxxx"
# WeChat itself, and what is named beside it: ways to pay and to chat.
_ITSELF = frozenset({"weixin", "wechat", "alipay", "paypal", "whatsapp", "telegram", "tencent", "unionpay"})
_FOREIGN = re.compile(r"(?:https?|www|vscode|python|android|iphone|windows)")
# Everyday words in adverts, code and games: an account that is made of them is seldom one (a clue, no verdict).
_PLAIN = (
    "am and app add apple android call case chapter chinese class contact course covid data day english family file for from game group hello homework id "
    "index ios iphone key len level lesson lessons list login mac man math maths max member min mini mock model my name new num "
    "office old online only or page pay phone pk plan please plus pm price pro python qq read room school section snake student students "
    "svip task teacher team tel test the to unit user value ver version video vip windows with week wps your"
)
ENGLISH = frozenset(_PLAIN.split())
# What is sold by such names has a model, a year or a price behind it; an account may begin with them as well (nova 8866).
_SOLD = (
    "air airpods bag band book coat dress find honor hoodie huawei iqoo ipad jeans kindle lego macbook mate nike note nova oppo pad "
    "phone poco ps puma reno redmi shirt shoes size suit sony switch tee vivo watch xbox xiaomi"
)
GOODS = frozenset(_SOLD.split())
PRICE_OR_YEAR = re.compile(r"[0-9]{1,2}|[1-9][0-9]{1,4}[089]|(?:19|20)[0-9]{2}")


def can_be_account(name: str) -> bool:
    """Neither an address nor blacked out nor goods (huawei, mate60)."""
    goods = name.rstrip("0123456789")
    figures = name[len(goods) :]
    sold = goods in GOODS and (not figures or bool(PRICE_OR_YEAR.fullmatch(figures)))
    return name not in _ITSELF and not (
        _FOREIGN.match(name) or BLACKED_OUT in name or sold or is_telephone(name)
    )
