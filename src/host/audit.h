/* SPDX-License-Identifier: MIT */
/* What changed in a project that the host may execute without being asked: hooks, settings of
 * editors, shells, package managers and agents. A snapshot before a session, one after it, and
 * the difference. It tells the user where to look; it keeps nothing from happening. Which files
 * count is one table (host/audit_table.h).
 *
 * The project is hostile: every file is opened by openat(2) from the directory above it with
 * O_NOFOLLOW and O_NONBLOCK, so that a planted link is never followed but is a finding itself;
 * what is no regular file is never opened for reading. Work is bounded, and what is past a
 * bound is a finding. Files that the host changes meanwhile are findings too. */
#ifndef HOST_AUDIT_H
#define HOST_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/str.h"

enum {
    AUDIT_MAX = 4096,         /* entries of one snapshot */
    AUDIT_NAMES_MAX = 32768,  /* names read from directories for one snapshot */
    AUDIT_DEPTH_MAX = 8,      /* directories below one another where a rule says "**" */
    AUDIT_HASH_MAX = 1 << 20, /* bytes of one file that are hashed */
    AUDIT_HASH_TOTAL =
        32 << 20, /* bytes hashed for one snapshot; then times and inodes are compared */
    AUDIT_TEXT_MAX = 32 << 20 /* of an encoded snapshot */
};

enum audit_kind {
    AUDIT_FILE,
    AUDIT_DIR, /* where the table wants a file */
    AUDIT_LINK,
    AUDIT_FIFO,
    AUDIT_SOCKET,
    AUDIT_DEVICE,
    AUDIT_UNREADABLE, /* a file or a directory that is closed to us */
    AUDIT_KINDS
};

struct audit_entry {
    const char *path; /* relative to the project; absolute below the common directory */
    unsigned rule;    /* index into the table */
    enum audit_kind kind;
    unsigned mode; /* permissions, setuid, setgid, sticky */
    uint64_t size;
    char digest[SHA256_HEX]; /* of the first AUDIT_HASH_MAX bytes; "" where nothing was read */
    const char *stamp;       /* inode, mtime and ctime as a text */
    const char *target;      /* of a link; else NULL */
};

/* Sorted by path, each path once; everything in one arena. {0} is the snapshot of nothing. */
struct audit {
    struct audit_entry *entries;
    size_t count;
    const char *hooks_path; /* the directory of core.hooksPath, relative to the project; NULL:
                               none in it */
    const char
        *overflow; /* the first directory that holds more than fits ("." is the project) */
};

enum audit_what {
    AUDIT_OVERFLOW, /* what the directory holds could not all be looked at */
    AUDIT_ADDED,
    AUDIT_CHANGED,
    AUDIT_REMOVED,
    AUDIT_MODE,  /* who may execute it, or that everybody may write to it */
    AUDIT_SETID, /* a setuid or setgid bit appeared */
    AUDIT_TYPE   /* is now something else than a regular file, or a file again */
};

struct audit_finding {
    enum audit_what what;
    const char *path;     /* any bytes but NUL and, between names, '/' */
    enum audit_kind kind; /* of what is there now */
    unsigned old_mode, mode;
    const char *target;        /* of a link that is there now; else NULL */
    const char *program, *why; /* "git", "runs it"; static; NULL for AUDIT_OVERFLOW */
    unsigned rule;
};

struct audit_report {
    struct audit_finding
        *findings; /* the table's order (what does not fit first), then by path */
    size_t count;
};

/* Looks at the project (absolute and clean) and, where git_common_dir is not NULL, at this
 * common directory of a git worktree (absolute, physical, not in the project). Missing
 * directories are empty. ERR_SYS where one of these two cannot be opened or descriptors have
 * run out; *out is empty then. Blocks as file systems do. */
int audit_take(const char *project, const char *git_common_dir, struct arena *a,
               struct audit *out, struct err *e);

/* What differs. Touched files with equal bytes do not (unless they are larger than
 * AUDIT_HASH_MAX). Paths and targets are those of the snapshots. Pure. */
void audit_diff(const struct audit *before, const struct audit *after, struct arena *a,
                struct audit_report *out);

/* ".git/hooks/pre-commit added (git runs it)": one line without control bytes, whatever the
 * names. Pure. */
const char *audit_line(const struct audit_finding *f, struct arena *a);

/* Adds the snapshot as one JSON text, for a process that compares later. ERR_LIMIT past out's
 * maximum. Pure. */
int audit_encode(const struct audit *s, struct buf *out, struct err *e);

/* The other way. ERR_FORMAT for anything that audit_encode() does not write, and for a text
 * whose table is another one: entries name rules by number. *out is empty then. Nothing in *out
 * points into text. Pure. */
int audit_decode(struct str text, struct arena *a, struct audit *out, struct err *e);

#endif
