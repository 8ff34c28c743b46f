/* SPDX-License-Identifier: MIT */
/* The lists follow xterm's "Control Sequences" (ctlseqs), and for kitty's keyboard protocol and
 * newer modes the documents of kitty, Contour and iTerm2. src/manual/terminal.md explains what
 * is dropped. */
#include "term/output_filter.h"

#include <string.h>

/* C0 controls: bell, backspace, tab, line feeds, carriage return, shift out and in. */
static const char controls[] = "\a\b\t\n\v\f\r\016\017";

/* Single characters behind ESC. DECID (Z) is answered like DA1. Not in the list: < (leaves
 * VT52), 6 and 9, F, l and m (HP), V and W (guarded areas), and RM of the future. */
static const char escapes[] = "78=>cDEHMNOZno|}~";

/* One kind of CSI sequence: leader and intermediate byte (0: none), and the final bytes that
 * pass. */
struct csi_row {
    char leader;
    char between;
    const char *finals;
};

/* Not in the list, among others: i (printing), DECRQCRA (* y, reads the screen), DECTST (y),
 * DECREQTPARM (x), the windows titles' modes (> t, > T), and saving of modes (? s, ? r). Some
 * finals are restricted further by csi_passes(). */
static const struct csi_row csi_rows[] = {
    {'\0', '\0', "@ABCDEFGHIJKLMPSTXZ`abcdefghlmnrstu"},
    {'\0', ' ', "q"}, /* DECSCUSR */
    {'\0', '!', "p"}, /* DECSTR */
    {'\0', '"', "q"}, /* DECSCA */
    {'\0', '$', "p"}, /* DECRQM: the answer has numbers only */
    {'?', '\0', "hlJKmnuW"},
    {'?', '$', "p"},
    {'>', '\0', "cmqu"}, /* DA2, modifyOtherKeys, XTVERSION, kitty's flags */
    {'<', '\0', "u"},
    {'=', '\0', "cu"},
};

/* DEC private modes. Not in the list, among others: 2 (VT52), 3 (132 columns, clears the
 * screen), 18 and 19 (printing), 38 (Tektronix), 5522 (kitty's clipboard). */
static const int modes[] = {1,    4,    5,    6,    7,    8,    9,    12,   25,
                            45,   47,   66,   67,   69,   1000, 1002, 1003, 1004,
                            1005, 1006, 1007, 1015, 1016, 1035, 1036, 1039, 1047,
                            1048, 1049, 2004, 2026, 2027, 2031, 2048, 9001};

/* OSC numbers whose content is a colour, a title, or "?" for a colour, which the terminal
 * answers with numbers. */
static const int osc_plain[] = {0, 1, 2, 4, 10, 11, 12, 17, 19, 104, 110, 111, 112, 117, 119};

static bool has_byte(const char *list, char c)
{
    return c != '\0' && strchr(list, c) != NULL;
}

static bool has_number(const int *list, size_t count, int n)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i] == n) {
            return true;
        }
    }
    return false;
}

/* Returns how many parameters a list has. */
static size_t count_numbers(struct str list)
{
    size_t n = 1;

    for (size_t i = 0; i < list.len; i++) {
        n += list.p[i] == ';' ? 1U : 0U;
    }
    return n;
}

static bool modes_pass(const struct sequence_csi *c)
{
    for (size_t i = 0; i < count_numbers(c->numbers); i++) {
        int n = sequence_number(c->numbers, i);

        if (c->leader == '?' ? !has_number(modes, sizeof(modes) / sizeof(modes[0]), n)
                             : n != 4 && n != 20) {
            return false;
        }
    }
    return true;
}

/* CSI t: reports of the size in pixels and characters, and the stack of titles. */
static bool window_passes(const struct sequence_csi *c)
{
    const int n = sequence_number(c->numbers, 0);

    return n == 14 || n == 16 || n == 18 || n == 19 || n == 22 || n == 23;
}

static bool csi_passes(const struct sequence *q)
{
    struct sequence_csi c;

    if (!sequence_csi(q->bytes, &c) || c.between.len > 1) {
        return false;
    }
    for (size_t i = 0; i < sizeof(csi_rows) / sizeof(csi_rows[0]); i++) {
        const struct csi_row *row = &csi_rows[i];

        if (row->leader != c.leader ||
            row->between != (c.between.len > 0 ? c.between.p[0] : 0) ||
            !has_byte(row->finals, c.final)) {
            continue;
        }
        if (c.between.len > 0) {
            return true;
        }
        switch (c.final) {
        case 'h':
        case 'l':
            return modes_pass(&c);
        case 't':
            return window_passes(&c);
        case 'T': /* with five numbers, highlight tracking, for which xterm waits */
            return count_numbers(c.numbers) == 1;
        default:
            return true;
        }
    }
    return false;
}

static bool escape_passes(const struct sequence *q)
{
    const struct str b = q->bytes;

    if (b.len == 1) {
        return has_byte(escapes, b.p[0]);
    }
    if (b.len != 2) {
        return false;
    }
    switch (b.p[0]) {
    case '#':
        return has_byte("34568", b.p[1]);
    case '%':
        return b.p[1] == 'G'; /* UTF-8; "@" would end it */
    case ' ':
        return b.p[1] == 'F'; /* 7-bit answers */
    default:
        return has_byte("()*+-./", b.p[0]);
    }
}

/* Returns true if the content of a string has neither controls nor bytes that are a C1 control
 * for a terminal. */
static bool is_clean(struct str s)
{
    while (s.len > 0) {
        const unsigned char c = (unsigned char)s.p[0];
        const size_t len = str_utf8_len(s);

        if (len == 0 || c < 0x20 || c == 0x7f) {
            return false;
        }
        if (c == 0xc2 && (unsigned char)s.p[1] < 0xa0) {
            return false;
        }
        s = str_drop(s, len);
    }
    return true;
}

/* OSC 8: hyperlinks to web pages, and the end of any link. */
static bool link_passes(struct str content)
{
    struct str parameters = {0};

    (void)str_cut(&content, ';', &parameters);
    return content.len == 0 || str_starts(content, "https://") ||
           str_starts(content, "http://");
}

/* OSC 9: a notification of iTerm2, or progress (4) of ConEmu. The other numbers are commands of
 * ConEmu, such as to run a program. */
static bool notice_passes(struct str content)
{
    return str_starts(content, "4;") ||
           (content.len > 0 && (content.p[0] < '0' || content.p[0] > '9'));
}

/* OSC 99: a notification of kitty without buttons, reports and queries, which kitty answers
 * with text of the program. */
static bool kitty_notice_passes(struct str content)
{
    struct str keys = {0};
    struct str key;

    (void)str_cut(&content, ';', &keys);
    while (keys.len > 0) {
        (void)str_cut(&keys, ':', &key);
        if (!str_starts(key, "i=") && !str_starts(key, "d=") && !str_starts(key, "e=") &&
            !str_starts(key, "o=") && !str_starts(key, "u=") && !str_eq_c(key, "a=focus") &&
            !str_eq_c(key, "p=title") && !str_eq_c(key, "p=body")) {
            return false;
        }
    }
    return true;
}

static bool osc_passes(struct str content)
{
    struct str number = {0};
    int n;

    (void)str_cut(&content, ';', &number);
    n = sequence_number(number, 0);
    for (size_t i = 0; i < number.len; i++) {
        if (number.p[i] < '0' || number.p[i] > '9') {
            return false; /* a palette of the Linux console, or a command of another terminal */
        }
    }
    switch (n) {
    case 8:
        return link_passes(content);
    case 9:
        return notice_passes(content);
    case 99:
        return kitty_notice_passes(content);
    case 777:
        return str_starts(content, "notify;");
    default:
        return has_number(osc_plain, sizeof(osc_plain) / sizeof(osc_plain[0]), n);
    }
}

bool output_filter_passes(const struct sequence *q)
{
    switch (q->kind) {
    case SEQUENCE_TEXT:
        return true;
    case SEQUENCE_CONTROL:
        return has_byte(controls, q->bytes.p[0]);
    case SEQUENCE_ESCAPE:
        return q->whole && escape_passes(q);
    case SEQUENCE_CSI:
        return q->whole && csi_passes(q);
    case SEQUENCE_STRING:
        return q->whole && q->string == ']' && is_clean(q->bytes) && osc_passes(q->bytes);
    }
    return false;
}

void output_filter(struct output_filter *f, struct str in, struct buf *out)
{
    struct sequence q;

    f->parser.held = f->held;
    f->parser.held_max = sizeof(f->held);
    while (sequence_next(&f->parser, &in, &q)) {
        if (!output_filter_passes(&q)) {
            continue;
        }
        /* All of this fits: the caller has left room for it. */
        switch (q.kind) {
        case SEQUENCE_ESCAPE:
            (void)buf_add_c(out, "\033");
            break;
        case SEQUENCE_CSI:
            (void)buf_add_c(out, "\033[");
            break;
        case SEQUENCE_STRING:
            (void)buf_add_c(out, "\033]");
            break;
        case SEQUENCE_TEXT:
        case SEQUENCE_CONTROL:
            break;
        }
        (void)buf_add_str(out, q.bytes);
        (void)buf_add_c(out, q.kind == SEQUENCE_STRING ? "\033\\" : "");
    }
}
