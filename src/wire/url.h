/* SPDX-License-Identifier: MIT */
/* URLs (RFC 3986) in the two forms that cco reads, and percent-encoding for request targets.
 * The first form is the address of an engine, as DOCKER_HOST contains it. The second form is a
 * web URL, the address of a file: http or https, in which every byte that is not printable
 * ASCII must be percent-encoded. Pure. */
#ifndef WIRE_URL_H
#define WIRE_URL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum {
    URL_MAX = 4096,    /* bytes of a web URL */
    URL_HOST_MAX = 253 /* bytes of its host */
};

enum url_scheme { URL_UNIX, URL_TCP, URL_SSH, URL_HTTP, URL_HTTPS };

/* The parts of a URL. The texts are in the arena and never NULL. */
struct url {
    enum url_scheme scheme;
    /* The part before the '@', as written; "" if there is none. For ssh it is the user. In a
     * web URL it is "user:password", a secret that is never shown. */
    const char *user_info;
    /* An IPv6 address has no brackets. In lower case in a web URL. "" for URL_UNIX. */
    const char *host;
    /* If the text has no port: 0 in an engine's address, the scheme's port in a web URL. */
    uint16_t port;
    /* URL_UNIX: the path of the socket. Other engines: the base path, or "". Web URL: the path,
     * without "." and "..", and the query; it begins with '/'. */
    const char *path;
};

/* Parses the address of an engine: unix:///path, tcp://host[:port][/base], host:port (which
 * means tcp), ssh://[user@]host[:port][/path], http://... or https://... Only an address of ssh
 * may have a user. The last '@' ends the user, so that the user may contain others. Neither
 * user nor host may begin with '-', because ssh(1) would read it as an option. Returns 0 on
 * success and -1 on error; *out then holds a part. ERR_FORMAT quotes the text and says what is
 * wrong with it. */
int url_parse_engine(struct str text, struct arena *a, struct url *out, struct err *e);

/* Parses a web URL. A fragment is dropped. Returns 0 on success, and -1, with *out unchanged,
 * on error. ERR_FORMAT says what is wrong, but does not quote the text, which may contain a
 * password. */
int url_parse_web(struct str text, struct arena *a, struct url *out, struct err *e);

/* Resolves the reference `ref` relative to the web URL `base` (RFC 3986 section 5.2): a whole
 * URL, "//host/x", "/x", "x", "../x", "?q". Result and errors as for url_parse_web(). */
int url_join(const struct url *base, struct str ref, struct arena *a, struct url *out,
             struct err *e);

/* Returns "host", "host:8443" or "[::1]:8443" for the Host field of a request to a web URL, in
 * the arena. The port is left out if it is the scheme's. */
const char *url_authority(const struct url *u, struct arena *a);

/* Returns the whole web URL without user_info, for messages, in the arena. */
const char *url_text(const struct url *u, struct arena *a);

/* Returns the server as "https://host:port/", without the path, in the arena. */
const char *url_server(const struct url *u, struct arena *a);

/* Adds the user_info of a web URL, percent-decoded, to out, and a ':' at its end if it contains
 * none, as basic authentication needs it (RFC 7617). Returns 0 on success. Returns -1 if the
 * encoding is malformed or out's maximum is exceeded; out then holds a part. */
int url_user_info(const struct url *u, struct buf *out);

/* Returns true if `host` is localhost, ::1, or an address in 127.0.0.0/8 written as four
 * decimal numbers. */
bool url_is_loopback(const char *host);

/* A host with its port, as views into the text that they were split from. */
struct url_host {
    struct str host; /* without brackets */
    struct str port; /* without ':'; empty if has_port is false, and for "host:" */
    bool has_port;   /* a ':' follows the host */
    bool bracketed;  /* the host was written in brackets */
};

/* Splits "host", "host:port", "[address]" or "[address]:port", and checks nothing else. Returns
 * true on success, and false if a bracket is not closed or is not followed by the end or a
 * ':'. */
bool url_split_host(struct str s, struct url_host *out);

/* Adds s to out with all but the unreserved characters (letters, digits and "-._~")
 * percent-encoded, so that it can be a path segment or the value of a query. Returns 0 on
 * success, and -1 if out's maximum is exceeded; out then holds a part. */
int url_encode(struct str s, struct buf *out);

/* Adds "?name=value" to out, or "&name=value" if out contains a '?' already. `name` is added
 * verbatim, and `value` as url_encode() adds it. Result as for url_encode(). */
int url_query(struct buf *out, const char *name, struct str value);

#endif
