/* SPDX-License-Identifier: MIT */
#include "wire/http.h"

#include "base/limits.h"
#include "base/num.h"

#include <string.h>

/* The states within a chunked body. */
enum { CHUNK_SIZE, CHUNK_DATA, CHUNK_END, CHUNK_TRAILER };

void http_reply_init(struct http_reply *r, bool to_head, bool to_upgrade)
{
    *r = (struct http_reply){.to_head = to_head, .to_upgrade = to_upgrade};
    buf_init(&r->head, LIMIT_HTTP_HEAD);
    buf_init(&r->line, LIMIT_HTTP_CHUNK_LINE);
}

void http_reply_release(struct http_reply *r)
{
    buf_release(&r->head);
    buf_release(&r->line);
}

static int fail(struct http_reply *r, struct err *e, const char *why)
{
    r->state = HTTP_FAILED;
    return err_set(e, ERR_FORMAT, "broken HTTP reply: %s", why);
}

/* Adds bytes to `line` up to and including a line feed. Returns 1 if the line is complete:
 * *text is then the line without CR LF. Returns 0 if more bytes are needed, and -1 if the line
 * is too long or contains a CR or NUL. */
static int take_line(struct http_reply *r, struct buf *line, struct str *in, struct str *text)
{
    size_t at = str_index(*in, '\n');
    size_t n = at < in->len ? at + 1 : in->len;
    size_t start = line == &r->head ? r->trailer_len : 0; /* where this line begins in `line` */
    struct str whole;

    if (buf_add(line, in->p, n) < 0) {
        return -1;
    }
    *in = str_drop(*in, n);
    if (at == n) {
        return 0;
    }
    whole = str_drop(buf_str(line), start);
    whole.len--;
    if (str_ends(whole, "\r")) {
        whole.len--;
    }
    if (whole.len > 0 && (memchr(whole.p, '\r', whole.len) != NULL ||
                          memchr(whole.p, '\0', whole.len) != NULL)) {
        return -1;
    }
    *text = whole;
    return 1;
}

/* Takes the next field from the lines behind the status line. Returns false at the end. */
static bool next_field(struct str *rest, struct str *name, struct str *value)
{
    struct str line = {0};

    (void)str_cut(rest, '\n', &line);
    if (str_ends(line, "\r")) {
        line.len--;
    }
    if (line.len == 0) {
        return false;
    }
    *value = line;
    (void)str_cut(value, ':', name); /* take_head() has checked that there is a colon */
    *value = str_trim(*value);
    return true;
}

static struct str fields_of(const struct http_reply *r)
{
    struct str rest = buf_str(&r->head);
    struct str status = {0};

    (void)str_cut(&rest, '\n', &status);
    return rest;
}

struct str http_field(const struct http_reply *r, const char *name)
{
    struct str rest = fields_of(r);
    struct str key = {0};
    struct str value = {0};

    while (next_field(&rest, &key, &value)) {
        if (str_eq_nocase(key, name)) {
            return value;
        }
    }
    return (struct str){0};
}

struct str http_reason(const struct http_reply *r)
{
    struct str line = {0};
    struct str rest = buf_str(&r->head);

    (void)str_cut(&rest, '\n', &line);
    return str_trim(str_drop(line, strlen("HTTP/1.1 200")));
}

/* Reads "HTTP/1.1 200 OK"; the reason may be missing. */
static bool take_status(struct http_reply *r, struct str line)
{
    uint64_t status = 0;

    if (!str_starts(line, "HTTP/1.") || line.len < 12 ||
        (line.p[7] != '0' && line.p[7] != '1') || line.p[8] != ' ' ||
        !str_u64(str_n(line.p + 9, 3), 10, 999, &status) || status < 100 ||
        (line.len > 12 && line.p[12] != ' ')) {
        return false;
    }
    r->minor = line.p[7] == '1' ? 1 : 0;
    r->status = (int)status;
    return true;
}

static bool is_token(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.p[i];

        if (c <= 0x20 || c >= 0x7f || strchr("()<>@,;:\\\"/[]?={}", (char)c) != NULL) {
            return false;
        }
    }
    return s.len > 0;
}

/* Returns true for the line of a field: a token, a colon, a value. A line of obsolete folding
 * begins with a blank, which is not part of a token. */
static bool is_field(struct str line)
{
    struct str name = {0};

    return str_cut(&line, ':', &name) && is_token(name);
}

/* Returns true if a list that is separated by commas contains the word. */
static bool has_word(struct str list, const char *word)
{
    while (list.len > 0) {
        struct str item = {0};

        (void)str_cut(&list, ',', &item);
        if (str_eq_nocase(str_trim(item), word)) {
            return true;
        }
    }
    return false;
}

struct framing {
    bool has_length;
    bool has_coding;
    bool chunked;
    bool close;
    bool keep;
    uint64_t length;
};

static bool read_framing(const struct http_reply *r, struct framing *f)
{
    struct str rest = fields_of(r);
    struct str name = {0};
    struct str value = {0};

    while (next_field(&rest, &name, &value)) {
        if (str_eq_nocase(name, "content-length")) {
            uint64_t n = 0;

            if (!str_u64(value, 10, INT64_MAX, &n) || (f->has_length && n != f->length)) {
                return false;
            }
            f->has_length = true;
            f->length = n;
        } else if (str_eq_nocase(name, "transfer-encoding")) {
            if (f->has_coding || !str_eq_nocase(value, "chunked")) {
                return false; /* engines use no other coding */
            }
            f->has_coding = true;
            f->chunked = true;
        } else if (str_eq_nocase(name, "connection")) {
            f->close = f->close || has_word(value, "close");
            f->keep = f->keep || has_word(value, "keep-alive");
        }
    }
    return !(f->has_length && f->has_coding) && !(f->chunked && r->minor == 0);
}

static int end_of_head(struct http_reply *r, struct err *e)
{
    struct framing f = {0};

    if (!read_framing(r, &f)) {
        return fail(r, e, "its length is ambiguous");
    }
    r->keep_alive = r->minor == 1 ? !f.close : f.keep;
    if (r->status == 101 || (r->to_upgrade && r->status == 200)) {
        if (!r->to_upgrade) {
            return fail(r, e, "it upgrades the connection without a request to do so");
        }
        r->state = HTTP_UPGRADED;
        r->keep_alive = false;
        return 0;
    }
    if (r->status < 200) {
        buf_reset(&r->head); /* an interim reply: the final one follows */
        r->trailer_len = 0;
        return 0;
    }
    r->state = HTTP_BODY;
    if (r->to_head || r->status == 204 || r->status == 304) {
        r->body = HTTP_BODY_NONE;
        r->state = HTTP_DONE;
    } else if (f.chunked) {
        r->body = HTTP_BODY_CHUNKED;
        r->chunk_state = CHUNK_SIZE;
        r->trailer_len = 0;
    } else if (f.has_length) {
        r->body = HTTP_BODY_LENGTH;
        r->left = f.length;
        r->state = f.length == 0 ? HTTP_DONE : HTTP_BODY;
    } else {
        r->body = HTTP_BODY_UNTIL_CLOSE;
        r->keep_alive = false;
    }
    return 0;
}

/* While the head is read, trailer_len is the offset of its current line, and `left` counts the
 * fields. */
static int take_head(struct http_reply *r, struct str *in, struct err *e)
{
    while (in->len > 0 && r->state == HTTP_HEAD) {
        struct str line = {0};
        bool first = r->trailer_len == 0;
        int rc = take_line(r, &r->head, in, &line);

        if (rc < 0) {
            return fail(r, e, "its head is too long, or has a CR or NUL inside a line");
        }
        if (rc == 0) {
            return 0;
        }
        r->trailer_len = r->head.len;
        if (first) {
            r->left = 0;
            if (!take_status(r, line)) {
                return fail(r, e, "no HTTP/1 status line");
            }
        } else if (line.len == 0) {
            if (end_of_head(r, e) < 0) {
                return -1;
            }
        } else if (!is_field(line) || ++r->left > LIMIT_HTTP_FIELDS) {
            return fail(r, e, "a bad field, or too many of them");
        }
    }
    return 0;
}

/* Reads the size of a chunk in hex digits: "1a3;ext=1". */
static bool take_size(struct http_reply *r, struct str line)
{
    struct str digits = str_n(line.p, str_index(line, ';'));
    uint64_t n = 0;

    if (!str_u64(str_trim(digits), 16, INT64_MAX, &n)) {
        return false;
    }
    r->left = n;
    r->chunk_state = n > 0 ? CHUNK_DATA : CHUNK_TRAILER;
    return true;
}

static bool take_chunk_line(struct http_reply *r, struct str line)
{
    switch (r->chunk_state) {
    case CHUNK_SIZE:
        return take_size(r, line);
    case CHUNK_END:
        r->chunk_state = CHUNK_SIZE;
        return line.len == 0;
    default: /* CHUNK_TRAILER: the lines are checked, counted and dropped */
        if (line.len == 0) {
            r->state = HTTP_DONE;
            return true;
        }
        r->trailer_len += line.len;
        return is_field(line) && r->trailer_len <= LIMIT_HTTP_TRAILER;
    }
}

/* Reads up to the next bytes of data, or to the end of the input. */
static int take_chunked(struct http_reply *r, struct str *in, struct str *data, struct err *e)
{
    while (in->len > 0 && r->state == HTTP_BODY) {
        struct str line = {0};
        int rc;

        if (r->chunk_state == CHUNK_DATA) {
            size_t n = in->len < r->left ? in->len : (size_t)r->left;

            *data = str_n(in->p, n);
            *in = str_drop(*in, n);
            r->left -= n;
            if (r->left == 0) {
                r->chunk_state = CHUNK_END;
            }
            return 0;
        }
        rc = take_line(r, &r->line, in, &line);
        if (rc < 0 || (rc > 0 && !take_chunk_line(r, line))) {
            return fail(r, e, "a bad chunk");
        }
        if (rc > 0) {
            buf_reset(&r->line);
        }
    }
    return 0;
}

static void take_plain(struct http_reply *r, struct str *in, struct str *data)
{
    size_t n = in->len;

    if (r->body == HTTP_BODY_LENGTH) {
        n = n < r->left ? n : (size_t)r->left;
        r->left -= n;
        r->state = r->left == 0 ? HTTP_DONE : HTTP_BODY;
    }
    *data = str_n(in->p, n);
    *in = str_drop(*in, n);
}

int http_in(struct http_reply *r, struct str in, size_t *used, struct str *data, struct err *e)
{
    size_t all = in.len;
    int rc = 0;

    *used = 0;
    *data = str_n(in.p, 0);
    if (r->state == HTTP_FAILED) {
        return fail(r, e, "it was broken before");
    }
    if (r->state == HTTP_HEAD) {
        rc = take_head(r, &in, e); /* the next call returns bytes of the body */
    } else if (r->state == HTTP_BODY && in.len > 0) {
        if (r->body == HTTP_BODY_CHUNKED) {
            rc = take_chunked(r, &in, data, e);
        } else {
            take_plain(r, &in, data);
        }
    }
    *used = all - in.len;
    return rc;
}

int http_in_eof(struct http_reply *r, struct err *e)
{
    if (r->state == HTTP_DONE || r->state == HTTP_UPGRADED) {
        return 0;
    }
    if (r->state == HTTP_BODY && r->body == HTTP_BODY_UNTIL_CLOSE) {
        r->state = HTTP_DONE;
        return 0;
    }
    if (r->state == HTTP_FAILED) {
        return fail(r, e, "it was broken before");
    }
    r->state = HTTP_FAILED;
    return err_set(e, ERR_EOF, "the connection was closed in the middle of a reply");
}
