/* SPDX-License-Identifier: MIT */
/* The login that `docker login` left for a registry: in Docker's configuration file, or with a
 * credential helper. It goes to the engine with the request and is never shown. */
#ifndef SESSION_REGISTRY_LOGIN_H
#define SESSION_REGISTRY_LOGIN_H

#include "base/secret.h"
#include "session/session_context.h"

/* Looks up the login for the registry of the image `ref`, for engine_pull(). The caller
 * releases `out`, which stays empty if there is no login. Cannot fail: a problem is a warning,
 * because much can be pulled without a login. Blocks while a credential helper runs, at most 30
 * seconds. */
void registry_login(struct session_context *ctx, const char *ref, struct secret *out);

#endif
