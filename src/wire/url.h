/* SPDX-License-Identifier: MIT */
/* Percent-encoding (RFC 3986) for request targets, and engine addresses. Pure. */
#ifndef WIRE_URL_H
#define WIRE_URL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* Adds s with everything but unreserved characters encoded: fit for a path segment or a value. */
int url_encode(struct str s, struct buf *out);

/* Adds "?name=value" or "&name=value": '?' where out has none yet. */
int url_query(struct buf *out, const char *name, struct str value);

enum url_scheme { URL_UNIX, URL_TCP, URL_SSH, URL_HTTP, URL_HTTPS };

struct url {
    enum url_scheme scheme;
    const char *path; /* of the socket (unix), or the base path; "" where absent */
    const char *user; /* ssh; "" where absent */
    const char *host; /* without brackets */
    uint16_t port;    /* 0 where absent */
};

/* An engine's address as DOCKER_HOST has it: unix:///p, tcp://h[:p][/base], h:p (= tcp),
 * ssh://[user@]h[:p][/path], http(s)://. ERR_FORMAT says what is wrong. */
int url_parse(struct str text, struct arena *a, struct url *out, struct err *e);

#endif
