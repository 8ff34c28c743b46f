/* SPDX-License-Identifier: MIT */
#include "cli/progress.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/str.h"
#include "cli/progress_line.h"
#include "cli/units.h"
#include "term/raw.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    REDRAW_MS = 80,    /* the least time between two drawings of the live line */
    COLUMNS_MIN = 2,   /* fewer columns mean that the size is not known */
    SPARE_CELLS = 3,   /* columns at the end of the line that stay empty; see line_cells() */
    COLUMNS_MAX = 500, /* the live line does not use more */
    TAIL_LINES = 20,   /* lines of output that are shown for a failed step */
    LINE_BYTES = 4096  /* of one line */
};
enum { PREFIX_CELLS = sizeof("cco: ") - 1 }; /* of log_info() */

/* Returns the length of the escape sequence at the start of s, or 0 if there is none. A CSI
 * ends with its final byte, an OSC with its terminator; others have two bytes. ECMA-48 5.4,
 * xterm's ctlseqs. */
static size_t escape_len(struct str s)
{
    size_t i = 2;

    if (s.p[0] != 0x1b) {
        return 0;
    }
    if (s.len >= 2 && s.p[1] == '[') {
        while (i < s.len && (s.p[i] < '@' || s.p[i] > '~')) {
            i++;
        }
        return i < s.len ? i + 1 : s.len;
    }
    if (s.len >= 2 && s.p[1] == ']') {
        while (i < s.len && s.p[i] != 0x07 && s.p[i] != 0x1b) {
            i++;
        }
        return i < s.len ? i + 1 : s.len;
    }
    return s.len < 2 ? s.len : 2;
}

/* Returns the length of the character at the start of s, or 0 if it must not be shown. */
static size_t shown_len(struct str s)
{
    size_t len = str_utf8_len(s);

    if ((len == 2 && (unsigned char)s.p[0] == 0xc2 && (unsigned char)s.p[1] < 0xa0) ||
        str_is_steering(s, len)) {
        return 0;
    }
    return len;
}

/* Copies printable text. Escape sequences are left out, control bytes become blanks, and
 * several blanks become one. */
static void put_text(char *out, size_t size, struct str in)
{
    size_t n = 0;

    while (in.len > 0 && n + 5 < size) {
        size_t escape = escape_len(in);
        size_t len = shown_len(in);
        unsigned char c = (unsigned char)in.p[0];

        if (escape > 0) {
            in = str_drop(in, escape);
            continue;
        }
        if (c > 0x20 && c != 0x7f && len > 0) {
            memcpy(out + n, in.p, len);
            n += len;
        } else if (len == 0) {
            out[n++] = '?';
        } else if (n > 0 && out[n - 1] != ' ') {
            out[n++] = ' ';
        }
        in = str_drop(in, len > 0 ? len : 1);
    }
    out[n] = '\0';
}

static void write_err(const char *p, size_t len)
{
    struct err ignored = {0};

    (void)fd_write_all(STDERR_FILENO, p, len,
                       &ignored); /* no other place remains for an error message */
}

static void clear_line(struct progress_view *v)
{
    if (v->on_line) {
        write_err("\r\033[K", 4);
        v->on_line = false;
    }
}

/* Returns true if nothing may be shown yet, or ever. */
static bool still_short(struct progress_view *v)
{
    return v->quiet || clock_ms() - v->start_ms < PROGRESS_DELAY_MS;
}

/* Returns the cells of a line on stderr that does not wrap. The size is read each time, because
 * terminals are resized. The last column stays empty, because some terminals wrap when it is
 * full, and so do the two before it, because the terminal itself writes "^C" there. */
static size_t line_cells(void)
{
    unsigned rows = 0;
    unsigned columns = 0;

    tty_size(STDERR_FILENO, &rows, &columns);
    if (columns < COLUMNS_MIN) {
        columns = 80; /* the size is not known */
    }
    return columns > COLUMNS_MAX   ? COLUMNS_MAX
           : columns > SPARE_CELLS ? columns - SPARE_CELLS
                                   : 1;
}

static struct progress_line line_of(const struct progress_view *v, int64_t now)
{
    return (struct progress_line){
        .what = v->step[0] == '\0' ? v->title : v->step,
        .detail = v->last,
        .sum = progress_layers_sum(v->layers, now),
        .elapsed_s = (now - v->start_ms) / 1000,
    };
}

/* Prints the title, once. */
static void title(struct progress_view *v)
{
    if (!v->titled && !v->quiet) {
        clear_line(v);
        log_info("%s", v->title);
        v->titled = true;
    }
}

/* Draws the live line; not more often than REDRAW_MS allows, unless `at_once` is set. */
static void draw(struct progress_view *v, bool at_once)
{
    int64_t now = clock_ms();
    struct progress_line line;
    struct buf out;

    if (!v->live || still_short(v) || (!at_once && now - v->drawn_ms < REDRAW_MS)) {
        return;
    }
    title(v);
    v->drawn_ms = now;
    line = line_of(v, now);
    buf_init(&out, LINE_BYTES);
    (void)buf_add_byte(&out, '\r');
    progress_line(&line, line_cells(), v->utf8, &out);
    (void)buf_add_c(&out, "\033[K");
    write_err(buf_data(&out), out.len);
    buf_release(&out);
    v->on_line = true;
}

/* Prints a plain line about the state of the work if the last line is older than pause_ms. */
static void tell(struct progress_view *v, int64_t pause_ms)
{
    int64_t now = clock_ms();
    struct progress_line line;
    struct buf out;

    if (v->live || still_short(v) || now - v->told_ms < pause_ms) {
        return;
    }
    title(v);
    v->told_ms = now;
    line = line_of(v, now);
    buf_init(&out, LINE_BYTES);
    progress_plain(&line, &out);
    log_info("%s", buf_c(&out));
    buf_release(&out);
}

static struct progress_view *view_of(struct progress *p)
{
    return (struct progress_view *)p; /* the first member */
}

static void on_step(struct progress *p, struct str name, bool cached)
{
    struct progress_view *v = view_of(p);

    put_text(v->step, sizeof(v->step), name);
    v->last[0] = '\0';
    v->step_ms = clock_ms();
    v->stepped = true;
    progress_layers_reset(v->layers);
    buf_reset(&v->tail);
    if (!still_short(v) && !cached) {
        title(v);
        if (!v->live) {
            log_info("%s", v->step);
            v->told_ms = v->step_ms;
        }
    }
    draw(v, true);
}

/* Prints the last lines that the failed step printed. */
static void print_tail(struct progress_view *v)
{
    struct str s = str_trim(buf_str(&v->tail));
    size_t start = s.len;

    for (int lines = 0; start > 0; start--) {
        if (s.p[start - 1] == '\n' && ++lines == TAIL_LINES) {
            break;
        }
    }
    s = str_drop(s, start);
    while (s.len > 0) {
        char text[PROGRESS_NAME_MAX];
        struct str line = {0};

        (void)str_cut(&s, '\n', &line);
        put_text(text, sizeof(text), str_trim(line));
        log_error("| %s", text);
    }
}

/* Prints that a step is complete, with its duration. On a terminal the text is cut, so that it
 * is one line on a narrow terminal, too. */
static void done_line(struct progress_view *v, const char *text, int64_t took)
{
    size_t len = strlen(text);
    char time[UNITS_MAX];

    (void)units_seconds(took, time);
    title(v);
    clear_line(v);
    if (v->live) {
        size_t cells = line_cells();
        size_t taken = PREFIX_CELLS + sizeof(" ()") - 1 + strlen(time);

        len = progress_cut(text, cells > taken ? cells - taken : 0);
        len = str_trim(str_n(text, len)).len;
    }
    log_info("%.*s%s(%s)", (int)len, text, len > 0 ? " " : "", time);
    v->told_ms = clock_ms();
}

static void on_done(struct progress *p, struct str name, struct str failed)
{
    struct progress_view *v = view_of(p);
    char text[PROGRESS_NAME_MAX];
    int64_t took = clock_ms() - v->step_ms;

    put_text(text, sizeof(text), name);
    if (failed.len > 0) {
        clear_line(v);
        log_error("%s", text);
        print_tail(v);
    } else if (!still_short(v) && took >= PROGRESS_DELAY_MS) {
        done_line(v, text, took);
    }
    if (strcmp(text, v->step) == 0) {
        v->step[0] = '\0';
    }
    v->last[0] = '\0';
    progress_layers_reset(v->layers);
    draw(v, true);
}

/* Returns the last text of a line that a program overwrote with carriage returns. */
static struct str last_state(struct str line)
{
    line = str_trim(line);
    while (str_index(line, '\r') < line.len) {
        line = str_trim(str_drop(line, str_index(line, '\r')));
    }
    return line;
}

static void on_output(struct progress *p, struct str name, struct str bytes)
{
    struct progress_view *v = view_of(p);
    struct str rest = bytes;
    size_t room = buf_room(&v->tail);

    (void)name;
    if (bytes.len > PROGRESS_TAIL_MAX) {
        bytes = str_drop(bytes, bytes.len - PROGRESS_TAIL_MAX);
    }
    if (bytes.len > room) {
        buf_drop(&v->tail, bytes.len - room);
    }
    (void)buf_add_str(&v->tail, bytes); /* fits: room was made */
    while (rest.len > 0) {
        struct str line = {0};

        (void)str_cut(&rest, '\n', &line);
        line = last_state(line);
        if (line.len > 0) {
            put_text(v->last, sizeof(v->last), line);
        }
    }
    draw(v, false);
    tell(v, PROGRESS_SILENCE_MS);
}

static void on_transfer(struct progress *p, struct str name, uint64_t current, uint64_t total)
{
    struct progress_view *v = view_of(p);
    char text[PROGRESS_NAME_MAX];
    struct progress_sum sum;

    put_text(text, sizeof(text), name);
    progress_layers_note(v->layers, text, current, total, clock_ms());
    sum = progress_layers_sum(v->layers, clock_ms());
    v->moved = sum.current > v->moved ? sum.current : v->moved;
    draw(v, false);
    tell(v, PROGRESS_TRANSFER_MS);
}

static void on_tick(struct progress *p)
{
    struct progress_view *v = view_of(p);

    draw(v, false);
    tell(v, PROGRESS_SILENCE_MS);
}

static void on_begin(struct progress *p, const char *title_text)
{
    struct progress_view *v = view_of(p);
    const bool quiet = v->quiet;

    assert(v->layers == NULL); /* only one piece of work at a time */
    progress_view_init(v, v->term);
    v->quiet = quiet;
    v->title = title_text;
    v->start_ms = clock_ms();
    v->step_ms = v->start_ms;
    v->told_ms = v->start_ms;
    v->live = isatty(STDERR_FILENO) == 1 && v->term != NULL && v->term[0] != '\0' &&
              strcmp(v->term, "dumb") != 0;
    v->utf8 = log_style().utf8;
    v->layers = calloc(1, sizeof(*v->layers));
    if (v->layers == NULL) {
        abort();
    }
    buf_init(&v->tail, PROGRESS_TAIL_MAX);
}

static void on_end(struct progress *p, bool ok)
{
    struct progress_view *v = view_of(p);
    char took[UNITS_MAX];
    char size[UNITS_MAX];

    clear_line(v);
    if (ok && v->titled) {
        bool shows_size = !v->stepped && v->moved > 0;

        log_info("%s: done in %s%s%s", v->title, units_seconds(clock_ms() - v->start_ms, took),
                 shows_size ? ", " : "", shows_size ? units_bytes(v->moved, size) : "");
    }
    buf_release(&v->tail);
    free(v->layers);
    v->layers = NULL;
}

void progress_view_init(struct progress_view *v, const char *term)
{
    *v = (struct progress_view){
        .progress = {on_step, on_done, on_output, on_transfer, on_tick, on_begin, on_end},
        .term = term,
    };
}
