/* SPDX-License-Identifier: MIT */
#include "sync/remote_end.h"

#include "base/limits.h"

struct push {
    struct remote_end *remote;
    struct remote_tree *tree;
    struct buf faults; /* FAULT messages, for when it is our turn */
    uint64_t number;   /* of the next operation */
    struct buf target; /* of a link that a file replaces */
};

/* 1 and 0 are both fine: what was not done is told. */
static int note(struct push *p, int rc, const struct err *why, struct err *e)
{
    if (rc > 0) {
        sync_msg_add_fault(&p->faults, p->number, str_c(why->text));
        rc =
            p->faults.overflowed ? err_set(e, ERR_LIMIT, "too much that could not be done") : 0;
    } else if (rc < 0) {
        *e = *why;
    }
    p->number++;
    return rc;
}

static int take_bytes(struct push *p, struct sync_msg m, struct err *why)
{
    uint64_t len = 0;

    if (m.type == SYNC_MSG_DATA) {
        return apply_data(&p->tree->apply, m.payload, why);
    }
    return sync_msg_number(m, &len, why) < 0 ? -1 : apply_hole(&p->tree->apply, len, why);
}

/* The bytes of a file, up to DONE. rc is what became of it so far; what cannot be written is
 * read all the same. */
static int make_file(struct push *p, const struct sync_entry *expected, int rc, struct err *why)
{
    struct err later = {0};
    struct sync_msg m;
    unsigned char done = 0;

    for (;;) {
        if (talk_next(&p->remote->talk, &m, why) < 0) {
            return -1;
        }
        if (m.type != SYNC_MSG_DATA && m.type != SYNC_MSG_HOLE) {
            break;
        }
        if (rc == 0) {
            rc = take_bytes(p, m, why);
            if (rc < 0) {
                return -1;
            }
        }
    }
    if (m.type != SYNC_MSG_DONE) {
        return talk_unexpected(m, why);
    }
    if (sync_msg_byte(m, &done, &later) < 0) {
        *why = later;
        return -1;
    }
    if (rc == 0 && done != 1) {
        (void)err_set(why, ERR_REFUSED, "it changed while it was read");
        rc = 1;
    }
    if (rc == 0) {
        rc = apply_end(&p->tree->apply, expected, NULL, why);
    }
    apply_cancel(&p->tree->apply);
    return rc;
}

static int make(struct push *p, const struct sync_op *op, struct err *e)
{
    struct apply *a = &p->tree->apply;
    struct err why = {0};
    struct sync_entry expected = op->expected;
    int rc;

    if (op->entry.type != SYNC_FILE) {
        rc = apply_make(a, op->path, &op->expected, &op->entry, &why);
        return note(p, rc, &why, e);
    }
    buf_reset(&p->target); /* the message goes when the next one comes */
    (void)buf_add_str(&p->target, expected.target); /* fits */
    expected.target = buf_str(&p->target);
    rc = apply_begin(a, op->path, &op->entry, &why);
    if (rc >= 0) {
        rc = make_file(p, &expected, rc, &why);
    }
    return note(p, rc, &why, e);
}

static int push_one(struct push *p, struct sync_msg m, struct err *e)
{
    struct apply *a = &p->tree->apply;
    struct err why = {0};
    struct sync_op op = {0};
    int rc;

    if (m.type < SYNC_MSG_MAKE || m.type > SYNC_MSG_STAMP) {
        return talk_unexpected(m, e);
    }
    if (sync_msg_op(m, &op, e) < 0) {
        return -1;
    }
    if (m.type == SYNC_MSG_MAKE) {
        return make(p, &op, e);
    }
    if (m.type == SYNC_MSG_STAMP) {
        apply_stamp(a, op.path, &op.entry);
        return 0;
    }
    rc = m.type == SYNC_MSG_DROP ? apply_drop(a, op.path, &op.expected, &why)
                                 : apply_meta(a, op.path, &op.expected, &op.entry, NULL, &why);
    return note(p, rc, &why, e);
}

int remote_push(struct remote_end *f, struct remote_tree *t, struct err *e)
{
    struct push p = {.remote = f, .tree = t};
    struct sync_msg m;
    int rc;

    buf_init(&p.faults, LIMIT_SYNC_WANTED);
    buf_init(&p.target, LIMIT_PATH);
    for (;;) {
        rc = talk_next(&f->talk, &m, e);
        if (rc < 0 || m.type == SYNC_MSG_END) {
            break;
        }
        rc = push_one(&p, m, e);
        if (rc < 0) {
            break;
        }
    }
    if (rc == 0) {
        struct str faults = buf_str(&p.faults);

        f->listening = false;
        rc = talk_flush(&f->talk, e);
        if (rc == 0 && faults.len > 0) {
            rc = f->talk.io->send(f->talk.io, faults, e);
        }
        rc = rc < 0 ? -1 : talk_end(&f->talk, e);
    }
    buf_release(&p.faults);
    buf_release(&p.target);
    return rc;
}
