/* SPDX-License-Identifier: MIT */
#include "term/record.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/file.h"
#include "wire/json.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

enum { LINE_MAX_BYTES = 1 << 20, PIECE_MAX = 4 << 10, US = 1000000, TIME_SIZE = 48 };

void record_init(struct record *r)
{
    *r = (struct record){.fd = -1};
    buf_init(&r->line, LINE_MAX_BYTES);
}

int record_open(struct record *r, const char *path, const char *term, struct err *e)
{
    r->term = term;
    r->fd = file_open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOCTTY, 0600, e);
    if (r->fd < 0) {
        if (e->errnum == EEXIST) {
            (void)err_set(e, ERR_USAGE, "--record %s: the file exists already", path);
            return err_hint(e, "Give another name, or remove the file.");
        }
        return err_of_path(e, "--record", path);
    }
    return 0;
}

/* Writes r->line to the file. After a failure nothing more is written. */
static void put_line(struct record *r)
{
    struct err e = {0};

    (void)buf_add_byte(&r->line, '\n');
    if (r->line.overflowed || fd_write_all(r->fd, buf_data(&r->line), r->line.len, &e) < 0) {
        r->errnum = r->line.overflowed ? EFBIG : e.errnum;
        r->failed = true;
    }
    buf_reset(&r->line);
}

/* Writes an event, which is a JSON array: [time in seconds, kind, data]. */
static void put_event(struct record *r, const char *kind, struct str data)
{
    int64_t us = clock_us() - r->started_us;
    char time[TIME_SIZE];
    struct json_w w;

    if (r->fd < 0 || r->failed) {
        return;
    }
    (void)snprintf(time, sizeof(time), "%lld.%06lld", (long long)(us / US),
                   (long long)(us % US));
    json_w_init(&w, &r->line, 0);
    json_w_array(&w);
    json_w_raw(&w, str_c(time));
    json_w_c(&w, kind);
    json_w_str(&w, data);
    json_w_end(&w); /* put_line() checks whether the line overflowed */
    put_line(r);
}

/* Writes the first line: the size, the start and the type of the terminal. */
static void put_head(struct record *r)
{
    struct json_w w;

    json_w_init(&w, &r->line, 0);
    json_w_object(&w);
    json_w_member_u64(&w, "version", 2);
    json_w_member_u64(&w, "width", r->cols > 0 ? r->cols : 80);
    json_w_member_u64(&w, "height", r->rows > 0 ? r->rows : 24);
    json_w_member_u64(&w, "timestamp", (uint64_t)clock_wall());
    json_w_key(&w, "env");
    json_w_object(&w);
    json_w_member(&w, "TERM", r->term != NULL ? r->term : "xterm");
    json_w_end(&w);
    json_w_end(&w);
    put_line(r);
}

void record_size(struct record *r, unsigned rows, unsigned cols)
{
    char size[TIME_SIZE];

    if (r->fd < 0 || (r->begun && rows == r->rows && cols == r->cols)) {
        return;
    }
    r->rows = rows;
    r->cols = cols;
    if (!r->begun) {
        r->begun = true;
        r->started_us = clock_us();
        put_head(r);
        return;
    }
    (void)snprintf(size, sizeof(size), "%ux%u", cols, rows);
    put_event(r, "r", str_c(size));
}

/* Writes a piece of at most PIECE_MAX bytes, behind the character that the piece before has
 * cut. */
static void output(struct record *r, struct str piece)
{
    char joined[PIECE_MAX + sizeof(r->cut)];
    size_t cut;

    if (r->cut_len > 0) {
        memcpy(joined, r->cut, r->cut_len);
        memcpy(joined + r->cut_len, piece.p, piece.len);
        piece = str_n(joined, piece.len + r->cut_len);
        r->cut_len = 0;
    }
    cut = str_utf8_cut(piece);
    memcpy(r->cut, piece.p + piece.len - cut, cut);
    r->cut_len = cut;
    piece.len -= cut;
    if (piece.len > 0) {
        put_event(r, "o", piece);
    }
}

void record_output(struct record *r, struct str bytes)
{
    if (!r->begun) {
        record_size(r, 0, 0); /* writes the first line */
    }
    while (r->fd >= 0 && bytes.len > 0) {
        size_t len = bytes.len < PIECE_MAX ? bytes.len : PIECE_MAX;

        output(r, str_n(bytes.p, len));
        bytes = str_drop(bytes, len);
    }
}

void record_lines(struct record *r, struct str bytes)
{
    while (r->fd >= 0 && bytes.len > 0) {
        struct str line = {0};

        if (str_cut(&bytes, '\n', &line)) {
            record_output(r, line);
            record_output(r, str_c("\r\n"));
        } else {
            record_output(r, line);
        }
    }
}

int record_close(struct record *r, struct err *e)
{
    int rc = 0;

    if (r->fd >= 0 && !r->begun) {
        record_size(r, 0, 0); /* writes the first line */
    }
    if (r->cut_len > 0) {
        put_event(r, "o", str_n(r->cut, r->cut_len));
    }
    if (r->failed) {
        errno = r->errnum;
        rc = err_sys(e, "the recording is not complete");
    }
    fd_close(&r->fd);
    buf_release(&r->line);
    record_init(r);
    return rc;
}
