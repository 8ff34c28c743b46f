/* SPDX-License-Identifier: MIT */
#include "sync/remote_end.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/file_lock.h"
#include "base/limits.h"
#include "base/list.h"
#include "sync/filter.h"
#include "sync/walk.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { LOCK_WAIT_MS = 30000, DIR_MODE = 0755 };

static int add_tree(struct remote_end *f, const struct sync_tree_msg *m)
{
    struct remote_tree *t;

    f->trees = list_grow(&f->arena, f->trees, f->count, &f->cap, sizeof(*f->trees));
    t = &f->trees[f->count++];
    *t = (struct remote_tree){.root = -1, .lock = -1, .git = m->git};
    t->apply = (struct apply){
        .fd = -1, .give = geteuid() == 0, .uid = (uid_t)m->uid, .gid = (gid_t)m->gid};
    t->remote_path = arena_str(&f->arena, m->remote_path);
    t->base_path = arena_printf(&f->arena, "%.*s/%.*s", (int)m->base_dir.len, m->base_dir.p,
                                (int)m->id.len, m->id.p);
    t->home = m->home.len > 0 ? arena_str(&f->arena, m->home) : NULL;
    memcpy(t->digest[0], m->digest[0].p, SYNC_DIGEST);
    memcpy(t->digest[1], m->digest[1].p, SYNC_DIGEST);
    buf_init(&t->known, LIMIT_SYNC_LISTING);
    buf_init(&t->wanted, LIMIT_SYNC_WANTED);
    return 0;
}

static int take_lock(struct remote_end *f, struct remote_tree *t, struct err *e)
{
    const char *path = arena_printf(&f->arena, "%s.lock", t->base_path);

    t->lock = file_lock(path, clock_ms() + LOCK_WAIT_MS, e);
    return t->lock < 0 ? -1 : 0;
}

static int open_tree(struct remote_end *f, struct remote_tree *t, struct err *e)
{
    struct apply wanted = t->apply;
    char *dir = arena_strdup(&f->arena, t->base_path);
    bool made = !file_exists(t->remote_path);

    *strrchr(dir, '/') = '\0';
    if (file_mkdirs(dir, 0700, e) < 0 || file_mkdirs(t->remote_path, DIR_MODE, e) < 0) {
        return -1;
    }
    t->root = file_open(t->remote_path, O_RDONLY | O_DIRECTORY, 0, e);
    if (t->root < 0 || take_lock(f, t, e) < 0 || apply_open(&t->apply, t->root, e) < 0) {
        return -1;
    }
    t->apply.give = wanted.give;
    t->apply.uid = wanted.uid;
    t->apply.gid = wanted.gid;
    if (made && wanted.give && fchown(t->root, wanted.uid, wanted.gid) < 0) {
        return err_sys(e, "change the owner of %s", t->remote_path);
    }
    base_tree_of(t->root, t->identity);
    if (base_load(&t->base, t->base_path, t->identity, e) < 0) {
        return -1;
    }
    (void)buf_add_str(&t->known, t->base.listing); /* base_load() has the same limit */
    return 0;
}

/* Returns which of the two bases of the local end this end has. */
static enum sync_base which(const struct remote_tree *t)
{
    if (!t->base.has) {
        return SYNC_BASE_NONE;
    }
    if (strcmp(t->base.digest, t->digest[0]) == 0) {
        return SYNC_BASE_LAST;
    }
    return strcmp(t->base.digest, t->digest[1]) == 0 ? SYNC_BASE_NEXT : SYNC_BASE_NONE;
}

/* Sends the listing of the tree, as changes to the base that both ends have. */
static int say_tree(struct remote_end *f, struct remote_tree *t, struct err *e)
{
    enum sync_base base = which(t);
    struct sync_filter *filter = NULL;
    struct walk_seen seen = {0};
    struct buf all;
    struct buf differs;
    int rc = -1;

    buf_init(&all, LIMIT_SYNC_LISTING);
    buf_init(&differs, LIMIT_SYNC_LISTING);
    if (base == SYNC_BASE_NONE) {
        buf_reset(&t->known);
    }
    if (t->git) {
        struct err why = {0};

        filter = sync_filter_open(t->root, t->remote_path, t->home, NULL, &why);
        if (filter == NULL && why.kind != ERR_NONE) {
            *e = why;
            goto out;
        }
    }
    if (walk_tree(t->root, filter, true, &all, &seen, e) < 0 ||
        listing_diff(buf_str(&t->known), buf_str(&all), &differs, e) < 0 ||
        talk_listing(&f->talk, buf_str(&differs), e) < 0) {
        goto out;
    }
    sync_msg_add_state(&f->talk.out, base, seen.special);
    rc = talk_pace(&f->talk, e);
out:
    sync_filter_free(filter);
    buf_release(&all);
    buf_release(&differs);
    return rc;
}

int remote_open(struct remote_end *f, struct err *e)
{
    struct sync_tree_msg tree = {0};
    struct sync_msg m;

    for (;;) {
        if (talk_next(&f->talk, &m, e) < 0) {
            return -1;
        }
        if (m.type != SYNC_MSG_TREE) {
            break;
        }
        if (sync_msg_tree(m, &tree, e) < 0) {
            return -1;
        }
        (void)add_tree(f, &tree);
    }
    if (m.type != SYNC_MSG_END) {
        return talk_unexpected(m, e);
    }
    f->listening = false;
    for (size_t i = 0; i < f->count; i++) {
        if (open_tree(f, &f->trees[i], e) < 0) {
            return -1;
        }
    }
    sync_msg_add_byte(&f->talk.out, SYNC_MSG_HELLO, SYNC_VERSION);
    for (size_t i = 0; i < f->count; i++) {
        if (say_tree(f, &f->trees[i], e) < 0) {
            return err_wrap(e, "%s", f->trees[i].remote_path);
        }
    }
    return talk_end(&f->talk, e);
}

void remote_close(struct remote_end *f)
{
    for (size_t i = 0; i < f->count; i++) {
        struct remote_tree *t = &f->trees[i];

        apply_release(&t->apply);
        base_release(&t->base);
        buf_release(&t->known);
        buf_release(&t->wanted);
        fd_close(&t->root);
        fd_close(&t->lock);
    }
    talk_release(&f->talk);
    arena_release(&f->arena);
}
