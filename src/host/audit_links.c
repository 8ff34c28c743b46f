/* SPDX-License-Identifier: MIT */
#include "base/list.h"
#include "host/audit_read.h"

#include <stdlib.h>

void audit_note_links(struct audit_walk *w, const struct stat *st, const char *where)
{
    const uint64_t state[] = {(uint64_t)st->st_dev,         (uint64_t)st->st_ino,
                              (uint64_t)st->st_size,        st->st_mode,
                              (uint64_t)st->st_mtim.tv_sec, (uint64_t)st->st_mtim.tv_nsec,
                              (uint64_t)st->st_ctim.tv_sec, (uint64_t)st->st_ctim.tv_nsec};

    if (w->inode_count == AUDIT_LINKED_MAX) {
        audit_overflow(w, NULL);
        return;
    }
    w->inodes = list_grow(w->a, w->inodes, w->inode_count, &w->inode_cap, sizeof(w->inodes[0]));
    w->inodes[w->inode_count++] =
        (struct audit_inode){.dev = (uint64_t)st->st_dev,
                             .ino = (uint64_t)st->st_ino,
                             .links = (uint64_t)st->st_nlink,
                             .state = hash_fnv1a(str_n((const char *)state, sizeof(state))),
                             .where = where};
}

static int by_inode(const void *a, const void *b)
{
    const struct audit_inode *x = a;
    const struct audit_inode *y = b;
    int order = (x->dev > y->dev) - (x->dev < y->dev);

    return order != 0 ? order : (x->ino > y->ino) - (x->ino < y->ino);
}

static int by_state(const void *a, const void *b)
{
    const struct audit_linked *x = a;
    const struct audit_linked *y = b;

    return (x->state > y->state) - (x->state < y->state);
}

void audit_finish_links(struct audit_walk *w)
{
    struct audit *out = w->out;
    size_t i = 0;

    if (w->inode_count == 0) {
        return;
    }
    qsort(w->inodes, w->inode_count, sizeof(w->inodes[0]), by_inode);
    out->linked = arena_array(w->a, w->inode_count, sizeof(out->linked[0]));
    while (i < w->inode_count) {
        size_t seen = 1;

        while (i + seen < w->inode_count &&
               by_inode(&w->inodes[i], &w->inodes[i + seen]) == 0) {
            seen++;
        }
        if (seen < w->inodes[i].links) {
            out->linked[out->linked_count++] =
                (struct audit_linked){.state = w->inodes[i].state, .where = w->inodes[i].where};
        }
        i += seen;
    }
    qsort(out->linked, out->linked_count, sizeof(out->linked[0]), by_state);
}
