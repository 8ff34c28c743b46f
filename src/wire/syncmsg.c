/* SPDX-License-Identifier: MIT */
#include "wire/syncmsg.h"

#include "base/limits.h"
#include "base/num.h"

#include <string.h>

void sync_msg_head(char head[SYNC_HEAD], enum sync_msg_type type, size_t len)
{
    head[0] = (char)type;
    be32_put(head + 1, (uint32_t)len);
}

/* Begins a message, whose length end() fills in. Returns the offset of its payload. */
static size_t begin(struct buf *out, enum sync_msg_type type)
{
    char head[SYNC_HEAD];

    sync_msg_head(head, type, 0);
    (void)buf_add(out, head, sizeof(head));
    return out->len;
}

static void end(struct buf *out, size_t start)
{
    size_t len = out->len - start;
    char *head;

    if (out->overflowed || len > LIMIT_SYNC_MESSAGE) {
        out->overflowed = true;
        return;
    }
    head = out->mem + out->head + start - SYNC_HEAD;
    sync_msg_head(head, (enum sync_msg_type)head[0], len);
}

bool sync_id_is_good(struct str id)
{
    if (id.len == 0 || id.len > LIMIT_NAME || id.p[0] == '.') {
        return false;
    }
    for (size_t i = 0; i < id.len; i++) {
        char c = id.p[i];

        if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' &&
            c != '_' && c != '.') {
            return false;
        }
    }
    return true;
}

void sync_msg_add(struct buf *out, enum sync_msg_type type, struct str payload)
{
    size_t start = begin(out, type);

    (void)buf_add_str(out, payload);
    end(out, start);
}

void sync_msg_add_number(struct buf *out, enum sync_msg_type type, uint64_t n)
{
    size_t start = begin(out, type);

    sync_put_number(out, n);
    end(out, start);
}

void sync_msg_add_byte(struct buf *out, enum sync_msg_type type, unsigned char b)
{
    sync_msg_add(out, type, str_n((const char *)&b, 1));
}

void sync_msg_add_tree(struct buf *out, const struct sync_tree_msg *t)
{
    size_t start = begin(out, SYNC_MSG_TREE);

    (void)buf_add_byte(out, t->git ? 1 : 0);
    sync_put_number(out, t->uid);
    sync_put_number(out, t->gid);
    sync_put_text(out, t->id);
    sync_put_text(out, t->remote_path);
    sync_put_text(out, t->base_dir);
    sync_put_text(out, t->home);
    (void)buf_add_str(out, t->digest[0]);
    (void)buf_add_str(out, t->digest[1]);
    end(out, start);
}

void sync_msg_add_turn(struct buf *out, enum sync_turn kind, uint64_t tree)
{
    size_t start = begin(out, SYNC_MSG_TURN);

    (void)buf_add_byte(out, (unsigned char)kind);
    sync_put_number(out, tree);
    end(out, start);
}

void sync_msg_add_state(struct buf *out, enum sync_base base, uint64_t left_alone)
{
    size_t start = begin(out, SYNC_MSG_STATE);

    sync_put_number(out, base);
    sync_put_number(out, left_alone);
    end(out, start);
}

void sync_msg_add_file(struct buf *out, const struct sync_entry *entry)
{
    size_t start = begin(out, SYNC_MSG_FILE);

    sync_put_entry(out, entry);
    end(out, start);
}

void sync_msg_add_op(struct buf *out, enum sync_msg_type type, const struct sync_op *op)
{
    size_t start = begin(out, type);

    sync_put_text(out, op->path);
    sync_put_entry(out, &op->expected);
    sync_put_entry(out, &op->entry);
    end(out, start);
}

void sync_msg_add_fault(struct buf *out, uint64_t number, struct str why)
{
    size_t start = begin(out, SYNC_MSG_FAULT);

    sync_put_number(out, number);
    sync_put_text(out, why);
    end(out, start);
}

int sync_msg_next(struct str *in, struct sync_msg *m, struct err *e)
{
    const unsigned char *p = (const unsigned char *)in->p;
    size_t len;

    if (in->len == 0) {
        return 0;
    }
    if (p[0] == SYNC_MSG_NONE || p[0] >= SYNC_MSG_TYPE_COUNT) {
        return err_set(e, ERR_FORMAT, "a message of the unknown type %u", p[0]);
    }
    if (in->len < SYNC_HEAD) {
        return 0;
    }
    len = be32_get(p + 1);
    if (len > LIMIT_SYNC_MESSAGE) {
        return err_set(e, ERR_FORMAT, "a message of %zu bytes, past the limit of %d", len,
                       LIMIT_SYNC_MESSAGE);
    }
    if (in->len < SYNC_HEAD + len) {
        return 0;
    }
    *m = (struct sync_msg){(enum sync_msg_type)p[0], str_n(in->p + SYNC_HEAD, len)};
    *in = str_drop(*in, SYNC_HEAD + len);
    return 1;
}

static int broken(struct sync_msg m, struct err *e)
{
    return err_set(e, ERR_FORMAT, "a malformed message of type %u", (unsigned)m.type);
}

int sync_msg_number(struct sync_msg m, uint64_t *n, struct err *e)
{
    struct str in = m.payload;

    return sync_take_number(&in, UINT64_MAX, n) && in.len == 0 ? 0 : broken(m, e);
}

int sync_msg_byte(struct sync_msg m, unsigned char *b, struct err *e)
{
    if (m.payload.len != 1) {
        return broken(m, e);
    }
    *b = (unsigned char)m.payload.p[0];
    return 0;
}

int sync_msg_path(struct sync_msg m, struct str *path, struct err *e)
{
    *path = m.payload;
    return sync_path_check(*path, e);
}

static bool is_absolute(struct str s)
{
    return s.len > 0 && s.p[0] == '/' && memchr(s.p, '\0', s.len) == NULL;
}

int sync_msg_tree(struct sync_msg m, struct sync_tree_msg *t, struct err *e)
{
    struct str in = m.payload;

    if (in.len == 0 || (unsigned char)in.p[0] > 1) {
        return broken(m, e);
    }
    t->git = in.p[0] != 0;
    in = str_drop(in, 1);
    if (!sync_take_number(&in, UINT32_MAX, &t->uid) ||
        !sync_take_number(&in, UINT32_MAX, &t->gid) || !sync_take_text(&in, &t->id) ||
        !sync_take_text(&in, &t->remote_path) || !sync_take_text(&in, &t->base_dir) ||
        !sync_take_text(&in, &t->home) || in.len != 2 * (size_t)SYNC_DIGEST ||
        !sync_id_is_good(t->id) || !is_absolute(t->remote_path) || !is_absolute(t->base_dir) ||
        (t->home.len > 0 && !is_absolute(t->home))) {
        return broken(m, e);
    }
    t->digest[0] = str_n(in.p, SYNC_DIGEST);
    t->digest[1] = str_drop(in, SYNC_DIGEST);
    return 0;
}

int sync_msg_turn(struct sync_msg m, enum sync_turn *kind, uint64_t *tree, struct err *e)
{
    struct str in = m.payload;

    if (in.len == 0 || (unsigned char)in.p[0] > SYNC_TURN_COMMIT) {
        return broken(m, e);
    }
    *kind = (enum sync_turn)in.p[0];
    in = str_drop(in, 1);
    return sync_take_number(&in, UINT32_MAX, tree) && in.len == 0 ? 0 : broken(m, e);
}

int sync_msg_state(struct sync_msg m, enum sync_base *base, uint64_t *left_alone, struct err *e)
{
    struct str in = m.payload;
    uint64_t n = 0;

    if (!sync_take_number(&in, SYNC_BASE_NEXT, &n) ||
        !sync_take_number(&in, UINT64_MAX, left_alone) || in.len > 0) {
        return broken(m, e);
    }
    *base = (enum sync_base)n;
    return 0;
}

int sync_msg_file(struct sync_msg m, struct sync_entry *entry, struct err *e)
{
    struct str in = m.payload;

    return sync_take_entry(&in, entry) && in.len == 0 && entry->type == SYNC_FILE
               ? 0
               : broken(m, e);
}

int sync_msg_op(struct sync_msg m, struct sync_op *op, struct err *e)
{
    struct str in = m.payload;

    if (!sync_take_text(&in, &op->path) || !sync_take_entry(&in, &op->expected) ||
        !sync_take_entry(&in, &op->entry) || in.len > 0 || op->expected.type == SYNC_LEFT ||
        op->entry.type == SYNC_LEFT ||
        (m.type == SYNC_MSG_DROP) != (op->entry.type == SYNC_GONE)) {
        return broken(m, e);
    }
    return sync_path_check(op->path, e);
}

int sync_msg_fault(struct sync_msg m, uint64_t *number, struct str *why, struct err *e)
{
    struct str in = m.payload;

    return sync_take_number(&in, UINT64_MAX, number) && sync_take_text(&in, why) && in.len == 0
               ? 0
               : broken(m, e);
}
