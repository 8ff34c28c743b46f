# SPDX-License-Identifier: MIT
"""The README's pictures are well-formed, contain no name of a machine, and show what the terminal shows."""

import os
import re
import socket
import sys
import xml.etree.ElementTree

import pyte
import pytest

from conftest import ROOT

sys.path.append(str(ROOT / "scripts"))
import svg  # noqa: E402  pylint: disable=wrong-import-position

SVG = "{http://www.w3.org/2000/svg}"
PICTURES = sorted((ROOT / "tests" / "screens").glob("*.svg"))


def texts(picture):
    root = xml.etree.ElementTree.fromstring(picture)
    assert root.tag == SVG + "svg"
    return [(float(t.get("x")), float(t.get("y")), t.get("fill"), t.text) for t in root.iter(SVG + "text")]


def test_readme_has_pictures():
    assert {p.stem for p in PICTURES} == {"help", "build", "info", "sessions", "audit"}


@pytest.mark.parametrize("path", PICTURES, ids=lambda p: getattr(p, "stem", "none"))
def test_pictures_contain_no_machine_names(path):
    shown = [text for *_, text in texts(path.read_text())]
    assert shown[0] == "$" and shown[1].startswith("cco ")
    for private in ("/tmp/", "/mnt/", "/root", os.environ.get("HTTPS_PROXY", "")):
        assert not private or not any(private in text for text in shown), private
    for word in (socket.gethostname(), str(ROOT)):  # only as complete words: "~/.config/cco" must not match a checkout in /cco
        assert not any(re.search(rf"(?<![\w.~-]){re.escape(word)}(?![\w.-])", text) for text in shown), word


def drawn(data, columns=20):
    screen = pyte.Screen(columns, 4)
    pyte.Stream(screen).feed(data)
    return svg.svg(screen, "t<>&")


def test_svg_shows_what_the_terminal_shows():
    picture = drawn("a \x1b[31m<red>\x1b[m  b\r\n\r\n  \x1b[1;38;2;1;2;3m&\x1b[m")
    assert texts(picture) == [(14, 28, svg.FRONT, "a"), (30.8, 28, svg.COLOURS["red"], "<red>"), (89.6, 28, svg.FRONT, "b"),
                              (30.8, 64, "#010203", "&")]
    assert picture == drawn("a \x1b[31m<red>\x1b[m  b\r\n\r\n  \x1b[1;38;2;1;2;3m&\x1b[m"), "the same screen, the same bytes"
    assert f'height="{3 * svg.LINE + 2 * svg.PAD}"' in picture and 'font-weight="bold"' in picture


def test_svg_with_backgrounds_and_wide_characters():
    picture = drawn("\x1b[7mx\x1b[m\u6f22y\x1b[44m  \x1b[m")
    root = xml.etree.ElementTree.fromstring(picture)
    assert [r.get("fill") for r in root.iter(SVG + "rect")][1:] == [svg.FRONT, svg.COLOURS["blue"]]
    assert [text for *_, text in texts(picture)] == ["x", "\u6f22y"]
    assert f'textLength="{3 * svg.CELL:.1f}"' in picture, "three cells, two letters"
