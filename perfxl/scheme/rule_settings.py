"""The rule of each indicator from the rows of the settings table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from perfxl.rules import Rule, SettingSpec, rule_kinds
from perfxl.scheme.convert import UnfitError, number
from perfxl.scheme.fact_types import DERIVED, TYPE_WORDS, fact_types
from perfxl.scheme.lines import Draft, Line
from perfxl.scheme.words import hint, listed, near_miss
from perfxl.text import fold_all

WITH_POINTS = ("fact_points", "number_points")
SIGNS = ("-", "－", "−", "–", "+", "＋")


def rule_kind(written: str) -> type[Rule] | None:
    """The rule kind of a code or a title (`ratio`, 比例计分), or of one by which older schemes call it."""
    for kind, rule in rule_kinds().items():
        if fold_all(written) in map(fold_all, (kind, rule.title, *rule.former)):
            return rule
    return None


def setting_name(rule: type[Rule], written: str) -> str | None:
    """The name of the setting that a label, name or older name means."""
    return _setting_names(rule).get(fold_all(written))


def _setting_names(rule: type[Rule]) -> dict[str, str]:
    names = {fold_all(spec.label): name for name, spec in rule.settings().items()}
    names |= {fold_all(name): name for name in rule.settings()}
    for own, spec in rule.settings().items():
        names |= {fold_all(alias): own for alias in spec.aliases if fold_all(alias) not in names}
    return names


def build_rules(draft: Draft) -> dict[str, Rule]:
    """The rules by indicator code; what is wrong with a rule becomes a fault and the rule is left out."""
    by_code: dict[str, list[Line]] = {}
    codes = Counter(line["code"] for line in draft.valued("indicators", "code"))
    for line in draft.valued("settings", "indicator"):
        code = line["indicator"]
        if code in codes:
            by_code.setdefault(code, []).append(line)
        elif draft.sure("indicators", "code"):
            advice = hint(code, codes, "请先在三级指标中加上这个指标，或删去这一行")
            draft.fault(line.place("indicator"), f"没有代码为“{code}”的三级指标", advice)
    types = fact_types(draft)
    facts = types.types if types.sure else None
    rules = {}
    for indicator in draft.valued("indicators", "kind"):
        rule = rule_kind(indicator["kind"])
        if rule is None:
            known = [name for kind, cls in rule_kinds().items() for name in (kind, cls.title)]
            advice = hint(indicator["kind"], known, f"应为{listed(cls.title for cls in rule_kinds().values())}之一")
            draft.fault(indicator.place("kind"), f"没有“{indicator['kind']}”这种规则", advice)
        elif codes[indicator["code"]] == 1:
            built = _RuleBuilder(draft, indicator, rule, facts).build(by_code.get(indicator["code"], []))
            if built is not None:
                rules[indicator["code"]] = built
    return rules


class _RuleBuilder:
    """Builds the rule of one indicator."""

    def __init__(self, draft: Draft, indicator: Line, rule: type[Rule], facts: Mapping[str, str | None] | None) -> None:
        self.draft = draft
        self.indicator = indicator
        self.rule = rule
        self.facts = facts
        self.sound = True
        self.unfit: set[str] = set()  # settings that are given, but have a fault already

    def fault(self, place: str, what: str, advice: str) -> None:
        self.sound = False
        self.draft.fault(place, f"指标 {self.indicator['code']} 的规则：{what}", advice)

    def build(self, lines: list[Line]) -> Rule | None:
        if not self.draft.raw.tables["settings"].whole:
            return None
        given = self.by_setting(lines)
        specs = self.rule.settings()
        for name in self.rule.required_settings():
            if name not in given and name not in self.unfit:
                place = lines[0].row.place if lines else self.indicator.place("kind")
                self.fault(place, f"“{self.rule.title}”缺少参数{self.label(name)}", f"请补上：{specs[name].note}")
        values = {name: self.value(name, specs[name], rows) for name, rows in given.items()}
        if not self.sound:
            return None
        rule = self.rule(**{name: value for name, value in values.items() if value is not None})
        points = self.indicator["points"]
        for name, what in rule.faults(points) if points is not None else ():
            place = given[name][0].row.place if name in given else self.indicator.place("kind")
            self.fault(place, what, f"请核对参数{self.label(name)}和指标分值")
        return rule

    def label(self, name: str) -> str:
        return f"“{self.rule.settings()[name].label}”" + (f"（{name}）" if self.draft.raw.shows_keys else "")

    def fact_name(self, key: str) -> str:
        """A fact as the person who edits the file knows it: by key in TOML, by label in the workbook."""
        if self.draft.raw.shows_keys:
            return key
        lines = (line for table in ("facts", "derived") for line in self.draft.lines(table))
        return next((line["label"] for line in lines if line["key"] == key and line["label"]), key)

    def by_setting(self, lines: list[Line]) -> dict[str, list[Line]]:
        """The lines of each setting, under the setting's name."""
        names = _setting_names(self.rule)
        given: dict[str, list[Line]] = {}
        for line in lines:
            name = names.get(fold_all(line["setting"])) if line["setting"] else None
            if not all(column in line.values for column in ("setting", "value", "points")):
                self.sound = False
                self.unfit.update(self.rule.settings() if name is None else [name])
            elif name is None:
                labels = [spec.label for spec in self.rule.settings().values()]
                options = list(self.rule.settings()) if self.draft.raw.shows_keys else labels
                otherwise = f"可用的参数：{listed(options)}" if options else "这种规则没有参数，请删去"
                if meant := near_miss(line["setting"], options):
                    self.unfit.add(names[fold_all(meant)])
                advice = hint(line["setting"], options, otherwise)
                self.fault(line.place("setting"), f"“{self.rule.title}”没有参数“{line['setting']}”", advice)
            else:
                given.setdefault(name, []).append(line)
        return given

    def value(self, name: str, spec: SettingSpec, lines: list[Line]) -> Any:
        """The value of a setting; None where it is left blank or does not fit."""
        for line in lines:
            if spec.kind in WITH_POINTS and line["points"] is None:
                self.fault(line.place("points"), f"参数{self.label(name)}没有填分值", f"请补上：{spec.note}")
            elif spec.kind not in WITH_POINTS and line["points"] is not None:
                self.fault(line.place("points"), f"参数{self.label(name)}不应填分值", "请删去分值")
        match spec.kind:
            case "facts":
                return tuple(self.fact(line, name, spec) for line in self.distinct(lines, name))
            case "texts":
                return tuple(self.filled(line, name) for line in self.distinct(lines, name))
            case "fact_points":
                return tuple((self.fact(line, name, spec), line["points"]) for line in self.distinct(lines, name))
            case "number_points":
                return tuple((self.number(line, name), line["points"]) for line in lines)
            case "number":
                return self.number(self.single(lines, name), name)
            case "fact":
                only = self.single(lines, name)
                return self.fact(only, name, spec) if only["value"] else None
            case "choice":
                return self.choice(self.single(lines, name), name, spec)

    def single(self, lines: list[Line], name: str) -> Line:
        for line in lines[1:]:
            self.fault(line.row.place, f"参数{self.label(name)}写了不止一次", "请只留一行")
        return lines[0]

    def distinct(self, lines: list[Line], name: str) -> list[Line]:
        seen: set[str] = set()
        for line in lines:
            if line["value"] in seen:
                written = self.fact_name(line["value"])
                self.fault(line.place("value"), f"参数{self.label(name)}中“{written}”重复", "请删去一行")
            seen.add(line["value"])
        return lines

    def filled(self, line: Line, name: str) -> str:
        value: str = line["value"]
        if not value:
            self.fault(line.place("value"), f"参数{self.label(name)}没有填内容", "请填写，或删去这一行")
        return value

    def number(self, line: Line, name: str) -> Decimal | None:
        if not self.filled(line, name):
            return None
        try:
            return number(line["value"])
        except UnfitError as error:
            self.fault(line.place("value"), f"参数{self.label(name)}：{error.what}", error.advice)
            return None

    def choice(self, line: Line, name: str, spec: SettingSpec) -> str | None:
        value: str = line["value"]
        if not value and name in self.rule.required_settings():
            return self.filled(line, name)
        by_fold = {fold_all(choice): choice for choice in spec.choices}
        if value and fold_all(value) not in by_fold:
            advice = hint(value, spec.choices, f"应为{listed(spec.choices)}" + ("之一" if len(by_fold) > 1 else ""))
            self.fault(line.place("value"), f"参数{self.label(name)}不能是“{value}”", advice)
        return by_fold.get(fold_all(value))

    def fact(self, line: Line, name: str, spec: SettingSpec) -> str:
        key = self.filled(line, name)
        if not key or self.facts is None:
            return key
        if key not in self.facts:
            advice = hint(key, self.facts, "请先在填报事项中加上，或改用已有的事项代码")
            if key[:1] in SIGNS:
                advice = "这里的事项只能相加；要相减，请先在“计算事项”中定义一个，再用它的代码"
            self.fault(line.place("value"), f"没有事项代码“{key}”", advice)
        elif (kind := self.facts[key]) == DERIVED and "number" in spec.fact_types:
            pass
        elif kind is not None and spec.fact_types and kind not in spec.fact_types:
            wanted = "或".join(TYPE_WORDS[allowed] for allowed in spec.fact_types)
            what = f"“{self.fact_name(key)}”的类型是{TYPE_WORDS[kind]}，不能用于参数{self.label(name)}"
            self.fault(line.place("value"), what, f"应为{wanted}类型的事项")
        return key
