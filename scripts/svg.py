# SPDX-License-Identifier: MIT
"""Draws a terminal's screen as an SVG picture. The same screen gives the same bytes, and the fonts of the machine do not matter."""

from xml.sax.saxutils import escape

CELL, LINE, FONT, PAD = 8.4, 18, 14, 14
BACK, FRONT = "#16181d", "#d7dae0"
COLOURS = {
    "black": "#3b4048", "red": "#e06c75", "green": "#98c379", "brown": "#e5c07b", "blue": "#61afef", "magenta": "#c678dd",
    "cyan": "#56b6c2", "white": "#d7dae0", "brightblack": "#7f8794", "brightred": "#ff8891", "brightgreen": "#b5e08f",
    "brightbrown": "#ffd88f", "brightyellow": "#ffd88f", "brightblue": "#82c4ff", "brightmagenta": "#df9bf3",
    "brightcyan": "#7fd6e0", "brightwhite": "#ffffff",
}


def colour(name, default):
    if name == "default":
        return default
    return COLOURS.get(name) or f"#{name}"


def style(cell):
    front, back = colour(cell.fg, FRONT), colour(cell.bg, BACK)
    return (back, front, cell.bold) if cell.reverse else (front, back, cell.bold)


class Run:
    """Adjacent cells with the same colours and weight."""

    def __init__(self, column, look):
        self.column, self.look, self.text, self.cells = column, look, "", 0

    def add(self, data):
        self.text += data  # empty: the second half of a wide character
        self.cells += 1


def runs(screen, row):
    found = []
    for column in range(screen.columns):
        cell = screen.buffer[row][column]
        look = style(cell)
        if not found or (found[-1].look != look and cell.data):
            found.append(Run(column, look))
        found[-1].add(cell.data)
    return [run for run in found if run.text.strip() or run.look[1] != BACK]


def used_rows(screen):
    last = [i for i, line in enumerate(screen.display) if line.strip()]
    return (last[-1] if last else 0) + 1


def svg(screen, title, rows=None):
    """The picture of the screen, down to the last line that is not empty, or of its first `rows` lines."""
    rows = rows or used_rows(screen)
    width = round(screen.columns * CELL + 2 * PAD)
    height = rows * LINE + 2 * PAD
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img">',
           f"<title>{escape(title)}</title>",
           f'<rect width="{width}" height="{height}" rx="8" fill="{BACK}"/>',
           f'<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono, monospace" font-size="{FONT}" '
           'xml:space="preserve">']
    for row in range(rows):
        for run in runs(screen, row):
            front, back, bold = run.look
            x, top, text = PAD + run.column * CELL, PAD + row * LINE, run.text.strip(" ")
            if back != BACK:
                out.append(f'<rect x="{x:.1f}" y="{top}" width="{run.cells * CELL:.1f}" height="{LINE}" fill="{back}"/>')
            if text:
                x += (len(run.text) - len(run.text.lstrip(" "))) * CELL
                length = (run.cells - len(run.text) + len(text)) * CELL
                weight = ' font-weight="bold"' if bold else ""
                out.append(f'<text x="{x:.1f}" y="{top + FONT}" textLength="{length:.1f}" lengthAdjust="spacingAndGlyphs" '
                           f'fill="{front}"{weight}>{escape(text)}</text>')
    return "\n".join([*out, "</g>", "</svg>", ""])
