/* SPDX-License-Identifier: MIT */
/* Finds the version of Claude Code in an image. The labels of an image cannot have it, because
 * they are fixed before claude is installed. cco creates a container of the image, which is
 * never started, and reads the package's file from it (GET /containers/{id}/archive). The
 * result is kept in a file that is named by the image's id, which identifies the image's
 * content. */
#include "engine/docker.h"
#include "engine/docker_api.h"
#include "engine/images.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "wire/json.h"
#include "wire/tar.h"
#include "wire/url.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PACKAGE_PATH "/usr/local/lib/node_modules/@anthropic-ai/claude-code/package.json"

enum { VERSION_MAX = 64, ID_DIGITS = 64 };

static bool is_version(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.p[i] <= ' ' || s.p[i] > '~') {
            return false;
        }
    }
    return s.len > 0 && s.len <= VERSION_MAX;
}

const char *engine_version_file(const char *image_id, const char *state_dir, struct arena *a)
{
    const char *digits = strncmp(image_id, "sha256:", 7) == 0 ? image_id + 7 : image_id;

    if (strlen(digits) != ID_DIGITS || strspn(digits, "0123456789abcdef") != ID_DIGITS) {
        return NULL;
    }
    return path_join(a, state_dir, arena_printf(a, "images/%s", digits));
}

/* Reads the version that was kept for an image. Returns false if none was kept. An empty line
 * means that the image has no claude; *version is NULL then. */
static bool read_kept(const char *path, struct arena *a, const char **version)
{
    struct err ignored = {0};
    struct buf text;
    struct str s;
    bool known;

    buf_init(&text, LIMIT_FILE_SMALL);
    known = file_read(path, &text, &ignored) == 0;
    s = str_trim(buf_str(&text));
    *version = known && is_version(s) ? arena_str(a, s) : NULL;
    buf_release(&text);
    return known;
}

/* Keeps the version. Errors are ignored, because it only saves some milliseconds later. */
static void keep(const char *path, const char *version, struct arena *a)
{
    struct err ignored = {0};
    const char *line = arena_printf(a, "%s\n", version != NULL ? version : "");

    if (file_mkdirs(path_dir(a, path), 0700, &ignored) == 0) {
        (void)file_write_atomic(path, str_c(line), 0600, &ignored);
    }
}

static int create(struct engine *en, const char *image_id, char id[ENGINE_ID_MAX],
                  struct err *e)
{
    static const char *const command[] = {"none"};
    struct api_request rq = {
        .method = "POST", .target = "/containers/create", .content_type = "application/json"};
    char uid[24];
    struct buf body;
    struct buf reply;
    struct json_w w;
    struct json root;
    int status = 0;
    int rc = -1;

    buf_init(&body, LIMIT_REQUEST);
    buf_init(&reply, LIMIT_JSON_LINE);
    (void)snprintf(uid, sizeof(uid), "%llu", (unsigned long long)getuid());
    json_w_init(&w, &body, 0);
    json_w_object(&w);
    json_w_member(&w, "Image", image_id);
    json_w_member_list(&w, "Cmd", command, 1);
    json_w_key(&w, "Labels");
    json_w_object(&w);
    json_w_member(&w, PLAN_LABEL, "1");
    json_w_member(&w, PLAN_LABEL_UID, uid); /* `cco cleanup` finds it if this cco is killed */
    json_w_end(&w);
    json_w_end(&w);
    rq.body = buf_str(&body);
    if (api_call(en, &rq, &reply, &status, e) < 0) {
        goto out;
    }
    if (status != 201) {
        (void)api_refused(status, buf_str(&reply), e);
        goto out;
    }
    if (json_parse(buf_str(&reply), &root, e) == 0) {
        rc = api_read_id(root, id, e);
    }
out:
    buf_release(&body);
    buf_release(&reply);
    return rc;
}

/* Adds the content of the first file of a tar archive to `out`. */
static int first_file(struct str in, struct buf *out, struct err *e)
{
    struct tar_r t;
    bool inside = false;
    int rc = 0;

    tar_r_init(&t);
    while (rc == 0 && in.len > 0 && t.state != TAR_END) {
        struct str data = {0};
        size_t used = 0;
        bool ready = false;

        rc = tar_r_in(&t, in, &used, &ready, &data, e);
        if (ready && inside) {
            break;
        }
        inside = inside || (ready && t.entry.type == TAR_FILE);
        if (rc == 0 && inside && buf_add_str(out, data) < 0) {
            rc = err_set(e, ERR_LIMIT, "the file is too large");
        }
        in = str_drop(in, used);
    }
    tar_r_release(&t);
    return rc;
}

static int read_package(struct engine *en, const char *container, struct arena *a,
                        const char **version, struct err *e)
{
    struct api_request rq = {.method = "GET"};
    struct buf target;
    struct buf reply;
    struct buf text;
    struct json root;
    int status = 0;
    int rc = -1;

    buf_init(&target, LIMIT_PATH);
    buf_init(&reply, LIMIT_JSON_LINE);
    buf_init(&text, LIMIT_FILE_SMALL);
    (void)buf_addf(&target, "/containers/%s/archive", container); /* fits: the name is short */
    (void)url_query(&target, "path", str_c(PACKAGE_PATH));
    rq.target = buf_c(&target);
    if (api_call(en, &rq, &reply, &status, e) == 0) {
        rc = status == 404 || status == 200 ? 0 : api_refused(status, buf_str(&reply), e);
    }
    if (rc == 0 && status == 200) {
        rc = first_file(buf_str(&reply), &text, e);
        if (rc == 0) {
            rc = json_parse(buf_str(&text), &root, e);
        }
        if (rc == 0) {
            *version = json_string_dup(json_get(root, "version"), a);
            *version = *version != NULL && is_version(str_c(*version)) ? *version : NULL;
        }
    }
    buf_release(&target);
    buf_release(&reply);
    buf_release(&text);
    return rc;
}

const char *engine_claude_version(struct engine *en, const char *image_id,
                                  const char *state_dir, struct arena *a)
{
    const char *path = engine_version_file(image_id, state_dir, a);
    const char *version = NULL;
    char container[ENGINE_ID_MAX];
    struct err ignored = {0}; /* every caller can go on without the version */

    if (path == NULL || read_kept(path, a, &version)) {
        return version;
    }
    if (create(en, image_id, container, &ignored) < 0) {
        return NULL;
    }
    if (read_package(en, container, a, &version, &ignored) == 0) {
        keep(path, version, a);
    }
    err_reset(&ignored);
    (void)docker_remove_id(en, container, &ignored);
    return version;
}
