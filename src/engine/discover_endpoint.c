/* SPDX-License-Identifier: MIT */
#include "engine/discover_endpoint.h"

#include "wire/url.h"

#include <string.h>

enum { PORT_PLAIN = 2375, PORT_TLS = 2376 };

static int unreachable(struct str text, const char *why, const char *next, struct err *e)
{
    (void)err_set(e, ERR_REFUSED, "engine address '%.*s': %s",
                  (int)(text.len < 200 ? text.len : 200), text.p, why);
    return err_hint(e, "%s", next);
}

/* Refuses addresses of the kinds that Docker knows and cco cannot reach, http URLs, and words
 * that are no address. */
static int check_scheme(struct str text, struct err *e)
{
    if (text.len > 0 && memchr(text.p, ':', text.len) == NULL) {
        return unreachable(text, "it has neither a scheme nor a port",
                           "Write unix:///PATH, tcp://HOST[:PORT] or ssh://[USER@]HOST[:PORT].",
                           e);
    }
    if (str_starts(text, "npipe:")) {
        return unreachable(text, "named pipes exist on Windows only",
                           "Inside WSL, use the engine's unix socket: unset DOCKER_HOST, or "
                           "docker context use default.",
                           e);
    }
    if (str_starts(text, "fd:")) {
        return unreachable(
            text, "fd:// says where a daemon listens, and is not an address to connect to",
            "Write unix:///var/run/docker.sock.", e);
    }
    if (str_starts(text, "http://") || str_starts(text, "https://")) {
        return unreachable(text, "the address of an engine is not an http URL",
                           "Write tcp://HOST:PORT; with TLS, set DOCKER_TLS_VERIFY=1 as well.",
                           e);
    }
    return 0;
}

/* Refuses a password, as in ssh://user:password@host, without quoting the address. */
static int check_password(struct str text, struct err *e)
{
    const char *scheme = memmem(text.p, text.len, "://", 3);
    struct str rest = scheme != NULL ? str_drop(text, (size_t)(scheme - text.p) + 3) : text;
    struct str authority = {0};
    struct str user = {0};

    (void)str_cut(&rest, '/', &authority);
    if (str_cut(&authority, '@', &user) && str_contains(user, ":")) {
        (void)err_set(e, ERR_REFUSED, "engine address: it contains a password");
        return err_hint(e, "Write ssh://[USER@]HOST[:PORT]; ssh logs in with a key.");
    }
    return 0;
}

/* Returns whether a path can stand in front of each request's path. It must not break the
 * request line. */
static bool is_base(struct str path)
{
    if (path.len > ENDPOINT_BASE_MAX) {
        return false;
    }
    for (size_t i = 0; i < path.len; i++) {
        unsigned char c = (unsigned char)path.p[i];

        if (c <= ' ' || c >= 0x7f || c == '?' || c == '#') {
            return false;
        }
    }
    return true;
}

static int set_tcp(const struct url *url, const struct endpoint_tls *tls, struct str text,
                   struct arena *a, struct endpoint *out, struct err *e)
{
    struct str base = str_c(url->path);

    while (base.len > 0 && base.p[base.len - 1] == '/') {
        base.len--;
    }
    if (!is_base(base) || !is_base(str_c(url->host))) {
        return err_set(e, ERR_FORMAT,
                       "engine address '%.*s': a host and a path of at most %d printable ASCII "
                       "characters without '?' and '#' are needed",
                       (int)(text.len < 200 ? text.len : 200), text.p, ENDPOINT_BASE_MAX);
    }
    *out = (struct endpoint){
        .kind = ENDPOINT_TCP, .host = url->host, .port = url->port, .base = arena_str(a, base)};
    if (tls != NULL && tls->on) {
        out->tls = true;
        out->verify = tls->verify;
        out->ca = tls->ca;
        out->cert = tls->cert;
        out->key = tls->key;
    }
    if (out->port == 0) {
        out->port = out->tls ? PORT_TLS : PORT_PLAIN;
    }
    return 0;
}

static int parse(struct str text, const struct endpoint_tls *tls, struct arena *a,
                 struct endpoint *out, struct err *e)
{
    struct url url;

    if (check_password(text, e) < 0 || check_scheme(text, e) < 0 ||
        url_parse_engine(text, a, &url, e) < 0) {
        return -1;
    }
    if (url.scheme == URL_TCP) {
        return set_tcp(&url, tls, text, a, out, e);
    }
    if (url.scheme == URL_UNIX) {
        *out = (struct endpoint){.kind = ENDPOINT_UNIX, .path = url.path, .base = ""};
        return 0;
    }
    *out = (struct endpoint){
        .kind = ENDPOINT_SSH,
        .path = url.path[0] == '\0' || strcmp(url.path, "/") == 0 ? ENDPOINT_REMOTE_SOCKET
                                                                  : url.path,
        .host = url.host,
        .user = url.user_info[0] != '\0' ? url.user_info : NULL,
        .port = url.port,
        .base = "",
    };
    return 0;
}

int endpoint_parse(struct str text, const struct endpoint_tls *tls, struct arena *a,
                   struct endpoint *out, struct err *e)
{
    int rc = parse(text, tls, a, out, e);

    if (rc < 0 && e->hint[0] == '\0') {
        (void)err_hint(e, "Write unix:///PATH, tcp://HOST[:PORT] or ssh://[USER@]HOST[:PORT].");
    }
    return rc;
}

const char *endpoint_address(const struct endpoint *ep, struct arena *a)
{
    bool v6 = ep->host != NULL && strchr(ep->host, ':') != NULL;
    const char *host;

    if (ep->kind == ENDPOINT_UNIX) {
        return arena_printf(a, "unix://%s", ep->path);
    }
    host = arena_printf(a, "%s%s%s", v6 ? "[" : "", ep->host, v6 ? "]" : "");
    if (ep->port != 0) {
        host = arena_printf(a, "%s:%u", host, (unsigned)ep->port);
    }
    if (ep->kind == ENDPOINT_TCP) {
        return arena_printf(a, "tcp://%s%s", host, ep->base);
    }
    return arena_printf(a, "ssh://%s%s%s%s", ep->user != NULL ? ep->user : "",
                        ep->user != NULL ? "@" : "", host,
                        strcmp(ep->path, ENDPOINT_REMOTE_SOCKET) == 0 ? "" : ep->path);
}

bool endpoint_is_exposed(const struct endpoint *ep)
{
    return ep->kind == ENDPOINT_TCP && !ep->tls && !url_is_loopback(ep->host);
}
