/* SPDX-License-Identifier: MIT */
#include "term/output_watch.h"

#include <string.h>

enum { ENQ = 0x05, SO = 0x0e, SI = 0x0f, KITTY_MAX = 99 };

const unsigned output_watch_modes[OUTPUT_WATCH_MODES] = {
    9, 40, 45, 66, 67, 1001, 1007, 1016, 1035, 1036, 1039, 1337, 2027, 2031, 2048, 5522, 9001};

static void mark(struct output_watch *w, unsigned marks)
{
    w->marks |= marks;
}

static void note_query(struct output_watch *w)
{
    w->queried = true;
    w->since = 0;
}

/* The modes in which the terminal sends reports by itself. */
static const int report_modes[] = {9, 1000, 1001, 1002, 1003, 1004, 2031, 2048, 5522};

static void note_reports(struct output_watch *w, int mode, bool set)
{
    for (size_t i = 0; i < sizeof(report_modes) / sizeof(report_modes[0]); i++) {
        if (report_modes[i] != mode) {
            continue;
        }
        if (set) {
            w->reports |= 1U << i;
            note_query(w); /* some send the first report at once */
        } else {
            w->reports &= ~(1U << i);
        }
    }
}

static void note_mode(struct output_watch *w, int mode, bool set)
{
    for (size_t i = 0; i < OUTPUT_WATCH_MODES; i++) {
        if ((int)output_watch_modes[i] == mode) {
            w->set[i] = set;
        }
    }
    note_reports(w, mode, set);
    switch (mode) {
    case 2:
    case 38:
        mark(w, OUTPUT_EMULATION);
        break;
    case 6:
        mark(w, OUTPUT_ORIGIN | OUTPUT_MOVED);
        break;
    case 47:
    case 1047:
    case 1049:
        w->alternate = set;
        mark(w, OUTPUT_MOVED);
        break;
    case 3:
    case 69:
        mark(w, OUTPUT_MARGINS | OUTPUT_MOVED);
        break;
    default:
        break;
    }
}

static void note_modes(struct output_watch *w, const struct sequence_csi *c)
{
    size_t count = 1;

    mark(w, OUTPUT_MODES);
    for (size_t i = 0; i < c->numbers.len; i++) {
        count += c->numbers.p[i] == ';' ? 1U : 0U;
    }
    for (size_t i = 0; c->leader == '?' && i < count; i++) {
        note_mode(w, sequence_number(c->numbers, i), c->final == 'h');
    }
}

/* Counts the flags of kitty's keyboard protocol that were pushed and popped. */
static void note_kitty(struct output_watch *w, const struct sequence_csi *c)
{
    unsigned *depth = &w->kitty[w->alternate ? 1 : 0];
    const int n = sequence_number(c->numbers, 0);
    const unsigned pops = n > 0 ? (unsigned)n : 1;

    if (c->leader == '>' || (c->leader == '=' && *depth == 0)) {
        *depth += *depth < KITTY_MAX ? 1 : 0;
    } else if (c->leader == '<') {
        *depth -= pops < *depth ? pops : *depth;
    } else if (c->leader == '?') {
        note_query(w);
    } else if (c->leader == '\0') {
        mark(w, OUTPUT_MOVED); /* restores the cursor */
    }
}

/* Notes a CSI sequence without intermediate bytes. */
static void note_plain_csi(struct output_watch *w, const struct sequence_csi *c)
{
    switch (c->final) {
    case 'h':
    case 'l':
        note_modes(w, c);
        break;
    case 'u':
        note_kitty(w, c);
        break;
    case 'm':
        if (c->leader == '>') {
            mark(w, OUTPUT_KEYBOARD);
        } else if (c->leader == '?') {
            note_query(w);
        }
        break;
    case 'r':
        mark(w, OUTPUT_MARGINS | OUTPUT_MOVED);
        if (c->leader == '?') { /* restores modes that were saved, which may be any */
            mark(w, OUTPUT_MODES | OUTPUT_ORIGIN);
            note_query(w);
        }
        break;
    case 's':
        mark(w, c->numbers.len > 0 && c->leader == '\0' ? OUTPUT_MARGINS | OUTPUT_MOVED : 0);
        break;
    case 'A':
    case 'F':
    case 'H':
    case 'd':
    case 'f':
        mark(w, OUTPUT_MOVED);
        break;
    case ']':
        mark(w, OUTPUT_CONSOLE);
        break;
    default:
        if (strchr("@BCDEGIJKLMPSTXZ`abegk", c->final) == NULL || c->leader != '\0') {
            note_query(w); /* DA, DSR, reports of the window, and what is not known here */
        }
        break;
    }
}

static void note_csi(struct output_watch *w, const struct sequence *q)
{
    struct sequence_csi c;

    mark(w, OUTPUT_SEQUENCES);
    if (!q->whole) { /* longer than any that a program needs: it may be anything */
        mark(w, OUTPUT_ALL);
        w->alternate = true;
        note_query(w);
    } else if (!sequence_csi(q->bytes, &c)) {
        mark(w, OUTPUT_MODES);
        note_query(w);
    } else if (c.between.len == 0) {
        note_plain_csi(w, &c);
    } else if (c.final == 'q' && c.between.p[0] == ' ') {
        mark(w, OUTPUT_CURSOR);
    } else if (c.final == 'q' && c.between.p[0] == '"') {
        mark(w, OUTPUT_PROTECTED);
    } else if (c.final != 'p' || c.between.p[0] != '!') {
        note_query(w);
    }
}

static void note_escape(struct output_watch *w, struct str bytes)
{
    mark(w, OUTPUT_SEQUENCES);
    if (bytes.len > 1) {
        const char c = bytes.p[0];

        mark(w, c == '*' || c == '+' || c == '-' || c == '.' || c == '/' ? OUTPUT_CHARSETS : 0);
        mark(w, c == '%' ? OUTPUT_CODING : 0);
        mark(w, c == '#' ? OUTPUT_SIZES : 0);
        return;
    }
    switch (bytes.p[0]) {
    case 'Z':
        note_query(w);
        break;
    case '=':
    case '>':
        mark(w, OUTPUT_MODES);
        break;
    case '8':
    case 'M':
        mark(w, OUTPUT_MOVED);
        break;
    case 'V':
    case 'W':
        mark(w, OUTPUT_PROTECTED);
        break;
    case 'n':
    case 'o':
    case '|':
    case '}':
    case '~':
        mark(w, OUTPUT_CHARSETS);
        break;
    case 'c': /* RIS: the main screen, and no flags of kitty's; the marks stay */
        w->alternate = false;
        w->reports = 0;
        memset(w->set, 0, sizeof(w->set));
        w->kitty[0] = w->kitty[1] = 0;
        mark(w, OUTPUT_MOVED);
        break;
    default:
        break;
    }
}

/* Notes an OSC. Its number decides whether the terminal may answer; colours are answered if "?"
 * is in the place of the colour. */
static void note_osc(struct output_watch *w, const struct sequence *q)
{
    const struct str content = q->bytes;
    const int n = sequence_number(content, 0);

    if (content.len > 0 && (content.p[0] == 'P' || content.p[0] == 'R')) {
        mark(w, OUTPUT_PALETTE);
        return;
    }
    switch (n) {
    case 0:
    case 1:
    case 2:
    case 7:
    case 8:
    case 9:
    case 133:
    case 777:
        return;
    case 50:
        mark(w, OUTPUT_FONT);
        break;
    default:
        mark(w, OUTPUT_COLOURS);
        break;
    }
    if (!q->whole || n < 0 || n == 52 || n > 119 || n == 99 || n == 21 ||
        str_contains(content, "?")) {
        note_query(w);
    }
}

static void note(struct output_watch *w, const struct sequence *q)
{
    switch (q->kind) {
    case SEQUENCE_TEXT:
        w->midline = true;
        break;
    case SEQUENCE_CONTROL:
        switch (q->bytes.p[0]) {
        case '\n':
            w->midline = false;
            break;
        case SO:
        case SI:
            mark(w, OUTPUT_SEQUENCES);
            break;
        case ENQ:
            note_query(w);
            break;
        default:
            break;
        }
        break;
    case SEQUENCE_ESCAPE:
        note_escape(w, q->bytes);
        break;
    case SEQUENCE_CSI:
        note_csi(w, q);
        break;
    case SEQUENCE_STRING:
        mark(w, OUTPUT_SEQUENCES);
        if (q->string == ']') {
            note_osc(w, q);
        } else if (q->string == 'P' && str_starts(q->bytes, "=")) {
            mark(w, OUTPUT_SYNC);
        } else {
            note_query(w);
        }
        break;
    }
}

void output_watch(struct output_watch *w, struct str bytes)
{
    struct sequence q;
    size_t left = bytes.len;

    w->parser.held = w->held;
    w->parser.held_max = sizeof(w->held);
    while (sequence_next(&w->parser, &bytes, &q)) {
        w->since += left - bytes.len;
        left = bytes.len;
        note(w, &q);
    }
    w->since += left;
}

bool output_watch_touched(const struct output_watch *w)
{
    return w->marks != 0 || w->parser.state != SEQUENCE_GROUND;
}

bool output_watch_expects_answers(const struct output_watch *w)
{
    return w->reports != 0 || (w->queried && w->since < OUTPUT_WATCH_RECENT) ||
           w->parser.state != SEQUENCE_GROUND;
}
