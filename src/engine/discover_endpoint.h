/* SPDX-License-Identifier: MIT */
/* The address of an engine as a struct: where it is, how it is reached, and the files for TLS.
 * The text comes from DOCKER_HOST or a context. Pure: nothing is opened or looked up. */
#ifndef ENGINE_DISCOVER_ENDPOINT_H
#define ENGINE_DISCOVER_ENDPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum { ENDPOINT_BASE_MAX = 200 };

enum endpoint_kind { ENDPOINT_UNIX, ENDPOINT_TCP, ENDPOINT_SSH };

/* Texts are in the arena that the address was parsed with. */
struct endpoint {
    enum endpoint_kind kind;
    /* unix: the socket. ssh: the remote socket, ENDPOINT_REMOTE_SOCKET unless the address has a
     * path. tcp: NULL. */
    const char *path;
    const char *host; /* tcp, ssh: an IPv6 address has no brackets; never begins with '-' */
    const char *user; /* ssh: NULL if ssh chooses; never begins with '-' */
    uint16_t port;    /* tcp: the default is 2375, with TLS 2376; ssh: 0 if ssh chooses */
    const char
        *base;   /* tcp: path in front of each target, "" or "/x" without a '/' at its end */
    bool tls;    /* tcp */
    bool verify; /* with tls: the server has to prove its identity */
    /* With tls: files; NULL: none. Without ca, verify uses the authorities of the system. */
    const char *ca, *cert, *key;
};

#define ENDPOINT_REMOTE_SOCKET "/var/run/docker.sock"

/* What is known beside the address. It has no meaning unless the address is tcp://. */
struct endpoint_tls {
    bool on, verify;
    const char *ca, *cert, *key;
};

/* Parses unix:///p, tcp://h[:p][/base], h:p (tcp) and ssh://[user@]h[:p][/socket]. `tls` may be
 * NULL. Returns 0 on success and -1 on error. ERR_FORMAT says what is wrong with the text.
 * ERR_REFUSED means an address of a kind that cco cannot reach (npipe://, fd://, http://) and
 * says what to write instead. After an error, *out is unchanged. */
int endpoint_parse(struct str text, const struct endpoint_tls *tls, struct arena *a,
                   struct endpoint *out, struct err *e);

/* Returns the address as messages show it, with the defaults: "tcp://[::1]:2376/base". */
const char *endpoint_address(const struct endpoint *ep, struct arena *a);

/* Returns whether anybody on the network between could use or replace this engine: plain tcp to
 * another machine. */
bool endpoint_is_exposed(const struct endpoint *ep);

#endif
