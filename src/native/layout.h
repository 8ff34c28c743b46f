/* SPDX-License-Identifier: MIT */
/* The new root of a sandbox with namespaces, as a list of steps: directories, links and mounts.
 * It depends on the plan and on confine/fs_table.h alone; native/root.c carries it out. Plain
 * data in one arena. Pure. */
#ifndef NATIVE_LAYOUT_H
#define NATIVE_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "confine/landlock.h"
#include "plan/facts.h"
#include "plan/plan.h"

enum step_kind {
    STEP_DIR,    /* a directory, with those above it */
    STEP_LINK,   /* a symbolic link to `source` */
    STEP_TREE,   /* the host's `source`, recursive; a device if the flags say so */
    STEP_COPY,   /* a new file with the content of the host's `source` */
    STEP_MEMORY, /* an empty tmpfs */
    STEP_PROC,   /* proc of the pid namespace */
    STEP_PTS,    /* a new devpts */
    STEP_LOCK,   /* what is at `path` already, mounted over itself with the flags */
    STEP_HIDE    /* an unreadable directory or file, mounted over what is at `path` */
};

struct step {
    enum step_kind kind;
    const char *path;   /* inside the sandbox */
    const char *source; /* on the host; the target of a link */
    unsigned flags;     /* enum tree_flags */
    unsigned mode;      /* of STEP_DIR and STEP_MEMORY */
    bool is_dir;        /* of STEP_TREE, STEP_LOCK and STEP_HIDE */
    bool optional; /* the step is left out if `source`, or what is to be locked, is missing */
    const char *why;
};

struct layout {
    struct step *steps; /* a step comes after those that its path lies below */
    size_t count, cap;
    struct landlock_path *grants; /* what Landlock allows: the same as the mounts */
    size_t grant_count, grant_cap;
};

/* Fills *out from the plan. Strings are the plan's, static, or live in the arena. Returns 0 on
 * success and -1 on error: ERR_USAGE if the plan has a volume. */
int layout_make(const struct plan *p, struct arena *a, struct layout *out, struct err *e);

#endif
