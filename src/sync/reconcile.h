/* SPDX-License-Identifier: MIT */
/* Makes the plan that makes two trees alike, from the listings of the base, the local side and
 * the remote side, by the rules in sync/sync.h. Pure. */
#ifndef SYNC_RECONCILE_H
#define SYNC_RECONCILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "wire/synclist.h"

/* The action for a path. */
enum sync_verb {
    VERB_LEAVE,       /* nothing happens; the base keeps its entry */
    VERB_TOUCH,       /* an unchanged directory in which something changes */
    VERB_RECORD,      /* both sides are the same; the base gets that entry */
    VERB_FORGET,      /* a side leaves the path alone; the base drops its entry */
    VERB_PUSH,        /* the remote side gets the local state */
    VERB_FETCH,       /* the local side gets the remote state */
    VERB_META_REMOTE, /* the remote side gets mode and time; type and content are the same */
    VERB_META_LOCAL,  /* the local side gets mode and time; type and content are the same */
    VERB_DROP_REMOTE, /* the path is removed on the remote side */
    VERB_DROP_LOCAL,  /* the path is removed on the local side */
    VERB_CONFLICT,    /* the remote state is kept beside the local one, which is then pushed */
    VERB_RESCUE,      /* below a directory with VERB_CONFLICT: kept in it, removed remotely */
    /* Files of the same size: the verb becomes `same` if their contents are equal, otherwise
     * `differ`. */
    VERB_COMPARE
};

/* How far an item has got. */
enum sync_done {
    SYNC_OPEN,    /* not carried out yet */
    SYNC_FETCHED, /* the remote state is kept on the host; the remote side follows */
    SYNC_DONE,    /* carried out; the base gets the result */
    SYNC_FAILED   /* could not be carried out; the base keeps its entry */
};

struct sync_item {
    struct str path;                 /* in the plan's arena */
    struct sync_entry local, remote; /* link targets are views of the listings */
    size_t parent;                   /* index of its directory's item plus 1; 0: none */
    enum sync_verb verb;
    enum sync_verb same, differ; /* for VERB_COMPARE; otherwise equal to `verb` at first */
    enum sync_done done;
    bool again; /* already counted in the report; only mode and time still follow */
    /* For a directory: something in it was changed on that side, or it is new there. */
    bool touched_local, touched_remote;
};

/* The initial state is {0}. */
struct sync_plan {
    struct arena arena;
    struct sync_item *v; /* in the order of paths; without paths to which nothing happens */
    size_t count, cap;
};

enum sync_way { SYNC_PUSH_ONLY, SYNC_PULL_ONLY, SYNC_BOTH_WAYS };

/* The three listings. `local` and `remote` contain the parents of their paths. */
struct sync_states {
    struct str base, local, remote;
    enum sync_way way;
};

/* Makes the plan *p, which is {0} before. The listings must live as long as the plan. In the
 * plan, a path may be kept in a directory that is removed; reconcile_structure() corrects that.
 * Returns 0 on success and -1 on error (ERR_FORMAT, ERR_LIMIT: a listing is malformed). The
 * caller calls sync_plan_release() in both cases. */
int reconcile(const struct sync_states *s, struct sync_plan *p, struct err *e);

/* Changes the plan so that every path that remains has a directory, if one side removed or
 * replaced a directory in which the other side changed something. The caller calls it once,
 * after it has compared files and replaced every VERB_COMPARE. */
void reconcile_structure(struct sync_plan *p);

/* Returns the entry that the base gets for the path. Returns NULL if the base keeps its entry,
 * which is always so unless it->done is SYNC_DONE. */
const struct sync_entry *reconcile_result(const struct sync_item *it, enum sync_way way);

/* Sets *out to the entry with the final mode and time of a directory on one side, and returns
 * true. `side` is the present entry on that side, &it->local or &it->remote. If both sides are
 * directories, the time is the later of the two. A directory of a failed item keeps its mode on
 * that side. Returns false if the path is not a directory on that side in the end. */
bool reconcile_stamp(const struct sync_item *it, const struct sync_entry *side,
                     struct sync_entry *out);

/* Frees the plan and sets it to {0}. */
void sync_plan_release(struct sync_plan *p);

#endif
