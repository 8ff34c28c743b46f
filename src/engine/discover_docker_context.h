/* SPDX-License-Identifier: MIT */
/* Reads the contexts of Docker's command line, which are engines with a name
 * (docker-context(1)). In Docker's directory (~/.docker or $DOCKER_CONFIG) a context has the
 * files contexts/meta/HASH/meta.json and contexts/tls/HASH/docker/{ca,cert,key}.pem, where HASH
 * is the SHA-256 of its name in hex digits. The member "currentContext" of config.json names
 * the context that the user has chosen. cco never writes these files, and does not trust their
 * content. All functions read small files and never wait. All texts are in the arena `a`. */
#ifndef ENGINE_DISCOVER_DOCKER_CONTEXT_H
#define ENGINE_DISCOVER_DOCKER_CONTEXT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "engine/discover_endpoint.h"

struct docker_context {
    const char *host;        /* the engine's address, for endpoint_parse() */
    struct endpoint_tls tls; /* for endpoint_parse() */
};

/* Reads the name of the current context from `dir`/config.json into *name. *name becomes NULL
 * if the file or the name in it is missing, or for the name "default", which means that no
 * context is in use; it is also NULL after an error. Returns 0 on success and -1 on error:
 * ERR_FORMAT, ERR_LIMIT, ERR_REFUSED (it is not a regular file) or ERR_SYS if the file cannot
 * be used. */
int docker_context_current(const char *dir, struct arena *a, const char **name, struct err *e);

/* Reads the context `name` from Docker's directory `dir`, and finds its files for TLS. TLS is
 * on if the context has certificates, or asks not to verify the server. Returns 0 on success
 * and -1 on error. ERR_NOT_FOUND means that no such context exists (the hint lists the
 * existing ones), or is the error of docker_context_files(). After an error, *out must not be
 * used. */
int docker_context_load(const char *dir, const char *name, struct arena *a,
                        struct docker_context *out, struct err *e);

/* Reads the address, and whether the server is verified, from `meta`, the text of a meta.json.
 * The files of out->tls are NULL. Returns 0 on success and -1 on error: ERR_FORMAT if the text
 * is not JSON or names no Docker engine, ERR_LIMIT if it is nested too deeply (json_parse()).
 * After an error, *out must not be used. Pure. */
int docker_context_read(struct str meta, struct arena *a, struct docker_context *out,
                        struct err *e);

/* Sets out->ca, out->cert and out->key to the paths of ca.pem, cert.pem and key.pem in `dir`,
 * or to NULL if the file does not exist. The other members are unchanged. Returns 0 on success
 * and -1 with ERR_NOT_FOUND if only one of cert.pem and key.pem exists. */
int docker_context_files(const char *dir, struct arena *a, struct endpoint_tls *out,
                         struct err *e);

#endif
