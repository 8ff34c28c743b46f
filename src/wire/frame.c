/* SPDX-License-Identifier: MIT */
#include "wire/frame.h"

#include "base/num.h"

#include <string.h>

enum { EXIT_HEAD = 3, SIZE_LEN = 4, TAKEN_LEN = 4, HELLO_HEAD = 2, U16_MAX = 0xffff };

static void put_head(struct buf *out, enum frame_type type, size_t len)
{
    const unsigned char head[FRAME_HEAD] = {
        (unsigned char)type,         0, 0, 0, 0, 0, (unsigned char)(len >> 8 & 0xff),
        (unsigned char)(len & 0xff),
    };

    (void)buf_add(out, head, sizeof(head)); /* fits: the caller has checked the room */
}

int frame_add(struct buf *out, enum frame_type type, struct str payload)
{
    if (payload.len > FRAME_MAX || buf_room(out) < FRAME_HEAD + payload.len) {
        out->overflowed = true;
        return -1;
    }
    put_head(out, type, payload.len);
    return buf_add_str(out, payload);
}

size_t frame_room(const struct buf *out)
{
    size_t room = buf_room(out);
    size_t whole = room / (FRAME_HEAD + FRAME_MAX);
    size_t rest = room - whole * (FRAME_HEAD + FRAME_MAX);

    return whole * FRAME_MAX + (rest > FRAME_HEAD ? rest - FRAME_HEAD : 0);
}

int frame_add_bytes(struct buf *out, enum frame_type type, struct str bytes)
{
    if (bytes.len > frame_room(out)) {
        out->overflowed = true;
        return -1;
    }
    while (bytes.len > 0) {
        size_t len = bytes.len < FRAME_MAX ? bytes.len : (size_t)FRAME_MAX;

        (void)frame_add(out, type, str_n(bytes.p, len)); /* fits */
        bytes = str_drop(bytes, len);
    }
    return 0;
}

int frame_add_hello(struct buf *out, enum frame_hello kind, struct str rest)
{
    const unsigned char head[HELLO_HEAD] = {FRAME_VERSION, (unsigned char)kind};

    if (rest.len > FRAME_MAX - HELLO_HEAD ||
        buf_room(out) < FRAME_HEAD + HELLO_HEAD + rest.len) {
        out->overflowed = true;
        return -1;
    }
    put_head(out, FRAME_HELLO, HELLO_HEAD + rest.len);
    (void)buf_add(out, head, sizeof(head)); /* fits */
    return buf_add_str(out, rest);
}

int frame_add_size(struct buf *out, unsigned rows, unsigned cols)
{
    unsigned r = rows < U16_MAX ? rows : U16_MAX;
    unsigned c = cols < U16_MAX ? cols : U16_MAX;
    const char bytes[SIZE_LEN] = {(char)(r >> 8), (char)(r & 0xff), (char)(c >> 8),
                                  (char)(c & 0xff)};

    return frame_add(out, FRAME_SIZE, str_n(bytes, sizeof(bytes)));
}

int frame_add_taken(struct buf *out, size_t bytes)
{
    char p[TAKEN_LEN];

    be32_put(p, (uint32_t)bytes);
    return frame_add(out, FRAME_TAKEN, str_n(p, sizeof(p)));
}

int frame_add_exit(struct buf *out, const struct frame_exit *x)
{
    size_t max = FRAME_MAX - EXIT_HEAD;
    struct str text = str_n(x->text.p, x->text.len < max ? x->text.len : max);
    const unsigned char head[EXIT_HEAD] = {(unsigned char)x->status, (unsigned char)x->reason,
                                           (unsigned char)x->signo};

    if (buf_room(out) < FRAME_HEAD + EXIT_HEAD + text.len) {
        out->overflowed = true;
        return -1;
    }
    put_head(out, FRAME_EXIT, EXIT_HEAD + text.len);
    (void)buf_add(out, head, sizeof(head)); /* fits */
    return buf_add_str(out, text);
}

int frame_next(struct str *in, struct frame *f, struct err *e)
{
    const unsigned char *p = (const unsigned char *)in->p;
    size_t len;

    if (in->len == 0) {
        return 0;
    }
    if (p[0] == FRAME_NONE || p[0] >= FRAME_TYPE_COUNT) {
        return err_set(e, ERR_FORMAT, "a broken session stream: a frame of the unknown type %u",
                       p[0]);
    }
    if (in->len < FRAME_HEAD) {
        return 0;
    }
    len = (size_t)p[6] << 8 | p[7];
    if (p[1] != 0 || p[2] != 0 || p[3] != 0 || p[4] != 0 || p[5] != 0 || len > FRAME_MAX) {
        return err_set(e, ERR_FORMAT, "a broken session stream: a malformed frame");
    }
    if (in->len < FRAME_HEAD + len) {
        return 0;
    }
    *f = (struct frame){p[0], str_n(in->p + FRAME_HEAD, len)};
    *in = str_drop(*in, FRAME_HEAD + len);
    return 1;
}

int frame_hello(struct frame f, enum frame_hello *kind, struct str *rest, struct err *e)
{
    const unsigned char *p = (const unsigned char *)f.payload.p;

    if (f.type != FRAME_HELLO || f.payload.len < HELLO_HEAD) {
        return err_set(e, ERR_FORMAT, "a broken session stream: it does not begin with HELLO");
    }
    if (p[0] != FRAME_VERSION) {
        (void)err_set(e, ERR_FORMAT, "the other side speaks version %u of the session protocol",
                      p[0]);
        return err_hint(e, "Another version of cco has started it: use that version.");
    }
    *kind = (enum frame_hello)p[1];
    *rest = str_drop(f.payload, HELLO_HEAD);
    return 0;
}

int frame_size(struct str payload, unsigned *rows, unsigned *cols, struct err *e)
{
    const unsigned char *p = (const unsigned char *)payload.p;

    if (payload.len != SIZE_LEN) {
        return err_set(e, ERR_FORMAT, "a broken session stream: a terminal's size in %zu bytes",
                       payload.len);
    }
    *rows = (unsigned)p[0] << 8 | p[1];
    *cols = (unsigned)p[2] << 8 | p[3];
    return 0;
}

int frame_exit(struct frame f, struct frame_exit *x, struct err *e)
{
    const unsigned char *p = (const unsigned char *)f.payload.p;

    if (f.type != FRAME_EXIT || f.payload.len < EXIT_HEAD || p[1] > FRAME_NOT_STARTED) {
        return err_set(e, ERR_FORMAT, "a broken session stream: a malformed exit status");
    }
    *x = (struct frame_exit){p[0], (enum frame_reason)p[1], p[2],
                             str_drop(f.payload, EXIT_HEAD)};
    return 0;
}

int frame_taken(struct frame f, size_t *bytes, struct err *e)
{
    if (f.type != FRAME_TAKEN || f.payload.len != TAKEN_LEN) {
        return err_set(e, ERR_FORMAT, "a broken session stream: a malformed acknowledgement");
    }
    *bytes = be32_get(f.payload.p);
    return 0;
}
