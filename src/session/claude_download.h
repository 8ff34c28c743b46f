/* SPDX-License-Identifier: MIT */
/* Downloads the package of Claude Code from an npm registry into a file. An interrupted
 * download goes on where it ended, also in another process. */
#ifndef SESSION_CLAUDE_DOWNLOAD_H
#define SESSION_CLAUDE_DOWNLOAD_H

#include "base/hash.h"
#include "session/npm_registry.h"

enum { CLAUDE_PACKAGE_MAX = 1 << 30 }; /* bytes of a package, compressed */

struct claude_package {
    const char *title; /* for the progress and messages: "download claude 2.1.0" */
    struct url url;
    unsigned char sha512[SHA512_SIZE];
};

/* Downloads the package to the file `path`, which may contain its beginning, and checks the
 * digest of the whole file. The caller holds a lock, so that no other process uses the file.
 * If the connection ends early, connects again as long as each connection brings some bytes.
 * Returns 0 on success and -1 on error: those of net/fetch.h, among them ERR_CANCELED if a
 * signal arrived and ERR_LIMIT if the package is larger than CLAUDE_PACKAGE_MAX; ERR_SYS if the
 * file cannot be read or written; ERR_FORMAT if its digest is another one. After a wrong digest
 * the file is removed, and after other errors it has the bytes that arrived. Blocks until the
 * package has arrived, or until a signal arrives. */
int claude_download(struct session_context *ctx, const struct npm_registry *r,
                    const struct claude_package *p, const char *path, struct err *e);

#endif
