/* SPDX-License-Identifier: MIT */
#include "engine/docker_exec.h"

#include "base/clock.h"
#include "base/limits.h"
#include "engine/docker_container.h"
#include "wire/json.h"

#include <stdio.h>

enum { API_EXEC_DIR = 35 }; /* the first API version whose exec has WorkingDir */
enum { TARGET_MAX = 256 + ENDPOINT_BASE_MAX, NOISE_MAX = 4096, PIECE = 1 << 20 };

static int read_id(struct str reply, char id[ENGINE_ID_MAX], struct err *e)
{
    struct json root;

    return json_parse(reply, &root, e) < 0 ? -1 : api_read_id(root, id, e);
}

/* Finds out which file the exec runs. The agent may have replaced every file that its user can
 * write, so that the exec runs PLAN_INIT_LIVE: the binary that init has loaded, and that is
 * static. Init is not dumpable, so that the kernel lets only CAP_SYS_PTRACE follow that link.
 * Init and the exec have this capability, and the agent does not. With --sudo the container
 * does not have it, because the agent could get it; but the agent can have all privileges of
 * the exec then, and runs nothing that it could not run by itself. */
static int find_program(struct engine *en, const char *id, const char **program, struct err *e)
{
    char target[TARGET_MAX];
    struct json root;
    struct buf reply;
    int rc;

    buf_init(&reply, LIMIT_JSON_LINE);
    (void)snprintf(target, sizeof(target), "/containers/%s/json", id);
    rc = api_get_json(en, target, "look at the container", &reply, &root, e);
    if (rc == 0) {
        struct json labels = json_get(json_get(root, "Config"), "Labels");

        *program = json_get(labels, PLAN_LABEL_SUDO).type == JSON_NONE ? PLAN_INIT_LIVE
                                                                       : PLAN_INIT_PATH;
    }
    buf_release(&reply);
    return rc;
}

static void describe(struct engine *en, const char *program, const char *what, struct buf *body)
{
    const char *const argv[] = {program, what};
    struct json_w w;

    json_w_init(&w, body, 0);
    json_w_object(&w);
    json_w_member_bool(&w, "AttachStdin", true);
    json_w_member_bool(&w, "AttachStdout", true);
    json_w_member_bool(&w, "AttachStderr", true);
    /* Only init's user, root, can reach the socket at which init listens. */
    json_w_member(&w, "User", "0:0");
    if (en->api_minor >= API_EXEC_DIR) { /* older engines use that of the container, also "/" */
        json_w_member(&w, "WorkingDir", "/");
    }
    json_w_member_list(&w, "Cmd", argv, sizeof(argv) / sizeof(argv[0]));
    json_w_end(&w);
}

static int create_exec(struct engine *en, const char *id, const char *what, char *exec_id,
                       struct err *e)
{
    const char *program = PLAN_INIT_LIVE;
    char target[TARGET_MAX];
    struct api_request rq = {
        .method = "POST", .target = target, .content_type = "application/json"};
    struct buf body;
    struct buf reply;
    int status = 0;
    int rc;

    (void)snprintf(target, sizeof(target), "/containers/%s/exec", id);
    buf_init(&body, LIMIT_PATH);
    buf_init(&reply, LIMIT_HTTP_ERROR);
    rc = find_program(en, id, &program, e);
    if (rc == 0) {
        describe(en, program, what, &body);
        rq.body = buf_str(&body);
        rc = api_call(en, &rq, &reply, &status, e);
    }
    if (rc == 0) {
        rc = status == 201 ? read_id(buf_str(&reply), exec_id, e)
                           : api_refused(status, buf_str(&reply), e);
    }
    buf_release(&body);
    buf_release(&reply);
    return rc;
}

static int start_exec(struct engine *en, const char *exec_id, struct conn *stream,
                      struct err *e)
{
    static const char body[] = "{\"Detach\":false,\"Tty\":false}";
    char target[TARGET_MAX];
    struct http_request rq = {
        .method = "POST",
        .target = target,
        .host = "docker",
        .content_type = "application/json",
        .upgrade = true,
        .body = HTTP_BODY_LENGTH,
        .length = sizeof(body) - 1,
    };
    struct net_wait w = api_wait(en);
    struct call call;
    bool early = false;
    int rc = -1;

    (void)snprintf(target, sizeof(target), "%s/v1.%u/exec/%s/start", api_base(en),
                   en->api_minor, exec_id);
    call_init(&call, stream);
    if (api_connect(en, stream, &w, e) == 0 && call_send_head(&call, &rq, &w, e) == 0 &&
        call_send_body(&call, str_n(body, sizeof(body) - 1), &w, &early, e) == 0 &&
        call_head(&call, &w, e) == 0) {
        rc = call.reply.state == HTTP_UPGRADED ? 0 : api_read_refusal(&call, &w, e);
    }
    call_release(&call);
    return rc;
}

int exec_open(struct engine *en, const char *id, const char *what, struct conn *stream,
              struct err *e)
{
    char exec_id[ENGINE_ID_MAX];

    return create_exec(en, id, what, exec_id, e) < 0 ? -1 : start_exec(en, exec_id, stream, e);
}

static struct exec_sync *sync_of(struct sync_io *io)
{
    return (struct exec_sync *)io; /* the first member */
}

static struct net_wait stall_wait(const struct exec_sync *x)
{
    return (struct net_wait){.deadline_ms = clock_ms() + EXEC_STALL_MS, .sig = x->engine->sig};
}

/* Moves the payload of log frames from x->stream to `in`, as much as there is room for. Returns
 * 1 if it moved any bytes, 0 if there are none, and -1 on error. */
static int unwrap(struct exec_sync *x, struct buf *in, struct err *e)
{
    size_t before = in->len;

    while (x->stream.in.len > 0 && buf_room(in) > 0) {
        struct str bytes = buf_str(&x->stream.in);
        struct str data = {0};
        size_t used = 0;

        bytes.len = bytes.len < buf_room(in) ? bytes.len : buf_room(in);
        if (stdcopy_in(&x->wrap, bytes, &used, &data, e) < 0) {
            return -1;
        }
        if (x->wrap.stream >= STDCOPY_STDERR) {
            size_t room = buf_room(&x->noise);

            (void)buf_add(&x->noise, data.p, data.len < room ? data.len : room);
        } else {
            (void)buf_add_str(in, data); /* there is room for it */
        }
        buf_drop(&x->stream.in, used);
    }
    return in->len > before ? 1 : 0;
}

static int ended(const struct exec_sync *x, struct err *e)
{
    struct str said = str_trim(buf_str(&x->noise));

    return err_set(e, ERR_EOF, "the other end of the transfer has ended%s%.*s",
                   said.len > 0 ? ": " : "", (int)said.len, said.p != NULL ? said.p : "");
}

/* Makes the error of a connection that was lost. The other end may have printed the reason
 * before it ended, so that this function reads once more. */
static int broken_off(struct exec_sync *x, struct err *e)
{
    struct err ignored = {0};
    struct buf last;

    if (e->kind != ERR_SYS && e->kind != ERR_EOF) {
        return -1;
    }
    buf_init(&last, LIMIT_RELAY_BUFFER);
    if (conn_fill_now(&x->stream, &ignored) >= 0) {
        (void)unwrap(x, &last, &ignored);
    }
    buf_release(&last);
    err_reset(e);
    return ended(x, e);
}

static int on_fill(struct sync_io *io, struct buf *in, struct err *e)
{
    struct exec_sync *x = sync_of(io);
    int got = unwrap(x, in, e);

    while (got == 0) {
        struct net_wait w = stall_wait(x);

        if (x->stream.eof) {
            return ended(x, e);
        }
        if (conn_fill(&x->stream, &w, e) < 0) {
            return broken_off(x, e);
        }
        got = unwrap(x, in, e);
    }
    return got < 0 ? -1 : 0;
}

static int on_send(struct sync_io *io, struct str data, struct err *e)
{
    struct exec_sync *x = sync_of(io);

    while (data.len > 0) {
        struct str piece = str_n(data.p, data.len < PIECE ? data.len : PIECE);
        struct net_wait w = stall_wait(x);

        if (conn_write_all(&x->stream, piece, &w, e) < 0) {
            return broken_off(x, e);
        }
        data = str_drop(data, piece.len);
    }
    return 0;
}

void exec_sync_init(struct exec_sync *x)
{
    *x = (struct exec_sync){.io = {.fill = on_fill, .send = on_send}};
    conn_init(&x->stream);
    stdcopy_init(&x->wrap);
    buf_init(&x->noise, NOISE_MAX);
}

int exec_sync_open(struct exec_sync *x, struct engine *en, const char *id, struct err *e)
{
    x->engine = en;
    return exec_open(en, id, "sync", &x->stream, e);
}

void exec_sync_close(struct exec_sync *x)
{
    conn_close(&x->stream);
    buf_release(&x->noise);
}
