"""How people write WeChat before an account, and what stands between the two: plainly, in homophones, in hearts.

Parts of patterns over folded text, which `nlp.wechat` puts together.
"""

from __future__ import annotations

import re

from nlp.digits import PICTURES

# Hearts, bubbles and lines that are put into vx, which is then a label of its own: v❤x, w_x.
_HEARTS = "❤♥♡💗💓💕💬"
_PARTED_X = rf"(?<![a-z0-9_])[vw][ ]?(?:[{_HEARTS}💚🧡💛💙💜🖤🤍⭐★☆]x(?![iu_])|[_*~/|+\-]x(?=[ ]?[:→](?![ ]?(?:float|int|str|bool|list|dict|weight|value|component)))|[/|\-]x(?=[ ][a-z]{{2,12}}[_0-9]))|[微薇威徽维卫]x(?=[ ]?:|[ ][a-z][a-z0-9_]{{5}})"
# Two characters that sound alike, whatever they are: right before a colon or an account, or with a heart or any marks between them: 胃心:, 卫❤星, 威-信-号:.
_LIKE_WEI, _LIKE_XIN = (
    "[微维薇溦威徽围危魏巍卫蔚葳崴喂胃味惟唯伟韦纬慰vw]",
    "[信芯星心新欣鑫馨薪辛兴昕忻醒杏伩伈]",
)
_SOUNDED = rf"(?<![滋口美风意趣品a-z0-9_]){_LIKE_WEI}(?:[ ]?{_LIKE_XIN}(?=号?[ ]?[:→]|[ ]?[a-z][a-z0-9]{{1,15}}_|[ ]?[a-z]{{3,15}}[0-9]{{2}})|[ ]?[{_HEARTS}][ ]?{_LIKE_XIN}|[^\w\n,。;!?]{{1,4}}{_LIKE_XIN}(?=[^\w\n,。;!?]{{0,4}}(?:号[^\w\n]{{0,3}})?(?::|[a-z][a-z0-9]{{1,15}}_))|[{_HEARTS}](?=号?[ ]?:|[ ]?[a-z][a-z0-9]{{1,15}}[_\-]))|卫星(?=[📡🛰]️?[ ]?[:a-z])|微[(]w[)]信[(]x[)]|[(\[]{_LIKE_WEI}[)\]][(\[]{_LIKE_XIN}[)\]]|卫星号(?=[ :]{{1,2}}[a-z])|绿[🫧💬🟢]"
# The ways to write WeChat.
WECHAT = (
    rf"(?:{_PARTED_X}|{_SOUNDED}|"
    r"[微维薇溦嶶](?:[ .\-~*·_/、|]{0,2}|\.{3})(?:[信芯星心]|亻言|x(?![ ]?[a-z]))(?:\.{3}号(?=[.]{0,3}:))?|喂信|(?<![滋口美风意趣品])味信|[唯韦]信|[威徽围危魏巍卫蔚葳崴嶶][ ]?[信芯心星](?:号)?|[vw](?:x(?!i[aeno])|[ .•·。]x(?![a-z]))(?:号)?|(?<![a-z0-9])[vw](?:、[ ]?x(?=、?[ ]?[:=])|[、/\-_. ]{1,2}x[、/\-_. ]{0,2}(?:hao|号)(?=[ ]?[:=]))|wei[ ]?(?:xin|信)|(?<![a-z0-9])(?:v{2,4}(?=[ ]?:[ ]?[a-z](?:-[a-z0-9]|[a-z\-]*[0-9_]))|[vw][ ]x(?=[ ]?(?:[:=]|[是号])))|(?<![a-z0-9])w[ .]{1,2}(?:e[ .]{1,2}i[ .]{1,2})?x[ .]{1,2}i[ .]{1,2}n(?![a-z])|(?<![a-z0-9])(?:w[_.\-]?xin(?=[ ]?:)|[vw][❌✖×✘](?=[ ]?:)|[vw]_?[❤♥💗💕]️?_?x(?=[ ]?[:→➡]))|wechat|v[ .]?[信心芯]|(?<![a-z0-9])w[ .]?信|v星(?=号?[ ]?:)"
    r"|绿色?[^\w\s]?泡泡?|绿色(?:聊天)?(?:软件|app)|绿软|(?<=围)脖信|小绿书左边那个|🛰|💚|(?<=丫)薇|[微薇维威溦v][ ]?xin(?![a-z])|(?<![a-z0-9])w[ .]?e[ .]?i(?=[ ]?:)|围[❤♥♡](?=[ ]?:)|[微薇威维徽卫vw][ ]?[❤♥♡💗💓💕💬][信芯心]?)"
)
# Behind whose account it is (班主任微, 王姐微) one character is the label where the account follows; 稍微 and 轻微 are words.
_OWNERS = r"(?<=[\u4e00-\u9fff])(?<![稍略轻细显卑式甚入])微(?=号?[ ]?:|[ ]{0,2}[a-z])"
# Its homophones are ends of words more often (思维, 权威, 主卫), and a surname: only behind a person, and before a colon and a letter.
_LIKE_OWNERS = r"(?:(?<=[的师服长练理板我哥姐叔任新])|(?<=本人|群主|店主|顾问))[薇威维徽卫](?=号?[ ]?:[ ]?[a-z])|(?<![\u4e00-\u9fffa-z0-9])(?:卫(?=号?[ ]?:[ ]?[a-z])|[葳蔚巍韦围惟唯伟魏](?=号?[ ]?:[ ]?(?:[a-z][a-z\-]*[0-9_]|[a-z]{2,12} ?(?:后面|然后|打头|加)|[“\"]?[\u4e00-\u9fff]{1,4}[”\"]?(?:[一两俩三四]个?字)?的?全拼)))"
# A bubble alone stands for a chat where nothing but an account follows, not a remark about something (💬 client_2024 更新).
_BUBBLE = (
    r"(?<![^\s,。;!?:])💬(?=[ ]?:|[ ]{0,2}[a-z][a-z0-9_\-]{0,19}(?: [a-z0-9]){0,12}[ ]?(?:[^\w\s]|\n|$))"
)
NAMED = rf"(?:{_OWNERS}|{_LIKE_OWNERS}|{_BUBBLE}|(?<![\u4e00-\u9fff])[微薇威维徽]|(?<=[加➕+我搜或发留])\s?[微薇威维徽卫]|[溦嶶](?=号?[ ]?:)|(?<=[加➕+])[溦嶶]|(?<=[加➕+])芯|[加➕+]围(?![信芯星心])|(?<![a-z0-9])v(?![a-z0-9])|(?<![a-z0-9\u4e00-\u9fff])w(?=[ ]?:)|[加➕+佳嘉伽珈]\s?(?:v(?!ip|x[^a-z0-9])|(?:w|wei)(?![a-z0-9]))|(?<=我)(?:[vw](?![a-z])|wei(?=[ ]?(?:[:~(]|id|号)))|(?<![\u4e00-\u9fff])挖(?=:)|(?<=[加➕+])挖(?=:)|薇(?=\s?[:a-z]))"
# The call alone names no way of writing: it counts where an account follows, not before a number of another kind.
_CALL = r"(?:(?:[加➕+]|[加➕+][ ]|(?<![我你他她们谁人家])[❤♥💗])我|(?<![^\s,。;!?:])[➕+](?=[ ]?[a-z]))(?![^a-z0-9\n]{0,6}(?:qq?|tel|[vw]x?)[ :]?[0-9]{5})"
WEAK = rf"(?:{NAMED}|{_CALL})"
GAP = rf"(?:(?<=[:↓👇⬇→])[ ]?\n|[↓⬇⏬吧呗]|[(\[]?(?:去掉?|没有?|无|不含)空格[)\]]?|(?:直接|请)?添?加(?:一下|好友)?|直接|的?[大小新]号|\.{{2,6}}|[(\[](?:备注|注明|晚|姓名|免费|工作|本人|私人|常用|大号|小号)[\u4e00-\u9fff]{{0,6}}[)\]]|[ \t:=→➡~>〉》〔〖·•‖\-|丨—(\[【「“‘\"'.。,、@+】」”’〕〗)\]{PICTURES}]|号码?|hao(?=[ ]?:)|[在看]这里?|里?搜|有(?=[ ]?:)|预[订约]|订位|咨询|下单|不迷路|把?(?:星号|空格)去掉|[(](?:拼音|全拼)[)]|[都也]?[可行]以?|客服号?|账户|id is|is(?=[ ]?:)|号?是(?:(?!公众|视频|抖音|小程|电话|手机|邮箱|群)[^,。;!?\n:]){{1,8}}:|账号|帐号|id|[就也都却竟]?是|为|搜索?|我|联系|[私详细]?聊|商量|[找戳滴]我?|拉你(?:进群|入群)?|同号|同(?=[ ]?:)|备用|一起|领(?:体验)?券|领链接|领资料){{0,6}}"
OWNER = rf"(?:{WECHAT}|[微薇威v](?![a-z0-9信芯]))"
CLOSED = rf"(?![❤♥♡👉➕➡])[】」”’)\]{PICTURES}]"
# Between label and account; other words follow these, too.
TALKED = re.compile(
    rf"聊|[找戳滴拉]|[就也都却竟]是|是.|搜|下单|预|订位|咨询|[可行]|客服|账户|有|商量|看|is|不迷路|[·•]|{CLOSED}"
)
