/* SPDX-License-Identifier: MIT */
#include "engine/discover_ping.h"

#include "base/limits.h"
#include "base/num.h"
#include "engine/docker_api.h"
#include "wire/json.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { VERSION_MAX = 16 };

#define WANTS_TLS                                                                              \
    "Does this engine want TLS? Set DOCKER_TLS_VERIFY=1, and DOCKER_CERT_PATH to the "         \
    "directory of ca.pem, cert.pem and key.pem."

static void copy_field(char *out, size_t size, struct str field)
{
    size_t n = field.len < size - 1 ? field.len : size - 1;

    if (n > 0) {
        memcpy(out, field.p, n);
    }
    out[n] = '\0';
}

static bool read_version(struct str text, unsigned *major, unsigned *minor)
{
    struct str first = {0};
    uint64_t n = 0;
    uint64_t m = 0;

    if (!str_cut(&text, '.', &first) || !str_u64(first, 10, 1000, &n) ||
        !str_u64(text, 10, 100000, &m)) {
        return false;
    }
    *major = (unsigned)n;
    *minor = (unsigned)m;
    return true;
}

static void read_head(const struct http_reply *r, struct engine_ping *p)
{
    struct str server = http_field(r, "server");

    *p = (struct engine_ping){.major = 0};
    (void)read_version(http_field(r, "api-version"), &p->major, &p->minor); /* or stays 0 */
    p->podman = http_field(r, "libpod-api-version").p != NULL || str_starts(server, "Libpod/");
    p->buildkit = str_eq_c(http_field(r, "builder-version"), "2");
    copy_field(p->server, sizeof(p->server), server);
    copy_field(p->os, sizeof(p->os), http_field(r, "ostype"));
}

struct question {
    const char *method, *path;
};

static const struct question head_ping = {"HEAD", "/_ping"};
static const struct question get_ping = {"GET", "/_ping"};
static const struct question get_version = {"GET", "/version"};

/* Sends one small request whose path has no version, and sets en->ping from the head of the
 * reply. The reply's body is added to `body`. The callers close the connection before a second
 * request, because an engine that does not know HEAD or the path may close it without
 * announcing that. */
static int ask(struct engine *en, const struct question *q, struct buf *body,
               const struct net_wait *w, int *status, struct err *e)
{
    char target[ENDPOINT_BASE_MAX + VERSION_MAX];
    const struct http_request rq = {.method = q->method, .target = target, .host = "docker"};
    struct call c;
    int rc = -1;

    (void)snprintf(target, sizeof(target), "%s%s", api_base(en), q->path);
    call_init(&c, &en->conn);
    if (api_connect_kept(en, w, e) == 0 && call_send_head(&c, &rq, w, e) == 0 &&
        call_head(&c, w, e) == 0 && call_body_all(&c, body, w, e) == 0) {
        *status = c.reply.status;
        read_head(&c.reply, &en->ping);
        rc = 0;
    }
    if (!call_reusable(&c)) {
        conn_close(&en->conn);
    }
    call_release(&c);
    return rc;
}

/* Adds a member of the reply to GET /version to `out`: "1.24". Adds nothing if the reply does
 * not have it. */
static int ask_version(struct engine *en, const char *member, const struct net_wait *w,
                       struct buf *out, struct err *e)
{
    struct engine_ping known = en->ping;
    struct json root = {0};
    struct err ignored = {0};
    struct buf text;
    int status = 0;
    int rc;

    buf_init(&text, LIMIT_HTTP_ERROR);
    conn_close(&en->conn);
    rc = ask(en, &get_version, &text, w, &status, e);
    en->ping = known;
    if (rc == 0 && status == 200 && json_parse(buf_str(&text), &root, &ignored) == 0 &&
        json_string(json_get(root, member), out) < 0) {
        buf_reset(out); /* the member is missing, or is not such a text */
    }
    buf_release(&text);
    return rc;
}

unsigned ping_oldest(struct engine *en, const struct net_wait *w, struct str said)
{
    static const char before[] = "inimum supported API version is ";
    const char *text =
        said.len > 0 ? memmem(said.p, said.len, before, sizeof(before) - 1) : NULL;
    struct err ignored = {0};
    struct buf version;
    unsigned major = 0;
    unsigned minor = 0;

    buf_init(&version, VERSION_MAX);
    if ((ask_version(en, "MinAPIVersion", w, &version, &ignored) < 0 || version.len == 0) &&
        text != NULL) {
        struct str rest = str_drop(said, (size_t)(text - said.p) + sizeof(before) - 1);

        buf_reset(&version);
        for (size_t i = 0; i < rest.len && ((rest.p[i] >= '0' && rest.p[i] <= '9') ||
                                            (i == 1 && rest.p[i] == '.'));
             i++) {
            /* If the digits do not fit, read_version() refuses what was added. */
            (void)buf_add_byte(&version, (unsigned char)rest.p[i]);
        }
    }
    if (!read_version(buf_str(&version), &major, &minor) || major != 1) {
        minor = 0;
    }
    buf_release(&version);
    return minor;
}

/* Asks an engine whose ping has no version (API before 1.25) for it: GET /version. */
static int old_version(struct engine *en, const struct net_wait *w, struct err *e)
{
    struct buf version;
    int rc;

    buf_init(&version, VERSION_MAX);
    rc = ask_version(en, "ApiVersion", w, &version, e);
    if (rc == 0) {
        (void)read_version(buf_str(&version), &en->ping.major, &en->ping.minor);
    }
    buf_release(&version);
    return rc;
}

static int not_docker(const struct engine *en, struct err *e)
{
    (void)err_set(e, ERR_FORMAT, "%s answers, but not as a Docker engine", en->address);
    return err_hint(e, "Is this the socket of a Docker engine? See DOCKER_HOST.");
}

/* Sets the error of a ping that the engine refused. dockerd with TLS answers plain HTTP with a
 * text that says so. */
static int refused(int status, struct str body, struct err *e)
{
    (void)api_refused(status, body, e);
    if (str_contains(body, "HTTPS server")) {
        (void)err_hint(e, WANTS_TLS);
    }
    return -1;
}

/* Adds a hint if a server closed a plain tcp connection, because servers that expect TLS may do
 * so. */
static void guess_tls(const struct engine *en, struct err *e)
{
    bool cut = e->kind == ERR_EOF || (e->kind == ERR_SYS && e->errnum == ECONNRESET);

    if (cut && en->endpoint.kind == ENDPOINT_TCP && !en->endpoint.tls && e->hint[0] == '\0') {
        (void)err_hint(e, WANTS_TLS);
    }
}

int engine_ping(struct engine *en, const struct net_wait *w, struct err *e)
{
    struct buf body;
    int status = 0;
    int rc = 0;

    if (en->ping.done) {
        return 0;
    }
    buf_init(&body, LIMIT_HTTP_ERROR);
    rc = ask(en, &head_ping, &body, w, &status, e);
    if (rc == 0 && status != 200) {
        conn_close(&en->conn);
        rc = ask(en, &get_ping, &body, w, &status, e);
    }
    if (rc == 0 && status != 200) {
        rc = refused(status, buf_str(&body), e);
    }
    if (rc == 0 && en->ping.major == 0) {
        rc = old_version(en, w, e);
    }
    if (rc == 0 && en->ping.major == 0) {
        rc = not_docker(en, e);
    }
    en->ping.done = rc == 0;
    if (rc < 0) {
        guess_tls(en, e);
    }
    buf_release(&body);
    return rc;
}
