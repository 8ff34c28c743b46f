/* SPDX-License-Identifier: MIT */
/* Turns the logins for registries that Docker's command line keeps (~/.docker/config.json,
 * docker-login(1)) into the form that the engine accepts in the field X-Registry-Auth (Engine
 * API, "Authentication"): base64url of {"username","password","serveraddress"} or of
 * {"identitytoken","serveraddress"}. Does no I/O: the caller reads the file and runs the
 * credential helper. */
#ifndef ENGINE_IMAGE_REGISTRY_H
#define ENGINE_IMAGE_REGISTRY_H

#include "base/arena.h"
#include "base/err.h"
#include "base/secret.h"
#include "base/str.h"

/* Returns the name under which Docker's command line keeps the login for the registry of the
 * image reference `ref`: "ghcr.io", "localhost:5000", and for Docker Hub
 * "https://index.docker.io/v1/". The result is a constant, or in the arena. */
const char *registry_name(const char *ref, struct arena *a);

/* Looks for the login of the registry `name` in `config`, the text of config.json. *helper
 * becomes the name of the program "docker-credential-..." that the caller has to ask for the
 * login, in the arena, or NULL if there is none. If `config` itself has a login, it is written
 * to `out` in the engine's form; otherwise `out` is unchanged. Both can be set; the helper
 * takes precedence. Returns 0 on success and -1 on error: ERR_FORMAT, ERR_LIMIT, or ERR_REFUSED
 * if the name of the helper is not a plain file name. */
int registry_look_up(struct str config, const char *name, struct arena *a, const char **helper,
                     struct secret *out, struct err *e);

/* Reads the login from `reply`, what a credential helper printed:
 * {"ServerURL","Username","Secret"}. Writes it to `out` in the engine's form, for the registry
 * `name`. Returns 0 on success and -1 on error: ERR_FORMAT or ERR_LIMIT. */
int registry_helper_said(struct str reply, const char *name, struct secret *out, struct err *e);

#endif
