/* SPDX-License-Identifier: MIT */
#include "sync/reconcile.h"

#include "base/limits.h"
#include "base/list.h"

#include <string.h>

static const struct sync_entry gone = {.type = SYNC_GONE};

enum {
    WORTH_COMPARING = 64 << 10 /* bytes; it is faster to send smaller files than to compare */
};

/* A directory that contains the current path. */
struct above {
    size_t path_len;
    struct sync_entry local, remote;
    size_t item; /* index of its item plus 1; 0: it has no item yet */
};

struct merge {
    struct synclist_r base, local, remote;
    enum sync_way way;
    struct sync_plan *plan;
    struct above *above;
    size_t depth, cap;
    struct buf path;  /* the current path */
    struct buf aside; /* the last path that is left alone, with everything below it; or "" */
};

/* The three states of the current path. */
struct states {
    const struct sync_entry *base, *local, *remote;
};

static bool is_file(const struct sync_entry *entry)
{
    return entry->type == SYNC_FILE;
}

/* Returns true if two different states are files that differ only in their modes: their content
 * counts as equal. */
static bool only_mode(const struct sync_entry *a, const struct sync_entry *b)
{
    return is_file(a) && is_file(b) && a->size == b->size && a->mtime == b->mtime &&
           a->mtime_ns == b->mtime_ns;
}

static bool both_dirs(const struct sync_entry *a, const struct sync_entry *b)
{
    return a->type == SYNC_DIR && b->type == SYNC_DIR;
}

static struct sync_item verdict(enum sync_verb verb)
{
    return (struct sync_item){.verb = verb, .same = verb, .differ = verb};
}

/* One side has changed the path. `whole` carries its state to the other side, and `meta` only
 * its mode and time, which is enough if the content is the same. */
static struct sync_item carry(struct states s, enum sync_verb whole, enum sync_verb meta)
{
    struct sync_item it = verdict(whole);

    if (only_mode(s.local, s.remote) || both_dirs(s.local, s.remote)) {
        return verdict(meta);
    }
    if (is_file(s.local) && is_file(s.remote) && s.local->size == s.remote->size &&
        s.local->size >= WORTH_COMPARING) {
        it.verb = VERB_COMPARE;
        it.same = meta;
    }
    return it;
}

static struct sync_item both_changed(struct states s)
{
    struct sync_item it = verdict(VERB_CONFLICT);

    if (only_mode(s.local, s.remote) || both_dirs(s.local, s.remote)) {
        return verdict(VERB_META_REMOTE);
    }
    if (is_file(s.local) && is_file(s.remote) && s.local->size == s.remote->size) {
        it.verb = VERB_COMPARE;
        it.same = VERB_META_REMOTE;
    }
    return it;
}

static struct sync_item decide_both_ways(struct states s)
{
    if (sync_same(s.local, s.base)) {
        return s.remote->type == SYNC_GONE ? verdict(VERB_DROP_LOCAL)
                                           : carry(s, VERB_FETCH, VERB_META_LOCAL);
    }
    if (sync_same(s.remote, s.base)) {
        return s.local->type == SYNC_GONE ? verdict(VERB_DROP_REMOTE)
                                          : carry(s, VERB_PUSH, VERB_META_REMOTE);
    }
    if (s.local->type == SYNC_GONE) {
        return verdict(VERB_FETCH);
    }
    return s.remote->type == SYNC_GONE ? verdict(VERB_PUSH) : both_changed(s);
}

/* Returns the verb for pull only, with which the remote side is not changed. */
static enum sync_verb only_local(enum sync_verb verb)
{
    switch (verb) {
    case VERB_PUSH:
    case VERB_META_REMOTE:
    case VERB_DROP_REMOTE:
        return VERB_LEAVE;
    case VERB_LEAVE:
    case VERB_TOUCH:
    case VERB_RECORD:
    case VERB_FORGET:
    case VERB_FETCH:
    case VERB_META_LOCAL:
    case VERB_DROP_LOCAL:
    case VERB_CONFLICT:
    case VERB_RESCUE:
    case VERB_COMPARE:
        break;
    }
    return verb;
}

static struct sync_item decide(const struct merge *m, struct states s)
{
    struct sync_item it;

    if (s.local->type == SYNC_LEFT || s.remote->type == SYNC_LEFT) {
        return verdict(s.base->type == SYNC_GONE ? VERB_LEAVE : VERB_FORGET);
    }
    if (sync_same(s.local, s.remote)) {
        return verdict(sync_same(s.local, s.base) ? VERB_LEAVE : VERB_RECORD);
    }
    if (m->way == SYNC_PUSH_ONLY) {
        return s.local->type == SYNC_GONE ? verdict(VERB_DROP_REMOTE)
                                          : carry(s, VERB_PUSH, VERB_META_REMOTE);
    }
    it = decide_both_ways(s);
    if (m->way == SYNC_PULL_ONLY) {
        if (it.same == VERB_META_REMOTE) {
            it.same = it.differ == VERB_CONFLICT ? VERB_META_LOCAL : VERB_LEAVE;
        }
        it.verb = it.verb == VERB_META_REMOTE ? it.same : only_local(it.verb);
        it.differ = only_local(it.differ);
        if (it.verb == VERB_COMPARE && it.same == VERB_LEAVE && it.differ == VERB_LEAVE) {
            it.verb = VERB_LEAVE;
        }
    }
    return it;
}

static void new_item(struct sync_plan *p, struct sync_item it, struct str path)
{
    p->v = list_grow(&p->arena, p->v, p->count, &p->cap, sizeof(*p->v));
    it.path = str_n(arena_str(&p->arena, path), path.len);
    p->v[p->count++] = it;
}

/* Returns the item of the directory of the current path, plus 1. Adds items for the directories
 * that contain the path and have none yet, because something changes in them. */
static size_t parent_of(struct merge *m)
{
    size_t parent = 0;

    for (size_t i = 0; i < m->depth; i++) {
        struct above *a = &m->above[i];

        if (a->item == 0) {
            struct sync_item it = verdict(VERB_TOUCH);

            it.local = a->local;
            it.remote = a->remote;
            it.parent = parent;
            new_item(m->plan, it, str_n(buf_data(&m->path), a->path_len));
            a->item = m->plan->count;
        }
        parent = a->item;
    }
    return parent;
}

static bool changes_something(enum sync_verb verb)
{
    return verb != VERB_LEAVE && verb != VERB_RECORD && verb != VERB_FORGET &&
           verb != VERB_TOUCH;
}

/* Adds a directory to m->above, for the paths below it. */
static void push_above(struct merge *m, struct states s, size_t item)
{
    m->above = list_grow(&m->plan->arena, m->above, m->depth, &m->cap, sizeof(*m->above));
    m->above[m->depth++] = (struct above){m->path.len, *s.local, *s.remote, item};
}

static void visit(struct merge *m, struct states s)
{
    struct str path = buf_str(&m->path);
    struct sync_item it;
    size_t parent;
    size_t item = 0;

    while (m->depth > 0 &&
           !sync_is_below(path, str_n(path.p, m->above[m->depth - 1].path_len))) {
        m->depth--;
    }
    if (m->aside.len > 0 && sync_is_below(path, buf_str(&m->aside))) {
        it = verdict(s.base->type == SYNC_GONE ? VERB_LEAVE : VERB_FORGET);
    } else {
        it = decide(m, s);
        if (s.local->type == SYNC_LEFT || s.remote->type == SYNC_LEFT) {
            buf_reset(&m->aside);
            (void)buf_add_str(&m->aside, path); /* it fits: a path of a listing */
        }
    }
    if (it.verb != VERB_LEAVE) {
        parent = changes_something(it.verb) ? parent_of(m) : 0;
        it.local = *s.local;
        it.remote = *s.remote;
        it.parent = parent;
        new_item(m->plan, it, path);
        item = m->plan->count;
    }
    if (s.local->type == SYNC_DIR || s.remote->type == SYNC_DIR) {
        push_above(m, s, item);
    }
}

static void earlier(const struct synclist_r *r, struct str *first, bool *any)
{
    if (r->has && (!*any || sync_path_cmp(buf_str(&r->path), *first) < 0)) {
        *first = buf_str(&r->path);
        *any = true;
    }
}

static bool is_at(const struct synclist_r *r, struct str path)
{
    return r->has && str_eq(buf_str(&r->path), path);
}

/* Handles the next path of the three listings. *more is set to false at their end. */
static int step(struct merge *m, bool *more, struct err *e)
{
    struct str first = {0};
    struct states s = {&gone, &gone, &gone};
    bool in_base;
    bool in_local;
    bool in_remote;

    *more = false;
    earlier(&m->base, &first, more);
    earlier(&m->local, &first, more);
    earlier(&m->remote, &first, more);
    if (!*more) {
        return 0;
    }
    buf_reset(&m->path);
    (void)buf_add_str(&m->path, first); /* it fits: a path of a listing */
    in_base = is_at(&m->base, first);
    in_local = is_at(&m->local, first);
    in_remote = is_at(&m->remote, first);
    s.base = in_base ? &m->base.entry : &gone;
    s.local = in_local ? &m->local.entry : &gone;
    s.remote = in_remote ? &m->remote.entry : &gone;
    visit(m, s);
    if ((in_base && synclist_next(&m->base, e) < 0) ||
        (in_local && synclist_next(&m->local, e) < 0) ||
        (in_remote && synclist_next(&m->remote, e) < 0)) {
        return -1;
    }
    return 0;
}

int reconcile(const struct sync_states *s, struct sync_plan *p, struct err *e)
{
    struct merge m = {.way = s->way, .plan = p};
    bool more = true;
    int rc;

    synclist_r_init(&m.base, s->base);
    synclist_r_init(&m.local, s->local);
    synclist_r_init(&m.remote, s->remote);
    buf_init(&m.path, LIMIT_SYNC_PATH);
    buf_init(&m.aside, LIMIT_SYNC_PATH);
    rc = synclist_next(&m.base, e) < 0 || synclist_next(&m.local, e) < 0 ||
                 synclist_next(&m.remote, e) < 0
             ? -1
             : 0;
    while (rc == 0 && more) {
        rc = step(&m, &more, e);
    }
    synclist_r_release(&m.base);
    synclist_r_release(&m.local);
    synclist_r_release(&m.remote);
    buf_release(&m.path);
    buf_release(&m.aside);
    return rc;
}

/* Returns the state that the path has after the item was carried out. */
static const struct sync_entry *outcome(const struct sync_item *it)
{
    switch (it->verb) {
    case VERB_FETCH:
    case VERB_META_LOCAL:
        return &it->remote;
    case VERB_DROP_REMOTE:
    case VERB_DROP_LOCAL:
    case VERB_RESCUE:
    case VERB_FORGET:
        return &gone;
    case VERB_LEAVE:
    case VERB_TOUCH:
    case VERB_RECORD:
    case VERB_PUSH:
    case VERB_META_REMOTE:
    case VERB_CONFLICT:
    case VERB_COMPARE:
        break;
    }
    return &it->local;
}

/* Changes an item so that a directory remains at its path, because a path below it remains. */
static void make_room(struct sync_plan *p, size_t i)
{
    struct sync_item *it = &p->v[i];

    if (it->verb == VERB_DROP_REMOTE ||
        (it->verb == VERB_TOUCH && it->local.type == SYNC_GONE)) {
        /* The second condition holds with pull only, if the directory was removed locally. */
        it->verb = VERB_FETCH;
    } else if (it->verb == VERB_DROP_LOCAL) {
        it->verb = VERB_PUSH;
    } else if (outcome(it)->type == SYNC_DIR) {
        return;
    } else if (it->verb == VERB_FETCH) {
        /* A remote file would replace a directory in which something changed locally. */
        it->verb = VERB_CONFLICT;
    } else if (it->remote.type == SYNC_DIR) {
        /* A local file would replace a directory in which something changed remotely. */
        it->verb = VERB_CONFLICT;
        for (size_t k = i + 1; k < p->count && sync_is_below(p->v[k].path, it->path); k++) {
            if (p->v[k].verb == VERB_FETCH) {
                p->v[k].verb = VERB_RESCUE;
            }
        }
    }
}

void reconcile_structure(struct sync_plan *p)
{
    struct str kept = {0};

    for (size_t i = p->count; i > 0; i--) {
        struct sync_item *it = &p->v[i - 1];

        if (kept.len > 0 && sync_is_below(kept, it->path)) {
            make_room(p, i - 1);
        }
        if (outcome(it)->type != SYNC_GONE) {
            kept = it->path;
        }
    }
}

const struct sync_entry *reconcile_result(const struct sync_item *it, enum sync_way way)
{
    if (it->done != SYNC_DONE) {
        return NULL;
    }
    if (it->verb == VERB_FORGET) {
        return &gone;
    }
    if (it->verb == VERB_CONFLICT && way == SYNC_PULL_ONLY) {
        return &it->remote; /* the local state remains a change */
    }
    return it->verb == VERB_LEAVE || it->verb == VERB_TOUCH ? NULL : outcome(it);
}

static bool is_later(const struct sync_entry *a, const struct sync_entry *b)
{
    return a->mtime != b->mtime ? a->mtime > b->mtime : a->mtime_ns > b->mtime_ns;
}

bool reconcile_stamp(const struct sync_item *it, const struct sync_entry *side,
                     struct sync_entry *out)
{
    *out = it->done == SYNC_FAILED || outcome(it)->type != SYNC_DIR ? *side : *outcome(it);
    if (out->type != SYNC_DIR) {
        return false;
    }
    if (both_dirs(&it->local, &it->remote)) {
        const struct sync_entry *later =
            is_later(&it->local, &it->remote) ? &it->local : &it->remote;

        out->mtime = later->mtime;
        out->mtime_ns = later->mtime_ns;
    }
    return true;
}

void sync_plan_release(struct sync_plan *p)
{
    arena_release(&p->arena);
    *p = (struct sync_plan){0};
}
