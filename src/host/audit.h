/* SPDX-License-Identifier: MIT */
/* The audit: reports what changed, during a session, in the files that the host may execute
 * without being asked, such as hooks and the settings of editors, shells, package managers and
 * agents. It takes a snapshot before the session and one after it, and compares them. It shows
 * the user where to look, and does not prevent anything. The table host/audit_table.h lists the
 * files.
 *
 * All trees that the session can write are examined completely, at any depth. They are hostile.
 * Every file is opened with openat(2), O_NOFOLLOW and O_NONBLOCK from the directory above it.
 * Only regular files are opened for reading. A link is a finding by itself if it changes; if it
 * leads to a file in one of the trees, so is a change of that file. The work is limited, and
 * exceeding a limit is a finding. What cannot be examined after the session, but could be
 * before it, is a finding. What other processes of the host change during the session is a
 * finding, too. */
#ifndef HOST_AUDIT_H
#define HOST_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/list.h"
#include "base/str.h"

/* The limits of one snapshot. */
enum {
    AUDIT_MAX = 16384,          /* entries */
    AUDIT_NAMES_MAX = 1 << 20,  /* names read from directories */
    AUDIT_DIRS_MAX = 1 << 16,   /* directories whose existence is recorded */
    AUDIT_DEPTH_MAX = 128,      /* nested directories */
    AUDIT_LINKED_MAX = 1 << 19, /* files with several hard links */
    AUDIT_EXTRA_MAX = 1024,     /* bare repositories, and directories to which links lead */
    AUDIT_PATHS_MAX = 6 << 20,  /* bytes of all recorded paths and targets together */
    AUDIT_NAMED_MAX = 1024,     /* files that git's configuration names */
    AUDIT_HASH_MAX = 1 << 20,   /* bytes hashed of one file */
    /* Bytes hashed of all files together. Further files are compared by inode and times. */
    AUDIT_HASH_TOTAL = 32 << 20,
    AUDIT_TEXT_MAX = 32 << 20 /* bytes of the snapshot as a text, for audit_encode() */
};

/* A directory that the session can write. */
struct audit_tree {
    const char *path; /* absolute and physical */
    bool is_git;      /* it is git's own directory: the common directory of a worktree */
    /* Its identity (base/file_id.h) in the first snapshot; "" if it was not known. */
    const char *id;
};

/* A path outside of the trees by which a program of the user's finds a file in a tree. */
struct audit_lead {
    const char *shown; /* for messages: "~/.bashrc" */
    const char *path;  /* absolute */
    unsigned rule;     /* the number of a rule */
};

/* The files that a snapshot examines. Both snapshots of a session examine the same files. */
struct audit_scope {
    struct audit_tree *trees; /* the first one is the project */
    size_t tree_count;
    struct audit_lead *leads;
    size_t lead_count;
    const char *home; /* for "~/" in git's configuration; NULL: unknown */
};

/* The kind of a path. */
enum audit_kind {
    AUDIT_FILE, /* a regular file */
    AUDIT_DIR,  /* a directory where the table names a file, or that is compared as a whole */
    AUDIT_LINK, /* a symbolic link */
    AUDIT_FIFO,
    AUDIT_SOCKET,
    AUDIT_DEVICE,
    AUDIT_UNREADABLE, /* a file or directory that cannot be read */
    AUDIT_KINDS
};

/* One path of a snapshot. */
struct audit_entry {
    /* Relative to the project; absolute in other trees; as struct audit_lead shows it. */
    const char *path;
    unsigned rule; /* the number of the first rule that matches the path */
    enum audit_kind kind;
    bool harmless; /* its content executes nothing; then it counts as missing */
    unsigned mode; /* permission bits with setuid, setgid and sticky */
    uint64_t size; /* bytes of a regular file; 0 for the other kinds */
    /* SHA-256, in hex, of the part of the content that matters (host/audit_table.h), at most of
     * the first AUDIT_HASH_MAX bytes; of a link, of the path to which it leads and of the
     * content there; "" if nothing was read. */
    char digest[SHA256_HEX];
    const char *stamp;  /* inode, mtime and ctime as a text; "" if unknown */
    const char *target; /* of a link; NULL for the other kinds */
};

/* A regular file with hard links outside of the trees. */
struct audit_linked {
    uint64_t state;    /* a hash of its inode, size, mode and times */
    const char *where; /* the directory for messages; NULL in a decoded snapshot */
};

/* A snapshot: entries sorted by path, each path once. Everything lives in one arena. {0} is the
 * snapshot of nothing. */
struct audit {
    struct audit_scope scope;
    struct audit_entry *entries;
    size_t count;
    struct audit_linked *linked; /* sorted by state */
    size_t linked_count;
    uint64_t *dirs; /* hashes of the paths of directories (host/audit_dirs.h), sorted */
    size_t dir_count;
    bool dirs_cut; /* there were more directories than AUDIT_DIRS_MAX */
    /* The first directory that exceeded a limit ("." is the project), so that the snapshot is
     * incomplete; NULL: it is complete. */
    const char *overflow;
};

/* The kind of a change. */
enum audit_what {
    AUDIT_OVERFLOW, /* a directory exceeded a limit: not all of it was examined */
    AUDIT_ADDED,    /* a file that did not exist before, or did nothing */
    AUDIT_CHANGED,
    AUDIT_REMOVED,
    /* The permissions to execute the file changed, the permission of everybody to write to it,
     * or its sticky bit. */
    AUDIT_MODE,
    AUDIT_SETID, /* a setuid or setgid bit appeared */
    /* It is something other than a regular file, which it was not before; or a link with
     * another target; or a regular file again. */
    AUDIT_TYPE,
    AUDIT_RELINKED /* files in this directory changed that have hard links outside */
};

struct audit_finding {
    enum audit_what what;
    const char *path;     /* any bytes except NUL, so not for printing; see audit_lines() */
    enum audit_kind kind; /* of what is there after the session; of AUDIT_REMOVED, before it */
    unsigned old_mode, mode; /* before and after; 0 if nothing was there */
    const char *target;      /* of a link that is there after the session; otherwise NULL */
    size_t count;            /* of AUDIT_RELINKED: the number of files */
    bool in_new_dir;         /* of AUDIT_ADDED: its directory did not exist before */
    unsigned rule;           /* the number of the rule */
};

/* The difference of two snapshots. */
struct audit_report {
    /* AUDIT_OVERFLOW first, then in the order of the rules, and of one rule by path. */
    struct audit_finding *findings;
    size_t count;
};

/* Takes a snapshot of everything in `scope`. Fills *out; its strings live in the arena, those
 * of the scope are borrowed, and the identities of trees are added where the scope has "".
 * Returns 0 on success and -1 on error: ERR_SYS if descriptors or kernel memory have run out.
 * After an error, *out is {0}. Blocks only as file systems do. */
int audit_take(const struct audit_scope *scope, struct arena *a, struct audit *out,
               struct err *e);

/* Compares two snapshots and fills *out. A file whose bytes are the same has not changed, even
 * if its times have. If it is larger than AUDIT_HASH_MAX, or was not hashed, a changed time or
 * inode is a finding. Paths and targets point into the snapshots; the rest lives in the arena.
 * Pure. */
void audit_diff(const struct audit *before, const struct audit *after, struct arena *a,
                struct audit_report *out);

/* Adds to `lines` what the user reads about the findings: one line for all findings that have
 * the same kind of change and concern the same programs,
 * ".git/hooks/pre-commit added (git runs it)" or
 * ".git/hooks: 3 added (for each: git runs it): a, b, c". All new files that make a new
 * directory a virtual environment of Python are one line. The most important lines come first,
 * at most `max`, and then one with the number of the other changes. Names are escaped and cut,
 * so that a name cannot start a new line, control the terminal, or fill the screen. Pure. */
void audit_lines(const struct audit_report *report, size_t max, struct arena *a,
                 struct strv *lines);

/* Adds the snapshot to `out` as one JSON text, for a process that compares it later. Returns 0
 * on success and -1 on error: ERR_LIMIT if the text exceeds the maximum of `out`, whose content
 * is then incomplete. Pure. */
int audit_encode(const struct audit *s, struct buf *out, struct err *e);

/* Parses a text of audit_encode() into *out, in the arena; nothing in *out points into `text`.
 * Returns 0 on success and -1 on error: ERR_FORMAT if audit_encode() does not write such a
 * text, or if another version of cco with other rules wrote it, because entries name rules by
 * number; ERR_LIMIT if the text is too large or too deeply nested. After an error, *out is {0}.
 * Pure. */
int audit_decode(struct str text, struct arena *a, struct audit *out, struct err *e);

#endif
