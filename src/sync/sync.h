/* SPDX-License-Identifier: MIT */
/* Keeps two copies of each tree alike: the local one on the host, and the remote one inside a
 * sandbox whose engine cannot see the host's files. The local end leads: it decides everything,
 * remembers what both sides had after the last run (the base), and trusts nothing that comes
 * from the remote end. The remote end serves: it does what it is told. wire/PROTOCOL.md
 * specifies the protocol between them.
 *
 * Three states of a path decide what happens to it: in the base, locally and remotely.
 *   changed on one side    the other side gets the change; a deletion is a change
 *   the same on both       nothing to do, however it came about
 *   changed on both        a change overrides a deletion. Of two changes the local one gets the
 *                          name, on both sides, and the remote one is kept beside it on the
 * host as "NAME.cco-conflict", with a number if that name is taken A path is unchanged if it
 * has the type, size, permission bits and modification time (to the nanosecond) that the base
 * has. Two sides that agree in these are the same. Directories are compared by their permission
 * bits only, links by their targets. Where it matters, contents are compared by SHA-256.
 * Without a base (the first run, or the base was lost) equal files are equal, different files
 * count as changed on both sides, and nothing is deleted. If a tree is empty or is another
 * directory than before while its base is not empty, the base counts as lost, so that the
 * removal of a volume deletes nothing on the host.
 *
 * Regular files (holes stay holes, hard links become files), directories (but not the mode of
 * the tree's root) and symbolic links are synchronized. Fifos, sockets, devices and everything
 * that the filter skips on either side are left alone on both sides. Permission bits are those
 * of 0777. Owners are not kept: on the remote side everything belongs to the job's uid and gid
 * if that end runs as root.
 *
 * Nothing outside the trees is ever written, whatever the other end sends and whatever links a
 * tree contains. Each file is written beside its place, under a temporary name that both ends
 * recognize (sync_is_temporary()), and renamed. Before the rename its place is examined once
 * more: what has changed since the tree was read is never overwritten. A run that is
 * interrupted anywhere, on either side, loses nothing: the next run continues and removes the
 * temporary files. */
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

/* The connection to the other end. Its owner embeds it as the first member. Deadlines are the
 * owner's: a call that makes no progress ends with ERR_TIMEOUT, a canceled one with
 * ERR_CANCELED. */
struct sync_io {
    /* Waits for bytes and adds at least one of them to `in`, at most buf_room(). Returns 0 on
     * success and -1 on error; ERR_EOF at the end. */
    int (*fill)(struct sync_io *io, struct buf *in, struct err *e);
    /* Sends all of it and waits until that is done. The other end does not send meanwhile: one
     * side speaks at a time. */
    int (*send)(struct sync_io *io, struct str data, struct err *e);
};

struct sync_tree {
    /* Names its base, as a file name: no slash, at most 64 bytes, the same in every run, unique
     * in the job. */
    const char *id;
    const char *local_path;  /* an absolute path of a directory; links in it are followed */
    const char *remote_path; /* the same on the remote side; created if it is missing */
    /* Local changes go to the remote side, or remote changes come to the local side, or both.
     * With push only, the remote side becomes equal to the local side and remote changes are
     * overwritten. With pull only, local changes stay local; a file that both sides changed is
     * a conflict as usual. */
    bool push;
    bool pull;
    /* What is left out of the local tree and of what the remote end offers; NULL: nothing. */
    struct sync_filter *filter;
    bool git; /* the remote end leaves out what git ignores there, too */
};

/* Of one direction: files and links (directories do not count), and the bytes of the files. */
struct sync_count {
    uint64_t created, changed, deleted;
    uint64_t bytes;
};

enum { SYNC_NAMES_MAX = 1000 }; /* a report has at most so many names; the counts go on */

struct sync_report {
    struct sync_count to_remote, to_local;
    uint64_t skipped; /* fifos, sockets, devices, on both sides */
    /* Paths that could not be synchronized and will be tried again: changed meanwhile, not
     * readable, not empty. */
    uint64_t unsettled;
    uint64_t conflicts;          /* files kept beside */
    struct strv kept;            /* their absolute paths on the host, "/w/a.txt.cco-conflict" */
    struct strv unsettled_names; /* "PATH: reason", in words for the user */
};

struct sync_job {
    const struct sync_tree *trees;
    size_t tree_count;
    /* An existing private directory (0700) on the host: a file per tree, and its lock. */
    const char *base_dir;
    /* The same on the remote side, created with mode 0700 if it is missing; not inside a
     * tree. */
    const char *remote_base_dir;
    uint64_t uid, gid;       /* the owner of everything on the remote side */
    const char *remote_home; /* the user's remote home, for git's settings; NULL: none */
    struct arena *arena;     /* of the report's names */
    bool look;               /* changes nothing: the report says what would be done */

    /* Called often during the run; NULL: never. The members below hold the progress so far. A
     * caller with state of its own embeds the job. */
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

/* Runs the local end once over all trees, one after the other where they hold data. Blocks;
 * also waits for another run over the same trees (ERR_TIMEOUT after a minute). Returns 0 on
 * success and -1 on error. After an error both sides are whole: completed changes stay, and the
 * next run does the rest. */
int sync_lead(struct sync_io *io, struct sync_job *job, struct err *e);

/* Serves the remote end of one run. Returns 0 when the local end says that the run is over and
 * -1 on error; ERR_EOF means that the local end is gone. The remote end trusts the local end.
 * It may run as any user; only root changes owners. It also reports its own errors to the local
 * end, if that still listens. */
int sync_serve(struct sync_io *io, struct err *e);

/* Returns true for the names of temporary files of cco, which are never synchronized. */
bool sync_is_temporary(const char *name);

#endif
