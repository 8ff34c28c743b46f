/* SPDX-License-Identifier: MIT */
#include "net/fetch.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/num.h"
#include "net/authorities.h"
#include "net/proxy.h"
#include "net/tcp.h"
#include "net/tls.h"

#include <stddef.h>
#include <string.h>

enum { FIELDS_MAX = 5 }; /* with the NULL at the end */

void fetch_init(struct fetch *f, char *const *env, struct sig *sig)
{
    *f = (struct fetch){.env = env,
                        .sig = sig,
                        .connect_ms = FETCH_CONNECT_MS,
                        .window_ms = FETCH_WINDOW_MS,
                        .window_bytes = FETCH_WINDOW_BYTES};
    conn_init(&f->conn);
    call_init(&f->call, &f->conn);
}

static void hang_up(struct fetch *f)
{
    call_release(&f->call);
    conn_close(&f->conn);
    conn_init(&f->conn);
    call_init(&f->call, &f->conn);
}

void fetch_release(struct fetch *f)
{
    hang_up(f);
    authorities_free(f->authorities);
    f->authorities = NULL;
    arena_release(&f->arena);
}

/* Returns the authorities of this system with those of f->ca_file, which may also be the only
 * ones. Returns NULL on error. */
static struct authorities *load_authorities(const struct fetch *f, struct err *e)
{
    struct err missing = {0};
    struct authorities *all =
        f->built_in ? authorities_built_in() : authorities_load(f->env, &missing);

    if (f->built_in) {
        return all;
    }
    if (all == NULL && (f->ca_file == NULL || missing.kind != ERR_NOT_FOUND)) {
        *e = missing;
        return NULL;
    }
    if (all == NULL) {
        all = authorities_new();
    }
    if (f->ca_file != NULL && authorities_add_file(all, f->ca_file, e) < 0) {
        authorities_free(all);
        return NULL;
    }
    return all;
}

static int secure(struct fetch *f, struct err *e)
{
    struct tls_client who = {.host = f->url.host, .now_s = clock_wall()};

    if (f->authorities == NULL) {
        f->authorities = load_authorities(f, e);
        if (f->authorities == NULL) {
            return -1;
        }
    }
    who.authorities = f->authorities;
    return tls_start(&f->conn, &who, &f->wait, e);
}

static bool is_first_server(const struct fetch *f)
{
    return f->url.scheme == f->first.scheme && f->url.port == f->first.port &&
           strcmp(f->url.host, f->first.host) == 0;
}

static int ask(struct fetch *f, struct err *e)
{
    const char *fields[FIELDS_MAX] = {"User-Agent: cco/" CCO_VERSION};
    const struct http_request request = {.method = "GET",
                                         .target = f->url.path,
                                         .host = url_authority(&f->url, &f->arena),
                                         .close = true,
                                         .fields = fields};
    size_t count = 1;

    fields[count++] =
        arena_printf(&f->arena, "Accept: %s", f->accept != NULL ? f->accept : "*/*");
    if (f->from > 0) {
        fields[count++] =
            arena_printf(&f->arena, "Range: bytes=%llu-", (unsigned long long)f->from);
    }
    if (f->authorization != NULL && is_first_server(f)) {
        fields[count++] = f->authorization;
    }
    if (call_send_head(&f->call, &request, &f->wait, e) < 0) {
        return -1;
    }
    return call_head(&f->call, &f->wait, e);
}

/* Performs one request: connects, with or without a proxy, and waits for the head of the
 * reply. */
static int hop(struct fetch *f, struct err *e)
{
    struct proxy proxy;

    f->wait = (struct net_wait){.sig = f->sig, .deadline_ms = clock_ms() + f->connect_ms};
    if (f->url.scheme != URL_HTTPS && !url_is_loopback(f->url.host)) {
        (void)err_set(e, ERR_REFUSED, "plain http is allowed only to servers on this machine");
        return err_hint(e, "Use https://.");
    }
    if (proxy_find(f->env, &f->url, &f->arena, &proxy, e) < 0) {
        return -1;
    }
    f->conn.peer = f->url.host;
    if ((proxy.use ? proxy_connect(&proxy, &f->conn, &f->url, &f->wait, e)
                   : conn_tcp(&f->conn, f->url.host, f->url.port, &f->wait, e)) < 0) {
        return -1;
    }
    if (f->url.scheme == URL_HTTPS && secure(f, e) < 0) {
        return -1;
    }
    return ask(f, e);
}

static bool is_redirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* Makes the target of the redirect the next URL. */
static int follow(struct fetch *f, struct err *e)
{
    struct str location = http_field(&f->call.reply, "location");
    struct url next;

    if (location.len == 0) {
        return err_set(e, ERR_FORMAT, "a redirect without a Location field");
    }
    if (url_join(&f->url, location, &f->arena, &next, e) < 0) {
        return err_wrap(e, "redirect");
    }
    if (f->url.scheme == URL_HTTPS && next.scheme != URL_HTTPS) {
        return err_set(e, ERR_REFUSED, "a redirect from https to plain http, at %s", next.host);
    }
    if (next.user_info[0] != '\0') {
        return err_set(e, ERR_REFUSED, "a redirect with a user name in it, to %s", next.host);
    }
    hang_up(f);
    f->url = next;
    return 0;
}

static int refuse(struct fetch *f, struct err *e)
{
    struct str reason = http_reason(&f->call.reply);
    int status = f->call.reply.status;

    (void)err_set(e, status == 404 || status == 410 ? ERR_NOT_FOUND : ERR_ENGINE, "%d %.*s",
                  status, (int)(reason.len < 100 ? reason.len : 100), reason.p);
    e->code = status;
    return -1;
}

static void start_window(struct fetch *f)
{
    f->wait.deadline_ms = clock_ms() + f->window_ms;
    f->window_got = 0;
}

/* Returns true if the field Content-Range says that the part begins at byte `from`. */
static bool begins_at(struct str range, uint64_t from)
{
    struct str first = {0};
    uint64_t at = 0;

    if (!str_starts(range, "bytes ")) {
        return false;
    }
    range = str_drop(range, 6);
    return str_cut(&range, '-', &first) && str_u64(str_trim(first), 10, UINT64_MAX, &at) &&
           at == from;
}

static int take_head(struct fetch *f, struct err *e)
{
    const struct http_reply *r = &f->call.reply;

    f->partial = r->status == 206 && f->from > 0;
    if (r->status != 200 && !f->partial) {
        return refuse(f, e);
    }
    if (f->partial && !begins_at(http_field(r, "content-range"), f->from)) {
        return err_set(e, ERR_FORMAT, "the server sent another part than was requested");
    }
    f->total = r->state == HTTP_BODY && r->body == HTTP_BODY_LENGTH ? r->left : 0;
    if (f->total > f->max) {
        return err_set(e, ERR_LIMIT, "%llu bytes are past the limit of %llu",
                       (unsigned long long)f->total, (unsigned long long)f->max);
    }
    start_window(f);
    return 0;
}

static int get(struct fetch *f, struct err *e)
{
    for (int hops = 0; hops <= FETCH_REDIRECTS_MAX; hops++) {
        if (hop(f, e) < 0) {
            return -1;
        }
        if (!is_redirect(f->call.reply.status)) {
            return take_head(f, e);
        }
        if (follow(f, e) < 0) {
            return -1;
        }
    }
    return err_set(e, ERR_LIMIT, "more than %d redirects", FETCH_REDIRECTS_MAX);
}

/* Returns the address of the current request, for messages. */
static const char *where(struct fetch *f)
{
    return f->hides_paths ? url_server(&f->url, &f->arena) : url_text(&f->url, &f->arena);
}

int fetch_open(struct fetch *f, const struct url *url, uint64_t max, struct err *e)
{
    hang_up(f);
    f->first = *url;
    f->url = *url;
    f->partial = false;
    f->max = max;
    f->got = 0;
    f->total = 0;
    if (get(f, e) < 0) {
        hang_up(f);
        return e->kind == ERR_CANCELED ? -1 : err_wrap(e, "%s", where(f));
    }
    return 0;
}

static int too_slow(const struct fetch *f, struct err *e)
{
    (void)err_set(e, ERR_TIMEOUT, "too slow: only %llu bytes arrived in %lld seconds",
                  (unsigned long long)f->window_got, (long long)(f->window_ms / 1000));
    return err_hint(e, "Try again later, or over another network.");
}

static int take_body(struct fetch *f, struct str *data, struct err *e)
{
    struct err late = {0};

    while (call_body(&f->call, data, &f->wait, &late) < 0) {
        if (late.kind != ERR_TIMEOUT) {
            *e = late;
            return -1;
        }
        if (f->window_got < f->window_bytes) {
            return too_slow(f, e);
        }
        err_reset(&late); /* enough bytes arrived before the silence at the end of the period */
        start_window(f);
    }
    f->got += data->len;
    f->window_got += data->len;
    if (f->got > f->max) {
        return err_set(e, ERR_LIMIT, "longer than the limit of %llu bytes",
                       (unsigned long long)f->max);
    }
    if (data->len > 0 && clock_ms() >= f->wait.deadline_ms) {
        if (f->window_got < f->window_bytes) {
            return too_slow(f, e);
        }
        start_window(f);
    }
    return 0;
}

int fetch_body(struct fetch *f, struct str *data, struct err *e)
{
    if (take_body(f, data, e) < 0) {
        return e->kind == ERR_CANCELED ? -1 : err_wrap(e, "%s", where(f));
    }
    return 0;
}

int fetch_all(struct fetch *f, const struct url *url, struct buf *out, struct err *e)
{
    struct str data;

    if (fetch_open(f, url, buf_room(out), e) < 0) {
        return -1;
    }
    do {
        if (fetch_body(f, &data, e) < 0) {
            return -1;
        }
        (void)buf_add_str(out, data); /* fetch_body() never returns more than its room */
    } while (data.len > 0);
    return 0;
}
