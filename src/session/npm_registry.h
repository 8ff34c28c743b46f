/* SPDX-License-Identifier: MIT */
/* The npm registry from which cco fetches Claude Code. It is the registry that the user's npm
 * would ask, with the same login, proxy and certificates. cco reads the variables npm_config_*,
 * ~/.npmrc (or the file that npm_config_userconfig names) and the files of the system. A file
 * that an agent could have written is not used, and the file of the project is never read. */
#ifndef SESSION_NPM_REGISTRY_H
#define SESSION_NPM_REGISTRY_H

#include <stdbool.h>

#include "base/err.h"
#include "base/secret.h"
#include "session/session_context.h"
#include "wire/url.h"

struct npm_registry {
    struct url url; /* its path ends with '/' */
    /* "https://HOST/", for messages. The configured address may contain a password before the
     * host, or a token in its path. */
    const char *shown;
    char *const *env;            /* the environment with npm's proxies in front */
    const char *ca_file;         /* more certificate authorities; NULL: none */
    struct secret authorization; /* "Authorization: ..."; empty: no login */
    /* Trust only the authorities that cco contains (net/authorities.h). Set by the caller. */
    bool built_in;
};

/* Finds the registry for the packages of the scope "@anthropic-ai". Strings are in the arena of
 * ctx. Warns about files that are not used. Returns 0 on success and -1 on error: ERR_FORMAT if
 * the registry's address is not a web URL, ERR_REFUSED if the file of certificates must not be
 * used. The caller ends with npm_registry_release(). */
int npm_registry_find(struct session_context *ctx, struct npm_registry *out, struct err *e);

/* Returns true if this is registry.npmjs.org, which signs every package. */
bool npm_registry_is_npms(const struct npm_registry *r);

/* Wipes the login. A second call does nothing. */
void npm_registry_release(struct npm_registry *r);

#endif
