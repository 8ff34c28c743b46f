/* SPDX-License-Identifier: MIT */
/* The audit: reports what changed, during a session, in the files of a project that the host
 * may execute without being asked, such as hooks and the settings of editors, shells, package
 * managers and agents. It takes a snapshot before the session and one after it, and compares
 * them. It shows the user where to look, and does not prevent anything. The table
 * host/audit_table.h lists the files.
 *
 * The project is hostile. Every file is opened with openat(2), O_NOFOLLOW and O_NONBLOCK from
 * the directory above it, so that a planted link is never followed; the link itself is a
 * finding. Only regular files are opened for reading. The work is limited, and exceeding a
 * limit is a finding. What other processes of the host change during the session is a finding,
 * too. */
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

/* The limits of one snapshot. */
enum {
    AUDIT_MAX = 4096,         /* entries */
    AUDIT_NAMES_MAX = 32768,  /* names read from directories */
    AUDIT_DEPTH_MAX = 8,      /* nested directories that each "**" of a pattern goes through */
    AUDIT_HASH_MAX = 1 << 20, /* bytes hashed of one file */
    /* Bytes hashed of all files together. Further files are compared by inode and times. */
    AUDIT_HASH_TOTAL = 32 << 20,
    AUDIT_TEXT_MAX = 32 << 20 /* bytes of the snapshot as a text, for audit_encode() */
};

/* The kind of a path. */
enum audit_kind {
    AUDIT_FILE, /* a regular file */
    AUDIT_DIR,  /* a directory where the table names a file */
    AUDIT_LINK, /* a symbolic link */
    AUDIT_FIFO,
    AUDIT_SOCKET,
    AUDIT_DEVICE,
    AUDIT_UNREADABLE, /* a file or directory that cannot be read */
    AUDIT_KINDS
};

/* One path of a snapshot. */
struct audit_entry {
    const char *path; /* relative to the project; absolute if it is in the common directory */
    unsigned rule;    /* index into audit_rules: the first rule that matches the path */
    enum audit_kind kind;
    unsigned mode; /* permission bits with setuid, setgid and sticky */
    uint64_t size; /* bytes of a regular file; 0 for the other kinds */
    /* SHA-256, in hex, of the first AUDIT_HASH_MAX bytes; "" if nothing was read. */
    char digest[SHA256_HEX];
    const char *stamp;  /* inode, mtime and ctime as a text; "" if unknown */
    const char *target; /* of a link; NULL for the other kinds */
};

/* A snapshot: entries sorted by path, each path once. Everything lives in one arena. {0} is the
 * snapshot of an empty project. */
struct audit {
    struct audit_entry *entries;
    size_t count;
    /* The directory that core.hooksPath of git's configuration names, relative to the project
     * ("." is the project); NULL if it is not set, or outside of the project. */
    const char *hooks_path;
    /* The first directory that exceeded a limit ("." is the project), so that the snapshot is
     * incomplete; NULL: it is complete. */
    const char *overflow;
};

/* The kind of a change. */
enum audit_what {
    AUDIT_OVERFLOW, /* a directory exceeded a limit: not all of it was examined */
    AUDIT_ADDED,    /* a regular file that did not exist before */
    AUDIT_CHANGED,
    AUDIT_REMOVED,
    /* The permissions to execute the file changed, the permission of everybody to write to it,
     * or its sticky bit. */
    AUDIT_MODE,
    AUDIT_SETID, /* a setuid or setgid bit appeared */
    /* It is something other than a regular file, which it was not before; or a link with
     * another target; or a regular file again. */
    AUDIT_TYPE
};

struct audit_finding {
    enum audit_what what;
    const char *path;     /* any bytes except NUL, so not for printing; see audit_line() */
    enum audit_kind kind; /* of what is there after the session; of AUDIT_REMOVED, before it */
    unsigned old_mode, mode; /* before and after; 0 if nothing was there */
    const char *target;      /* of a link that is there after the session; otherwise NULL */
    /* The program of the host and what it does with the file: "git", "runs it". Static; NULL
     * for AUDIT_OVERFLOW. */
    const char *program, *why;
    unsigned rule; /* index into audit_rules; 0 for AUDIT_OVERFLOW */
};

/* The difference of two snapshots. */
struct audit_report {
    /* AUDIT_OVERFLOW first, then in the order of the table, and of one rule by path. */
    struct audit_finding *findings;
    size_t count;
};

/* Takes a snapshot of the project (an absolute, clean path) and, if git_common_dir is not NULL,
 * of this common directory of a git worktree (absolute, physical, outside of the project). A
 * missing directory counts as empty. Fills *out; its strings live in the arena. Returns 0 on
 * success and -1 on error: ERR_SYS if one of the two directories cannot be opened, or if
 * descriptors or kernel memory have run out. After an error, *out is {0}. Blocks only as file
 * systems do. */
int audit_take(const char *project, const char *git_common_dir, struct arena *a,
               struct audit *out, struct err *e);

/* Compares two snapshots and fills *out. A file whose bytes are the same has not changed, even
 * if its times have. If it is larger than AUDIT_HASH_MAX, or was not hashed, a changed time or
 * inode is a finding. If core.hooksPath names another directory than before, the files of the
 * old directory are not findings, because they were not examined again. Paths and targets point
 * into the snapshots; the rest lives in the arena. Pure. */
void audit_diff(const struct audit *before, const struct audit *after, struct arena *a,
                struct audit_report *out);

/* Returns a finding as one line for the user, in the arena, without a newline:
 * ".git/hooks/pre-commit added (git runs it)". Control bytes in names are escaped, so that a
 * name cannot start a new line. Pure. */
const char *audit_line(const struct audit_finding *f, struct arena *a);

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
