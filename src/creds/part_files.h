/* SPDX-License-Identifier: MIT */
/* Files and directories below two open directories, of which an agent may have written the
 * content: no function follows a link, waits for a fifo, or uses a name that is not plain. All
 * descriptors are close-on-exec. */
#ifndef CREDS_PART_FILES_H
#define CREDS_PART_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

/* The limits and the result of copying. The initial state is {0}. */
struct part_files {
    struct timespec since; /* to the host go files whose attributes changed at or after this */
    size_t bytes;          /* copied so far */
    size_t failed;         /* files that could not be copied */
    int errnum;            /* why the first of them could not be copied */
};

/* Opens the directory `name` in `dir`, for reading. Returns a descriptor that the caller
 * closes, and -1 if it does not exist or is something else, such as a link. */
int part_open_dir(int dir, const char *name);

/* Does the same, and makes the directory (0700) first if it is missing. */
int part_make_dir(int dir, const char *name);

/* Returns true if the directory has no entry, or cannot be read. */
bool part_is_empty(int dir);

/* Calls `each` for the name of every entry of the directory, except "." and "..". The directory
 * stays open. At most 100,000 entries are listed. */
void part_list(int dir, void (*each)(void *ctx, const char *name), void *ctx);

/* Reads the last `max` bytes of the regular file `name` into out. Returns their number, and -1
 * if the file does not exist or is something else. */
ssize_t part_tail(int dir, const char *name, char *out, size_t max);

/* Copies the file `name` from one directory into the other, with its modification time, if it
 * is missing or older there. The new file has mode 0600, appears as a whole, and is not synced.
 * Leaves out what is not a regular file or is larger than 64 MiB, names with other characters
 * than A-Z a-z 0-9 @ . _ - or longer than 200, and everything after 1 GiB. With `to_host` also
 * files with several names, and files that have not changed since f->since; something else than
 * a regular file is then not replaced. Counts errors in f->failed. */
void part_copy(struct part_files *f, int from, int to, const char *name, bool to_host);

#endif
