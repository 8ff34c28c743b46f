/* SPDX-License-Identifier: MIT */
/* Taking up a session again: an exec in its container (DOCKER.md 1.15) as the carrier of the line. */
#include "engine/handshake.h"

#include "base/limits.h"
#include "wire/frame.h"
#include "wire/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { API_EXEC_DIR = 35 };
enum { TARGET_MAX = 256 + ENDPOINT_BASE_MAX };

static int read_id(struct str reply, char *id, struct err *e)
{
    struct arena a = {0};
    struct json root;
    const char *text = NULL;
    int rc = -1;

    if (json_parse(reply, &root, e) == 0) {
        text = json_string_dup(json_get(root, "Id"), &a);
        if (text == NULL || text[0] == '\0' || strlen(text) >= ENGINE_ID_MAX ||
            strspn(text, "0123456789abcdef") != strlen(text)) {
            (void)err_set(e, ERR_FORMAT, "the engine's answer has no usable Id");
        } else {
            memcpy(id, text, strlen(text) + 1);
            rc = 0;
        }
    }
    arena_release(&a);
    return rc;
}

static int create_exec(struct container *c, char *exec_id, struct err *e)
{
    static const char *const cmd[] = {PLAN_INIT_PATH, "line"};
    char target[TARGET_MAX];
    struct api_request rq = {
        .method = "POST", .target = target, .content_type = "application/json"};
    struct buf body;
    struct buf reply;
    struct json_w w;
    int status = 0;
    int rc;

    (void)snprintf(target, sizeof(target), "/containers/%s/exec", c->id);
    buf_init(&body, LIMIT_PATH);
    buf_init(&reply, LIMIT_HTTP_ERROR);
    json_w_init(&w, &body, 0);
    json_w_object(&w);
    json_w_member_bool(&w, "AttachStdin", true);
    json_w_member_bool(&w, "AttachStdout", true);
    json_w_member_bool(&w, "AttachStderr", true);
    json_w_member(&w, "User", "0:0"); /* init's: nobody else may enter where it listens */
    if (c->engine->api_minor >= API_EXEC_DIR) { /* else it is that of the container: the same */
        json_w_member(&w, "WorkingDir", "/");
    }
    json_w_member_list(&w, "Cmd", cmd, 2);
    json_w_end(&w);
    rq.body = buf_str(&body);
    rc = api_call(c->engine, &rq, &reply, &status, e);
    if (rc == 0) {
        rc = status == 201 ? read_id(buf_str(&reply), exec_id, e)
                           : api_refused(status, buf_str(&reply), e);
    }
    buf_release(&body);
    buf_release(&reply);
    return rc;
}

static int start_exec(struct container *c, const char *exec_id, struct err *e)
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
    struct net_wait w = api_wait(c->engine);
    struct call call;
    bool early = false;
    int rc = -1;

    (void)snprintf(target, sizeof(target), "%s/v1.%u/exec/%s/start", api_base(c->engine),
                   c->engine->api_minor, exec_id);
    call_init(&call, &c->stream);
    if (api_connect(c->engine, &c->stream, &w, e) == 0 &&
        call_send_head(&call, &rq, &w, e) == 0 &&
        call_send_body(&call, str_n(body, sizeof(body) - 1), &w, &early, e) == 0 &&
        call_head(&call, &w, e) == 0) {
        rc = call.reply.state == HTTP_UPGRADED ? 0 : container_refused(&call, &w, e);
    }
    call_release(&call);
    return rc;
}

static int present_key(struct container *c, const char *key, struct err *e)
{
    struct net_wait w = api_wait(c->engine);
    struct buf text;
    int rc;

    buf_init(&text, FRAME_MAX);
    (void)frame_add_hello(&text, FRAME_HELLO_KEY, str_c(key)); /* fits */
    rc = conn_write_all(&c->stream, buf_str(&text), &w, e);
    buf_wipe(&text);
    return rc;
}

struct container *engine_adopt(struct engine *en, const char *id, bool tty, const char *key,
                               struct err *e)
{
    struct container *c = container_new(en, tty);
    char exec_id[ENGINE_ID_MAX];
    struct handshake h;
    int rc = -1;

    c->adopted = true;
    (void)snprintf(c->id, sizeof(c->id), "%s", id);
    handshake_open(&h, NULL, NULL);
    if (create_exec(c, exec_id, e) == 0 && start_exec(c, exec_id, e) == 0 &&
        container_wait(c, e) == 0 && present_key(c, key, e) == 0) {
        rc = handshake_await(&h, c, e);
    }
    handshake_close(&h);
    if (rc < 0) {
        (void)err_wrap(e, "take up container %.12s", id);
        container_free(c);
        return NULL;
    }
    return c;
}
