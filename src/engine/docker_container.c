/* SPDX-License-Identifier: MIT */
/* A container from its creation to its removal. README.md, "The start of a container", gives
 * the reasons for the order of the requests. */
#include "engine/docker_container.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/num.h"
#include "engine/docker_handshake.h"
#include "engine/docker_spec.h"
#include "engine/docker_transport.h"
#include "wire/boot.h"
#include "wire/frame.h"
#include "wire/json.h"
#include "wire/tar.h"
#include "wire/url.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

enum { REMOVE_MS = 20000, EXE_MAX = 64 << 20, TARGET_MAX = 256 + ENDPOINT_BASE_MAX };
enum { LET_GO_MS = 2000 };

/* Limits of remove_unanswered(): the tries, the time for each answer, and the pause between
 * tries. */
enum { LATE_TRIES = 20, LATE_MS = 3000, LATE_PAUSE_NS = 100000000 };

static int read_created(struct container *c, struct str reply, struct arena *a,
                        struct strv *warnings, struct err *e)
{
    struct json root;
    struct json item;

    if (json_parse(reply, &root, e) < 0 || api_read_id(root, c->id, e) < 0) {
        return -1;
    }
    struct json_iter it = json_iter(json_get(root, "Warnings"));

    while (json_next(&it, NULL, &item)) {
        const char *text = json_string_dup(item, a);

        if (text != NULL) {
            strv_add(warnings, a, text);
        }
    }
    return 0;
}

/* Checks that the sources of all mounts exist, because Podman creates a missing source as an
 * empty directory of its root's. dockerd reports it as an error. */
static int check_sources(const struct container *c, const struct plan *p, struct err *e)
{
    /* The sources of a remote container are on the engine's machine. */
    for (size_t i = 0; c->base.engine->podman && p->kind != SANDBOX_REMOTE_CONTAINER &&
                       i < p->files.mount_count;
         i++) {
        const char *source = p->files.mounts[i].source;
        struct stat st;

        if (p->files.mounts[i].kind == MOUNT_BIND && lstat(source, &st) < 0 &&
            errno == ENOENT) {
            return err_set(e, ERR_NOT_FOUND, "%s does not exist any more", source);
        }
    }
    return 0;
}

static int post_create(struct container *c, const struct plan *p, struct arena *a,
                       struct strv *warnings, struct err *e)
{
    struct api_request rq = {.method = "POST", .content_type = "application/json"};
    struct buf target;
    struct buf body;
    struct buf reply;
    int status = 0;
    int rc = -1;

    buf_init(&target, LIMIT_PATH);
    buf_init(&body, LIMIT_REQUEST);
    buf_init(&reply, LIMIT_JSON_LINE);
    (void)buf_add_c(&target, "/containers/create"); /* with a name it is short enough */
    (void)url_query(&target, "name", str_c(p->name));
    if (check_sources(c, p, e) < 0 || spec_create(p, &body, e) < 0) {
        goto out;
    }
    rq.target = buf_c(&target);
    rq.body = buf_str(&body);
    if (api_call(c->base.engine, &rq, &reply, &status, e) == 0) {
        rc = status == 201 ? read_created(c, buf_str(&reply), a, warnings, e)
                           : api_refused(status, buf_str(&reply), e);
    }
out:
    buf_release(&target);
    buf_release(&body);
    buf_release(&reply);
    return rc;
}

/* Writes a tar archive that contains only cco's binary, for the root of the container. */
static int init_archive(const char *exe, struct buf *out, struct err *e)
{
    struct tar_w t;
    struct buf text;
    int rc = -1;

    buf_init(&text, EXE_MAX);
    tar_w_init(&t, out);
    if (file_read(exe, &text, e) == 0) {
        const struct tar_entry entry = {
            .type = TAR_FILE,
            .path = str_c(&PLAN_INIT_PATH[1]),
            .size = text.len,
            .mode = 0755,
        };

        if (tar_w_entry(&t, &entry, e) == 0 &&
            tar_w_data(&t, buf_data(&text), text.len, e) == 0) {
            rc = tar_w_end(&t, e);
        }
    }
    buf_release(&text);
    return rc;
}

static int put_init(struct container *c, const char *exe, struct err *e)
{
    char target[TARGET_MAX];
    struct api_request rq = {
        .method = "PUT", .target = target, .content_type = "application/x-tar"};
    struct buf body;
    struct buf reply;
    int status = 0;
    int rc = -1;

    buf_init(&body, EXE_MAX + LIMIT_TAR_HEADER);
    buf_init(&reply, LIMIT_HTTP_ERROR);
    (void)snprintf(target, sizeof(target), "/containers/%s/archive?path=%%2F", c->id);
    if (init_archive(exe, &body, e) == 0) {
        rq.body = buf_str(&body);
        rc = api_call(c->base.engine, &rq, &reply, &status, e);
        if (rc == 0 && status != 200) {
            rc = api_refused(status, buf_str(&reply), e);
        }
    }
    buf_release(&body);
    buf_release(&reply);
    return rc < 0 ? err_wrap(e, "send init") : 0;
}

struct container *container_new(struct engine *en, bool tty)
{
    struct container *c = calloc(1, sizeof(*c));

    if (c == NULL) {
        abort();
    }
    c->base = (struct sandbox){.engine = en, .session = &c->session, .id = c->id};
    c->line_fd = -1;
    c->session = (struct session){.ops = &container_session_ops, .fd = -1, .tty = tty};
    stdcopy_init(&c->session.wrap);
    conn_init(&c->stream);
    conn_init(&c->wait);
    call_init(&c->wait_call, &c->wait);
    buf_init(&c->wait_body, LIMIT_HTTP_ERROR);
    buf_init(&c->session.early, LIMIT_RELAY_BUFFER);
    return c;
}

/* Removes the container `name` after a creation without an answer. The engine may still be
 * making the container, so that this function tries several times. */
static void remove_unanswered(const struct engine *en, const char *name)
{
    const struct timespec pause = {.tv_nsec = LATE_PAUSE_NS};
    struct engine own = *en; /* as in docker_remove() */
    char target[TARGET_MAX];
    struct api_request rq = {.method = "DELETE", .target = target};
    struct err ignored = {0};
    int status = 404;

    conn_init(&own.conn);
    own.sig = NULL;
    own.timeout_ms = own.timeout_ms < LATE_MS ? own.timeout_ms : LATE_MS;
    (void)snprintf(target, sizeof(target), "/containers/%s?force=1&v=1", name);
    for (int i = 0; status == 404 && i < LATE_TRIES; i++) {
        struct buf reply;

        buf_init(&reply, LIMIT_HTTP_ERROR);
        if (i > 0) {
            (void)nanosleep(&pause, NULL);
        }
        if (api_call(&own, &rq, &reply, &status, &ignored) < 0) {
            status = 0; /* give up: `cco cleanup` finds the container later */
        }
        buf_release(&reply);
    }
    conn_close(&own.conn);
}

static struct container *container_of(struct sandbox *s)
{
    return (struct container *)s; /* the first member */
}

struct sandbox *docker_create(struct engine *en, const struct plan *p, const char *exe,
                              struct arena *a, struct strv *warnings, struct err *e)
{
    struct container *c = container_new(en, p->command.tty);
    struct err second = {0};

    c->kept = p->container.kept;
    if (post_create(c, p, a, warnings, e) == 0 &&
        (!p->image.send_init || put_init(c, exe, e) == 0)) {
        return &c->base;
    }
    if (c->id[0] != '\0') {
        (void)docker_remove(&c->base, &second); /* the first error is reported */
    } else if (e->kind == ERR_CANCELED || e->kind == ERR_TIMEOUT || e->kind == ERR_EOF) {
        remove_unanswered(en, p->name);
    }
    docker_free(&c->base);
    (void)err_wrap(e, "create container %s", p->name);
    return NULL;
}

static int attach(struct container *c, struct err *e)
{
    char target[TARGET_MAX];
    struct http_request rq = {
        .method = "POST", .target = target, .host = "docker", .upgrade = true};
    struct net_wait w = api_wait(c->base.engine);
    struct call call;
    int rc = -1;

    (void)snprintf(target, sizeof(target),
                   "%s/v1.%u/containers/%s/attach?stream=1&stdin=1&stdout=1&stderr=1",
                   api_base(c->base.engine), c->base.engine->api_minor, c->id);
    call_init(&call, &c->stream);
    if (api_connect(c->base.engine, &c->stream, &w, e) == 0 &&
        call_send_head(&call, &rq, &w, e) == 0 && call_head(&call, &w, e) == 0) {
        rc = call.reply.state == HTTP_UPGRADED ? 0 : api_read_refusal(&call, &w, e);
    }
    call_release(&call);
    return rc < 0 ? err_wrap(e, "attach") : 0;
}

/* The engine sends the head of the reply when it has begun to watch the container, and the body
 * when it has removed the container (`removed`) or the container has ended (`next-exit`). */
int container_wait(struct container *c, struct err *e)
{
    char target[TARGET_MAX];
    struct http_request rq = {.method = "POST", .target = target, .host = "docker"};
    struct net_wait w = api_wait(c->base.engine);

    (void)snprintf(target, sizeof(target), "%s/v1.%u/containers/%s/wait?condition=%s",
                   api_base(c->base.engine), c->base.engine->api_minor, c->id,
                   c->kept ? "next-exit" : "removed");
    if (api_connect(c->base.engine, &c->wait, &w, e) < 0 ||
        call_send_head(&c->wait_call, &rq, &w, e) < 0 || call_head(&c->wait_call, &w, e) < 0) {
        return err_wrap(e, "wait");
    }
    if (c->wait_call.reply.status != 200) {
        (void)api_read_refusal(&c->wait_call, &w, e);
        return err_wrap(e, "wait");
    }
    return 0;
}

static int post_start(struct container *c, struct err *e)
{
    char target[TARGET_MAX];
    struct api_request rq = {.method = "POST", .target = target};
    struct buf reply;
    int status = 0;
    int rc;

    (void)snprintf(target, sizeof(target), "/containers/%s/start", c->id);
    buf_init(&reply, LIMIT_HTTP_ERROR);
    rc = api_call(c->base.engine, &rq, &reply, &status, e);
    if (rc == 0 && status != 204 && status != 304) {
        rc = api_refused(status, buf_str(&reply), e);
    }
    buf_release(&reply);
    return rc < 0 ? err_wrap(e, "start") : 0;
}

/* Sends init's arguments: their length, then their bytes. If init ends before it has read all
 * of them, this is not an error here, because the reply to the wait says why. */
static int send_boot(struct container *c, struct str boot, struct err *e)
{
    struct net_wait w = api_wait(c->base.engine);
    struct err own = {0};
    char head[BOOT_STREAM_HEAD];

    if (boot.p == NULL) {
        return 0;
    }
    be32_put(head, (uint32_t)boot.len); /* at most LIMIT_BOOT_STREAM */
    if (conn_write_all(&c->stream, str_n(head, sizeof(head)), &w, &own) == 0 &&
        conn_write_all(&c->stream, boot, &w, &own) == 0) {
        return 0;
    }
    if (own.kind == ERR_SYS || own.kind == ERR_EOF) {
        return 0;
    }
    *e = own;
    return err_wrap(e, "send init its arguments");
}

int docker_start(struct sandbox *s, const struct engine_boot *how, struct err *e)
{
    struct container *c = container_of(s);
    struct handshake h;
    int rc = -1;

    handshake_open(&h, how->socket, how->secret);
    if (attach(c, e) == 0 && container_wait(c, e) == 0 && post_start(c, e) == 0 &&
        send_boot(c, how->stream, e) == 0) {
        rc = handshake_await(&h, c, e);
    }
    handshake_close(&h);
    if (c->line_fd >= 0) {
        conn_close(&c->stream); /* the line is the socket, so that the stream is not used */
    }
    return rc;
}

void docker_let_go(struct sandbox *s)
{
    struct container *c = container_of(s);
    struct net_wait w = {.deadline_ms = clock_ms() + LET_GO_MS};
    struct err ignored = {0}; /* init also ends when the stream ends */
    struct buf frame;

    buf_init(&frame, FRAME_HEAD);
    (void)frame_add(&frame, FRAME_STOP, str_n(NULL, 0)); /* the buffer is large enough */
    (void)conn_write_all(&c->stream, buf_str(&frame), &w, &ignored);
    buf_release(&frame);
}

int docker_remove(struct sandbox *s, struct err *e)
{
    struct container *c = container_of(s);
    struct engine *en = s->engine;
    /* This copy has its own connection and another timeout, and signals do not cancel it. */
    struct engine own = *en;
    int rc;

    if (c->id[0] == '\0' || c->gone) {
        return 0;
    }
    conn_init(&own.conn);
    own.sig = NULL;
    own.timeout_ms = own.timeout_ms < REMOVE_MS ? own.timeout_ms : REMOVE_MS;
    rc = docker_remove_id(&own, c->id, e);
    conn_close(&own.conn);
    c->gone = rc == 0;
    return rc;
}

void docker_leave(struct engine *en, struct sandbox *s)
{
    if (s != NULL) {
        conn_abandon(&container_of(s)->stream);
        conn_abandon(&container_of(s)->wait);
    }
    conn_abandon(&en->conn);
    transport_abandon(en->transport);
    en->transport = NULL;
}

void docker_free(struct sandbox *s)
{
    struct container *c = container_of(s);

    call_release(&c->wait_call);
    conn_close(&c->stream);
    fd_close(&c->line_fd);
    conn_close(&c->wait);
    buf_release(&c->wait_body);
    buf_release(&c->session.early);
    free(c);
}
