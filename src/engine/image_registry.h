/* SPDX-License-Identifier: MIT */
/* Logins for registries, as Docker's command line keeps them (~/.docker/config.json; DOCKER.md 3.4), and as the engine
 * wants them: base64url of {"username","password","serveraddress"} or {"identitytoken","serveraddress"}. No I/O. */
#ifndef ENGINE_IMAGE_REGISTRY_H
#define ENGINE_IMAGE_REGISTRY_H

#include "base/arena.h"
#include "base/err.h"
#include "base/secret.h"
#include "base/str.h"

/* Under which name the registry of `ref` has its login: "ghcr.io", "localhost:5000"; Docker Hub is
 * "https://index.docker.io/v1/". */
const char *registry_name(const char *ref, struct arena *a);

/* Looks into the configuration's text. *helper: the "docker-credential-..." program to ask, or NULL; `out` gets a login that
 * stands in the file itself (empty where there is none). */
int registry_look_up(struct str config, const char *name, struct arena *a, const char **helper,
                     struct secret *out, struct err *e);

/* What a helper printed: {"ServerURL","Username","Secret"}. */
int registry_helper_said(struct str reply, const char *name, struct secret *out, struct err *e);

#endif
