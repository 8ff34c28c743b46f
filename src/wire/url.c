/* SPDX-License-Identifier: MIT */
#include "wire/url.h"

#include "base/num.h"

#include <string.h>

static bool is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == '.' || c == '_' || c == '~';
}

int url_encode(struct str s, struct buf *out)
{
    for (size_t i = 0; i < s.len; i++) {
        if (is_unreserved(s.p[i])) {
            (void)buf_add_byte(out, (unsigned char)s.p[i]); /* sticky */
        } else {
            (void)buf_addf(out, "%%%02X", (unsigned)(unsigned char)s.p[i]);
        }
    }
    return out->overflowed ? -1 : 0;
}

int url_query(struct buf *out, const char *name, struct str value)
{
    (void)buf_add_byte(out, str_index(buf_str(out), '?') == out->len ? '?' : '&'); /* sticky */
    (void)buf_add_c(out, name);
    (void)buf_add_byte(out, '=');
    return url_encode(value, out);
}

static int bad(struct str text, const char *why, struct err *e)
{
    return err_set(e, ERR_FORMAT, "engine address '%.*s': %s",
                   (int)(text.len < 200 ? text.len : 200), text.p, why);
}

/* [host] or host, then maybe :port. False where it is neither, or would be an option to ssh. */
static bool take_host(struct str s, struct arena *a, struct url *out)
{
    struct str host = s;
    struct str port = {0};
    bool has_port = false;
    uint64_t n = 0;

    if (str_starts(s, "[")) {
        size_t end = str_index(s, ']');

        if (end == s.len) {
            return false;
        }
        host = str_n(s.p + 1, end - 1);
        port = str_drop(s, end + 1);
        has_port = port.len > 0;
        if (has_port && port.p[0] != ':') {
            return false;
        }
        port = str_drop(port, 1);
    } else {
        port = s;
        has_port = str_cut(&port, ':', &host);
    }
    if (host.len == 0 || host.p[0] == '-' || str_contains(host, " ") ||
        (has_port && (!str_u64(port, 10, 65535, &n) || n == 0))) {
        return false;
    }
    out->host = arena_str(a, host);
    out->port = (uint16_t)n;
    return true;
}

static bool take_authority(struct str s, struct arena *a, struct url *out)
{
    size_t slash = str_index(s, '/');
    struct str authority = str_n(s.p, slash);
    size_t at = str_index(authority, '@');

    out->path = arena_str(a, str_drop(s, slash));
    if (at < authority.len) {
        if (at == 0 || authority.p[0] == '-' || out->scheme != URL_SSH) {
            return false;
        }
        out->user = arena_str(a, str_n(authority.p, at));
        authority = str_drop(authority, at + 1);
    }
    return take_host(authority, a, out);
}

int url_parse(struct str text, struct arena *a, struct url *out, struct err *e)
{
    static const struct {
        const char *prefix;
        enum url_scheme scheme;
    } schemes[] = {
        {"unix://", URL_UNIX}, {"tcp://", URL_TCP},     {"ssh://", URL_SSH},
        {"http://", URL_HTTP}, {"https://", URL_HTTPS},
    };
    struct str rest = text;
    bool known = false;

    *out = (struct url){.scheme = URL_TCP, .path = "", .user = "", .host = ""};
    if (text.len == 0 || memchr(text.p, '\0', text.len) != NULL || str_contains(text, "\n")) {
        return bad(text, "empty, or with a line break", e);
    }
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]) && !known; i++) {
        known = str_starts(text, schemes[i].prefix);
        if (known) {
            out->scheme = schemes[i].scheme;
            rest = str_drop(text, strlen(schemes[i].prefix));
        }
    }
    if (!known && str_contains(text, "://")) {
        return bad(text, "unknown scheme (known: unix, tcp, ssh, http, https)", e);
    }
    if (out->scheme == URL_UNIX) {
        if (!str_starts(rest, "/")) {
            return bad(text, "a unix socket needs an absolute path: unix:///run/docker.sock",
                       e);
        }
        out->path = arena_str(a, rest);
        return 0;
    }
    if (!take_authority(rest, a, out)) {
        return bad(text, "no host, or a bad port", e);
    }
    return 0;
}
