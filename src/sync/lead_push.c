/* SPDX-License-Identifier: MIT */
#include "sync/lead.h"

#include "base/fd.h"
#include "sync/content.h"

#include <stdio.h>

/* The operations of this turn, in order. The remote end names an operation by its index. */
struct asked {
    size_t *items; /* the index in the plan of each operation's item */
    size_t count, cap;
};

static int say(struct lead *l, struct lead_tree *t, struct asked *a, size_t i,
               enum sync_msg_type type)
{
    struct sync_item *it = &t->plan.v[i];
    struct sync_op op = {.path = it->path, .expected = it->remote};

    if (type != SYNC_MSG_DROP) {
        op.entry = it->local;
    }
    if (a->count == 0) {
        sync_msg_add_turn(&l->talk.out, SYNC_TURN_PUSH, t->number);
    }
    sync_msg_add_op(&l->talk.out, type, &op);
    a->items = list_grow(&t->plan.arena, a->items, a->count, &a->cap, sizeof(*a->items));
    a->items[a->count++] = i;
    lead_touch_remote(t, it);
    it->touched_remote = it->touched_remote || it->local.type == SYNC_DIR;
    return 0;
}

static int push_file(struct lead *l, struct lead_tree *t, struct asked *a, size_t i,
                     struct err *e)
{
    struct sync_item *it = &t->plan.v[i];
    struct sync_entry now = {0};
    struct err why = {0};
    bool whole = false;
    int fd = content_open(&t->apply.dirs, it->path, &now, &why);
    int rc;

    if (fd < 0) {
        lead_failed(l, t, it, it->path, why.text);
        return 0;
    }
    it->local = now; /* the file may have changed since the listing */
    rc = say(l, t, a, i, SYNC_MSG_MAKE);
    if (rc == 0) {
        rc = content_send(&l->talk, fd, &now, &whole, e);
    }
    fd_close(&fd);
    l->job->files++;
    l->job->bytes += now.size;
    lead_progress(l, SYNC_PUSH);
    return rc;
}

static bool is_dropped(const struct sync_item *it)
{
    return (it->verb == VERB_DROP_REMOTE && it->done == SYNC_OPEN) ||
           (it->verb == VERB_RESCUE && it->done == SYNC_FETCHED);
}

static int push_one(struct lead *l, struct lead_tree *t, struct asked *a, size_t i,
                    struct err *e)
{
    struct sync_item *it = &t->plan.v[i];
    int rc = 0;

    if (it->verb == VERB_META_REMOTE && it->done == SYNC_OPEN) {
        rc = say(l, t, a, i, SYNC_MSG_META);
    } else if ((it->verb == VERB_PUSH && it->done == SYNC_OPEN) ||
               (it->verb == VERB_CONFLICT && it->done == SYNC_FETCHED)) {
        if (it->local.type == SYNC_FILE) {
            rc = push_file(l, t, a, i, e);
        } else if (it->local.type == SYNC_DIR && it->remote.type == SYNC_DIR) {
            rc = say(l, t, a, i, SYNC_MSG_META);
        } else {
            rc = say(l, t, a, i, SYNC_MSG_MAKE);
        }
    }
    return rc < 0 ? -1 : talk_pace(&l->talk, e);
}

static int say_stamps(struct lead *l, struct lead_tree *t, struct err *e)
{
    for (size_t i = t->plan.count; i > 0; i--) {
        const struct sync_item *it = &t->plan.v[i - 1];
        struct sync_op op = {.path = it->path, .expected = it->remote};

        if (it->touched_remote && !is_dropped(it) &&
            reconcile_stamp(it, &it->remote, &op.entry)) {
            sync_msg_add_op(&l->talk.out, SYNC_MSG_STAMP, &op);
            if (talk_pace(&l->talk, e) < 0) {
                return -1;
            }
        }
    }
    return 0;
}

/* Receives the faults: the operations that the remote end could not carry out. */
static int hear_faults(struct lead *l, struct lead_tree *t, struct asked *a, struct err *e)
{
    uint64_t number = 0;
    struct str why;
    struct sync_msg m;

    for (;;) {
        char text[160];

        if (talk_next(&l->talk, &m, e) < 0) {
            return -1;
        }
        if (m.type == SYNC_MSG_END) {
            return 0;
        }
        if (m.type != SYNC_MSG_FAULT) {
            return talk_unexpected(m, e);
        }
        if (sync_msg_fault(m, &number, &why, e) < 0) {
            return -1;
        }
        if (number >= a->count ||
            t->plan.v[a->items[number]].done == SYNC_FAILED) { /* each can fail only once */
            return err_set(e, ERR_FORMAT,
                           "the remote end reports a fault of an operation that was not "
                           "requested");
        }
        (void)snprintf(text, sizeof(text), "the remote side: %.*s",
                       why.len < sizeof(text) ? (int)why.len : (int)sizeof(text), why.p);
        lead_failed(l, t, &t->plan.v[a->items[number]], t->plan.v[a->items[number]].path, text);
    }
}

int lead_push(struct lead *l, struct lead_tree *t, struct err *e)
{
    struct asked a = {0};

    if (t->way == SYNC_PULL_ONLY) {
        for (size_t i = 0; i < t->plan.count; i++) {
            struct sync_item *it = &t->plan.v[i];

            it->done = it->done == SYNC_FETCHED ? SYNC_DONE : it->done;
        }
        return 0;
    }
    for (size_t i = t->plan.count; i > 0; i--) {
        if (is_dropped(&t->plan.v[i - 1])) {
            (void)say(l, t, &a, i - 1, SYNC_MSG_DROP); /* say() cannot fail */
            if (talk_pace(&l->talk, e) < 0) {
                return -1;
            }
        }
    }
    for (size_t i = 0; i < t->plan.count; i++) {
        if (push_one(l, t, &a, i, e) < 0) {
            return -1;
        }
    }
    if (a.count == 0) {
        return 0;
    }
    if (say_stamps(l, t, e) < 0 || talk_end(&l->talk, e) < 0 || hear_faults(l, t, &a, e) < 0) {
        return -1;
    }
    for (size_t i = 0; i < a.count; i++) {
        struct sync_item *it = &t->plan.v[a.items[i]];

        if (it->done != SYNC_FAILED) {
            it->done = SYNC_DONE;
            lead_count_remote(l, it);
            l->job->report.to_remote.bytes +=
                it->local.type == SYNC_FILE && it->verb != VERB_META_REMOTE ? it->local.size
                                                                            : 0;
        }
    }
    return 0;
}
