/* SPDX-License-Identifier: MIT */
/* Fetches Claude Code for native sandboxes on a machine without it: the vendor's own package
 * from an npm registry, unpacked to DATA/claude-code/VERSION (host/fetched_claude.h).
 *
 * The registry's document names the SHA-512 of the package. registry.npmjs.org signs it, and
 * the signature must be by the key that cco contains (wire/npm_metadata.h). A mirror often
 * passes on no signature: then only the SHA-512 is checked. But the server of
 * registry.npmjs.org must send one if one of the public authorities that cco contains certifies
 * it. If only an authority of this system does, a mirror answers in its place. */
#ifndef SESSION_CLAUDE_FETCH_H
#define SESSION_CLAUDE_FETCH_H

#include <stdbool.h>

#include "base/err.h"
#include "session/session_context.h"

/* How many versions are kept: the current one and the one before. */
enum { CLAUDE_VERSIONS_KEPT = 2 };

/* Fetches the version facts.claude_pin, or the newest one if it is NULL, and makes it the
 * current one. If `newest` is false and a version that can be used is there, because another
 * process has fetched it meanwhile, does nothing. Removes older versions. Shows the progress of
 * ctx. One process does this at a time; another one waits for it.
 *
 * Returns 0 on success and -1 on error, with a hint about what to carry over if the network is
 * the reason. After an error the versions are unchanged; what was downloaded is kept for the
 * next call. Blocks for as long as that takes, or until a signal arrives (ERR_CANCELED). */
int claude_fetch(struct session_context *ctx, bool newest, struct err *e);

#endif
