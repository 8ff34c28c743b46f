/* SPDX-License-Identifier: MIT */
/* Contexts of Docker's command line are named engines. Its directory (~/.docker,
 * $DOCKER_CONFIG) has them as contexts/meta/HASH/meta.json and
 * contexts/tls/HASH/docker/{ca,cert,key}.pem, where HASH is the SHA-256 of the name;
 * "currentContext" of config.json names one (docker-context(1)). cco only reads them. All of it
 * is data from outside. */
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

/* Reads the name of the current context from `dir`/config.json: *name. It is NULL if there is
 * no file, no name in it, or the name "default", which means no context. Returns 0 on success
 * and -1 on error: ERR_FORMAT, ERR_LIMIT or ERR_SYS if the file cannot be used. */
int docker_context_current(const char *dir, struct arena *a, const char **name, struct err *e);

/* Reads the context `name` and finds its files for TLS. Returns 0 on success and -1 on error.
 * ERR_NOT_FOUND means that there is no such context (the hint lists the existing ones), or that
 * one of its files is missing, as in docker_context_files(). */
int docker_context_load(const char *dir, const char *name, struct arena *a,
                        struct docker_context *out, struct err *e);

/* Reads host and verify from the text of a meta.json. Returns 0 on success and -1 on error:
 * ERR_FORMAT. Pure. */
int docker_context_read(struct str meta, struct arena *a, struct docker_context *out,
                        struct err *e);

/* Sets the members of *out for those of ca.pem, cert.pem and key.pem that are in `dir`. Returns
 * 0 on success and -1 on error: ERR_NOT_FOUND if one of cert.pem and key.pem is there without
 * the other. */
int docker_context_files(const char *dir, struct arena *a, struct endpoint_tls *out,
                         struct err *e);

#endif
