"""Which scheme a workbook names, and that one of another scheme or year is not read by this one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import Workbook

from perfxl.cli.app import perfxl
from perfxl.intake.named_scheme import layout_named
from perfxl.intake.submission import document_of, read_submission
from perfxl.layout import layout_of
from perfxl.results.batch import Status
from perfxl.scheme.model import Scheme
from perfxl.workbook.limits import Limits, RefusalError
from tests.books import by_hand, filled, process, put
from tests.findings import clean_document
from tests.form_schemes import district_document, district_scheme, project_document, project_scheme


def with_meta(path: Path, **values: str | None) -> Path:
    """The workbook with rows of its hidden sheet changed, or gone."""

    def change(book: Workbook) -> None:
        sheet = book["_meta"]
        for row in sheet.iter_rows(max_col=2):
            if row[0].value in values:
                row[1].value = values[str(row[0].value)]

    return by_hand(path, change)


def refusal(path: Path, scheme: Scheme) -> RefusalError:
    with pytest.raises(RefusalError) as caught:
        read_submission(path.read_bytes(), layout_of(scheme), Limits())
    return caught.value


def test_a_workbook_of_another_scheme_is_rejected(scheme: Scheme, tmp_path: Path) -> None:
    path = filled(project_document(), project_scheme(), tmp_path / "项目.xlsx")
    scored = process(path, scheme)
    assert scored.record.status is Status.REJECTED
    assert scored.result is None and not scored.contents, "nothing to score, and no copy to mend"
    (finding,) = scored.findings
    assert (finding.code, finding.title) == ("F113", "其他方案的模板")
    for words in ("2023 年度方案“project-2023”", "2022 年度方案“guangzhou-2022”"):
        assert words in finding.message and words in scored.record.reason
    assert "--scheme" in finding.advice and "模板" in finding.advice


def test_the_other_way_round_too(scheme: Scheme, tmp_path: Path) -> None:
    """Not as a file that is no template at all, though none of its sheets has what the other scheme asks."""
    path = filled(clean_document(), scheme, tmp_path / "a.xlsx")
    assert refusal(path, district_scheme()).code == "F113"


def test_a_workbook_of_another_year_is_rejected(scheme: Scheme, tmp_path: Path) -> None:
    path = with_meta(filled(clean_document(), scheme, tmp_path / "a.xlsx"), year="2021")
    (finding,) = process(path, scheme).findings
    assert finding.code == "F113"
    assert "2021 年度方案“guangzhou-2022”" in finding.message and "2022 年度" in finding.message


def test_a_blank_one_of_another_year_has_that_finding_only(scheme: Scheme, tmp_path: Path) -> None:
    document = clean_document(*(put(f"scores.{item.code}.self", None) for item in scheme.indicators))
    path = with_meta(filled(document, scheme, tmp_path / "a.xlsx"), year="2021")
    assert [item.code for item in process(path, scheme).findings] == ["F113"]


def test_a_template_that_names_no_year_is_read_by_its_scheme(scheme: Scheme, tmp_path: Path) -> None:
    path = with_meta(filled(clean_document(), scheme, tmp_path / "a.xlsx"), year=None)
    assert process(path, scheme).record.status is Status.SCORED


def test_a_workbook_that_names_no_scheme_is_read(scheme: Scheme, tmp_path: Path) -> None:
    path = by_hand(filled(clean_document(), scheme, tmp_path / "a.xlsx"), lambda book: book.remove(book["_meta"]))
    scored = process(path, scheme)
    assert scored.record.status is Status.SCORED
    assert "W002" in {item.code for item in scored.findings}


def test_another_version_is_read_and_told(scheme: Scheme, tmp_path: Path) -> None:
    path = with_meta(filled(clean_document(), scheme, tmp_path / "a.xlsx"), version="0.9")
    scored = process(path, scheme)
    assert scored.record.status is Status.SCORED
    assert "W003" in {item.code for item in scored.findings}


def test_a_name_without_end_is_told_in_part(scheme: Scheme, tmp_path: Path) -> None:
    path = with_meta(filled(clean_document(), scheme, tmp_path / "a.xlsx"), scheme="x" * 5_000)
    what = refusal(path, scheme).what
    assert "xxx…" in what and len(what) < 200


def test_of_several_schemes_each_workbook_is_read_by_its_own(scheme: Scheme) -> None:
    layouts = [layout_of(item) for item in (scheme, project_scheme(), district_scheme())]
    for layout in layouts:
        meta = {"scheme": layout.scheme.id, "year": str(layout.scheme.year)}
        assert layout_named(meta, layouts) is layout
    assert layout_named({}, layouts) is layouts[0]
    with pytest.raises(RefusalError) as caught:
        layout_named({"scheme": "guangzhou-2022", "year": "2023"}, layouts)
    for item in layouts:
        assert item.scheme.id in caught.value.what


@pytest.mark.parametrize("command", ["check", "read"])
def test_the_commands_tell_it(command: str, scheme: Scheme, tmp_path: Path) -> None:
    path = filled(project_document(), project_scheme(), tmp_path / "项目.xlsx")
    more = ["-o", str(tmp_path / "out")] if command == "read" else []
    done = CliRunner().invoke(perfxl, [command, str(path), *more], standalone_mode=False)
    for words in ("project-2023", "guangzhou-2022", "--scheme"):
        assert words in done.output
    assert done.return_value == 3
    assert not list(tmp_path.glob("out/*.json"))


def test_the_scheme_that_it_names_reads_it(tmp_path: Path) -> None:
    """What the advice says helps."""
    from perfxl.scheme import dump_toml

    own = tmp_path / "own.toml"
    own.write_text(dump_toml(project_scheme()), "utf-8")
    path = filled(project_document(), project_scheme(), tmp_path / "项目.xlsx")
    done = CliRunner().invoke(perfxl, ["read", str(path), "--scheme", str(own), "-o", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert json.loads((tmp_path / "项目.json").read_text("utf-8")) == project_document()


@pytest.mark.parametrize(
    ("document", "scheme"),
    [(project_document(), project_scheme()), (district_document(), district_scheme())],
    ids=["project", "district"],
)
def test_documents_of_other_forms_come_back(document: dict[str, object], scheme: Scheme, tmp_path: Path) -> None:
    layout = layout_of(scheme)
    path = filled(document, scheme, tmp_path / "a.xlsx")
    assert document_of(read_submission(path.read_bytes(), layout, Limits()), layout) == document
    assert process(path, scheme).findings == []
