/* SPDX-License-Identifier: MIT */
/* The login that `docker login` stored for a registry, in Docker's configuration file or in a
 * credential helper. cco sends it to the engine with the request and never shows it. */
#ifndef SESSION_REGISTRY_LOGIN_H
#define SESSION_REGISTRY_LOGIN_H

#include "base/secret.h"
#include "session/session_context.h"

/* Looks up the login for the registry of the image `ref` and sets *out to it, in the form that
 * engine_pull() takes. *out must be empty; it stays empty without a login. The caller
 * releases it. Cannot fail: a problem is printed as a warning, because many images can be
 * pulled without a login. Blocks while a credential helper runs, 30 seconds at most. */
void registry_login(struct session_context *ctx, const char *ref, struct secret *out);

#endif
