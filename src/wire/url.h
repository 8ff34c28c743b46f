/* SPDX-License-Identifier: MIT */
/* URLs (RFC 3986) in the two forms that cco meets, and percent-encoding for request targets. An
 * engine's address is what DOCKER_HOST may hold. A web URL is the address of a file: http or
 * https, strict, every byte that is not printable ASCII percent-encoded. Pure. */
#ifndef WIRE_URL_H
#define WIRE_URL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* The limits of a web URL and of its host. */
enum { URL_MAX = 4096, URL_HOST_MAX = 253 };

enum url_scheme { URL_UNIX, URL_TCP, URL_SSH, URL_HTTP, URL_HTTPS };

struct url {
    enum url_scheme scheme;
    /* What stands before the '@', as written, or "". For ssh the user; in a web URL
     * "user:password", a secret that is never shown. */
    const char *user_info;
    const char
        *host; /* an IPv6 address without its brackets; lower case in a web URL; "" with unix */
    uint16_t
        port; /* 0 if the engine's address has none; the scheme's port if a web URL has none */
    /* The socket with unix; the base path or "" with other engines. In a web URL the path,
     * without "." and "..", and the query: it begins with '/'. */
    const char *path;
};

/* Parses an engine's address: unix:///p, tcp://h[:p][/base], h:p (means tcp),
 * ssh://[user@]h[:p][/path], http(s)://. The last '@' ends the user, so the user may contain
 * others. Neither the user nor the host begins with '-', because ssh(1) would take it for an
 * option. Strings are in the arena. Returns 0 on success and -1 on error; *out then holds a
 * part. ERR_FORMAT names the text and says what is wrong. */
int url_parse_engine(struct str text, struct arena *a, struct url *out, struct err *e);

/* Parses a web URL. A fragment is dropped. Returns 0 on success and -1 on error; *out is then
 * unchanged. ERR_FORMAT says what is wrong, but does not quote the text, which may contain a
 * password. */
int url_parse_web(struct str text, struct arena *a, struct url *out, struct err *e);

/* Resolves the reference `ref` at the web URL `base` (RFC 3986 section 5.2): a whole URL,
 * "//host/x", "/x", "x", "../x", "?q". Errors as above. */
int url_join(const struct url *base, struct str ref, struct arena *a, struct url *out,
             struct err *e);

/* Returns "host", "host:8443" or "[::1]:8443" for a Host field. The port is left out if it is
 * the scheme's. */
const char *url_authority(const struct url *u, struct arena *a);

/* Returns the whole web URL without user_info, for messages. */
const char *url_text(const struct url *u, struct arena *a);

/* Adds user_info without its percent-encoding to out, with a ':' at the end if it has none, as
 * basic authentication needs it. Returns 0 on success and -1 if it is badly encoded or does not
 * fit. */
int url_user_info(const struct url *u, struct buf *out);

/* Returns true for localhost, ::1, and 127.0.0.0/8 written as four numbers. */
bool url_is_loopback(const char *host);

/* A host with its port, as views into the text that they were split from. */
struct url_host {
    struct str host; /* without brackets */
    struct str port; /* may be empty even if has_port is set: "host:" */
    bool has_port, bracketed;
};

/* Splits "host", "host:port", "[address]" or "[address]:port" and checks nothing else. Returns
 * false if a bracket is not closed, or if something other than a port follows it. */
bool url_split_host(struct str s, struct url_host *out);

/* Adds s with all but the unreserved characters encoded, fit for a path segment or a value.
 * Returns 0 on success and -1 if out's maximum is exceeded. */
int url_encode(struct str s, struct buf *out);

/* Adds "?name=value", or "&name=value" if out contains a '?' already. Result as above. */
int url_query(struct buf *out, const char *name, struct str value);

#endif
