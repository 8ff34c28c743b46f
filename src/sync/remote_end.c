/* SPDX-License-Identifier: MIT */
#include "sync/remote_end.h"

#include "base/fd.h"
#include "base/limits.h"
#include "sync/content.h"
#include "sync/sync.h"

#include <string.h>

/* The paths of a HASH or FETCH turn. */
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
            return err_set(e, ERR_LIMIT, "too many files at once");
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

/* A new base: the old one, changed as the lead says, if that gives what the lead has. */
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
        (void)err_set(e, ERR_FORMAT, "the two ends disagree about what they have");
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
        (void)buf_add_str(&delta, m.payload); /* looked at once, below */
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
        rc = delta.overflowed ? err_set(e, ERR_LIMIT, "a listing that is too long")
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
        return err_set(e, ERR_FORMAT, "a turn about a tree that was not named");
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
        return err_set(e, ERR_FORMAT, "it speaks version %u of the protocol", version);
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

/* Tells the lead what went wrong, once it listens. */
static void tell(struct remote_end *f, const struct err *e)
{
    struct err ignored = {0};
    struct sync_msg m = {SYNC_MSG_NONE, {0}};

    while (f->listening && m.type != SYNC_MSG_END) {
        if (talk_next(&f->talk, &m, &ignored) < 0) {
            return; /* it does not listen any more */
        }
    }
    f->talk.out.overflowed = false;
    buf_reset(&f->talk.out);
    sync_msg_add(&f->talk.out, SYNC_MSG_ERROR, str_c(e->text));
    (void)talk_flush(&f->talk, &ignored); /* the error that counts is the first */
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
