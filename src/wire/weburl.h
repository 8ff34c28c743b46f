/* SPDX-License-Identifier: MIT */
/* Addresses of files on the web: http and https URLs (RFC 3986), references relative to them, and which hosts a
 * proxy is not for. Strict: what is no printable ASCII must have been percent-encoded. Pure. */
#ifndef WIRE_WEBURL_H
#define WIRE_WEBURL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum { WEBURL_MAX = 4096, WEBURL_HOST_MAX = 253 };

struct weburl {
    bool https;
    const char
        *user_info;     /* "user:password" as written, "" where absent. A secret: never shown */
    const char *host;   /* lower case, an IPv6 address without its brackets */
    uint16_t port;      /* the scheme's where none is written */
    const char *target; /* path and query, begins with '/', without "." and ".." */
};

/* ERR_FORMAT says what is wrong but not with which text: it may hold a password. A fragment is dropped. */
int weburl_parse(struct str text, struct arena *a, struct weburl *out, struct err *e);

/* What `ref` means at `base` (RFC 3986 section 5.2): a whole URL, "//host/x", "/x", "x", "../x", "?q". */
int weburl_join(const struct weburl *base, struct str ref, struct arena *a, struct weburl *out,
                struct err *e);

/* "host", "host:8443", "[::1]:8443": for a Host field. The port is left out where it is the scheme's. */
const char *weburl_authority(const struct weburl *u, struct arena *a);

/* The whole, without user_info: for messages. */
const char *weburl_text(const struct weburl *u, struct arena *a);

/* user_info with its percent-encoding undone, added to out: what basic authentication wants. -1 where it is badly
 * encoded or does not fit. */
int weburl_user_info(const struct weburl *u, struct buf *out);

/* localhost, 127.0.0.0/8 in its four-number form, ::1. */
bool weburl_is_loopback(const char *host);

/* Whether a NO_PROXY list names the host: "*", or names and addresses with commas or blanks between; a name stands
 * for everything below it too, with or without a dot in front; ":port" limits it to that port. */
bool weburl_no_proxy(struct str list, const char *host, uint16_t port);

#endif
