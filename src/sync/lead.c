/* SPDX-License-Identifier: MIT */
#include "sync/lead.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/file_lock.h"
#include "base/limits.h"
#include "sync/filter.h"
#include "sync/sync.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LOCK_WAIT_MS = 60000, LOCK_TURN_MS = 50 };

void lead_progress(struct lead *l, enum sync_phase phase)
{
    l->job->phase = phase;
    if (l->job->progress != NULL) {
        l->job->progress(l->job);
    }
}

void lead_failed(struct lead *l, struct lead_tree *t, struct sync_item *it, struct str path,
                 const char *why)
{
    struct sync_report *r = &l->job->report;

    if (it != NULL) {
        bool quiet = it->done == SYNC_FAILED;

        it->done = SYNC_FAILED;
        /* A directory stays if it contains a path that is left alone or has failed. Only that
         * path is reported. */
        quiet = quiet || (it->verb == VERB_DROP_LOCAL && it->local.type == SYNC_DIR) ||
                (it->verb == VERB_DROP_REMOTE && it->remote.type == SYNC_DIR);
        if (quiet) {
            return;
        }
    }
    if (r->failed_names.count < SYNC_NAMES_MAX) {
        strv_add(&r->failed_names, l->job->arena,
                 arena_printf(l->job->arena, "%s/%.*s: %s", t->tree->local_path, (int)path.len,
                              path.p, why));
    }
    r->failed++;
}

void lead_kept(struct lead *l, struct lead_tree *t, struct str path)
{
    struct sync_report *r = &l->job->report;

    if (r->kept.count < SYNC_NAMES_MAX) {
        strv_add(
            &r->kept, l->job->arena,
            arena_printf(l->job->arena, "%s/%.*s", t->tree->local_path, (int)path.len, path.p));
    }
    r->conflicts++;
}

void lead_touch_local(struct lead_tree *t, const struct sync_item *it)
{
    if (it->parent > 0) {
        t->plan.v[it->parent - 1].touched_local = true;
    }
}

void lead_touch_remote(struct lead_tree *t, const struct sync_item *it)
{
    if (it->parent > 0) {
        t->plan.v[it->parent - 1].touched_remote = true;
    }
}

static void count(struct sync_count *c, const struct sync_entry *was,
                  const struct sync_entry *is)
{
    bool was_one = was->type == SYNC_FILE || was->type == SYNC_LINK;
    bool is_one = is->type == SYNC_FILE || is->type == SYNC_LINK;

    if (is_one) {
        *(was_one ? &c->changed : &c->created) += 1;
    } else if (was_one) {
        c->deleted++;
    }
}

void lead_count_local(struct lead *l, const struct sync_item *it)
{
    static const struct sync_entry gone = {.type = SYNC_GONE};

    count(&l->job->report.to_local, &it->local,
          it->verb == VERB_DROP_LOCAL ? &gone : &it->remote);
}

void lead_count_remote(struct lead *l, const struct sync_item *it)
{
    static const struct sync_entry gone = {.type = SYNC_GONE};

    if (!it->again) {
        count(&l->job->report.to_remote, &it->remote,
              it->verb == VERB_DROP_REMOTE || it->verb == VERB_RESCUE ? &gone : &it->local);
    }
}

static int take_lock(struct lead *l, struct lead_tree *t, struct err *e)
{
    const char *path = arena_printf(l->job->arena, "%s/%s.lock", l->job->base_dir, t->tree->id);
    int64_t deadline = clock_ms() + LOCK_WAIT_MS;

    for (;;) {
        struct err held = {0};

        t->lock = file_lock(path, clock_ms() + LOCK_TURN_MS, &held);
        if (t->lock >= 0) {
            return 0;
        }
        if (held.kind != ERR_TIMEOUT) {
            *e = held;
            return -1;
        }
        if (clock_ms() > deadline) {
            (void)err_set(e, ERR_TIMEOUT, "%s: another cco is synchronizing it",
                          t->tree->local_path);
            return err_hint(e, "Wait until it has finished, then try again: cco sync");
        }
        lead_progress(l, SYNC_LOCK);
    }
}

static int open_tree(struct lead *l, struct lead_tree *t, struct err *e)
{
    struct arena *a = l->job->arena;

    if (!sync_id_is_good(str_c(t->tree->id))) {
        return err_set(e, ERR_USAGE, "'%s' is not a valid name for a tree", t->tree->id);
    }
    t->way = !t->tree->pull ? SYNC_PUSH_ONLY : t->tree->push ? SYNC_BOTH_WAYS : SYNC_PULL_ONLY;
    t->base_path = arena_printf(a, "%s/%s", l->job->base_dir, t->tree->id);
    t->next_path = arena_printf(a, "%s/%s.next", l->job->base_dir, t->tree->id);
    t->root = file_open(t->tree->local_path, O_RDONLY | O_DIRECTORY, 0, e);
    if (t->root < 0 || take_lock(l, t, e) < 0 || apply_open(&t->apply, t->root, e) < 0) {
        return -1;
    }
    base_tree_of(t->root, t->identity);
    return base_load(&t->last, t->base_path, "", e) < 0
               ? -1
               : base_load(&t->next, t->next_path, "", e);
}

static void init_tree(struct lead_tree *t, const struct sync_tree *tree, size_t number)
{
    t->tree = tree;
    t->number = number;
    t->root = -1;
    t->lock = -1;
    t->apply.fd = -1;
    buf_init(&t->local, LIMIT_SYNC_LISTING);
    buf_init(&t->offered, LIMIT_SYNC_LISTING);
    buf_init(&t->remote, LIMIT_SYNC_LISTING);
    buf_init(&t->unreadables, LIMIT_SYNC_NAMES);
    t->seen.unreadables = &t->unreadables;
}

static void release_tree(struct lead_tree *t)
{
    apply_release(&t->apply);
    sync_plan_release(&t->plan);
    base_release(&t->last);
    base_release(&t->next);
    buf_release(&t->local);
    buf_release(&t->offered);
    buf_release(&t->remote);
    buf_release(&t->unreadables);
    fd_close(&t->root);
    fd_close(&t->lock);
}

static int say_trees(struct lead *l, struct err *e)
{
    struct sync_job *job = l->job;

    sync_msg_add_byte(&l->talk.out, SYNC_MSG_HELLO, SYNC_VERSION);
    for (size_t i = 0; i < job->tree_count; i++) {
        const struct lead_tree *t = &l->trees[i];
        struct sync_tree_msg m = {
            .git = t->tree->git,
            .uid = job->uid,
            .gid = job->gid,
            .id = str_c(t->tree->id),
            .remote_path = str_c(t->tree->remote_path),
            .base_dir = str_c(job->remote_base_dir),
            .home = str_c(job->remote_home),
            .digest = {str_c(t->last.digest), str_c(t->next.digest)},
        };

        sync_msg_add_tree(&l->talk.out, &m);
        if (talk_pace(&l->talk, e) < 0) {
            return -1;
        }
    }
    return talk_end(&l->talk, e);
}

static int read_local(struct lead *l, struct lead_tree *t, struct err *e)
{
    const char *p;

    if (walk_tree(t->root, t->tree->filter, !l->job->look, &t->local, &t->seen, e) < 0) {
        return -1;
    }
    l->job->report.skipped += t->seen.special;
    p = buf_data(&t->unreadables);
    for (size_t at = 0; at < t->unreadables.len; at += strlen(p + at) + 1) {
        lead_failed(l, t, NULL, str_c(p + at), "cannot be read");
    }
    return 0;
}

/* Receives the listing of a remote tree: changes to the base that STATE names. */
static int hear_tree(struct lead *l, struct lead_tree *t, struct err *e)
{
    enum sync_base base = SYNC_BASE_NONE;
    uint64_t special = 0;
    struct sync_msg m;

    for (;;) {
        if (talk_next(&l->talk, &m, e) < 0) {
            return -1;
        }
        if (m.type != SYNC_MSG_LIST) {
            break;
        }
        if (buf_add_str(&t->offered, m.payload) < 0) {
            return err_set(e, ERR_LIMIT, "the remote listing exceeds %d bytes",
                           LIMIT_SYNC_LISTING);
        }
    }
    if (m.type != SYNC_MSG_STATE) {
        return talk_unexpected(m, e);
    }
    if (sync_msg_state(m, &base, &special, e) < 0) {
        return -1;
    }
    if ((base == SYNC_BASE_LAST && !t->last.has) || (base == SYNC_BASE_NEXT && !t->next.has)) {
        return err_set(e, ERR_FORMAT,
                       "the remote end names a base that the local end does not have");
    }
    if (base != SYNC_BASE_NONE) {
        t->remote_base = base == SYNC_BASE_LAST ? &t->last : &t->next;
    }
    l->job->report.skipped += special;
    return 0;
}

static int hear_trees(struct lead *l, struct err *e)
{
    struct sync_msg m;
    unsigned char version = 0;

    if (talk_want(&l->talk, SYNC_MSG_HELLO, &m, e) < 0 || sync_msg_byte(m, &version, e) < 0) {
        return -1;
    }
    if (version != SYNC_VERSION) {
        (void)err_set(e, ERR_FORMAT,
                      "the remote end speaks version %u of the protocol; expected version %d",
                      version, SYNC_VERSION);
        return err_hint(e, "Another version of cco started the session: use that version.");
    }
    for (size_t i = 0; i < l->job->tree_count; i++) {
        if (hear_tree(l, &l->trees[i], e) < 0) {
            return err_wrap(e, "%s", l->trees[i].tree->local_path);
        }
    }
    return talk_want(&l->talk, SYNC_MSG_END, &m, e);
}

/* Writes a listing of changes: the new entries of the base for the items that were carried
 * out. */
static int list_changes(struct lead_tree *t, struct buf *out, struct err *e)
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

static int send_commit(struct lead *l, struct lead_tree *t, struct str delta,
                       const char *digest, struct err *e)
{
    struct sync_msg m;

    sync_msg_add_turn(&l->talk.out, SYNC_TURN_COMMIT, t->number);
    if (talk_listing(&l->talk, delta, e) < 0) {
        return -1;
    }
    sync_msg_add(&l->talk.out, SYNC_MSG_DIGEST, str_c(digest));
    return talk_end(&l->talk, e) < 0 ? -1 : talk_want(&l->talk, SYNC_MSG_END, &m, e);
}

/* Renames the next base, which both ends have stored, to the last base. */
static int adopt_next(struct lead_tree *t, struct err *e)
{
    return rename(t->next_path, t->base_path) < 0 ? err_sys(e, "%s", t->base_path) : 0;
}

/* Stores the new base: first locally as the next base, then on the remote side, and then it
 * replaces the last local base. If this is interrupted at any moment, the base of the remote
 * end is one of the two local bases. `delta` has the changes from the base of the remote end to
 * the new base, `base` the whole new base. */
static int commit(struct lead *l, struct lead_tree *t, struct str delta, struct str base,
                  struct err *e)
{
    char digest[SYNC_DIGEST + 1];

    listing_digest(base, digest);
    if (apply_flush(&t->apply, e) < 0) {
        return -1;
    }
    if (t->remote_base == &t->next && adopt_next(t, e) < 0) {
        return -1;
    }
    if (base_save(t->next_path, t->identity, digest, base, e) < 0 ||
        send_commit(l, t, delta, digest, e) < 0) {
        return -1;
    }
    return adopt_next(t, e);
}

/* Stores what both sides have after this run as the new base, on both sides. */
static int commit_tree(struct lead *l, struct lead_tree *t, struct err *e)
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
    if (list_changes(t, &change, e) < 0) {
        goto out;
    }
    if (change.len == 0 && t->remote_base != NULL && t->base.len == known.len) {
        rc = t->remote_base == &t->next ? adopt_next(t, e) : 0; /* the base is unchanged */
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

static int run_tree(struct lead *l, struct lead_tree *t, struct err *e)
{
    if (lead_plan(l, t, e) < 0) {
        return -1;
    }
    if (l->job->look) {
        return 0;
    }
    return lead_fetch(l, t, e) < 0 || lead_push(l, t, e) < 0 || commit_tree(l, t, e) < 0 ? -1
                                                                                         : 0;
}

int sync_lead(struct sync_io *io, struct sync_job *job, struct err *e)
{
    struct lead l = {.job = job};
    int rc = -1;

    talk_init(&l.talk, io);
    l.trees = arena_array(job->arena, job->tree_count, sizeof(*l.trees));
    job->report = (struct sync_report){0};
    job->files = job->files_total = 0;
    job->bytes = job->bytes_total = 0;
    for (size_t i = 0; i < job->tree_count; i++) {
        init_tree(&l.trees[i], &job->trees[i], i);
    }
    for (size_t i = 0; i < job->tree_count; i++) {
        if (open_tree(&l, &l.trees[i], e) < 0) {
            goto out;
        }
    }
    if (say_trees(&l, e) < 0) {
        goto out;
    }
    lead_progress(&l, SYNC_READ); /* the remote end reads its trees at the same time */
    for (size_t i = 0; i < job->tree_count; i++) {
        if (read_local(&l, &l.trees[i], e) < 0) {
            (void)err_wrap(e, "%s", job->trees[i].local_path);
            goto out;
        }
    }
    rc = hear_trees(&l, e);
    for (size_t i = 0; rc == 0 && i < job->tree_count; i++) {
        rc = run_tree(&l, &l.trees[i], e);
        if (rc < 0) {
            (void)err_wrap(e, "%s", job->trees[i].local_path);
        }
    }
    if (rc == 0) {
        sync_msg_add(&l.talk.out, SYNC_MSG_BYE, str_c(""));
        rc = talk_flush(&l.talk, e);
    }
out:
    for (size_t i = job->tree_count; i > 0; i--) {
        release_tree(&l.trees[i - 1]);
    }
    talk_release(&l.talk);
    return rc < 0 ? err_wrap(e, "synchronize") : 0;
}
