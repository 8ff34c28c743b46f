/* SPDX-License-Identifier: MIT */
#include "sync/lead.h"

#include "base/limits.h"

#include <string.h>

static const struct sync_entry gone = {.type = SYNC_GONE};

/* A file that is received from the remote end. */
struct incoming {
    struct str path; /* the path that it gets, or beside which it is kept */
    bool beside;     /* it is kept beside `path` */
    bool skipped;    /* it cannot be written, for the reason in t->why */
    uint64_t left;   /* bytes that still have to come */
};

/* Handles the result `rc` of an apply function for an item. If it is 1, reports the item as
 * failed and returns 0, so that the other items are still done. If it is -1, sets *e and
 * returns -1. */
static int finish_item(struct lead *l, struct lead_tree *t, struct sync_item *it, int rc,
                       struct err *e)
{
    if (rc > 0) {
        lead_failed(l, t, it, it->path, t->why.text);
        return 0;
    }
    if (rc < 0) {
        *e = t->why;
        return -1;
    }
    lead_touch_local(t, it);
    return 0;
}

static int drop_local(struct lead *l, struct lead_tree *t, struct sync_item *it, struct err *e)
{
    int rc = apply_drop(&t->apply, it->path, &it->local, &t->why);

    if (rc == 0) {
        it->done = SYNC_DONE;
        lead_count_local(l, it);
    }
    return finish_item(l, t, it, rc, e);
}

static bool is_file_wanted(const struct sync_item *it)
{
    return it->remote.type == SYNC_FILE && it->done == SYNC_OPEN &&
           (it->verb == VERB_FETCH || it->verb == VERB_CONFLICT || it->verb == VERB_RESCUE);
}

static int ask(struct lead *l, struct lead_tree *t, bool *asked, struct err *e)
{
    *asked = false;
    for (size_t i = 0; i < t->plan.count; i++) {
        const struct sync_item *it = &t->plan.v[i];

        if (!is_file_wanted(it)) {
            continue;
        }
        if (!*asked) {
            sync_msg_add_turn(&l->talk.out, SYNC_TURN_FETCH, t->number);
            *asked = true;
        }
        sync_msg_add(&l->talk.out, SYNC_MSG_WANT, it->path);
        if (talk_pace(&l->talk, e) < 0) {
            return -1;
        }
    }
    return *asked ? talk_end(&l->talk, e) : 0;
}

/* Handles the result `rc` of a write. If it is 1, the rest of the file is read and discarded.
 * Returns -1 if it is -1, because nothing can be written any more. */
static int skip_rest(struct lead_tree *t, struct incoming *in, int rc)
{
    if (rc != 0) {
        apply_cancel(&t->apply);
        in->skipped = true;
    }
    return rc < 0 ? -1 : 0;
}

static int take_bytes(struct lead_tree *t, struct incoming *in, struct sync_msg m,
                      struct err *e)
{
    uint64_t len = m.payload.len;

    if (m.type == SYNC_MSG_HOLE && sync_msg_number(m, &len, e) < 0) {
        return -1;
    }
    if (len == 0 || len > in->left) {
        return err_set(e, ERR_FORMAT, "the remote end sent more bytes than the file has");
    }
    in->left -= len;
    if (in->skipped) {
        return 0;
    }
    if (skip_rest(t, in,
                  m.type == SYNC_MSG_HOLE ? apply_hole(&t->apply, len, &t->why)
                                          : apply_data(&t->apply, m.payload, &t->why)) < 0) {
        *e = t->why;
        return -1;
    }
    return 0;
}

/* Receives the bytes of a file, up to DONE, whose value is stored in *whole. */
static int take_content(struct lead *l, struct lead_tree *t, struct incoming *in, bool *whole,
                        struct err *e)
{
    unsigned char done = 0;
    struct sync_msg m;

    for (;;) {
        if (talk_next(&l->talk, &m, e) < 0) {
            return -1;
        }
        if (m.type != SYNC_MSG_DATA && m.type != SYNC_MSG_HOLE) {
            break;
        }
        if (take_bytes(t, in, m, e) < 0) {
            return -1;
        }
        l->job->bytes += m.type == SYNC_MSG_DATA ? m.payload.len : 0;
        lead_progress(l, SYNC_FETCH);
    }
    if (m.type != SYNC_MSG_DONE) {
        return talk_unexpected(m, e);
    }
    if (sync_msg_byte(m, &done, e) < 0) {
        return -1;
    }
    if (done > 1 || (done == 1 && in->left > 0)) {
        return err_set(e, ERR_FORMAT, "the remote end sent fewer bytes than the file has");
    }
    *whole = done == 1;
    return 0;
}

/* Moves the complete file to its path. Returns 0, 1 or -1 as in apply.h. */
static int place(struct lead *l, struct lead_tree *t, struct sync_item *it, struct incoming *in)
{
    struct sync_entry now = {0};
    struct str kept = {0};
    int rc;

    if (in->beside) {
        rc = apply_end_beside(&t->apply, &kept, &t->why);
        if (rc == 0) {
            lead_kept(l, t, kept);
            it->done = SYNC_FETCHED;
        }
        return rc;
    }
    rc = apply_end(&t->apply, it->verb == VERB_RESCUE ? &gone : &it->local, &now, &t->why);
    if (rc == 0 && it->verb == VERB_RESCUE) {
        it->done = SYNC_FETCHED;
    } else if (rc == 0) {
        lead_count_local(l, it);
        it->done = SYNC_DONE;
        /* Some file systems round times or have no modes. The remote side then gets the time
         * and mode that the local file has. */
        if (!sync_same(&now, &it->remote)) {
            it->verb = VERB_META_REMOTE;
            it->done = SYNC_OPEN;
            it->again = true;
            it->local = now;
        }
    } else if (rc > 0 && t->apply.fd >= 0) { /* the local file has changed: keep both */
        if (apply_end_beside(&t->apply, &kept, &t->why) == 0) {
            lead_kept(l, t, kept);
            (void)err_set(&t->why, ERR_REFUSED, "it changed meanwhile");
        }
    }
    return rc;
}

static int receive(struct lead *l, struct lead_tree *t, struct sync_item *it,
                   struct incoming *in, struct err *e)
{
    struct sync_entry entry = {0};
    struct sync_msg m;
    bool whole = false;
    int rc;

    if (talk_next(&l->talk, &m, e) < 0) {
        return -1;
    }
    if (m.type == SYNC_MSG_MISSING) {
        lead_failed(l, t, it, it->path, "cannot be read on the remote side");
        return 0;
    }
    if (m.type != SYNC_MSG_FILE) {
        return talk_unexpected(m, e);
    }
    if (sync_msg_file(m, &entry, e) < 0) {
        return -1;
    }
    if (entry.size >> LIMIT_SYNC_FILE_BITS > 0) {
        return err_set(e, ERR_LIMIT, "the remote end sent a file of %llu bytes; maximum 2^%d",
                       (unsigned long long)entry.size, LIMIT_SYNC_FILE_BITS);
    }
    it->remote = entry;
    in->left = entry.size;
    rc = apply_begin(&t->apply, in->path, &entry, &t->why);
    if (rc < 0) {
        *e = t->why;
        return -1;
    }
    in->skipped = rc > 0;
    if (take_content(l, t, in, &whole, e) < 0) {
        return -1;
    }
    if (!whole && !in->skipped) {
        (void)err_set(&t->why, ERR_REFUSED, "it changed while it was read");
    }
    rc = in->skipped || !whole ? 1 : place(l, t, it, in);
    apply_cancel(&t->apply);
    l->job->files++;
    if (rc == 0) {
        l->job->report.to_local.bytes += entry.size;
    }
    return finish_item(l, t, it, rc, e);
}

static int fetch_other(struct lead *l, struct lead_tree *t, struct sync_item *it,
                       struct str path, struct err *e)
{
    const struct sync_entry *expected = it->verb == VERB_RESCUE ? &gone : &it->local;
    int rc = apply_make(&t->apply, path, expected, &it->remote, &t->why);

    if (rc == 0 && it->verb == VERB_RESCUE) {
        it->done = SYNC_FETCHED;
    } else if (rc == 0) {
        it->done = SYNC_DONE;
        it->touched_local = true;
        lead_count_local(l, it);
    }
    return finish_item(l, t, it, rc, e);
}

static int meta_local(struct lead *l, struct lead_tree *t, struct sync_item *it, struct err *e)
{
    int rc = apply_meta(&t->apply, it->path, &it->local, &it->remote, NULL, &t->why);

    if (rc == 0) {
        it->done = SYNC_DONE;
        lead_count_local(l, it);
    }
    return finish_item(l, t, it, rc, e);
}

static bool has_rescued(const struct sync_plan *p, size_t i)
{
    for (size_t k = i + 1; k < p->count && sync_is_below(p->v[k].path, p->v[i].path); k++) {
        if (p->v[k].verb == VERB_RESCUE) {
            return true;
        }
    }
    return false;
}

/* Handles a conflict in which the remote side has a link or a directory. Makes the link or
 * directory under a conflict name beside the local path. A directory is made only if a path
 * below it has VERB_RESCUE, because that path is kept in it; *aside is then set to its new
 * path. */
static int keep_other(struct lead *l, struct lead_tree *t, size_t i, struct str *aside,
                      struct err *e)
{
    struct sync_item *it = &t->plan.v[i];
    struct str kept = {0};
    bool dir = it->remote.type == SYNC_DIR;
    int rc = 0;

    if (!dir || has_rescued(&t->plan, i)) {
        rc = apply_make_beside(&t->apply, it->path, &it->remote, &kept, &t->why);
        if (rc == 0) {
            lead_kept(l, t, kept);
            *aside = dir ? kept : *aside;
        }
    }
    if (rc == 0) {
        it->done = SYNC_FETCHED;
    }
    return finish_item(l, t, it, rc, e);
}

/* Returns the new path of `path`, which is below the conflicting directory `of` that is kept as
 * `aside`. */
static struct str moved(struct lead_tree *t, struct str path, struct str of, struct str aside)
{
    return str_c(arena_printf(&t->plan.arena, "%.*s%.*s", (int)aside.len, aside.p,
                              (int)(path.len - of.len), path.p + of.len));
}

static int fetch_all(struct lead *l, struct lead_tree *t, struct err *e)
{
    struct str conflict = {0};
    struct str aside = {0};
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < t->plan.count; i++) {
        struct sync_item *it = &t->plan.v[i];
        struct incoming in = {.path = it->path};

        if (it->verb == VERB_RESCUE && it->done == SYNC_OPEN) {
            in.beside = aside.len == 0; /* the directory for it could not be made */
            in.path = in.beside ? conflict : moved(t, it->path, conflict, aside);
        } else if (it->verb == VERB_CONFLICT) {
            conflict = it->path;
            aside = (struct str){0};
            in.beside = true;
        }
        if (is_file_wanted(it)) {
            rc = receive(l, t, it, &in, e);
        } else if (it->done != SYNC_OPEN) {
            continue;
        } else if (it->verb == VERB_CONFLICT) {
            rc = keep_other(l, t, i, &aside, e);
        } else if (it->verb == VERB_FETCH || (it->verb == VERB_RESCUE && !in.beside)) {
            rc = fetch_other(l, t, it, in.path, e);
        } else if (it->verb == VERB_RESCUE) {
            lead_failed(l, t, it, it->path, "its directory does not exist here");
        } else if (it->verb == VERB_META_LOCAL) {
            rc = meta_local(l, t, it, e);
        }
    }
    return rc;
}

/* Sets the final modes and times of the directories after all changes in them, even after an
 * error. */
static void stamp_local(struct lead_tree *t)
{
    for (size_t i = t->plan.count; i > 0; i--) {
        const struct sync_item *it = &t->plan.v[i - 1];
        struct sync_entry stamp;

        if (it->touched_local && reconcile_stamp(it, &it->local, &stamp)) {
            apply_stamp(&t->apply, it->path, &stamp);
        }
    }
}

int lead_fetch(struct lead *l, struct lead_tree *t, struct err *e)
{
    bool asked = false;
    struct sync_msg m;
    int rc = 0;

    for (size_t i = t->plan.count; rc == 0 && i > 0; i--) {
        if (t->plan.v[i - 1].verb == VERB_DROP_LOCAL) {
            rc = drop_local(l, t, &t->plan.v[i - 1], e);
        }
    }
    if (rc == 0) {
        rc = ask(l, t, &asked, e);
    }
    if (rc == 0) {
        rc = fetch_all(l, t, e);
    }
    if (rc == 0 && asked) {
        rc = talk_want(&l->talk, SYNC_MSG_END, &m, e);
    }
    apply_cancel(&t->apply);
    stamp_local(t);
    return rc;
}
