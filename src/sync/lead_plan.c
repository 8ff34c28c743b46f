/* SPDX-License-Identifier: MIT */
#include "sync/lead.h"

#include "base/fd.h"
#include "base/limits.h"
#include "sync/content.h"
#include "sync/filter.h"

#include <string.h>

/* Marks the paths of the remote listing that the host's filter skips as LEFT. The remote end is
 * not trusted, so it may list them. */
static int filter_remote(struct lead_tree *t, struct err *e)
{
    const struct sync_entry left = {.type = SYNC_LEFT};
    struct synclist_r r;
    struct synclist_w w;
    struct buf out;
    int rc;

    buf_init(&out, LIMIT_SYNC_LISTING);
    synclist_r_init(&r, buf_str(&t->remote));
    synclist_w_init(&w, &out);
    rc = synclist_next(&r, e);
    while (rc == 0 && r.has) {
        bool skip =
            r.entry.type != SYNC_LEFT &&
            sync_filter_skips(t->tree->filter, buf_c(&r.path), r.entry.type == SYNC_DIR);

        rc = synclist_add(&w, buf_str(&r.path), skip ? &left : &r.entry, e);
        rc = rc < 0 ? -1 : synclist_next(&r, e);
    }
    synclist_r_release(&r);
    synclist_w_release(&w);
    if (rc < 0) {
        buf_release(&out);
        return -1;
    }
    buf_release(&t->remote);
    t->remote = out;
    return 0;
}

/* Returns true if the listing has no entries, or only entries that are left alone. */
static bool is_empty(struct str listing)
{
    struct err ignored = {0};
    struct synclist_r r;
    bool empty = true;

    synclist_r_init(&r, listing);
    while (empty && synclist_next(&r, &ignored) == 0 && r.has) {
        empty = r.entry.type == SYNC_LEFT;
    }
    synclist_r_release(&r);
    return empty;
}

/* Returns true if the local tree has no entries, and is not the directory that the base was
 * made for. */
static bool is_lost(const struct lead_tree *t)
{
    return t->seen.entries == 0 && (t->remote_base == NULL || t->identity[0] == '\0' ||
                                    strcmp(t->remote_base->tree, t->identity) != 0);
}

/* Sets t->remote to the listing of the remote side and t->base to the base. */
static int hear_remote(struct lead_tree *t, struct err *e)
{
    struct str known = t->remote_base != NULL ? t->remote_base->listing : (struct str){0};

    if (t->offered.len == 0) {
        (void)buf_add_str(&t->remote, known); /* a base does not exceed LIMIT_SYNC_LISTING */
    } else if (listing_apply(known, buf_str(&t->offered), &t->remote, e) < 0 ||
               listing_check(buf_str(&t->remote), true, e) < 0 ||
               (t->tree->filter != NULL && filter_remote(t, e) < 0)) {
        return -1;
    }
    t->base = known;
    if (is_lost(t) || is_empty(buf_str(&t->remote))) {
        t->base = (struct str){0}; /* such a side deletes nothing on the other side */
    }
    return 0;
}

static bool is_wanted(const struct sync_item *it)
{
    return it->verb == VERB_COMPARE;
}

/* Computes the digest of the local file. Sets `out` to "" and *why to the reason if that is not
 * possible. */
static void hash_local(struct lead_tree *t, struct sync_item *it, char out[SYNC_DIGEST + 1],
                       struct err *why)
{
    struct sync_entry now = {0};
    int fd = content_open(&t->apply.dirs, it->path, &now, why);

    out[0] = '\0';
    if (fd >= 0 && sync_same(&now, &it->local)) {
        if (content_hash(NULL, fd, &now, out, why) < 0) {
            out[0] = '\0';
        }
    } else if (fd >= 0) {
        (void)err_set(why, ERR_REFUSED, "it changed meanwhile");
    }
    fd_close(&fd);
}

static int compare(struct lead *l, struct lead_tree *t, struct sync_item *it, struct err *e)
{
    char local[SYNC_DIGEST + 1];
    struct err why = {0};
    struct sync_msg m;

    hash_local(t, it, local, &why);
    for (uint64_t left = it->remote.size / SYNC_BUSY + 1;; left--) {
        if (talk_next(&l->talk, &m, e) < 0) {
            return -1;
        }
        if (m.type != SYNC_MSG_BUSY || left == 0) {
            break;
        }
    }
    if (m.type == SYNC_MSG_MISSING) {
        lead_failed(l, t, it, it->path, "cannot be read on the remote side");
        return 0;
    }
    if (m.type != SYNC_MSG_HASH || m.payload.len != SYNC_DIGEST) {
        return talk_unexpected(m, e);
    }
    if (local[0] == '\0') {
        lead_failed(l, t, it, it->path, why.text);
        return 0;
    }
    it->verb = str_eq_c(m.payload, local) ? it->same : it->differ;
    l->job->files++;
    lead_progress(l, SYNC_COMPARE);
    return 0;
}

static int compare_all(struct lead *l, struct lead_tree *t, struct err *e)
{
    size_t wanted = 0;
    struct sync_msg m;

    for (size_t i = 0; i < t->plan.count; i++) {
        if (!is_wanted(&t->plan.v[i])) {
            continue;
        }
        if (wanted++ == 0) {
            sync_msg_add_turn(&l->talk.out, SYNC_TURN_HASH, t->number);
        }
        sync_msg_add(&l->talk.out, SYNC_MSG_WANT, t->plan.v[i].path);
        if (talk_pace(&l->talk, e) < 0) {
            return -1;
        }
    }
    if (wanted == 0) {
        return 0;
    }
    if (talk_end(&l->talk, e) < 0) {
        return -1;
    }
    for (size_t i = 0; i < t->plan.count; i++) {
        if (is_wanted(&t->plan.v[i]) && compare(l, t, &t->plan.v[i], e) < 0) {
            return -1;
        }
    }
    return talk_want(&l->talk, SYNC_MSG_END, &m, e);
}

static bool changes_remote(const struct sync_item *it)
{
    return it->verb == VERB_PUSH || it->verb == VERB_META_REMOTE ||
           it->verb == VERB_DROP_REMOTE || it->verb == VERB_CONFLICT;
}

static bool changes_local(const struct sync_item *it)
{
    return it->verb == VERB_FETCH || it->verb == VERB_META_LOCAL ||
           it->verb == VERB_DROP_LOCAL || it->verb == VERB_CONFLICT || it->verb == VERB_RESCUE;
}

/* Adds up how much there is to do. In a run with `look`, counts it in the report. */
static void sum_up(struct lead *l, struct lead_tree *t)
{
    for (size_t i = 0; i < t->plan.count; i++) {
        struct sync_item *it = &t->plan.v[i];

        if (it->done == SYNC_FAILED) {
            continue;
        }
        if (it->verb == VERB_RECORD || it->verb == VERB_FORGET) {
            it->done = SYNC_DONE;
        }
        if ((it->verb == VERB_PUSH || it->verb == VERB_CONFLICT) &&
            it->local.type == SYNC_FILE && t->way != SYNC_PULL_ONLY) {
            l->job->files_total++;
            l->job->bytes_total += it->local.size;
        }
        if ((it->verb == VERB_FETCH || it->verb == VERB_CONFLICT || it->verb == VERB_RESCUE) &&
            it->remote.type == SYNC_FILE) {
            l->job->files_total++;
            l->job->bytes_total += it->remote.size;
        }
        if (l->job->look && it->verb == VERB_CONFLICT) {
            lead_kept(l, t, it->path);
        } else if (l->job->look && changes_remote(it)) {
            lead_count_remote(l, it);
        } else if (l->job->look && changes_local(it)) {
            lead_count_local(l, it);
        }
    }
}

int lead_plan(struct lead *l, struct lead_tree *t, struct err *e)
{
    struct sync_states s = {.way = t->way};

    if (hear_remote(t, e) < 0) {
        return -1;
    }
    s.base = t->base;
    s.local = buf_str(&t->local);
    s.remote = buf_str(&t->remote);
    if (reconcile(&s, &t->plan, e) < 0 || compare_all(l, t, e) < 0) {
        return -1;
    }
    reconcile_structure(&t->plan);
    l->job->files = 0;
    sum_up(l, t);
    return 0;
}
