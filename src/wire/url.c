/* SPDX-License-Identifier: MIT */
#include "wire/url.h"

#include "base/num.h"

#include <string.h>

enum { HTTP_PORT = 80, HTTPS_PORT = 443, SHOWN_MAX = 200 };

/* The text between the scheme and the path, as written. */
struct authority {
    struct str user;
    bool has_user;
    struct url_host at;
};

static bool is_unreserved(char c)
{
    return str_is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

int url_encode(struct str s, struct buf *out)
{
    for (size_t i = 0; i < s.len; i++) {
        if (is_unreserved(s.p[i])) {
            (void)buf_add_byte(out, (unsigned char)s.p[i]); /* an overflow is sticky */
        } else {
            (void)buf_addf(out, "%%%02X", (unsigned)(unsigned char)s.p[i]);
        }
    }
    return out->overflowed ? -1 : 0;
}

int url_query(struct buf *out, const char *name, struct str value)
{
    /* An overflow is sticky. */
    (void)buf_add_byte(out, str_index(buf_str(out), '?') == out->len ? '?' : '&');
    (void)buf_add_c(out, name);
    (void)buf_add_byte(out, '=');
    return url_encode(value, out);
}

bool url_split_host(struct str s, struct url_host *out)
{
    size_t end = str_index(s, ']');

    out->bracketed = str_starts(s, "[");
    if (!out->bracketed) {
        out->port = s;
        out->has_port = str_cut(&out->port, ':', &out->host);
        return true;
    }
    if (end == s.len) {
        return false;
    }
    out->host = str_n(s.p + 1, end - 1);
    out->port = str_drop(s, end + 1);
    out->has_port = str_starts(out->port, ":");
    if (out->port.len > 0 && !out->has_port) {
        return false;
    }
    out->port = str_drop(out->port, 1);
    return true;
}

/* Takes the authority from the front of *s; the path or the query remains. The last '@' ends
 * the user, because a password may contain an '@' and a host may not. */
static bool take_authority(struct str *s, struct authority *out)
{
    size_t end = 0;
    struct str text;

    *out = (struct authority){0};
    while (end < s->len && s->p[end] != '/' && s->p[end] != '?') {
        end++;
    }
    text = str_n(s->p, end);
    *s = str_drop(*s, end);
    for (size_t at = end; at > 0; at--) {
        if (text.p[at - 1] == '@') {
            out->has_user = true;
            out->user = str_n(text.p, at - 1);
            text = str_drop(text, at);
            break;
        }
    }
    return url_split_host(text, &out->at);
}

static bool is_port(struct str s, uint16_t *port)
{
    uint64_t n = 0;

    if (!str_u64(s, 10, UINT16_MAX, &n) || n == 0) {
        return false;
    }
    *port = (uint16_t)n;
    return true;
}

static int bad_engine(struct str text, const char *why, struct err *e)
{
    return err_set(e, ERR_FORMAT, "engine address '%.*s': %s",
                   (int)(text.len < SHOWN_MAX ? text.len : SHOWN_MAX), text.p, why);
}

/* Refuses a user or a host that begins with '-', because ssh would read it as an option. */
static bool set_engine(struct str s, struct arena *a, struct url *out)
{
    struct authority who;

    if (!take_authority(&s, &who) || who.at.host.len == 0 || who.at.host.p[0] == '-' ||
        str_contains(who.at.host, " ") ||
        (who.at.has_port && !is_port(who.at.port, &out->port)) ||
        (s.len > 0 && s.p[0] != '/')) {
        return false;
    }
    if (who.has_user && (out->scheme != URL_SSH || who.user.len == 0 || who.user.p[0] == '-')) {
        return false;
    }
    out->user_info = arena_str(a, who.user);
    out->host = arena_str(a, who.at.host);
    out->path = arena_str(a, s);
    return true;
}

int url_parse_engine(struct str text, struct arena *a, struct url *out, struct err *e)
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

    *out = (struct url){.scheme = URL_TCP, .path = "", .user_info = "", .host = ""};
    if (text.len == 0 || memchr(text.p, '\0', text.len) != NULL || str_contains(text, "\n")) {
        return bad_engine(text, "it is empty, or has a line break or a NUL", e);
    }
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]) && !known; i++) {
        known = str_starts(text, schemes[i].prefix);
        if (known) {
            out->scheme = schemes[i].scheme;
            rest = str_drop(text, strlen(schemes[i].prefix));
        }
    }
    if (!known && str_contains(text, "://")) {
        return bad_engine(text, "unknown scheme; expected unix, tcp, ssh, http or https", e);
    }
    if (out->scheme == URL_UNIX) {
        if (!str_starts(rest, "/")) {
            return bad_engine(
                text, "a unix socket needs an absolute path, as in unix:///run/docker.sock", e);
        }
        out->path = arena_str(a, rest);
        return 0;
    }
    if (!set_engine(rest, a, out)) {
        return bad_engine(text, "the host is missing, or the user, host or port is not valid",
                          e);
    }
    return 0;
}

static int bad_web(struct err *e, const char *why)
{
    return err_set(e, ERR_FORMAT, "not a valid URL: %s", why);
}

static uint16_t usual_port(const struct url *u)
{
    return u->scheme == URL_HTTPS ? HTTPS_PORT : HTTP_PORT;
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

/* Returns true if s is not empty and has only characters of `allowed`. */
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
        copy[i] = str_lower(copy[i]);
    }
    return copy;
}

static int set_host(const struct url_host *at, struct arena *a, struct url *u, struct err *e)
{
    static const char address[] = "0123456789abcdefABCDEF:.";
    static const char name[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";

    if (at->bracketed &&
        (!has_only(at->host, address) || str_index(at->host, ':') == at->host.len)) {
        return bad_web(e, "the text in brackets is not an IPv6 address");
    }
    if (!at->bracketed &&
        (!has_only(at->host, name) || at->host.p[0] == '-' || at->host.p[0] == '.')) {
        return bad_web(e, "the host is missing, or has characters that a host cannot have");
    }
    if (at->host.len > URL_HOST_MAX) {
        return bad_web(e, "the host's name is too long");
    }
    u->port = usual_port(u);
    /* RFC 3986 allows "host:", which means the same as "host". */
    if (at->port.len > 0 && !is_port(at->port, &u->port)) {
        return bad_web(e, "the port is not a number from 1 to 65535");
    }
    u->host = lower(at->host, a);
    return 0;
}

/* Returns the path without "." and ".." (RFC 3986 section 5.2.4), and the query unchanged. */
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

/* Sets all members of *u except the scheme. `s` is the part of the URL behind "http:" or
 * "https:", and begins with "//". */
static int set_web(struct str s, struct arena *a, struct url *u, struct err *e)
{
    struct authority who;

    s = str_drop(s, 2);
    if (!take_authority(&s, &who)) {
        return bad_web(e, "the text in brackets is not an IPv6 address");
    }
    if (set_host(&who.at, a, u, e) < 0) {
        return -1;
    }
    u->user_info = arena_str(a, who.user);
    u->path = clean_target(s, a);
    return 0;
}

/* Returns the length of "scheme:" at the start of s, and 0 if s does not begin with a
 * scheme. */
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
    if (text.len > URL_MAX) {
        return bad_web(e, "it is too long");
    }
    return is_printable(text) ? 0
                              : bad_web(e, "it has a character that must be percent-encoded");
}

int url_parse_web(struct str text, struct arena *a, struct url *out, struct err *e)
{
    struct url u = {0};
    size_t len = scheme_len(text);

    if (check(text, e) < 0) {
        return -1;
    }
    u.scheme = str_eq_nocase(str_n(text.p, len), "https:") ? URL_HTTPS : URL_HTTP;
    if (u.scheme == URL_HTTP && !str_eq_nocase(str_n(text.p, len), "http:")) {
        return bad_web(e, "it does not begin with https:// or http://");
    }
    text = without_fragment(str_drop(text, len));
    if (!str_starts(text, "//")) {
        return bad_web(e, "it has no host");
    }
    if (set_web(text, a, &u, e) < 0) {
        return -1;
    }
    *out = u;
    return 0;
}

int url_join(const struct url *base, struct str ref, struct arena *a, struct url *out,
             struct err *e)
{
    struct url u = *base;
    struct str target = str_c(base->path);
    struct str path = str_n(target.p, str_index(target, '?'));

    if (scheme_len(ref) > 0) {
        return url_parse_web(ref, a, out, e);
    }
    if (check(ref, e) < 0) {
        return -1;
    }
    ref = without_fragment(ref);
    if (str_starts(ref, "//")) {
        if (set_web(ref, a, &u, e) < 0) {
            return -1;
        }
    } else if (str_starts(ref, "/")) {
        u.path = clean_target(ref, a);
    } else if (str_starts(ref, "?")) {
        u.path = arena_printf(a, "%.*s%.*s", (int)path.len, path.p, (int)ref.len, ref.p);
    } else if (ref.len > 0) {
        while (path.len > 0 && path.p[path.len - 1] != '/') {
            path.len--;
        }
        u.path = clean_target(
            str_c(arena_printf(a, "%.*s%.*s", (int)path.len, path.p, (int)ref.len, ref.p)), a);
    }
    *out = u;
    return 0;
}

const char *url_authority(const struct url *u, struct arena *a)
{
    bool address = strchr(u->host, ':') != NULL;
    const char *host = address ? arena_printf(a, "[%s]", u->host) : u->host;

    return u->port == usual_port(u) ? host : arena_printf(a, "%s:%u", host, u->port);
}

const char *url_server(const struct url *u, struct arena *a)
{
    return arena_printf(a, "%s://%s/", u->scheme == URL_HTTPS ? "https" : "http",
                        url_authority(u, a));
}

const char *url_text(const struct url *u, struct arena *a)
{
    return arena_printf(a, "%s://%s%s", u->scheme == URL_HTTPS ? "https" : "http",
                        url_authority(u, a), u->path);
}

int url_user_info(const struct url *u, struct buf *out)
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
        (void)buf_add_byte(out, (unsigned char)byte); /* an overflow is sticky */
        s = str_drop(s, 1);
    }
    return colon ? (out->overflowed ? -1 : 0) : buf_add_byte(out, ':');
}

bool url_is_loopback(const char *host)
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
