/* SPDX-License-Identifier: MIT */
#include "cli/progress.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/str.h"
#include "tty/raw.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { REDRAW_MS = 80, COLUMNS_MIN = 20, COLUMNS_MAX = 500, TAIL_LINES = 20 };
enum { DONE_CELLS = sizeof("cco:  (12345.6 s)") };

/* Copies printable text: control bytes become blanks, runs of blanks one, escape sequences go, UTF-8
 * stays. */
static void put_text(char *out, size_t size, struct str in)
{
    size_t n = 0;
    size_t i = 0;

    while (i < in.len && n + 5 < size) {
        size_t len = str_utf8_len(str_drop(in, i));
        unsigned char c = (unsigned char)in.p[i];

        if (c == 0x1b && i + 1 < in.len && in.p[i + 1] == '[') {
            for (i += 2; i < in.len && (in.p[i] < '@' || in.p[i] > '~'); i++) {
            }
            i++;
            continue;
        }
        if (len == 0 || c <= 0x20 || c == 0x7f) {
            if (len == 0 || (n > 0 && out[n - 1] != ' ')) {
                out[n++] = len == 0 ? '?' : ' ';
            }
            i++;
            continue;
        }
        memcpy(out + n, in.p + i, len);
        n += len;
        i += len;
    }
    out[n] = '\0';
}

static void write_err(const char *p, size_t len)
{
    struct err ignored = {0};

    (void)fd_write_all(STDERR_FILENO, p, len, &ignored); /* nobody to tell */
}

static void clear_line(struct view *v)
{
    if (v->on_line) {
        write_err("\r\033[K", 4);
        v->on_line = false;
    }
}

static bool still_short(struct view *v)
{
    return v->quiet || clock_ms() - v->start_ms < PROGRESS_DELAY_MS;
}

/* How many bytes of s fill at most `columns` cells; every character counts as one cell, which is
 * right for what builds print and merely short for wide ones. */
static size_t cut_at(const char *s, size_t columns)
{
    size_t len = strlen(s);
    size_t i = 0;

    while (i < len && columns > 0) {
        size_t n = str_utf8_len(str_n(s + i, len - i));

        i += n == 0 ? 1 : n;
        columns--;
    }
    return i;
}

/* Cells of a line on stderr that do not wrap, with `taken` of them spoken for. */
static size_t line_width(const struct view *v, size_t taken)
{
    unsigned rows = 0;
    unsigned columns = 0;

    if (!v->live) {
        return PROGRESS_NAME_MAX; /* a log has no width */
    }
    tty_size(STDERR_FILENO, &rows, &columns);
    if (columns < COLUMNS_MIN || columns > COLUMNS_MAX) {
        columns = 80;
    }
    return columns - 1 > taken ? columns - 1 - taken : 1;
}

static void draw(struct view *v, bool at_once)
{
    char line[2 * PROGRESS_NAME_MAX + 64];
    char out[sizeof(line) + 16];
    int64_t now = clock_ms();
    size_t len;

    if (!v->live || still_short(v) || (!at_once && now - v->drawn_ms < REDRAW_MS)) {
        return;
    }
    v->drawn_ms = now;
    (void)snprintf(line, sizeof(line), "%llds %s%s%s", (long long)((now - v->start_ms) / 1000),
                   v->step[0] == '\0' ? v->title : v->step, v->last[0] == '\0' ? "" : " | ",
                   v->last);
    len = cut_at(line, line_width(v, 0));
    len = (size_t)snprintf(out, sizeof(out), "\r%.*s\033[K", (int)len, line);
    write_err(out, len);
    v->on_line = true;
}

static void title(struct view *v)
{
    if (!v->titled && !v->quiet) {
        clear_line(v);
        log_info("%s", v->title);
        v->titled = true;
    }
}

static struct view *view_of(struct progress *p)
{
    return (struct view *)p; /* the first member */
}

static void on_step(struct progress *p, struct str name, bool cached)
{
    struct view *v = view_of(p);

    put_text(v->step, sizeof(v->step), name);
    v->last[0] = '\0';
    v->step_ms = clock_ms();
    buf_reset(&v->tail);
    if (!still_short(v) && !cached) {
        title(v);
        if (!v->live) {
            log_info("%s", v->step);
        }
    }
    draw(v, true);
}

/* The last lines of what the failed step printed. */
static void print_tail(struct view *v)
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

static void on_done(struct progress *p, struct str name, struct str failed)
{
    struct view *v = view_of(p);
    char text[PROGRESS_NAME_MAX];
    int64_t took = clock_ms() - v->step_ms;

    put_text(text, sizeof(text), name);
    if (failed.len > 0) {
        clear_line(v);
        log_error("%s", text);
        print_tail(v);
    } else if (!still_short(v) && took >= PROGRESS_DELAY_MS) {
        title(v);
        clear_line(v);
        log_info("%.*s (%lld.%lld s)", (int)cut_at(text, line_width(v, DONE_CELLS)), text,
                 (long long)(took / 1000), (long long)(took % 1000 / 100));
    }
    v->last[0] = '\0';
    draw(v, true);
}

static void on_output(struct progress *p, struct str name, struct str bytes)
{
    struct view *v = view_of(p);
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
        line = str_trim(line);
        if (line.len > 0) {
            put_text(v->last, sizeof(v->last), line);
        }
    }
    draw(v, false);
}

static void on_transfer(struct progress *p, struct str name, uint64_t current, uint64_t total)
{
    struct view *v = view_of(p);
    char text[PROGRESS_NAME_MAX - 64];

    put_text(text, sizeof(text), name);
    if (total > 0) {
        (void)snprintf(v->last, sizeof(v->last), "%s %llu of %llu MB", text,
                       (unsigned long long)(current / 1000000),
                       (unsigned long long)(total / 1000000));
    } else {
        (void)snprintf(v->last, sizeof(v->last), "%s %llu MB", text,
                       (unsigned long long)(current / 1000000));
    }
    draw(v, false);
}

void view_open(struct view *v, const char *title_text, bool quiet, const char *term)
{
    *v = (struct view){
        .progress = {on_step, on_done, on_output, on_transfer},
        .title = title_text,
        .start_ms = clock_ms(),
        .quiet = quiet,
        .live = isatty(STDERR_FILENO) == 1 && term != NULL && strcmp(term, "dumb") != 0,
    };
    v->step_ms = v->start_ms;
    buf_init(&v->tail, PROGRESS_TAIL_MAX);
}

void view_close(struct view *v, bool ok)
{
    int64_t took = clock_ms() - v->start_ms;

    clear_line(v);
    if (ok && v->titled) {
        log_info("%s: done in %lld.%lld s", v->title, (long long)(took / 1000),
                 (long long)(took % 1000 / 100));
    }
    buf_release(&v->tail);
}
