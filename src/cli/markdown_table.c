/* SPDX-License-Identifier: MIT */
#include "cli/markdown_text.h"

#include "cli/markdown.h"

/* GAP: blanks between columns. NARROW: a column that must wrap its cells is not made narrower
 * than this. UNWRAPPED: a line that has room for any cell. */
enum { GAP = 2, NARROW = 16, CELL_INDENT = 4, CELL_MAX = 16 << 10, UNWRAPPED = 1 << 20 };

struct column {
    size_t word; /* columns of its longest word */
    size_t full; /* columns of its longest cell */
    size_t width;
};

struct table {
    const struct markdown_look *look;
    struct buf *out;
    size_t indent;
    size_t count;
    struct column columns[MARKDOWN_CELLS];
    struct buf cells[MARKDOWN_CELLS]; /* of the row that is being drawn, in lines */
};

/* Sets *out to a cell in lines of `width` columns. Names of columns are bold. */
static int fill(const struct table *t, struct str cell, size_t width, bool bold,
                struct buf *out, struct err *e)
{
    struct wrap w;
    int rc;

    buf_reset(out);
    wrap_init(&w, out, 0, 0, width);
    rc = markdown_words(cell, true, bold, t->look, &w, e);
    wrap_end(&w);
    return rc;
}

/* Returns the width of the widest line. */
static size_t widest(const struct buf *lines)
{
    struct str rest = buf_str(lines);
    struct str line = {0};
    size_t max = 0;

    while (rest.len > 0) {
        (void)str_cut(&rest, '\n', &line);
        max = wrap_columns(line) > max ? wrap_columns(line) : max;
    }
    return max;
}

static int measure(struct table *t, struct str rows, struct err *e)
{
    struct markdown_row row;

    while (markdown_row(&rows, &row)) {
        t->count = row.count;
        for (size_t i = 0; i < row.count; i++) {
            struct column *c = &t->columns[i];
            size_t word;
            size_t full;

            if (fill(t, row.cells[i], 1, false, &t->cells[i], e) < 0) {
                return -1;
            }
            word = widest(&t->cells[i]);
            if (fill(t, row.cells[i], UNWRAPPED, false, &t->cells[i], e) < 0) {
                return -1;
            }
            full = widest(&t->cells[i]);
            c->word = word > c->word ? word : c->word;
            c->full = full > c->full ? full : c->full;
        }
    }
    return 0;
}

/* Sets the widths. Columns that need less than their share of the line are as wide as their
 * longest cell; the others share the rest. Returns false if one of these would be narrower than
 * its longest word, or than NARROW. */
static bool choose_widths(struct table *t)
{
    size_t used = t->indent + GAP * (t->count - 1);
    size_t left = t->look->columns > used ? t->look->columns - used : 0;
    size_t open = t->count;
    bool changed = true;

    while (changed && open > 0) {
        changed = false;
        for (size_t i = 0; i < t->count; i++) {
            struct column *c = &t->columns[i];

            if (c->width == 0 && c->full <= left / open) {
                c->width = c->full > 0 ? c->full : 1;
                left -= c->full;
                open--;
                changed = true;
                break;
            }
        }
    }
    for (size_t i = 0; i < t->count; i++) {
        struct column *c = &t->columns[i];

        if (c->width == 0) {
            c->width = left / open;
            left -= c->width;
            open--;
            if (c->width < c->word || c->width < NARROW) {
                return false;
            }
        }
    }
    return true;
}

static void add_blanks(const struct table *t, size_t count)
{
    (void)buf_addf(t->out, "%*s", (int)count, "");
}

/* Draws the cells of a row side by side. */
static int draw_row(struct table *t, const struct markdown_row *row, bool bold, struct err *e)
{
    struct str rest[MARKDOWN_CELLS];
    bool more = true;

    for (size_t i = 0; i < t->count; i++) {
        if (fill(t, row->cells[i], t->columns[i].width, bold, &t->cells[i], e) < 0) {
            return -1;
        }
        rest[i] = buf_str(&t->cells[i]);
    }
    while (more) {
        size_t owed = t->indent; /* blanks that are written only if text follows */

        more = false;
        for (size_t i = 0; i < t->count; i++) {
            struct str line = {0};

            (void)str_cut(&rest[i], '\n', &line);
            if (line.len > 0) {
                add_blanks(t, owed);
                (void)buf_add_str(t->out, line);
                owed = 0;
            }
            owed += t->columns[i].width - wrap_columns(line) + GAP;
            more |= rest[i].len > 0;
        }
        (void)buf_add_byte(t->out, '\n');
    }
    return 0;
}

static int draw_columns(struct table *t, struct str rows, struct err *e)
{
    struct markdown_row row;

    for (bool head = true; markdown_row(&rows, &row); head = false) {
        if (draw_row(t, &row, head, e) < 0) {
            return -1;
        }
        for (size_t i = 0; head && i < t->count; i++) {
            add_blanks(t, i == 0 ? t->indent : GAP);
            for (size_t k = 0; k < t->columns[i].width; k++) {
                (void)buf_add_byte(t->out, '-');
            }
        }
        if (head) {
            (void)buf_add_byte(t->out, '\n');
        }
    }
    return 0;
}

/* One line, or more, of a row that is drawn as a list. `name` is the name of the column; it is
 * left out if it is empty. */
static int draw_cell(const struct table *t, struct str name, struct str cell, size_t indent,
                     bool bold, struct err *e)
{
    struct wrap w;
    int rc = 0;

    add_blanks(t, indent);
    wrap_init(&w, t->out, indent, indent + 2, t->look->columns);
    if (name.len > 0) {
        rc = markdown_words(name, true, false, t->look, &w, e);
        wrap_text(&w, str_c(": "), false);
    }
    if (rc == 0) {
        rc = markdown_words(cell, true, bold, t->look, &w, e);
    }
    wrap_end(&w);
    return rc;
}

static int draw_list(const struct table *t, struct str rows, struct err *e)
{
    struct markdown_row head;
    struct markdown_row row;

    (void)markdown_row(&rows, &head);
    while (markdown_row(&rows, &row)) {
        if (draw_cell(t, (struct str){0}, row.cells[0], t->indent, true, e) < 0) {
            return -1;
        }
        for (size_t i = 1; i < t->count; i++) {
            struct str name = t->count > 2 ? head.cells[i] : (struct str){0};

            if (row.cells[i].len > 0 &&
                draw_cell(t, name, row.cells[i], t->indent + CELL_INDENT, false, e) < 0) {
                return -1;
            }
        }
    }
    return 0;
}

int markdown_table(struct str rows, size_t indent, const struct markdown_look *look,
                   struct buf *out, struct err *e)
{
    struct table t = {.look = look, .out = out, .indent = indent};
    int rc;

    for (size_t i = 0; i < MARKDOWN_CELLS; i++) {
        buf_init(&t.cells[i], CELL_MAX);
    }
    rc = measure(&t, rows, e);
    if (rc == 0) {
        rc = choose_widths(&t) ? draw_columns(&t, rows, e) : draw_list(&t, rows, e);
    }
    for (size_t i = 0; i < MARKDOWN_CELLS; i++) {
        out->overflowed |= t.cells[i].overflowed;
        buf_release(&t.cells[i]);
    }
    return rc;
}
