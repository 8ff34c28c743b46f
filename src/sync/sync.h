/* SPDX-License-Identifier: MIT */
/* Keeps two copies of each tree alike: the local copy on the host, and the remote copy inside a
 * sandbox whose engine cannot see the host's files. The local end leads: it decides everything,
 * stores what both sides had after the last run (the base), and trusts nothing that comes from
 * the remote end. The remote end serves: it does what the local end requests. wire/PROTOCOL.md
 * specifies the protocol between them.
 *
 * For each path, its states in the base, on the local side and on the remote side decide what
 * happens:
 *
 * - If it changed on one side, the other side gets the change. A deletion is a change.
 * - If it is the same on both sides, nothing happens, whether it changed or not.
 * - If it changed on both sides and one of the changes is a deletion, the other change wins.
 * - If it changed differently on both sides, but both states are directories, or files with the
 *   same content, the local mode and time apply on both sides.
 * - Any other change on both sides is a conflict. The local state gets the name on both sides.
 *   The remote state is kept beside it on the host, as "NAME.cco-conflict", or with a number if
 *   that name is taken.
 *
 * A path is unchanged if it has the type, size, permission bits and modification time (in
 * nanoseconds) of the base. Two sides are the same if they agree in these. Directories are
 * compared by their permission bits only, links by their targets only. If the contents of files
 * decide, they are compared by SHA-256.
 *
 * Without a base (in the first run, or because it was lost), files that are equal are
 * recorded in the new base, files that differ count as changed on both sides, and nothing is
 * deleted. The base also counts as lost if the remote tree is empty, if it is another directory
 * than before, or if the local tree is empty and another directory than before. So the removal
 * of a volume deletes nothing on the host, and a file system that is not mounted on the host
 * deletes nothing on the remote side. If all files of the local tree were removed, the remote
 * side follows, as for a single file.
 *
 * Regular files, directories and symbolic links are synchronized. Holes in files stay holes.
 * Hard links become separate files. The mode of the tree's root is not synchronized. Fifos,
 * sockets, devices and everything that the filter skips on either side are left alone on both
 * sides. Only the permission bits 0777 are synchronized. Owners are not: on the remote side
 * everything belongs to the job's uid and gid if the remote end runs as root.
 *
 * Neither end ever writes outside the trees, even if the other end sends hostile messages or a
 * tree contains hostile links. A file is written beside its place, under a temporary name that
 * both ends recognize (sync_is_temporary()), and then renamed. Before the rename its place is
 * examined again: a path that changed after the tree was read is never overwritten. If a run is
 * interrupted at any moment, on either side, nothing is lost: the next run continues and
 * removes the temporary files. */
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

/* The connection to the other end. The caller implements both functions and embeds this struct
 * as the first member of its own. The caller also has the deadlines: a function returns
 * ERR_TIMEOUT if it makes no progress, and ERR_CANCELED if the user cancels it. */
struct sync_io {
    /* Waits for bytes and adds between 1 and buf_room(in) of them to `in`. Returns 0 on success
     * and -1 on error; ERR_EOF means that the connection has ended. */
    int (*fill)(struct sync_io *io, struct buf *in, struct err *e);
    /* Sends all of `data` and waits until that is done. The other end does not send meanwhile,
     * because only one end sends at a time. Returns 0 on success and -1 on error. */
    int (*send)(struct sync_io *io, struct str data, struct err *e);
};

struct sync_tree {
    /* The name of the tree's base: 1 to 64 ASCII letters, digits, '-', '_' and '.', not
     * beginning with '.'. It is the same in every run and unique in the job. */
    const char *id;
    const char *local_path;  /* absolute path of an existing directory; links are followed */
    const char *remote_path; /* absolute path on the remote side; created if it is missing */
    /* Which changes are carried out: those of the local side on the remote side (push), those
     * of the remote side on the local side (pull), or both. With push only, the remote side
     * becomes equal to the local side, and remote changes are overwritten. With pull only, the
     * remote side is not changed; a file that both sides changed is a conflict as usual. */
    bool push;
    bool pull;
    /* The paths that are skipped in the local tree and in the remote listing; borrowed; NULL:
     * none. */
    struct sync_filter *filter;
    bool git; /* the remote end also skips what git ignores in the remote tree */
};

/* Counts for one direction. Files and links are counted, directories are not. */
struct sync_count {
    uint64_t created, changed, deleted;
    /* Sizes of the files whose content was transferred. 0 in a run with `look`, in which only
     * the job's bytes_total has the sum for both directions. */
    uint64_t bytes;
};

/* Maximum of the names in each list of a report. The counts also include further paths. */
enum { SYNC_NAMES_MAX = 1000 };

struct sync_report {
    struct sync_count to_remote, to_local;
    uint64_t skipped; /* fifos, sockets and devices on both sides */
    /* Paths that could not be synchronized: they changed meanwhile, cannot be read, are not
     * empty, and so on. The next run tries them again. */
    uint64_t failed;
    uint64_t conflicts; /* remote states that were kept beside the local ones */
    /* The absolute paths on the host where they were kept, "/w/a.txt.cco-conflict". In a run
     * with `look`, the paths of the conflicts themselves. */
    struct strv kept;
    struct strv failed_names; /* "PATH: reason", for the user */
};

struct sync_job {
    const struct sync_tree *trees; /* borrowed */
    size_t tree_count;
    /* An existing private directory (0700) on the host for the bases of the trees and their
     * locks. */
    const char *base_dir;
    /* The same on the remote side, created with mode 0700 if it is missing; not inside a
     * tree. */
    const char *remote_base_dir;
    uint64_t uid, gid;       /* owner of all remote files; used if that end runs as root */
    const char *remote_home; /* the user's remote home, for git's settings; NULL: none */
    struct arena *arena;     /* for the names in the report; borrowed */
    /* Only finds out what a run would do: the report and the totals say it. No file of a tree
     * is changed, except that the remote end still creates a missing remote_path and
     * remote_base_dir and removes temporary files of an interrupted run. */
    bool look;

    /* Called often during the run, with the progress in the members below; NULL: never. A
     * caller that needs its own state in it embeds the job as the first member of a struct. */
    void (*progress)(struct sync_job *job);
    enum sync_phase {
        SYNC_LOCK,    /* waits until another run has finished */
        SYNC_READ,    /* both ends list their trees */
        SYNC_COMPARE, /* compares contents; `files` counts the compared files, too */
        SYNC_FETCH,   /* changes the local tree */
        SYNC_PUSH,    /* changes the remote tree */
        SYNC_COMMIT   /* stores the new base */
    } phase;
    uint64_t files;       /* files that were sent or received; from 0 again in each tree */
    uint64_t files_total; /* files to send and receive, in this and the previous trees */
    uint64_t bytes;       /* bytes that were sent and received, in all trees */
    uint64_t bytes_total; /* bytes to send and receive, in this and the previous trees */

    /* Set by sync_lead(). After an error, it reports what was done until then. */
    struct sync_report report;
};

/* Runs the local end once: reads all trees, and then synchronizes one after the other. Returns
 * 0 on success, even if some paths failed (job->report), and -1 on error. ERR_TIMEOUT means
 * that another run of this host over the same trees lasts longer than a minute. If a run of
 * another host holds the remote lock for 30 seconds, the remote end closes the connection. The
 * other errors are ERR_FORMAT (the remote end violates the protocol, or speaks another version
 * of it), ERR_LIMIT (the remote end sends too much, or a tree has too many entries),
 * ERR_REFUSED (the remote end reports an error), ERR_USAGE (a tree has an invalid id), ERR_SYS,
 * those of file_open() for the local trees, and those of `io`. After an error no file is
 * incomplete on either side: completed changes stay, and the next run does the rest. Blocks. */
int sync_lead(struct sync_io *io, struct sync_job *job, struct err *e);

/* Serves the remote end of one run. The remote end trusts the local end. It may run as any
 * user; only root changes owners. Returns 0 when the local end ends the run, and -1 on error;
 * ERR_EOF means that the connection has ended. Also sends its errors to the local end, except
 * ERR_EOF and ERR_TIMEOUT. Blocks. */
int sync_serve(struct sync_io *io, struct err *e);

/* Returns true for the names of temporary files of both ends, which are never synchronized. */
bool sync_is_temporary(const char *name);

#endif
