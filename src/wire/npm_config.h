/* SPDX-License-Identifier: MIT */
/* Reads what npm's configuration says about a registry: the variables npm_config_* and the
 * files named .npmrc (https://docs.npmjs.com/cli/configuring-npm/npmrc). A value that is read
 * first wins, so the caller reads the variables before the files, and the user's file before
 * the system's. A text ${NAME} in a file stands for a variable. The file of a project is never
 * read: an agent could have written it.
 *
 * Logins are secrets. They are not kept here: npm_config_login() finds them in the text of a
 * file when they are needed. Pure. */
#ifndef WIRE_NPM_CONFIG_H
#define WIRE_NPM_CONFIG_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "wire/url.h"

/* The default registry. */
#define NPM_REGISTRY "https://registry.npmjs.org/"

/* Texts in the arena; NULL: not configured. */
struct npm_config {
    const char *scope;    /* "@anthropic-ai"; set by the caller, borrowed */
    const char *registry; /* for all packages */
    const char *scoped;   /* for the packages of the scope; stronger than `registry` */
    const char *cafile;   /* a file of certificates */
    const char *https_proxy, *proxy, *noproxy;
};

/* Takes the values of the variables npm_config_registry and so on, in upper or lower case. */
void npm_config_variables(struct npm_config *c, char *const *env, struct arena *a);

/* Takes the values of the text of a file. Lines that are not understood are skipped. */
void npm_config_file(struct npm_config *c, struct str text, char *const *env, struct arena *a);

/* Returns the address of the registry for the scope, which ends with '/', in the arena. */
const char *npm_config_registry(const struct npm_config *c, struct arena *a);

/* Adds the value of the field Authorization for the registry at `url` to `out`, if the text of
 * a file has a login for it: _authToken, _auth, or username with _password, at the longest
 * address that is the beginning of the registry's. Returns true if there is one. The caller
 * wipes `out`; if it has no room, the function returns false. */
bool npm_config_login(struct str text, char *const *env, const struct url *url,
                      struct buf *out);

#endif
