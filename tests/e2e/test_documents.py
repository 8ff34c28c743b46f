# SPDX-License-Identifier: MIT
"""The documents cite tests and sections that exist, README.md stays short, and the manual has the form that help can show."""

import pathlib
import re
import subprocess
import textwrap

import pytest

from escape_world import PROGRAM

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FILES = {path.name: path for path in (ROOT / "tests").rglob("*") if re.fullmatch(r"(test|fuzz|torture)_\w+\.(py|c)", path.name)}
FUNCTIONS = {name: set(re.findall(r"^def (test_\w+)", path.read_text(), re.M)) for name, path in FILES.items() if name.endswith(".py")}
MANUAL = sorted((ROOT / "src/manual").glob("*.md"))
DOCUMENTS = sorted([*ROOT.glob("*.md"), ROOT / ".github/CONTRIBUTING.md", *(ROOT / "src").rglob("*.md"), ROOT / "tests/README.md"])
README_MAX = 9216
MANUAL_MAX = 104 << 10
WIDTH = 100


def names(paths):
    return [str(path.relative_to(ROOT)) for path in paths]


def quoted(text):
    return re.findall(r"`([^`\n]+)`", text)


def prose(text):
    """The text without fenced blocks of code."""
    return re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)


def sections(text):
    """The anchors of a page's headings, as GitHub makes them."""
    titles = re.findall(r"^#+ (.*)$", prose(text), re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def broken_anchors(path):
    """The links to sections that do not exist. scripts/check-citations looks at links to files."""
    found = []
    text = re.sub(r"`[^`\n]*`", "", prose(path.read_text()))
    for file, anchor in re.findall(r"\]\((?!https:)([^)\s#]*)#([^)\s]+)\)", text):
        page = path.parent / file if file else path
        if not page.exists() or anchor not in sections(page.read_text()):
            found.append(f"{file}#{anchor}")
    return found


def cells(text):
    """The last column of the table that shows the engines side by side."""
    section = text.split("\n### Side by side\n")[1].split("\n### ")[0]
    return [line.split("|")[-2] for line in section.splitlines() if line.startswith("| ")][1:]


def test_tests_that_are_cited_exist():
    words = quoted((ROOT / "SECURITY.md").read_text())
    every = set().union(*FUNCTIONS.values())
    cited = {word.rsplit("/", 1)[-1] for word in words}
    files = {word for word in cited if re.fullmatch(r"(test|fuzz|torture)_\w+\.(py|c)", word)}
    pairs = {word for word in cited if "::" in word}
    alone = {word for word in cited if re.fullmatch(r"test_\w+", word)}
    assert pairs and sorted(files - set(FILES)) == []
    assert [pair for pair in sorted(pairs) if pair.split("::")[1] not in FUNCTIONS.get(pair.split("::")[0], ())] == []
    assert sorted(alone - every) == []


def test_every_claim_has_its_test():
    rows = cells((ROOT / "SECURITY.md").read_text())
    assert len(rows) >= 30 and all(quoted(row) for row in rows)


@pytest.mark.skipif(not PROGRAM.exists(), reason="tests/escape is not built: run ./build.sh test")
def test_attempts_that_are_cited_exist():
    lines = subprocess.run([PROGRAM, "--list"], capture_output=True, text=True, check=True).stdout.splitlines()
    attempts = {line.split("\t")[0] for line in lines}
    cited = {word for row in cells((ROOT / "SECURITY.md").read_text()) for word in quoted(row) if not word.startswith(("test_", "--"))}
    assert len(cited) >= 60 and sorted(cited - attempts) == []


@pytest.mark.parametrize("name", names(DOCUMENTS))
def test_links_lead_to_sections_that_exist(name):
    assert broken_anchors(ROOT / name) == []


def test_a_link_to_another_section_is_noticed(tmp_path):
    (tmp_path / "a.md").write_text("# A page\n\n[good](#a-page) [also](b.md#next-one) [bad](#a-pag) [bad](b.md#next)\n")
    (tmp_path / "b.md").write_text("## `next` one\n")
    assert broken_anchors(tmp_path / "a.md") == ["#a-pag", "b.md#next"]


def test_tables_of_escape_sequences_are_the_same():
    def rows(path):
        text = path.read_text()
        return text[text.index("| sequence |"):].split("\n\n")[0]
    assert rows(ROOT / "SECURITY.md") == rows(ROOT / "src/manual/terminal.md")


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_bytes()) <= README_MAX


def test_the_manual_is_short():
    assert sum(len(page.read_bytes()) for page in MANUAL) <= MANUAL_MAX


def form_faults(text):
    """What a page of the manual has that `cco help` cannot show."""
    lines = text.splitlines()
    if not (lines[0].startswith("# ") and lines[1] == "" and lines[2].endswith(".") and lines[3] == ""):
        return ["the page has to begin with a title, an empty line and a summary of one line"]
    body = prose(text)
    plain = re.sub(r"`[^`\n]*`", "", body)
    return ([line for line in body.splitlines() if len(line) > WIDTH and not line.startswith("|")] +
            re.findall(r"^#{4,} .*|^\d{2,}\. .*|^ +[-*] .*|^[*+] .*|^ +```.*|^>.*|!\[.*|<\w+.*|^---+$", plain, re.M) +
            [line for line in body.splitlines() if line.count("`") % 2] +
            [paragraph for paragraph in plain.split("\n\n") if paragraph.count("**") % 2])


@pytest.mark.parametrize("page", MANUAL, ids=lambda page: page.name)
def test_pages_of_the_manual_have_the_form_that_help_shows(page):
    assert form_faults(page.read_text()) == []


@pytest.mark.parametrize("fault", ["#### deep", "port\n80. Next", "- one\n  - nested", "> quoted", "<b>html</b>", "x" * 101, "a `b", "![a](b.svg)"])
def test_pages_outside_the_markdown_subset_are_refused(fault):
    page = textwrap.dedent("""\
        # Title

        Summary.

        Text with `code` and **bold**.

        """)
    assert form_faults(page) == [] and form_faults(page + fault + "\n") != []
