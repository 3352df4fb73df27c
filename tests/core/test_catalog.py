from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.catalog import load_catalog
from core.errors import BadConfig, NotFound
from core.settings import PACKAGED_CONFIG

GOOD = """\
title: 家教网
channel: tutor_site
basis: 主管部门书面授权
start: ["http://tutor.test/list"]
list:
  items: ul.posts li
  link: {select: "a::attr(href)", clean: [absolute_url]}
post:
  fields:
    body: {select: "div.body::text", required: true}
"""


def write(folder: Path, text: str, name: str = "one.yml") -> Path:
    path = folder / "sources" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path) -> tuple[str, ...]:
    with pytest.raises(BadConfig) as caught:
        load_catalog(folder)
    return caught.value.faults


def test_a_good_source_is_read_and_named_by_its_file(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    source = load_catalog(tmp_path).source("one")
    assert source.channel == "tutor_site"
    assert source.post.fields["body"].required


def test_an_unknown_source_names_the_nearest(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    with pytest.raises(NotFound, match="did you mean 'one'"):
        load_catalog(tmp_path).source("ones")


def test_unknown_key_names_file_line_and_nearest_name(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD.replace("basis:", "bassis:"))
    found = faults(tmp_path)
    assert f"{path}:3: unknown key 'bassis'; did you mean 'basis'?" in found
    assert any("'basis' is missing" in fault for fault in found)


def test_nested_unknown_key_is_compared_with_its_own_neighbours(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("required:", "requierd:"))
    assert any(":10:" in fault and "did you mean 'required'?" in fault for fault in faults(tmp_path))


def test_selectors_of_changes_and_of_reveals_are_checked_too(tmp_path: Path) -> None:
    updated = GOOD.replace("list:\n", "list:\n  updated: {select: 'b..x'}\n")
    reveal = "  reveal: {address: /c/1, format: html, contacts: {电话: {select: 'i..x'}}}\n"
    write(tmp_path, updated.replace("post:\n", f"post:\n{reveal}"))
    text = "\n".join(faults(tmp_path))
    assert "bad selector 'b..x'" in text
    assert "bad selector 'i..x'" in text


def test_all_faults_of_all_files_at_once(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("ul.posts li", "ul..posts"), "a.yml")
    write(tmp_path, GOOD.replace("tutor_site", "tutorsite"), "b.yml")
    write(tmp_path, "title: [", "c.yml")
    write(tmp_path, "- a\n", "d.yml")
    text = "\n".join(faults(tmp_path))
    assert "a.yml:6: bad selector 'ul..posts'" in text
    assert "b.yml:2: field 'channel'" in text
    assert "c.yml:" in text
    assert "d.yml:1: the file must be a mapping" in text


def test_a_fault_of_form_hides_no_other_fault_of_its_file(tmp_path: Path) -> None:
    text = (
        GOOD.replace("channel: tutor_site\n", "")
        .replace("basis:", "bassis:")
        .replace("ul.posts li", "ul..posts")
    )
    text = text.replace("[absolute_url]", "[absolut_url]").replace("div.body::text", "div..body")
    path = write(tmp_path, f"{text}robots: never\nbudget: {{pages: many}}\nschedule: {{cron: [always]}}\n")
    found = "\n".join(fault.replace(f"{path}:", "") for fault in faults(tmp_path))
    for said in (
        "1: field 'channel' is missing", "2: unknown key 'bassis'; did you mean 'basis'?", "field 'list.link.clean.0'",
        "5: bad selector 'ul..posts'", "9: bad selector 'div..body'", "11: field 'budget.pages'", "10: field \"robots",
        "12: 'always' are no cron times",
    ):  # fmt: skip
        assert said in found, found
    assert "field 'basis' is empty" not in found  # what stands in for it is no fault of the file's


def test_a_signal_without_its_name_spoils_no_need(tmp_path: Path) -> None:
    (tmp_path / "violations").mkdir()
    (tmp_path / "violations" / "VENUE.yml").write_text(
        "title: 场地\nlaw: [{instrument: 办法}]\nseverity: 99\ndepartment: 教育局\n"
        "signals:\n  - {words: [教室]}\n  - {name: b, patterns: ['(']}\nneeds: [[room]]\n",
        encoding="utf-8",
    )
    text = "\n".join(faults(tmp_path))
    for said in (
        "field 'law.0.article' is missing",
        "field 'severity'",
        "field 'signals.0.name'",
        "'examples'",
    ):
        assert said in text
    assert "no signal is named" not in text


def test_what_would_not_be_read_is_said(tmp_path: Path) -> None:
    assert "there is no such folder" in faults(tmp_path / "gone")[0]
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "school.txt").write_bytes("学校\n".encode() + "数学\n".encode("gbk"))
    (tmp_path / "violations").mkdir()
    rule = (PACKAGED_CONFIG / "violations" / "VENUE.yml").read_text(encoding="utf-8")
    (tmp_path / "violations" / "VENUE.yml").write_text(
        rule.replace("signals:\n", "signals:\n  - {name: x, words: ['@schol']}\n", 1), encoding="utf-8"
    )
    write(tmp_path, GOOD, "site.yaml")
    found = faults(tmp_path)
    assert f"{tmp_path / 'words' / 'school.txt'}:2: not UTF-8: save the file as UTF-8 text" in found
    assert f"{tmp_path / 'sources' / 'site.yaml'}:1: would not be read: call it site.yml" in found
    assert any("there is no word list '@schol'; did you mean 'school'?" in fault for fault in found)


def test_a_rule_with_a_bad_pattern_and_an_unknown_need(tmp_path: Path) -> None:
    folder = tmp_path / "violations"
    folder.mkdir()
    (folder / "VENUE.yml").write_text(
        """\
title: 场地
law: [{instrument: 办法, article: "19"}]
severity: 2
department: education
signals:
  - {name: room, patterns: ["(教室", "(?<=教|教室)费", "费{99999999999999999999}"]}
  - {name: empty}
needs: [[rom]]
examples: {flagged: [甲, 乙, 丙], clear: [丁, 戊, 己]}
thresholds: {flagged: 0.3, unsure: 0.4}
""",
        encoding="utf-8",
    )
    text = "\n".join(faults(tmp_path))
    assert "VENUE.yml:6: bad pattern '(教室': missing )" in text
    assert "'(?<=教|教室)费': look-behind requires fixed-width pattern" in text
    assert "bad pattern '费{99999999999999999999}': the repetition number is too large" in text
    assert "VENUE.yml:10: 'unsure' (0.4) is above 'flagged' (0.3): lower it" in text
    assert "VENUE.yml:7: a signal needs words or patterns" in text
    assert "no signal is named 'rom'; did you mean 'room'?" in text


def test_a_penalty_route_is_read_and_its_faults_are_named(tmp_path: Path) -> None:
    (tmp_path / "routes").mkdir()
    path = tmp_path / "routes" / "article_17.yml"
    good = """\
title: 擅自举办
law: {instrument: 办法, article: 第十七条}
needs: all
elements:
  - {name: premises, title: 场所, words: [教室], check: 现场检查}
"""
    path.write_text(good, encoding="utf-8")
    route = load_catalog(tmp_path).routes["article_17"]
    assert (route.needs, route.elements[0].check, route.law.checked) == ("all", "现场检查", False)
    path.write_text(
        good.replace("words: [教室]", 'patterns: ["(教室"]').replace("needs: all", "needs: most"),
        encoding="utf-8",
    )
    [fault] = faults(tmp_path)
    assert "article_17.yml:3: field 'needs'" in fault
    path.write_text(good.replace("words: [教室]", "entities: [adress]"), encoding="utf-8")
    [fault] = faults(tmp_path)
    assert "article_17.yml:5: field 'elements.0.entities.0': Input should be 'phone'" in fault
    assert "found 'adress'" in fault
    path.write_text(good.replace("words: [教室]", 'patterns: ["(教室"]'), encoding="utf-8")
    [fault] = faults(tmp_path)
    assert "article_17.yml:5: bad pattern" in fault
    path.write_text(good.replace("[教室]", "['@venues']"), encoding="utf-8")
    [fault] = faults(tmp_path)
    assert "article_17.yml:5: there is no word list '@venues'" in fault


def test_a_route_may_name_signals_of_rules_and_a_wrong_name_is_said_with_its_mend(tmp_path: Path) -> None:
    (tmp_path / "violations").mkdir()
    rule = (PACKAGED_CONFIG / "violations" / "IN_SERVICE_TEACHER.yml").read_text(encoding="utf-8")
    (tmp_path / "violations" / "IN_SERVICE_TEACHER.yml").write_text(rule.replace('"@', '"'), encoding="utf-8")
    (tmp_path / "violations" / "VENUE.yml").write_text("signals: [", encoding="utf-8")
    (tmp_path / "routes").mkdir()
    path = tmp_path / "routes" / "heavier_16.yml"
    path.write_text(
        """\
title: 从重情节
law: {instrument: 办法, article: 第十六条}
needs: any
elements:
  - name: serving_teacher
    title: 在职
    check: 核对
    signals:
      - IN_SERVICE_TEACHER.employed
      - IN_SERVICE_TEACHER.employd
      - IN_SERVICE_TEACHR.employed
      - employed
      - VENUE.unknown
""",
        encoding="utf-8",
    )
    field = "field 'elements.0.signals"
    assert [fault for fault in faults(tmp_path) if "heavier_16" in fault] == [
        f"{path}:10: {field}.1': IN_SERVICE_TEACHER has no signal 'employd'; did you mean 'employed'?",
        f"{path}:11: {field}.2': there is no violation 'IN_SERVICE_TEACHR'; did you mean 'IN_SERVICE_TEACHER'?",
        f"{path}:12: {field}.3': 'employed' names no signal: write it as CODE.signal",
    ]  # of VENUE, which cannot be read, nothing is said twice


@pytest.mark.parametrize("word", ["", "\u200b", "\ufe0f"])
def test_a_word_of_which_nothing_is_seen_is_named_before_the_judge_meets_it(
    tmp_path: Path, word: str
) -> None:
    (tmp_path / "routes").mkdir()
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "venue.txt").write_text(f"教室\n\n{word}\n", encoding="utf-8")
    (tmp_path / "routes" / "article_17.yml").write_text(
        f"""\
title: 擅自举办
law: {{instrument: 办法, article: 第十七条}}
needs: all
elements:
  - {{name: premises, title: 场所, words: [教室, {json.dumps(word)}], check: 现场检查}}
""",
        encoding="utf-8",
    )
    found = faults(tmp_path)
    assert sum("article_17.yml:5: the word" in fault for fault in found) == 1
    assert sum("venue.txt:3: the line" in fault for fault in found) == bool(word)
