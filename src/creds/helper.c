/* SPDX-License-Identifier: MIT */
#include "creds/helper.h"

#include "base/clock.h"
#include "base/env.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/path.h"
#include "base/proc.h"
#include "base/rewrite.h"
#include "wire/json.h"
#include "wire/json_edit.h"

#include <string.h>

#define TTL_VARIABLE "CLAUDE_CODE_API_KEY_HELPER_TTL_MS"

enum { KEY_MAX = 16 << 10, SAID_MAX = 512, TTL_MAX_S = 86400 };

/* The command runs in the home directory, so that relative names never mean files of the
 * project. */
static const char in_home[] = "cd \"$HOME\" 2>/dev/null || cd /; exec /bin/sh -c \"$1\"";

static int check_key(struct str key, struct err *e)
{
    bool bad = key.len == 0;

    for (size_t i = 0; i < key.len; i++) {
        bad = bad || key.p[i] <= ' ' || key.p[i] > '~';
    }
    return bad ? err_set(e, ERR_REFUSED,
                         "its output is not a key, which is one word of printable characters")
               : 0;
}

/* Sets the error of a command that has failed; it contains the first line of its stderr. */
static int failed(int status, const struct buf *said, struct err *e)
{
    struct str rest = str_trim(buf_str(said));
    struct str line = {0};

    (void)str_cut(&rest, '\n', &line);
    return err_set(e, ERR_REFUSED, "exit status %d%s%.*s", status, line.len > 0 ? ": " : "",
                   (int)line.len, line.p != NULL ? line.p : "");
}

int helper_run(const char *command, char *const *env, struct buf *out, struct err *e)
{
    const char *const argv[] = {"sh", "-c", in_home, "sh", command, NULL};
    struct buf text;
    struct buf said;
    struct proc p = {
        .program = "/bin/sh",
        .argv = argv,
        .env = env,
        .out = &text,
        .err = &said,
        .secret = true,
        .deadline_ms = clock_ms() + HELPER_TIMEOUT_MS,
    };
    int status = 0;
    int rc;

    buf_init(&text, KEY_MAX);
    buf_init(&said, SAID_MAX);
    rc = proc_run(&p, &status, e);
    if (rc == 0 && status != 0) {
        rc = failed(status, &said, e);
    }
    if (rc == 0) {
        rc = check_key(str_trim(buf_str(&text)), e);
    }
    if (rc == 0 && buf_add_str(out, str_trim(buf_str(&text))) < 0) {
        rc = err_set(e, ERR_LIMIT, "the key is too long");
    }
    buf_wipe(&text);
    buf_release(&said);
    return rc < 0 ? err_wrap(e, "apiKeyHelper") : 0;
}

time_t helper_ttl_s(char *const *env)
{
    const char *value = env_value(env, TTL_VARIABLE);
    uint64_t ms = 0;

    if (value == NULL || !str_u64(str_c(value), 10, TTL_MAX_S * 1000ULL, &ms)) {
        return HELPER_TTL_S;
    }
    return ms < 1000 ? 1 : (time_t)(ms / 1000);
}

int helper_write(const char *dir, const char *command, time_t every_s, struct err *e)
{
    struct arena a = {0};
    struct buf text;
    struct json_w w;
    int rc = -1;

    buf_init(&text, LIMIT_FILE_SMALL);
    json_w_init(&w, &text, 0);
    json_w_object(&w);
    json_w_member(&w, "command", command);
    json_w_member_u64(&w, "seconds", (uint64_t)every_s);
    json_w_end(&w);
    if (json_done(&w) < 0 || w.lossy) {
        (void)err_set(e, ERR_LIMIT, "apiKeyHelper: the command is too long or is not UTF-8");
    } else {
        rc = file_write_new(path_join(&a, dir, HELPER_FILE), buf_str(&text), 0600, e);
    }
    buf_release(&text);
    arena_release(&a);
    return rc;
}

/* Returns the session's command and sets *every_s. Returns NULL if none exists or its file
 * cannot be read. */
static const char *read_helper(const char *dir, struct arena *a, time_t *every_s)
{
    struct err ignored = {0};
    struct buf text;
    struct json root;
    const char *command = NULL;
    uint64_t seconds = 0;

    buf_init(&text, LIMIT_FILE_SMALL);
    if (file_read(path_join(a, dir, HELPER_FILE), &text, &ignored) == 0 &&
        json_parse(buf_str(&text), &root, &ignored) == 0 &&
        json_u64(json_get(root, "seconds"), &seconds) && seconds > 0 && seconds <= TTL_MAX_S) {
        command = json_string_dup(json_get(root, "command"), a);
        *every_s = (time_t)seconds;
    }
    buf_release(&text);
    return command;
}

time_t helper_interval_s(const char *dir)
{
    struct arena a = {0};
    time_t every_s = 0;
    bool has = read_helper(dir, &a, &every_s) != NULL;

    arena_release(&a);
    return has ? every_s : 0;
}

int helper_renew(const char *dir, char *const *env, struct err *e)
{
    struct arena a = {0};
    struct buf key;
    struct buf old;
    time_t every_s = 0;
    const char *copy = path_join(&a, dir, HELPER_KEY);
    const char *command = read_helper(dir, &a, &every_s);
    int rc = 0;

    buf_init(&key, KEY_MAX);
    buf_init(&old, KEY_MAX);
    if (command != NULL) {
        rc = helper_run(command, env, &key, e);
        if (rc == 0 &&
            (file_read(copy, &old, e) < 0 || !str_eq(str_trim(buf_str(&old)), buf_str(&key)))) {
            err_reset(e);
            rc = rewrite_copy(copy, buf_str(&key), e);
        }
    }
    buf_wipe(&key);
    buf_wipe(&old);
    arena_release(&a);
    return rc;
}

int helper_settings(struct str text, const char *path, struct buf *out, struct err *e)
{
    const struct json_place place = {NULL, 0, "apiKeyHelper"};
    struct buf value;
    struct buf command;
    struct json_w w;
    int rc;

    if (str_trim(text).len == 0) {
        text = str_c("{}");
    }
    buf_init(&value, LIMIT_PATH);
    buf_init(&command, LIMIT_PATH);
    (void)buf_addf(&command, "cat %s", path); /* fits, and needs no quotes (helper.h) */
    json_w_init(&w, &value, 0);
    json_w_str(&w, buf_str(&command));
    rc = json_set_member(text, place, buf_str(&value), out, e);
    buf_release(&value);
    buf_release(&command);
    return rc;
}
