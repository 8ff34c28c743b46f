/* SPDX-License-Identifier: MIT */
#include "net/proxy.h"

#include "base/env.h"
#include "base/num.h"
#include "net/call.h"
#include "net/no_proxy.h"
#include "net/tcp.h"
#include "wire/base64.h"

#include <stddef.h>
#include <string.h>

enum { LOGIN_MAX = 1024, HEADER_MAX = 2048, AUTH_REQUIRED = 407 };

/* Returns the first of the names whose variable is set, and NULL if none is. */
static const char *first_set(char *const *env, const char *const *names)
{
    for (size_t i = 0; names[i] != NULL; i++) {
        if (env_value(env, names[i]) != NULL) {
            return names[i];
        }
    }
    return NULL;
}

/* Parses "http://HOST:PORT" or "HOST:PORT", with or without a user and password. */
static int parse(const char *value, struct arena *a, struct proxy *out, struct err *e)
{
    struct str text = str_c(value);

    if (!str_contains(text, "://")) {
        text = str_c(arena_printf(a, "http://%s", value));
    }
    if (url_parse_web(text, a, &out->url, e) < 0 || out->url.scheme == URL_HTTPS) {
        (void)err_set(e, ERR_FORMAT, "%s: not a proxy that cco can use", out->variable);
        return err_hint(
            e, "cco supports proxies of the form http://[user:password@]host:port. If the "
               "server needs no proxy, add its name to NO_PROXY.");
    }
    return 0;
}

int proxy_find(char *const *env, const struct url *to, struct arena *a, struct proxy *out,
               struct err *e)
{
    static const char *const names[] = {"HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy",
                                        NULL};
    static const char *const exempt[] = {"NO_PROXY", "no_proxy", NULL};
    const char *list = first_set(env, exempt);

    *out = (struct proxy){.variable = first_set(env, names)};
    if (out->variable == NULL || url_is_loopback(to->host) ||
        (list != NULL && no_proxy_names(str_c(env_value(env, list)), to->host, to->port))) {
        return 0;
    }
    out->use = true;
    return parse(env_value(env, out->variable), a, out, e);
}

/* Adds the line "Proxy-Authorization: Basic ...", or nothing if the URL contains no user. */
static int add_login(const struct proxy *p, struct buf *field, struct err *e)
{
    struct buf login;
    int rc = 0;

    if (p->url.user_info[0] == '\0') {
        return 0;
    }
    buf_init(&login, LOGIN_MAX);
    (void)buf_reserve(&login, LOGIN_MAX); /* so that the password never moves in memory */
    (void)buf_reserve(field, buf_room(field));
    if (url_user_info(&p->url, &login) < 0 ||
        buf_add_c(field, "Proxy-Authorization: Basic ") < 0 ||
        base64_encode(buf_str(&login), false, field) < 0) {
        rc = err_set(
            e, ERR_FORMAT,
            "%s: the user name or password is too long or its percent-encoding is invalid",
            p->variable);
    }
    buf_wipe(&login);
    return rc;
}

static int refused(const struct proxy *p, const struct call *call, struct err *e)
{
    struct str reason = http_reason(&call->reply);

    (void)err_set(e, ERR_REFUSED, "%d %.*s", call->reply.status,
                  (int)(reason.len < 100 ? reason.len : 100), reason.p);
    if (call->reply.status != AUTH_REQUIRED) {
        return -1;
    }
    return err_hint(e,
                    "The proxy requires a user name and password; set "
                    "%s=http://user:password@%s:%u.",
                    p->variable, p->url.host, p->url.port);
}

/* Requests the tunnel. The messages contain host names and ports, but never the value of the
 * variable, which may contain a password. */
static int tunnel(const struct proxy *p, struct conn *c, const char *target,
                  const struct net_wait *w, struct err *e)
{
    struct call call;
    struct buf login;
    const char *fields[2] = {NULL, NULL};
    struct http_request request = {
        .method = "CONNECT", .target = target, .host = target, .upgrade = true};
    int rc = -1;

    call_init(&call, c);
    buf_init(&login, HEADER_MAX);
    if (add_login(p, &login, e) < 0) {
        goto out;
    }
    if (login.len > 0) {
        fields[0] = buf_c(&login);
        request.fields = fields;
    }
    if (call_send_head(&call, &request, w, e) < 0 || call_head(&call, w, e) < 0) {
        goto out;
    }
    rc = call.reply.state == HTTP_UPGRADED ? 0 : refused(p, &call, e);
out:
    buf_wipe(&login);
    call_release(&call);
    return rc;
}

int proxy_connect(const struct proxy *p, struct conn *c, const struct url *to,
                  const struct net_wait *w, struct err *e)
{
    struct arena a = {0};
    bool address = str_index(str_c(to->host), ':') < str_c(to->host).len;
    const char *target =
        arena_printf(&a, address ? "[%s]:%u" : "%s:%u", to->host, (unsigned)to->port);
    int rc;

    rc = conn_tcp(c, p->url.host, p->url.port, w, e);
    if (rc == 0) {
        rc = tunnel(p, c, target, w, e);
    }
    arena_release(&a);
    return rc < 0 ? err_wrap(e, "proxy %s", p->url.host) : 0;
}
