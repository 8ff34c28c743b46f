/* SPDX-License-Identifier: MIT */
/* The new root of a sandbox with namespaces, as a list of steps: directories, links and mounts.
 * The list depends only on the plan and on confine/fs_table.h. native/root.c carries it out.
 * Plain data in one arena. Pure. */
#ifndef NATIVE_LAYOUT_H
#define NATIVE_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "confine/landlock.h"
#include "plan/facts.h"
#include "plan/plan.h"

/* The kind of a step: what it makes at its path. Missing directories above the path are made,
 * too, except for STEP_LOCK and STEP_HIDE, which change something that an earlier step has put
 * there. */
enum step_kind {
    STEP_DIR,    /* a directory */
    STEP_LINK,   /* a symbolic link to `source`, unless the path exists already */
    STEP_TREE,   /* a mount of the host's `source` with everything that is mounted below it */
    STEP_COPY,   /* a new file, mode 0644, with the content of the host's file `source` */
    STEP_MEMORY, /* an empty tmpfs */
    STEP_PROC,   /* the proc file system of the sandbox's pid namespace */
    STEP_PTS,    /* a new devpts */
    STEP_LOCK,   /* a mount of the path over itself, with the attributes in `flags` */
    STEP_HIDE    /* an unreadable directory or file over the path; nothing if it is missing */
};

struct step {
    enum step_kind kind;
    const char *path; /* inside the sandbox; absolute and clean */
    /* A path of the host for STEP_TREE and STEP_COPY, and the target of STEP_LINK, which may be
     * relative. NULL for the other kinds. */
    const char *source;
    unsigned flags; /* enum tree_flags: the attributes of the mount */
    unsigned mode;  /* permission bits of STEP_DIR and STEP_MEMORY; STEP_DIR: 0 means 0755 */
    uint64_t size;  /* of STEP_MEMORY: the maximum in bytes; 0: the kernel's default */
    bool is_dir;    /* of STEP_TREE, STEP_LOCK and STEP_HIDE: the path is a directory */
    /* true: the step is left out if `source` of STEP_TREE, or `path` of STEP_LOCK, does not
     * exist. false: that is an error. */
    bool optional;
    const char *why; /* the reason, for readers; never NULL */
};

struct layout {
    struct step *steps; /* in the order to carry out: a step comes after those above its path */
    size_t count, cap;
    /* The Landlock grants. They repeat what the mounts allow: to read everything below "/", and
     * to write in the writable mounts. Read-only mounts need no grant of their own. */
    struct landlock_path *grants;
    size_t grant_count, grant_cap;
};

/* Fills *out from the plan. The strings in *out are the plan's, static, or live in the arena.
 * Returns 0 on success and -1 on error: ERR_USAGE if the plan contains a volume, which only
 * engines have. After an error, *out is empty. */
int layout_make(const struct plan *p, struct arena *a, struct layout *out, struct err *e);

#endif
