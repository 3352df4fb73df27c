"""The facts one post speaks of: place, grade, subject, names, prices. Most hold for the whole post."""

from __future__ import annotations

from random import Random

from sandbox.grammar import expand, phrases

SUBJECTS = {
    "primary": ["语文", "数学", "英语"],
    "middle": ["语文", "数学", "英语", "物理", "化学"],
    "senior": ["语文", "数学", "英语", "物理", "化学", "生物", "历史", "地理", "政治"],
    "pre": ["拼音", "识字", "算术"],
    "olympiad": ["数学"],
    "ket": ["英语"],
}
GRADES = {
    "primary": [
        "一年级",
        "二年级",
        "三年级",
        "四年级",
        "五年级",
        "六年级",
        "小学三年级",
        "小学五年级",
        "小学高年级",
    ],
    "middle": ["初一", "初二", "初三", "七年级", "八年级", "九年级", "初中"],
    "senior": ["高一", "高二", "高三", "高中"],
    "pre": ["大班", "中班", "幼儿园大班", "5岁", "学前班"],
    "olympiad": ["三年级", "四年级", "五年级", "六年级", "小学高年级", "小学五年级"],
    "ket": ["三年级", "四年级", "五年级", "六年级", "小学高年级", "小学五年级"],
}
GROUPS = {
    "primary": ["语数英", "数学和英语", "语文数学", "语文和英语"],
    "middle": ["数理化", "语数英", "数学物理", "英语和数学", "物理化学"],
    "senior": ["数理化", "语数英", "数学物理", "史地政", "物化生"],
    "pre": ["拼音识字", "拼音和算术", "识字和算术"],
    "olympiad": ["数学和英语"],
    "ket": ["数学和英语"],
}
STAGE_NAMES = {
    "primary": "小学",
    "middle": "初中",
    "senior": "高中",
    "pre": "学前",
    "olympiad": "小学",
    "ket": "小学",
}
SCHOOLS = {
    "primary": "primary_school",
    "middle": "middle_school",
    "senior": "senior_school",
    "pre": "kinder",
    "olympiad": "primary_school",
    "ket": "primary_school",
}
UNITS = {
    "hour": ["元/小时", "元一小时", "块/小时", "元每小时", "元/时"],
    "lesson": ["元/节", "元一节", "元/次", "元/课时", "块一次"],
    "day": ["元/天", "元一天"],
    "month": ["元/月", "元一个月", "元每月"],
    "year": ["元/年", "元一年"],
    "package": ["元/期", "元一套", "元全包"],
    "none": ["元", "块"],
}
# A range of prices stands in about one post out of seven.
_RANGE_SHARE = 0.15
# Younger grades speak of every subject's grade; physics begins in the eighth, chemistry in the ninth year.
_LATE_SUBJECTS = {"物理": ("初一", "七年级"), "化学": ("初一", "初二", "七年级", "八年级")}


class Details:
    """Answers {detail} requests; keeps what has been said, so that a post agrees with itself."""

    def __init__(self, random: Random, stages: list[str]) -> None:
        self._random = random
        self.stage = random.choice(stages)
        self.prices: list[dict[str, str | int]] = []
        places = phrases("places")["cities"]
        self.city = random.choice(sorted(places))
        self.district = random.choice(sorted(places[self.city]))
        self.region: str = places[self.city][self.district]
        self._said: dict[str, str] = self._facts()

    def _facts(self) -> dict[str, str]:
        stage, random = self.stage, self._random
        subject = random.choice(SUBJECTS[stage])
        grades = [grade for grade in GRADES[stage] if grade not in _LATE_SUBJECTS.get(subject, ())]
        others = [other for other in SUBJECTS[stage] if other != subject] or [subject]
        return {
            "city": self.city,
            "district": self.district,
            "area": f"{self.city}{self.district}",
            "subject": subject,
            "subject2": random.choice(others),
            "grade": random.choice(grades),
            "grade2": random.choice(GRADES[stage]),
            "subjects": random.choice(GROUPS[stage]),
            "senior_subject": random.choice(SUBJECTS["senior"]),
            "pre_subject": random.choice(["识字", "算术", "写字", "英语单词"]),
            "stage_name": STAGE_NAMES[stage],
            "school": "{" + SCHOOLS[stage] + "}",
            "name": "{surname}" + random.choice(["老师", "女士", "先生", "姐", "阿姨"]),
        }

    def fill(self, name: str, argument: str) -> str:
        """What stands for a detail; a bank's entry is chosen once and kept."""
        if name == "n":
            low, high = argument.split(":")
            return str(self._random.randint(int(low), int(high)))
        if name == "price":
            return self._price(*argument.split(":"))
        if name == "surname":
            return self._random.choice(str(phrases("banks")["surname"]).split())
        if name not in self._said:
            self._said[name] = self._settle(phrases("banks")[_BANK_OF.get(name, name)])
        return self._said[name]

    def _settle(self, template: str) -> str:
        return expand(template, self._random, self.fill)

    def _price(self, unit: str, low: str, high: str) -> str:
        step = 5 if int(high) <= 500 else 50 if int(high) <= 3000 else 100
        amount = max(self._random.randrange(int(low), int(high) + 1) // step * step, step)
        text: str | int = amount
        if self._random.random() < _RANGE_SHARE:
            text = f"{amount}-{amount + self._random.randint(2, 5) * step}"
        self.prices.append({"amount": text, "unit": unit})
        return f"{text}{self._random.choice(UNITS[unit])}"

    def say_place(self, city: str, district: str) -> None:
        """Speak of this place from now on."""
        self._said |= {"city": city, "district": district, "area": f"{city}{district}"}

    def speak_as_press(self) -> None:
        """Names half withheld, days that have passed: the manner of news."""
        self._said["name"] = expand("{surname}[某|某某]", self._random, self.fill)
        self._said["monthday"] = self._settle("[近日|日前|本周三|上周五|8月{n:18:31}日|9月{n:1:20}日]")


_BANK_OF = {"brand2": "brand", "street2": "street"}
