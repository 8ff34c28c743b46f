/* SPDX-License-Identifier: MIT */
/* Paths as text. No function here reads the file system. Pure. */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include <stdbool.h>

#include "base/arena.h"

/* Returns "DIR/NAME" in the arena, with exactly one slash between the two parts. If `name` is
 * absolute, returns a copy of `name`. */
char *path_join(struct arena *a, const char *dir, const char *name);

/* Returns `path` in the arena without ".", "..", empty components and trailing slashes. "/"
 * stays "/", and the empty path becomes ".". A relative path keeps leading ".." components.
 * Links are not resolved, so the result may name another file if a component before ".." is a
 * link. */
char *path_clean(struct arena *a, const char *path);

/* Returns true if `path` is `dir` or lies below it. Both must be clean and absolute. */
bool path_is_inside(const char *path, const char *dir);

/* Returns a pointer to the part of `path` behind the last slash, or `path` itself if it has no
 * slash. Returns "" if the path ends with a slash. */
const char *path_base(const char *path);

/* Returns the part before the last slash, in the arena: "/a" for "/a/b", "/" for "/a", "." for
 * "a". */
char *path_dir(struct arena *a, const char *path);

/* Returns the path that a name in a file of settings means, clean and in the arena: "~/" stands
 * for `home`, and a relative name begins at `dir`. Returns NULL if the name is empty, begins
 * with another "~", or is relative and `dir` is NULL. */
const char *path_named(struct arena *a, const char *home, const char *dir, const char *name);

bool path_is_absolute(const char *path);

/* Returns an absolute path as a word of a shell command, for messages: path itself if no
 * byte of it has a meaning there, and otherwise a quoted copy in the arena. */
const char *path_word(struct arena *a, const char *path);

#endif
