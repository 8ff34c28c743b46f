/* SPDX-License-Identifier: MIT */
/* Turns the logins for registries that Docker's command line keeps (~/.docker/config.json,
 * docker-login(1)) into the X-Registry-Auth that the engine takes (Engine API,
 * "Authentication"): base64url of {"username","password","serveraddress"} or of
 * {"identitytoken","serveraddress"}. Does no I/O. */
#ifndef ENGINE_IMAGE_REGISTRY_H
#define ENGINE_IMAGE_REGISTRY_H

#include "base/arena.h"
#include "base/err.h"
#include "base/secret.h"
#include "base/str.h"

/* Returns the name under which the login for the registry of `ref` is kept: "ghcr.io",
 * "localhost:5000". Docker Hub is "https://index.docker.io/v1/". */
const char *registry_name(const char *ref, struct arena *a);

/* Finds the login `name` in the text of the configuration. *helper becomes the
 * "docker-credential-..." program that has to be asked, or NULL. `out` gets a login that is in
 * the text itself, in the engine's form; it stays empty if there is none. Returns 0 on success
 * and -1 on error: ERR_FORMAT, ERR_LIMIT, or ERR_REFUSED if *helper would not be a plain
 * name. */
int registry_look_up(struct str config, const char *name, struct arena *a, const char **helper,
                     struct secret *out, struct err *e);

/* Reads the login from what a helper printed: {"ServerURL","Username","Secret"}. Returns 0 on
 * success and -1 on error. */
int registry_helper_said(struct str reply, const char *name, struct secret *out, struct err *e);

#endif
