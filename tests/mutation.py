"""Changes perfxl in one place after another and runs the tests that should notice: `python -m tests.mutation`.

Cosmic Ray does the work, on a copy of the checkout; groups and their tests stand in `mutation.toml`. Each group that is
done is a session file in the folder; an unfinished one goes on where it stopped. How to read it: docs/mutation.md.
"""

from __future__ import annotations

import argparse
import json
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
COPIED = ("perfxl", "tests", "docs", "input", "workbook_templates", "examples", "pyproject.toml", "README.md")
Table = dict[str, Any]
SECONDS_EACH = 120.0
"""A mutant that never ends counts as killed."""
QUICK_PYTEST = ("-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-m", "not libreoffice")
OUTCOMES = "SELECT {} FROM mutation_specs JOIN work_results USING (job_id) WHERE worker_outcome = 'NORMAL'"


def main() -> int:
    """0 where every mutant of the groups was killed, 1 where some survived, 2 where the tests fail without any."""
    known: Table = tomllib.loads((ROOT / "tests" / "mutation.toml").read_text("utf-8"))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("groups", nargs="*", help=f"of {', '.join(known['groups'])}; all of them unless told")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "perfxl-mutation")
    parser.add_argument("--again", action="store_true", help="try what survived once more: there are new tests")
    options = parser.parse_args()
    if unknown := set(options.groups) - known["groups"].keys():
        parser.error(f"no group {', '.join(unknown)}")
    survived = 0
    for name in options.groups or known["groups"]:
        if options.again:
            forget_survivors(options.folder / f"{name}.sqlite")
        session = run_group(name, known["groups"][name], known["exclude_operators"], known["argued"], options.folder)
        if session is None:
            print(f"{name}: its tests fail on the code as it is")
            return 2
        survived += report(name, session)
    return min(survived, 1)


def run_group(name: str, group: Table, excluded: list[str], argued: list[Table], folder: Path) -> Path | None:
    """The session of a group, with a result for every mutant; None where its tests fail without a change."""
    copy, config, session = folder / name, folder / f"{name}.toml", folder / f"{name}.sqlite"
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir(parents=True)
    for item in COPIED:
        source = ROOT / item
        if source.is_dir():
            shutil.copytree(source, copy / item, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, copy / item)
    tests = [sys.executable, *QUICK_PYTEST, *group["tests"]]
    config.write_text(config_of(group["modules"], tests, excluded), "utf-8")
    if subprocess.run(tests, cwd=copy, check=False, capture_output=True).returncode:
        return None
    if not session.exists():
        new = session.with_suffix(".new")
        new.unlink(missing_ok=True)
        subprocess.run(["cosmic-ray", "init", str(config), str(new)], cwd=copy, check=True)
        subprocess.run(["cr-filter-operators", str(new), str(config)], cwd=copy, check=True)
        new.rename(session)
    leave_out(session, copy, argued)
    subprocess.run(["cosmic-ray", "exec", str(config), str(session)], cwd=copy, check=True)
    return session


def config_of(modules: list[str], tests: list[str], excluded: list[str]) -> str:
    """The settings of Cosmic Ray for a group, as TOML; plain texts and lists of them are written as in JSON."""
    return (
        f"[cosmic-ray]\nmodule-path = {json.dumps(modules)}\ntimeout = {SECONDS_EACH}\nexcluded-modules = []\n"
        f"test-command = {json.dumps(shlex.join(tests))}\n"
        '[cosmic-ray.distributor]\nname = "local"\n'
        f"[cosmic-ray.filters.operators-filter]\nexclude-operators = {json.dumps(excluded)}\n"
    )


def forget_survivors(session: Path) -> None:
    """Makes a session try again what survived in it."""
    if session.exists():
        with sqlite3.connect(session) as base:
            base.execute("DELETE FROM work_results WHERE test_outcome = 'SURVIVED'")


def leave_out(session: Path, copy: Path, argued: list[Table]) -> None:
    """Takes the mutants out of a session that are argued to be no other program."""
    with sqlite3.connect(session) as base:
        for job, module, row, operator in base.execute(
            "SELECT job_id, module_path, start_pos_row, operator_name FROM mutation_specs"
        ).fetchall():
            line = (copy / module).read_text("utf-8").splitlines()[row - 1]
            if any(re.search(one["operator"], operator) and re.search(one["line"], line) for one in argued):
                for table in ("mutation_specs", "work_results", "work_items"):
                    base.execute(f"DELETE FROM {table} WHERE job_id = ?", (job,))


def report(name: str, session: Path) -> int:
    """Prints the share killed and what survived; how many did."""
    with sqlite3.connect(session) as base:
        tried = base.execute(OUTCOMES.format("count(*)")).fetchone()[0]
        query = OUTCOMES.format("module_path, start_pos_row, operator_name, diff") + " AND test_outcome = 'SURVIVED'"
        alive = sorted(base.execute(query))
    for module, row, operator, diff in alive:
        changed = [line for line in diff.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
        print(f"{module}:{row} {operator.removeprefix('core/')}", *changed, sep="\n    ")
    share = 100 * (tried - len(alive)) / tried if tried else 100
    print(f"{name}: {tried - len(alive)} of {tried} killed, {share:.1f}%\n")
    return len(alive)


if __name__ == "__main__":
    sys.exit(main())
