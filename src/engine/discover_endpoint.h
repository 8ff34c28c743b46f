/* SPDX-License-Identifier: MIT */
/* The address of an engine as a struct: where it is, how cco reaches it, and the files for TLS.
 * The text of the address comes from DOCKER_HOST or a context. Pure: nothing is opened or
 * looked up. */
#ifndef ENGINE_DISCOVER_ENDPOINT_H
#define ENGINE_DISCOVER_ENDPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum { ENDPOINT_BASE_MAX = 200 }; /* the longest endpoint.base, in bytes */

enum endpoint_kind { ENDPOINT_UNIX, ENDPOINT_TCP, ENDPOINT_SSH };

/* Texts are constant or in the arena that the address was parsed with, except for ca, cert and
 * key: these are borrowed from the struct endpoint_tls of endpoint_parse(), so its texts must
 * live as long as the endpoint. `host` and `user` never begin with '-', so that ssh cannot take
 * them for an option. */
struct endpoint {
    enum endpoint_kind kind;
    /* unix: the path of the socket. ssh: the path of the socket on the other machine, which is
     * ENDPOINT_REMOTE_SOCKET unless the address has a path. tcp: NULL. */
    const char *path;
    const char *host; /* tcp, ssh: a name or an address, IPv6 without brackets; unix: NULL */
    const char *user; /* ssh: NULL if ssh chooses the user */
    /* tcp: the default is 2375, or 2376 with TLS. ssh: 0 if ssh chooses the port. */
    uint16_t port;
    /* tcp: the path in front of every request's path: "" or "/x", without a '/' at its end;
     * unix, ssh: "" */
    const char *base;
    bool tls;    /* tcp: use TLS */
    bool verify; /* with tls: the server has to prove its identity */
    /* With tls: paths of PEM files. ca: the authorities that verify the server; NULL: those of
     * the system. cert and key: the certificate that cco presents; NULL: none. */
    const char *ca, *cert, *key;
};

#define ENDPOINT_REMOTE_SOCKET "/var/run/docker.sock"

/* The settings for TLS that belong to an address but are not in its text. They apply to tcp
 * only. The members have the same meaning as those of struct endpoint; `on` becomes
 * endpoint.tls. */
struct endpoint_tls {
    bool on, verify;
    const char *ca, *cert, *key;
};

/* Parses an address: unix:///PATH, tcp://HOST[:PORT][/BASE], HOST:PORT (which means tcp), or
 * ssh://[USER@]HOST[:PORT][/SOCKET]. `tls` may be NULL, which means without TLS. Returns 0 on
 * success and -1 on error; the hint lists the accepted forms. ERR_FORMAT says what is wrong
 * with the text. ERR_REFUSED means that cco cannot reach addresses of this kind (npipe://,
 * fd://, http://), and the hint says what to write instead. After an error, *out is
 * unchanged. */
int endpoint_parse(struct str text, const struct endpoint_tls *tls, struct arena *a,
                   struct endpoint *out, struct err *e);

/* Returns the address in the form that messages show, with a tcp port that was not given:
 * "tcp://[::1]:2376/base". The text is in the arena. */
const char *endpoint_address(const struct endpoint *ep, struct arena *a);

/* Returns whether the engine is reached by tcp without TLS on another machine. Then any machine
 * on the network between could read and change what is sent, or use the engine itself. */
bool endpoint_is_exposed(const struct endpoint *ep);

#endif
