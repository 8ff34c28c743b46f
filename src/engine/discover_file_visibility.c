/* SPDX-License-Identifier: MIT */
#include "engine/discover_file_visibility.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "engine/docker_api.h"
#include "wire/json.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_DIGITS = 16, BAD_REQUEST = 400, NOT_FOUND = 404 };

static void write_question(const char *dir, struct buf *out)
{
    struct json_w w;

    json_w_init(&w, out, 0);
    json_w_object(&w);
    /* No content has this digest, so the engine cannot have such an image. */
    json_w_member(&w, "Image",
                  "sha256:"
                  "0000000000000000000000000000000000000000000000000000000000000000");
    json_w_key(&w, "HostConfig");
    json_w_object(&w);
    json_w_key(&w, "Mounts");
    json_w_array(&w);
    json_w_object(&w);
    json_w_member(&w, "Type", "bind");
    json_w_member(&w, "Source", dir);
    json_w_member(&w, "Target", "/cco-visible");
    json_w_end(&w);
    json_w_end(&w);
    json_w_end(&w);
    json_w_end(&w);
}

int engine_sees(struct engine *en, const char *dir, bool *sees, struct err *e)
{
    struct api_request rq = {
        .method = "POST", .target = "/containers/create", .content_type = "application/json"};
    struct buf body;
    struct buf reply;
    int status = 0;
    int rc;

    buf_init(&body, LIMIT_REQUEST);
    buf_init(&reply, LIMIT_HTTP_ERROR);
    write_question(dir, &body);
    rq.body = buf_str(&body);
    rc = api_call(en, &rq, &reply, &status, e);
    if (rc == 0) {
        bool missing = status == BAD_REQUEST &&
                       str_contains(buf_str(&reply), "source path does not exist");

        *sees = status == NOT_FOUND && !en->podman;
        if (!missing && status != NOT_FOUND) {
            rc = api_refused(status, buf_str(&reply), e);
        }
    }
    buf_release(&body);
    buf_release(&reply);
    return rc < 0 ? err_wrap(e, "ask whether the engine sees %s", dir) : 0;
}

int engine_sees_us(struct engine *en, const char *parent, bool *sees, struct err *e)
{
    char digits[NAME_DIGITS + 1];
    struct arena a = {0};
    const char *dir;
    int rc = -1;

    if (file_private_dir(parent, e) < 0 || random_hex(digits, NAME_DIGITS, e) < 0) {
        return -1;
    }
    dir = arena_printf(&a, "%s/visible-%s", parent, digits);
    if (mkdir(dir, 0700) < 0) {
        (void)err_sys(e, "%s", dir);
    } else {
        rc = engine_sees(en, dir, sees, e);
        (void)rmdir(dir); /* if it fails, an empty directory of cco's stays */
    }
    arena_release(&a);
    return rc;
}
