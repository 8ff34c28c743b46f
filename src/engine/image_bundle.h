/* SPDX-License-Identifier: MIT */
/* Bundles (wire/bundle.h) in files: saves one from an engine, checks it, and loads it into an
 * engine. The file is an open regular file; the caller first puts what comes through a pipe
 * into one. All functions take long, report progress (`progress` is not NULL), end at a signal
 * of the engine, and return 0 on success and -1 on error. */
#ifndef ENGINE_IMAGE_BUNDLE_H
#define ENGINE_IMAGE_BUNDLE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "wire/bundle.h"

struct engine;
struct progress;

/* The content of a bundle: `b` without its files. */
struct bundle_source {
    struct bundle b;
    const char *exe;     /* cco itself */
    uint64_t image_size; /* about, for progress */
};

/* Writes a bundle with the engine's image source->b.tag to `fd` (O_RDWR, empty). Its head is
 * written last, so that the file is not a bundle after an error. `name` is for messages. */
int bundle_save(struct engine *en, const struct bundle_source *source, int fd, const char *name,
                struct progress *progress, struct err *e);

/* A bundle to be checked. */
struct bundle_input {
    int fd;
    const char *name; /* for messages */
    const char *arch; /* the engine's; NULL: not known */
};

/* A checked bundle. */
struct bundle_file_found {
    struct bundle b;
    uint64_t image_at; /* where the image's bytes begin in the file */
};

/* Reads all of the file and checks everything: entries, sizes, sums, the image's name, its
 * architecture. Sends nothing to the engine. ERR_FORMAT, ERR_REFUSED and ERR_EOF say what is
 * wrong, with a hint. */
int bundle_check(struct engine *en, const struct bundle_input *in, struct progress *progress,
                 struct arena *a, struct bundle_file_found *out, struct err *e);

/* Sends the image to the engine. The last bytes are sent only if all of them have the checked
 * sum, so that a file that has changed since the check loads nothing. POST /images/load. */
int bundle_load(struct engine *en, const struct bundle_file_found *found, int fd,
                struct progress *progress, struct err *e);

#endif
