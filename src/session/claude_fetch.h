/* SPDX-License-Identifier: MIT */
/* Fetches Claude Code for native sandboxes on a machine without it: the vendor's own package
 * from an npm registry, unpacked to DATA/claude-code/VERSION (host/fetched_claude.h).
 *
 * The registry's document names the SHA-512 of the package, which is always checked. A
 * signature by the key that cco contains (wire/npm_metadata.h) must be correct. Such a
 * signature is required if the registry is registry.npmjs.org and a public authority that cco
 * contains certifies the server. In all other cases it may be absent: a mirror often passes on
 * no signature, and if only an authority of this system certifies registry.npmjs.org, another
 * server answers in its place. */
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
 * the reason: ERR_REFUSED if the directory or the registry's file of certificates must not be
 * used, or if the signature or the server is not trusted; ERR_NOT_FOUND if the
 * registry lacks the package or the version, or this machine lacks a libc for claude;
 * ERR_FORMAT or ERR_LIMIT if the document or the package is malformed, too large, or has
 * another SHA-512; ERR_SYS if a file cannot be read or written; ERR_CANCELED if a signal
 * arrived; and those of net/fetch.h. After an error the current version is unchanged. What was
 * downloaded is kept for the next call, except after a wrong SHA-512. Blocks until the work is
 * done or a signal arrives, also while another process fetches. */
int claude_fetch(struct session_context *ctx, bool newest, struct err *e);

#endif
