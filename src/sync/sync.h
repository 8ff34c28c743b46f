/* SPDX-License-Identifier: MIT */
/* Trees that are kept alike in two places: here, on the host, and there, inside a sandbox whose engine cannot
 * see the host's files. One end leads: it decides everything, remembers what both had after the last run
 * (the base) and trusts nothing that comes from the other. The other end serves: it is told what to do. What they
 * say to each other is specified in wire/syncmsg.h.
 *
 * What happens to a path is told by three states of it: in the base, here and there.
 *   changed on one side    the other side gets it; a deletion is a change
 *   the same on both       nothing to do, however it came about
 *   changed on both        a change overrides a deletion; of two changes the host's stays under the name, on both
 *                          sides, and the other is kept on the host beside it, as "NAME.cco-conflict" (with a
 *                          number where that is taken)
 * Unchanged is what has the type, size, permission bits and modification time (to the nanosecond) that the base
 * has; two sides that agree in these are the same; directories are compared by their permission bits alone, links by their targets. Where it matters contents are
 * compared by SHA-256. Without a base (the first run, or one that was lost) equal files are equal, different ones
 * were changed on both sides, and nothing is deleted. A tree that is empty, or another directory than it was, while
 * its base is not counts as one whose base was lost: a volume that was removed deletes nothing on the host.
 *
 * Synchronized are regular files (their holes stay holes, hard links become files), directories (not the tree's own
 * mode) and symbolic links as such. Fifos, sockets and devices are left alone on both sides, as is what the
 * filter skips on either. Permission bits are those of 0777; owners are not kept: on the remote side everything belongs to
 * the job's uid and gid, where that end is root.
 *
 * Nothing outside the trees is ever written, whatever the other end sends and whatever links a tree holds. What
 * is written is written beside, as a temporary file that both ends know by its name (sync_is_temporary()), and renamed;
 * before that its place is looked at once more: what has changed since the tree was read is never overwritten. A run
 * that ends anywhere, on either side, loses nothing: the next one goes on, and removes such temporary files. */
#ifndef SYNC_SYNC_H
#define SYNC_SYNC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/list.h"
#include "base/str.h"

struct sync_filter; /* sync/filter.h */

/* The way to the other end, embedded as the first member by whoever has one. Deadlines are its own: a call
 * that makes no progress ends with ERR_TIMEOUT, a canceled one with ERR_CANCELED. */
struct sync_io {
    /* Adds at least one byte to `in`, waiting for it, and no more than buf_room(). 0, or -1: ERR_EOF at the
     * end. */
    int (*fill)(struct sync_io *io, struct buf *in, struct err *e);
    /* Sends all of it, waiting. The other end does not send meanwhile: one side speaks at a time. */
    int (*send)(struct sync_io *io, struct str data, struct err *e);
};

struct sync_tree {
    const char *id;   /* names its base, as a file name: no slash, at most 64 bytes, the same in
                          every run, unique in the job */
    const char *here; /* absolute path on the host, of a directory; links in it are followed */
    const char *there; /* the same on the remote side; made where it is missing */
    bool push;         /* the host's changes go there */
    bool pull;         /* the remote side's come here */
    /* Only push: the remote side becomes what the host has; changes there are overwritten. Only pull: the far
     * side's changes come here, the host's stay here; a file that both changed is a conflict as usual. */
    struct sync_filter
        *filter; /* of what is here, and of what the remote side offers; NULL: everything */
    bool git;    /* the remote end leaves out what git ignores there, too */
};

/* Of one direction: files and links (directories do not count), and the bytes of the files. */
struct sync_count {
    uint64_t created, changed, deleted;
    uint64_t bytes;
};

enum { SYNC_NAMES_MAX = 1000 }; /* as many names a report has; the counts go on */

struct sync_report {
    struct sync_count to_remote, to_here;
    uint64_t skipped;   /* fifos, sockets, devices, on both sides */
    uint64_t unsettled; /* could not be done, and will be tried again: changed meanwhile, not
                              readable, not empty */
    uint64_t conflicts; /* files kept beside */
    struct strv kept;   /* their absolute paths on the host, "/w/a.txt.cco-conflict" */
    struct strv unsettled_names; /* "PATH: reason", in words for the user */
};

struct sync_job {
    const struct sync_tree *trees;
    size_t tree_count;
    const char *
        base_dir; /* on the host, an existing private directory (0700): a file per tree, and its lock */
    const char *
        remote_base_dir; /* on the remote side, made 0700 where it is missing; not inside a tree */
    uint64_t uid, gid;       /* who owns everything on the remote side */
    const char *remote_home; /* the user's home there, for git's settings; NULL: none */
    struct arena *arena;     /* of the report's names */
    bool look;               /* only find out: the report says what would be done, nothing is */

    /* Called often while something goes on; NULL: never. Progress so far is in what follows. A caller with
     * state of its own embeds the job. */
    void (*progress)(struct sync_job *job);
    enum sync_phase {
        SYNC_LOCK,
        SYNC_READ,
        SYNC_COMPARE,
        SYNC_FETCH,
        SYNC_PUSH,
        SYNC_COMMIT
    } phase;
    uint64_t files, files_total; /* of all trees, both directions */
    uint64_t bytes, bytes_total;

    struct sync_report report; /* valid after success, and as far as it got after a failure */
};

/* The host's end of one run, over all trees; one after the other where they hold data. Waits, also
 * for another run over the same trees (ERR_TIMEOUT after a minute). What is on both sides stays whole on failure: what
 * was done is done, the rest is for the next run. */
int sync_lead(struct sync_io *io, struct sync_job *job, struct err *e);

/* The remote end: serves one run and returns when the lead says so (0), or is gone (ERR_EOF). Told everything
 * by the lead, which it trusts. May be any user; only root gives away what it writes. An error of its own is
 * also told to the lead, where that still listens. */
int sync_serve(struct sync_io *io, struct err *e);

/* True for the names of temporary files of ours, which are never synchronized. */
bool sync_is_temporary(const char *name);

#endif
