/* SPDX-License-Identifier: MIT */
/* Looks up the paths of the facts, and notes in the facts (untrusted, pins) whether what was
 * found may be used. f->trees and f->state_dir must be set. */
#ifndef HOST_LOOK_H
#define HOST_LOOK_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "plan/claude_state.h"
#include "plan/facts.h"

/* Looks up a file that cco or the host's programs obey, or that the sandbox gets. If the way to
 * it leads through a tree that an agent could write, it may be used only if it is pinned. */
struct fact_path look_obeyed(struct arena *a, struct facts *f, const char *path);

/* The same for a path that cannot be pinned, because cco or claude writes there. */
struct fact_path look_unpinned(struct arena *a, struct facts *f, const char *path);

/* Does what look_obeyed() does for a file that is read or copied. A file that the user cannot
 * read counts as missing. */
struct fact_path look_readable(struct arena *a, struct facts *f, const char *path);

/* Adds the content of a file that look_obeyed() has found to `text`. Returns false if it is not
 * a regular file, must not be used, cannot be read, or exceeds the maximum of `text`. */
bool look_read(const struct facts *f, const struct fact_path *file, struct buf *text);

/* Adds a file or directory that look_obeyed() has found to f->brought. Its strings are
 * borrowed. Returns the entry, which stays valid as long as the arena. */
const struct fact_brought *look_bring(struct arena *a, struct facts *f,
                                      const struct fact_brought *b);

/* Looks up an entry of f->claude_dir. Only a link is looked up as look_obeyed() does, because
 * the facts already say whether the directory may be used. An entry that the sandbox can write
 * cannot be pinned. */
struct fact_path look_state(struct arena *a, struct facts *f, const struct state_entry *s);

/* Returns the entry `name` of f->claude_dir, which look_state() has looked up before. It is
 * FACT_MISSING if it must not be used. */
struct fact_path look_claude(struct arena *a, const struct facts *f, const char *name);

/* Looks up a file of certificates. Sets *why if it may not be used; it is then not noted in the
 * facts. A place in the project that no link leads to may be used. */
struct fact_path look_certificates(struct arena *a, struct facts *f, const char *path,
                                   const char **why);

/* Returns the path of the first file that the host's claude obeys or that cco or claude keeps
 * (its directories, .claude.json and the login) to which the way leads through the directory
 * `dir`, which is physical. Returns NULL if there is none. Whoever can write to `dir` could
 * exchange that file. */
const char *look_through(struct arena *a, const struct facts *f, const char *dir);

/* Returns the path at which a file that the user has named can be created: its directory is
 * without links. In the arena, or `path` itself if the facts were not probed. Returns NULL with
 * ERR_REFUSED if a link that an agent could have made leads there, and with ERR_SYS if the
 * directory cannot be found. */
const char *look_target(struct arena *a, const struct facts *f, const char *path,
                        struct err *e);

#endif
