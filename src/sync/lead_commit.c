/* SPDX-License-Identifier: MIT */
#include "sync/lead.h"

#include "base/limits.h"

#include <stdio.h>
#include <unistd.h>

/* What the plan has made of the base. */
static int changes(struct lead_tree *t, struct buf *out, struct err *e)
{
    struct synclist_w w;
    int rc = 0;

    synclist_w_init(&w, out);
    for (size_t i = 0; rc == 0 && i < t->plan.count; i++) {
        const struct sync_entry *result = reconcile_result(&t->plan.v[i], t->way);

        if (result != NULL) {
            rc = synclist_add(&w, t->plan.v[i].path, result, e);
        }
    }
    synclist_w_release(&w);
    return rc;
}

static int send(struct lead *l, struct lead_tree *t, struct str delta, const char *digest,
                struct err *e)
{
    struct sync_msg m;

    sync_msg_add_turn(&l->talk.out, SYNC_TURN_COMMIT, t->number);
    if (talk_listing(&l->talk, delta, e) < 0) {
        return -1;
    }
    sync_msg_add(&l->talk.out, SYNC_MSG_DIGEST, str_c(digest));
    return talk_end(&l->talk, e) < 0 ? -1 : talk_want(&l->talk, SYNC_MSG_END, &m, e);
}

/* The base that both have is the one to begin with. */
static int adopt(struct lead_tree *t, struct err *e)
{
    return rename(t->next_path, t->base_path) < 0 ? err_sys(e, "%s", t->base_path) : 0;
}

/* The new base is saved locally under a name of its own, then remotely, and then it replaces
 * the old local one. If this is interrupted anywhere, the base of the remote side is one of the
 * two local ones. */
static int commit(struct lead *l, struct lead_tree *t, struct str delta, struct str base,
                  struct err *e)
{
    char digest[SYNC_DIGEST + 1];

    listing_digest(base, digest);
    if (apply_flush(&t->apply, e) < 0) {
        return -1;
    }
    if (t->remote_base == &t->next && adopt(t, e) < 0) {
        return -1;
    }
    if (base_save(t->next_path, "", digest, base, e) < 0 || send(l, t, delta, digest, e) < 0) {
        return -1;
    }
    return adopt(t, e);
}

int lead_commit(struct lead *l, struct lead_tree *t, struct err *e)
{
    struct str known = t->remote_base != NULL ? t->remote_base->listing : (struct str){0};
    struct buf change;
    struct buf all;
    struct buf delta;
    struct buf base;
    int rc = -1;

    buf_init(&change, LIMIT_SYNC_LISTING);
    buf_init(&all, LIMIT_SYNC_LISTING);
    buf_init(&delta, LIMIT_SYNC_LISTING);
    buf_init(&base, LIMIT_SYNC_LISTING);
    lead_progress(l, SYNC_COMMIT);
    if (changes(t, &change, e) < 0) {
        goto out;
    }
    if (change.len == 0 && t->remote_base != NULL && t->base.len == known.len) {
        rc = t->remote_base == &t->next ? adopt(t, e) : 0; /* nothing new */
        goto out;
    }
    if (listing_apply(t->base, buf_str(&change), &all, e) < 0 ||
        listing_diff(known, buf_str(&all), &delta, e) < 0 ||
        listing_apply(known, buf_str(&delta), &base, e) < 0) {
        goto out;
    }
    rc = commit(l, t, buf_str(&delta), buf_str(&base), e);
out:
    buf_release(&change);
    buf_release(&all);
    buf_release(&delta);
    buf_release(&base);
    return rc;
}
