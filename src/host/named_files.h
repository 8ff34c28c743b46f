/* SPDX-License-Identifier: MIT */
/* The files to which the user's settings of git or ssh lead: settings that include others, and
 * files that they name. A file counts only if the user can read it, the ledger allows it
 * (host/look.h), and it contains no password and no private key. */
#ifndef HOST_NAMED_FILES_H
#define HOST_NAMED_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "plan/facts.h"

enum { NAMED_FILES_MAX = 64 /* count of the files and directories that are brought */ };

enum named_kind {
    NAMED_FILE, /* at most LIMIT_FILE_SMALL bytes */
    NAMED_KEY,  /* a file with nothing but public keys for ssh */
    NAMED_DIR
};

/* A file of settings. Strings are in the arena or borrowed. */
struct named_source {
    struct fact_path file;
    const char *target; /* its path in the sandbox */
    int depth;          /* 0 for a file that no other file includes, 1 for one level, ... */
};

/* The initial state is 0 except for the first three members, which the caller sets. f->project,
 * f->trees and f->state_dir must be set. */
struct named_files {
    struct arena *a;
    struct facts *f;
    int max_depth; /* deeper files are ignored */
    struct named_source *sources;
    size_t count, cap;
    size_t next;    /* the source that is read next */
    size_t brought; /* how many were added to f->brought */
};

/* Adds a file of settings that others do not include. It is not added to f->brought. */
void named_files_start(struct named_files *n, const struct fact_path *file, const char *target);

/* Adds a file or directory to f->brought, with its path in the sandbox and the reason for the
 * plan, which are borrowed. Does nothing if it does not count, is in the project or is brought
 * already. A file that the ledger does not allow is added, and noted in f->untrusted. Returns
 * the entry, and NULL if nothing was added. */
const struct fact_brought *named_files_bring(struct named_files *n, const char *path,
                                             const char *target, enum named_kind kind,
                                             const char *why);

/* Does the same for a file of settings that `by` includes. named_files_next() returns it later.
 */
void named_files_include(struct named_files *n, const struct named_source *by, const char *path,
                         const char *target, const char *why);

/* Sets *s to the next file of settings and reads the file into `text`, which the caller wipes.
 * Returns false if none is left. Blocks only as the file system does. */
bool named_files_next(struct named_files *n, struct named_source *s, struct buf *text);

#endif
