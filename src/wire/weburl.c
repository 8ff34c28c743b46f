/* SPDX-License-Identifier: MIT */
#include "wire/weburl.h"

#include "base/num.h"

#include <string.h>

enum { HTTP_PORT = 80, HTTPS_PORT = 443 };

static int bad(struct err *e, const char *why)
{
    return err_set(e, ERR_FORMAT, "bad URL: %s", why);
}

static uint16_t usual_port(const struct weburl *u)
{
    return u->https ? HTTPS_PORT : HTTP_PORT;
}

static bool is_printable(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.p[i];

        if (c <= 0x20 || c >= 0x7f || strchr("\"<>\\^`{|}", (char)c) != NULL) {
            return false;
        }
    }
    return true;
}

static bool has_only(struct str s, const char *allowed)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.p[i] == '\0' || strchr(allowed, s.p[i]) == NULL) {
            return false;
        }
    }
    return s.len > 0;
}

static const char *lower(struct str s, struct arena *a)
{
    char *copy = arena_str(a, s);

    for (size_t i = 0; i < s.len; i++) {
        if (copy[i] >= 'A' && copy[i] <= 'Z') {
            copy[i] = (char)(copy[i] - 'A' + 'a');
        }
    }
    return copy;
}

/* [address] or a name or an address, then maybe :port. */
static int take_host(struct str s, struct arena *a, struct weburl *u, struct err *e)
{
    struct str host = {0};
    struct str port = s;
    bool has_port;
    uint64_t n = usual_port(u);

    if (str_starts(s, "[")) {
        size_t end = str_index(s, ']');

        host = str_n(s.p + 1, end - 1);
        port = str_drop(s, end + 1);
        has_port = str_starts(port, ":");
        if (end == s.len || !has_only(host, "0123456789abcdefABCDEF:.") ||
            str_index(host, ':') == host.len || (port.len > 0 && !has_port)) {
            return bad(e, "an address in brackets that is none");
        }
        port = str_drop(port, 1);
    } else {
        has_port = str_cut(&port, ':', &host);
        if (!has_only(host,
                      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_") ||
            host.p[0] == '-' || host.p[0] == '.') {
            return bad(e, "no host, or one with strange letters");
        }
    }
    if (host.len > WEBURL_HOST_MAX) {
        return bad(e, "the host's name is too long");
    }
    /* "host:" is allowed by the standard and means nothing. */
    if (has_port && port.len > 0 && (!str_u64(port, 10, UINT16_MAX, &n) || n == 0)) {
        return bad(e, "a bad port");
    }
    u->host = lower(host, a);
    u->port = (uint16_t)n;
    return 0;
}

/* The path without "." and ".." (RFC 3986 section 5.2.4), the query as it is. */
static const char *clean_target(struct str target, struct arena *a)
{
    size_t end = str_index(target, '?');
    struct str path = str_n(target.p, end);
    char *out = arena_alloc(a, target.len + 2);
    size_t len = 0;
    bool more = path.len > 0;

    path = str_drop(path, 1);
    while (more) {
        struct str segment = {0};

        more = str_cut(&path, '/', &segment);
        if (str_eq_c(segment, "..")) {
            while (len > 0 && out[len - 1] != '/') {
                len--;
            }
            len -= len > 0 ? 1 : 0;
        }
        if (str_eq_c(segment, ".") || str_eq_c(segment, "..")) {
            if (!more) {
                out[len++] = '/'; /* "/a/." is the directory */
            }
            continue;
        }
        out[len++] = '/';
        memcpy(out + len, segment.p, segment.len);
        len += segment.len;
    }
    if (len == 0) {
        out[len++] = '/';
    }
    memcpy(out + len, target.p + end, target.len - end);
    out[len + target.len - end] = '\0';
    return out;
}

static struct str without_fragment(struct str s)
{
    return str_n(s.p, str_index(s, '#'));
}

/* What follows "http:" or "https:" and begins with "//". */
static int take_authority(struct str s, struct arena *a, struct weburl *u, struct err *e)
{
    size_t end = 2;
    struct str authority;
    struct str host;
    size_t at;

    while (end < s.len && s.p[end] != '/' && s.p[end] != '?') {
        end++;
    }
    authority = str_n(s.p + 2, end - 2);
    host = authority;
    at = authority.len; /* the last @ counts: a password may hold one, a host may not */
    while (at > 0 && authority.p[at - 1] != '@') {
        at--;
    }
    u->user_info = "";
    if (at > 0) {
        u->user_info = arena_str(a, str_n(authority.p, at - 1));
        host = str_drop(authority, at);
    }
    if (take_host(host, a, u, e) < 0) {
        return -1;
    }
    u->target = clean_target(str_drop(s, end), a);
    return 0;
}

/* How long "scheme:" in front of s is; 0 where there is none. */
static size_t scheme_len(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

        if (c == ':') {
            return i == 0 ? 0 : i + 1;
        }
        if (!letter && (i == 0 || !has_only(str_n(&c, 1), "0123456789+.-"))) {
            return 0;
        }
    }
    return 0;
}

static int check(struct str text, struct err *e)
{
    if (text.len > WEBURL_MAX) {
        return bad(e, "it is too long");
    }
    return is_printable(text) ? 0 : bad(e, "a byte that must be percent-encoded");
}

int weburl_parse(struct str text, struct arena *a, struct weburl *out, struct err *e)
{
    struct weburl u = {0};
    size_t len = scheme_len(text);

    if (check(text, e) < 0) {
        return -1;
    }
    u.https = str_eq_nocase(str_n(text.p, len), "https:");
    if (!u.https && !str_eq_nocase(str_n(text.p, len), "http:")) {
        return bad(e, "it does not begin with https://");
    }
    text = without_fragment(str_drop(text, len));
    if (!str_starts(text, "//")) {
        return bad(e, "no host");
    }
    if (take_authority(text, a, &u, e) < 0) {
        return -1;
    }
    *out = u;
    return 0;
}

int weburl_join(const struct weburl *base, struct str ref, struct arena *a, struct weburl *out,
                struct err *e)
{
    struct weburl u = *base;
    struct str target = str_c(base->target);
    struct str path = str_n(target.p, str_index(target, '?'));

    if (scheme_len(ref) > 0) {
        return weburl_parse(ref, a, out, e);
    }
    if (check(ref, e) < 0) {
        return -1;
    }
    ref = without_fragment(ref);
    if (str_starts(ref, "//")) {
        if (take_authority(ref, a, &u, e) < 0) {
            return -1;
        }
    } else if (str_starts(ref, "/")) {
        u.target = clean_target(ref, a);
    } else if (str_starts(ref, "?")) {
        u.target = arena_printf(a, "%.*s%.*s", (int)path.len, path.p, (int)ref.len, ref.p);
    } else if (ref.len > 0) {
        while (path.len > 0 && path.p[path.len - 1] != '/') {
            path.len--;
        }
        u.target = clean_target(
            str_c(arena_printf(a, "%.*s%.*s", (int)path.len, path.p, (int)ref.len, ref.p)), a);
    }
    *out = u;
    return 0;
}

const char *weburl_authority(const struct weburl *u, struct arena *a)
{
    bool address = strchr(u->host, ':') != NULL;
    const char *host = address ? arena_printf(a, "[%s]", u->host) : u->host;

    return u->port == usual_port(u) ? host : arena_printf(a, "%s:%u", host, u->port);
}

const char *weburl_text(const struct weburl *u, struct arena *a)
{
    return arena_printf(a, "%s://%s%s", u->https ? "https" : "http", weburl_authority(u, a),
                        u->target);
}

int weburl_user_info(const struct weburl *u, struct buf *out)
{
    struct str s = str_c(u->user_info);
    bool colon = str_index(s, ':') < s.len;

    while (s.len > 0) {
        uint64_t byte = (unsigned char)s.p[0];

        if (byte == '%') {
            if (s.len < 3 || !str_u64(str_n(s.p + 1, 2), 16, UINT8_MAX, &byte)) {
                return -1;
            }
            s = str_drop(s, 2);
        }
        (void)buf_add_byte(out, (unsigned char)byte); /* sticky */
        s = str_drop(s, 1);
    }
    return colon ? (out->overflowed ? -1 : 0) : buf_add_byte(out, ':');
}

bool weburl_is_loopback(const char *host)
{
    struct str rest = str_c(host);
    struct str part = {0};
    uint64_t n = 0;
    int parts = 0;
    bool more = true;

    if (strcmp(host, "localhost") == 0 || strcmp(host, "::1") == 0) {
        return true;
    }
    while (more && parts < 5) {
        more = str_cut(&rest, '.', &part);
        if (part.len > 3 || !str_u64(part, 10, UINT8_MAX, &n) || (parts == 0 && n != 127)) {
            return false;
        }
        parts++;
    }
    return parts == 4;
}

static bool names_host(struct str entry, struct str host)
{
    struct str end;

    if (str_starts(entry, "*")) {
        entry = str_drop(entry, 1);
    }
    if (str_starts(entry, ".")) {
        entry = str_drop(entry, 1);
    }
    if (entry.len == 0 || entry.len > host.len) {
        return false;
    }
    end = str_drop(host, host.len - entry.len);
    for (size_t i = 0; i < entry.len; i++) {
        char c = entry.p[i];

        c = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        if (c != end.p[i]) {
            return false;
        }
    }
    return end.len == host.len || end.p[-1] == '.';
}

/* An entry without its ":port". False where it has one and that is another. */
static bool take_port(struct str *entry, uint16_t port)
{
    struct str host = {0};
    struct str rest = *entry;
    uint64_t n = 0;

    if (str_starts(rest, "[")) {
        size_t end = str_index(rest, ']');

        if (end == rest.len) {
            return false;
        }
        *entry = str_n(rest.p + 1, end - 1);
        rest = str_drop(rest, end + 1);
        if (rest.len == 0) {
            return true;
        }
        return rest.p[0] == ':' && str_u64(str_drop(rest, 1), 10, UINT16_MAX, &n) && n == port;
    }
    if (!str_cut(&rest, ':', &host) || str_index(rest, ':') < rest.len) {
        return true; /* none, or a bare IPv6 address */
    }
    *entry = host;
    return str_u64(rest, 10, UINT16_MAX, &n) && n == port;
}

bool weburl_no_proxy(struct str list, const char *host, uint16_t port)
{
    while (list.len > 0) {
        size_t end = 0;
        struct str entry;

        while (end < list.len && strchr(", \t", list.p[end]) == NULL) {
            end++;
        }
        entry = str_n(list.p, end);
        list = str_drop(list, end + 1);
        if (str_eq_c(entry, "*") ||
            (take_port(&entry, port) && names_host(entry, str_c(host)))) {
            return true;
        }
    }
    return false;
}
