/* SPDX-License-Identifier: MIT */
/* Where an engine is and how it is reached, from an address as DOCKER_HOST or a context has it, and what
 * goes with it for TLS. Pure: nothing is opened or looked up. */
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
    const char
        *path; /* unix: the socket. ssh: the remote socket, ENDPOINT_REMOTE_SOCKET unless the
                         address has a path. tcp: NULL */
    const char
        *host; /* tcp, ssh; an IPv6 address without its brackets. Never begins with '-' */
    const char *user; /* ssh; NULL: its own choice. Never begins with '-' */
    uint16_t
        port; /* tcp: 2375, 2376 with TLS, unless the address has one; ssh: 0: its own choice */
    const char
        *base;   /* tcp: path in front of every request, "" or "/x" without a '/' at its end */
    bool tls;    /* tcp */
    bool verify; /* with tls: the server has to prove who it is */
    const char *ca, *cert,
        *key; /* with tls: files, NULL: none. No ca with verify: the system's */
};

#define ENDPOINT_REMOTE_SOCKET "/var/run/docker.sock"

/* What is known beside the address. Means nothing where the address is not tcp://. */
struct endpoint_tls {
    bool on, verify;
    const char *ca, *cert, *key;
};

/* unix:///p, tcp://h[:p][/base], h:p (tcp), ssh://[user@]h[:p][/socket]. `tls` may be NULL. ERR_FORMAT says what is
 * wrong with a text that is no address, ERR_REFUSED with an address of a kind that cannot be reached from here
 * (npipe://, fd://, http://), with what to write instead. *out is set on success only. */
int endpoint_parse(struct str text, const struct endpoint_tls *tls, struct arena *a,
                   struct endpoint *out, struct err *e);

/* The address as messages show it, with what it left out: "tcp://[::1]:2376/base". */
const char *endpoint_address(const struct endpoint *ep, struct arena *a);

/* Anybody on the network between could use or replace this engine: plain tcp to another machine. */
bool endpoint_is_exposed(const struct endpoint *ep);

#endif
