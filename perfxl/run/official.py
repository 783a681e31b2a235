"""What of the bureau's official values found nobody: told, for a code may be mistyped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from perfxl.checks.batch import OFFICIAL_OF_NOBODY, OFFICIAL_UNKNOWN
from perfxl.checks.finding import Finding
from perfxl.lists.roster import Roster
from perfxl.official import ApprovedTargets, Authority, OfficialValues
from perfxl.official.approved import PASSED
from perfxl.run.used import Applied, Effect
from perfxl.scheme.model import Scheme
from perfxl.scoring.result import DepartmentResult


def of_nobody(
    authorities: Iterable[Authority],
    results: Iterable[DepartmentResult],
    roster: Roster | None,
    schemes: Sequence[Scheme],
) -> list[Finding]:
    """A finding for each department or project of a list that neither sent a workbook nor stands on the roster, and for
    each line of which nobody knows what it speaks of.

    results: those that are counted, with code and name as their workbooks have them or the roster puts them right.
    """
    listed = list(results)
    found = []
    for values in authorities:
        if not isinstance(values, OfficialValues):
            continue
        for line in values.passed:
            words = {"what": line.what, "value": ""}
            found.append(OFFICIAL_UNKNOWN.finding(values.file, "", words, sheet=line.sheet, cell=line.cell))
        known = {one for item in listed for one in values.knows(item.scheme, item.code, item.name, item.project)}
        for scheme in schemes if roster is not None else ():
            for row in roster.of(scheme).rows:  # type: ignore[union-attr]
                project = row.project if scheme.evaluated.is_project else ""
                known.update(values.knows(scheme.id, row.code, row.name, project))
        titles = {scheme.id: f"（{scheme.header.title}）" if len(schemes) > 1 else "" for scheme in schemes}
        for owner, _, count in values.index.lost(known):
            words = {"who": owner.shown + titles[owner.scheme], "count": str(count), "value": owner.shown}
            sheet, _, cell = owner.place.rpartition("!")
            found.append(OFFICIAL_OF_NOBODY.finding(values.file, "", words, sheet=sheet, cell=cell))
    return found


def approved_effect(values: ApprovedTargets, schemes: Sequence[Scheme], *, counts: bool) -> Callable[[Applied], Effect]:
    """How many lines of the approved targets found their departments among the files that count.

    counts: whether only what was passed has an effect, as at every stage after that of targets. Of a scheme without
    KPIs the opinion is all there is.
    """
    bare = {scheme.id for scheme in schemes if not scheme.has_kpis}

    def effect(applied: Applied) -> Effect:
        listed = [item.result for item in applied.entries if item.result is not None]
        known = {one for item in listed for one in values.knows(item.scheme, item.code, item.name, item.project)}
        lost = [owner for number, owner in enumerate(values.index.owners) if number not in known]
        lines = values.lines - sum(owner.lines for owner in lost)
        without = [f"“{owner.shown}”没有报送" for owner in lost]
        for number in sorted(known) if counts else ():
            owner, record = values.index.owners[number], values.record(number)
            open_ = [item for item in record.kpis if not record.passes(item)]
            if not record.passed and not (owner.scheme in bare and record.opinion == PASSED):
                lines -= owner.lines
                without.append(f"“{owner.shown}”没有通过")
            elif open_:
                lines -= len(open_)
                without += [f"“{owner.shown}”的“{item.name}”没有通过" for item in open_]
        return Effect(lines, without)

    return effect


def effect_of(values: OfficialValues) -> Callable[[Applied], Effect]:
    """How many lines of a list found their departments among the files that count."""

    def effect(applied: Applied) -> Effect:
        listed = [item.result for item in applied.entries if item.result is not None]
        known = {one for item in listed for one in values.knows(item.scheme, item.code, item.name, item.project)}
        lost = list(values.index.lost(known))
        lines = values.index.lines - sum(lines for _, lines, _ in lost)
        passed = [f"“{line.sheet}”{line.cell} {line.what}" for line in values.passed]
        return Effect(lines, [*(f"“{owner.shown}”没有报送" for owner, _, _ in lost), *passed])

    return effect
