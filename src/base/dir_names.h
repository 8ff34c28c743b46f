/* SPDX-License-Identifier: MIT */
/* Reads the names in a directory. getdents64(2) with a large buffer needs fewer system calls
 * than opendir(3) and readdir(3). */
#ifndef BASE_DIR_NAMES_H
#define BASE_DIR_NAMES_H

enum { DIR_NAMES_CHUNK = 64 << 10 };

struct dirent;

/* Set by the caller: fd and chunk. The rest begins with zeros. */
struct dir_names {
    int fd;      /* an open directory; borrowed */
    char *chunk; /* DIR_NAMES_CHUNK bytes, aligned as malloc(3) does; borrowed */
    long got, at;
    int error; /* the errno of the error that ended the list; 0: none */
};

/* Returns the next entry of the directory, except "." and "..". It lives in d->chunk until the
 * next call. Returns NULL at the end, and after an error, which is in d->error. Names that are
 * added or removed meanwhile may be missing. Blocks only as file systems do. */
const struct dirent *dir_names_next(struct dir_names *d);

#endif
