/* SPDX-License-Identifier: MIT */
/* Contexts of Docker's command line: named engines, kept below its directory (~/.docker, $DOCKER_CONFIG) as
 * contexts/meta/HASH/meta.json and contexts/tls/HASH/docker/{ca,cert,key}.pem, HASH being the SHA-256 of the name, and
 * "currentContext" of config.json (DOCKER.md 2.2). Only read, never written; all of it is data from outside. */
#ifndef ENGINE_DISCOVER_DOCKER_CONTEXT_H
#define ENGINE_DISCOVER_DOCKER_CONTEXT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "engine/discover_endpoint.h"

struct docker_context {
    const char *host; /* as endpoint_parse() takes it */
    struct endpoint_tls tls;
};

/* The name that "currentContext" of DIR/config.json has; NULL where there is no file or no such name in it, and for
 * "default", which means no context. ERR_FORMAT, ERR_LIMIT, ERR_SYS for a file that cannot be used. */
int docker_context_current(const char *dir, struct arena *a, const char **name, struct err *e);

/* The context of that name. ERR_NOT_FOUND where there is none; the hint tells those that there are. */
int docker_context_load(const char *dir, const char *name, struct arena *a,
                        struct docker_context *out, struct err *e);

/* meta.json: the host, and whether the server shall be checked. Pure. ERR_FORMAT. */
int docker_context_read(struct str meta, struct arena *a, struct docker_context *out,
                        struct err *e);

/* Which of ca.pem, cert.pem and key.pem are in `dir`. ERR_NOT_FOUND for one of the last two without the other. */
int docker_context_files(const char *dir, struct arena *a, struct endpoint_tls *out,
                         struct err *e);

#endif
