/* SPDX-License-Identifier: MIT */
/* Lexical paths: nothing here looks at a file system. Pure. */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include <stdbool.h>

#include "base/arena.h"

/* "a" + "b" -> "a/b" with exactly one slash between; an absolute b stands alone. */
char *path_join(struct arena *a, const char *dir, const char *name);

/* Without ".", "..", empty components and trailing slashes, by text alone; "/" stays "/". A
 * relative path keeps leading ".."; the empty path becomes ".". */
char *path_clean(struct arena *a, const char *path);

/* True where `path` is `dir` or lies below it. Both must be clean and absolute. */
bool path_is_inside(const char *path, const char *dir);

const char *path_base(const char *path);           /* what follows the last slash */
char *path_dir(struct arena *a, const char *path); /* "/a/b" -> "/a", "/a" -> "/", "a" -> "." */
bool path_is_absolute(const char *path);

#endif
