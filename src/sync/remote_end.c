/* SPDX-License-Identifier: MIT */
#include "sync/remote_end.h"

#include "base/fd.h"
#include "base/limits.h"
#include "sync/content.h"
#include "sync/sync.h"

#include <string.h>

/* Reads the paths of a HASH or FETCH turn into t->wanted. */
static int take_wanted(struct remote_end *f, struct remote_tree *t, struct err *e)
{
    struct str path = {0};
    struct sync_msg m;

    buf_reset(&t->wanted);
    for (;;) {
        if (talk_next(&f->talk, &m, e) < 0) {
            return -1;
        }
        if (m.type == SYNC_MSG_END) {
            f->listening = false;
            return 0;
        }
        if (m.type != SYNC_MSG_WANT) {
            return talk_unexpected(m, e);
        }
        if (sync_msg_path(m, &path, e) < 0) {
            return -1;
        }
        sync_put_text(&t->wanted, path);
        if (t->wanted.overflowed) {
            return err_set(e, ERR_LIMIT, "too many files are requested at once");
        }
    }
}

static int missing(struct remote_end *f, const struct err *why, struct err *e)
{
    sync_msg_add(&f->talk.out, SYNC_MSG_MISSING, str_c(why->text));
    return talk_pace(&f->talk, e);
}

static int answer_hash(struct remote_end *f, struct remote_tree *t, struct str path,
                       struct err *e)
{
    char digest[SYNC_DIGEST + 1];
    struct sync_entry entry = {0};
    struct err why = {0};
    int fd = content_open(&t->apply.dirs, path, &entry, &why);
    int rc;

    if (fd < 0 || content_hash(&f->talk, fd, &entry, digest, &why) < 0) {
        rc = missing(f, &why, e);
    } else {
        sync_msg_add(&f->talk.out, SYNC_MSG_HASH, str_n(digest, SYNC_DIGEST));
        rc = talk_pace(&f->talk, e);
    }
    fd_close(&fd);
    return rc;
}

static int answer_file(struct remote_end *f, struct remote_tree *t, struct str path,
                       struct err *e)
{
    struct sync_entry entry = {0};
    struct err why = {0};
    bool whole;
    int fd = content_open(&t->apply.dirs, path, &entry, &why);
    int rc;

    if (fd < 0) {
        return missing(f, &why, e);
    }
    sync_msg_add_file(&f->talk.out, &entry);
    rc = content_send(&f->talk, fd, &entry, &whole, e);
    fd_close(&fd);
    return rc;
}

static int serve_wanted(struct remote_end *f, struct remote_tree *t, enum sync_turn kind,
                        struct err *e)
{
    struct str in;
    struct str path = {0};

    if (take_wanted(f, t, e) < 0) {
        return -1;
    }
    in = buf_str(&t->wanted);
    while (in.len > 0 && sync_take_text(&in, &path)) {
        if ((kind == SYNC_TURN_HASH ? answer_hash(f, t, path, e) : answer_file(f, t, path, e)) <
            0) {
            return -1;
        }
    }
    return talk_end(&f->talk, e);
}

struct push {
    struct remote_end *remote;
    struct remote_tree *tree;
    struct buf faults; /* FAULT messages, sent when it is the turn of the remote end */
    uint64_t number;   /* number of the current operation */
    struct buf target; /* the target of a link that a file replaces */
};

/* Handles the result `rc` of an operation. If it is 1, adds a FAULT with *why. Returns -1 only
 * if rc is -1, with *why in *e, or if there are too many faults. */
static int note(struct push *p, int rc, const struct err *why, struct err *e)
{
    if (rc > 0) {
        sync_msg_add_fault(&p->faults, p->number, str_c(why->text));
        rc = p->faults.overflowed ? err_set(e, ERR_LIMIT, "too many operations failed") : 0;
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

/* Receives the bytes of a file, up to DONE, and then moves the file to its path. `rc` is the
 * result of apply_begin(); if it is 1, the bytes are read and discarded. Returns 0, 1 or -1 as
 * in apply.h. */
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
    /* The next message overwrites this one, and with it the target of the link. The copy fits:
     * a target is shorter than LIMIT_PATH. */
    buf_reset(&p->target);
    (void)buf_add_str(&p->target, expected.target);
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

/* Applies the changes of the local end to the base, and stores the result as the new base if it
 * has the digest of the local end's new base. */
static int take_base(struct remote_tree *t, struct str delta, const char *digest, struct err *e)
{
    char mine[SYNC_DIGEST + 1];
    struct buf all;
    int rc = -1;

    buf_init(&all, LIMIT_SYNC_LISTING);
    if (listing_apply(buf_str(&t->known), delta, &all, e) < 0) {
        goto out;
    }
    listing_digest(buf_str(&all), mine);
    if (strcmp(mine, digest) != 0) {
        (void)err_set(e, ERR_FORMAT, "the new bases of the two ends differ");
        goto out;
    }
    if (apply_flush(&t->apply, e) < 0 ||
        base_save(t->base_path, t->identity, mine, buf_str(&all), e) < 0) {
        goto out;
    }
    buf_release(&t->known);
    t->known = all;
    return 0;
out:
    buf_release(&all);
    return rc;
}

static int serve_commit(struct remote_end *f, struct remote_tree *t, struct err *e)
{
    char digest[SYNC_DIGEST + 1] = {0};
    struct sync_msg m;
    struct buf delta;
    int rc;

    buf_init(&delta, LIMIT_SYNC_LISTING);
    for (;;) {
        rc = talk_next(&f->talk, &m, e);
        if (rc < 0 || m.type != SYNC_MSG_LIST) {
            break;
        }
        (void)buf_add_str(&delta, m.payload); /* an overflow is checked below */
    }
    if (rc == 0 && (m.type != SYNC_MSG_DIGEST || m.payload.len != SYNC_DIGEST)) {
        rc = talk_unexpected(m, e);
    }
    if (rc == 0) {
        memcpy(digest, m.payload.p, SYNC_DIGEST);
        rc = talk_want(&f->talk, SYNC_MSG_END, &m, e);
    }
    if (rc == 0) {
        f->listening = false;
        rc = delta.overflowed ? err_set(e, ERR_LIMIT, "the listing is too long")
                              : take_base(t, buf_str(&delta), digest, e);
    }
    buf_release(&delta);
    return rc < 0 ? -1 : talk_end(&f->talk, e);
}

static int serve_turn(struct remote_end *f, struct sync_msg m, struct err *e)
{
    enum sync_turn kind = SYNC_TURN_HASH;
    uint64_t number = 0;

    if (m.type != SYNC_MSG_TURN) {
        return talk_unexpected(m, e);
    }
    if (sync_msg_turn(m, &kind, &number, e) < 0) {
        return -1;
    }
    if (number >= f->count) {
        return err_set(e, ERR_FORMAT, "a turn names an unknown tree");
    }
    if (kind == SYNC_TURN_PUSH) {
        return remote_push(f, &f->trees[number], e);
    }
    if (kind == SYNC_TURN_COMMIT) {
        return serve_commit(f, &f->trees[number], e);
    }
    return serve_wanted(f, &f->trees[number], kind, e);
}

static int serve(struct remote_end *f, struct err *e)
{
    unsigned char version = 0;
    struct sync_msg m;

    if (talk_want(&f->talk, SYNC_MSG_HELLO, &m, e) < 0 || sync_msg_byte(m, &version, e) < 0) {
        return -1;
    }
    if (version != SYNC_VERSION) {
        return err_set(e, ERR_FORMAT,
                       "the local end speaks version %u of the protocol; expected version %d",
                       version, SYNC_VERSION);
    }
    if (remote_open(f, e) < 0) {
        return -1;
    }
    for (;;) {
        f->listening = true;
        if (talk_next(&f->talk, &m, e) < 0) {
            return -1;
        }
        if (m.type == SYNC_MSG_BYE) {
            return 0;
        }
        if (serve_turn(f, m, e) < 0) {
            return -1;
        }
    }
}

/* Sends the error to the local end, after the end of its turn. */
static void tell(struct remote_end *f, const struct err *e)
{
    struct err ignored = {0};
    struct sync_msg m = {SYNC_MSG_NONE, {0}};

    while (f->listening && m.type != SYNC_MSG_END) {
        if (talk_next(&f->talk, &m, &ignored) < 0) {
            return; /* the connection has ended */
        }
    }
    f->talk.out.overflowed = false;
    buf_reset(&f->talk.out);
    sync_msg_add(&f->talk.out, SYNC_MSG_ERROR, str_c(e->text));
    (void)talk_flush(&f->talk, &ignored); /* sync_serve() returns the first error */
}

int sync_serve(struct sync_io *io, struct err *e)
{
    struct remote_end f = {.listening = true};
    int rc;

    talk_init(&f.talk, io);
    rc = serve(&f, e);
    if (rc < 0 && e->kind != ERR_EOF && e->kind != ERR_TIMEOUT) {
        tell(&f, e);
    }
    remote_close(&f);
    return rc;
}
