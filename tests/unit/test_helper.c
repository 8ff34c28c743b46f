/* SPDX-License-Identifier: MIT */
#include "creds/helper.h"

#include "tap.h"
#include "tmpdir.h"

#include <signal.h>

static char home[] = "HOME=/";
static char search[] = "PATH=/usr/bin:/bin";
static char *env[] = {home, search, NULL};

static int run(const char *command, struct buf *out, struct err *e)
{
    *e = (struct err){0};
    buf_reset(out);
    return helper_run(command, env, out, e);
}

static void answers(void)
{
    struct buf out;
    struct err e;

    buf_init(&out, 1 << 16);
    ok(run("echo '  sk-key '", &out, &e) == 0 && str_eq_c(buf_str(&out), "sk-key"),
       "a key, without the blanks around %s", e.text);
    ok(run("pwd", &out, &e) == 0 && str_eq_c(buf_str(&out), "/"), "it runs in the home");
    ok(run("true", &out, &e) < 0 && e.kind == ERR_REFUSED, "nothing is no key: %s", e.text);
    ok(run("echo two words", &out, &e) < 0, "two words are none");
    ok(run("printf 'a\\nb'", &out, &e) < 0 && strstr(e.text, "a\nb") == NULL,
       "nor two lines, and they are not told: %s", e.text);
    ok(run("echo secret; echo why >&2; exit 3", &out, &e) < 0 && strstr(e.text, "3: why") &&
           strstr(e.text, "secret") == NULL,
       "a failure tells what it said, not what it printed: %s", e.text);
    ok(run("head -c 100000 /dev/zero | tr '\\0' x", &out, &e) < 0, "too much is an error");
    buf_release(&out);
}

static void settings(void)
{
    struct buf out;
    struct err e = {0};

    buf_init(&out, 1 << 16);
    ok(helper_settings(str_c("{\"apiKeyHelper\" : \"/bin/mine\", \"x\":1}"), "/run/k", &out,
                       &e) == 0 &&
           str_eq_c(buf_str(&out), "{\"apiKeyHelper\" : \"cat /run/k\", \"x\":1}"),
       "the sandbox's helper prints the copy");
    buf_reset(&out);
    ok(helper_settings(str_c(" \n"), "/run/k", &out, &e) == 0 &&
           str_eq_c(buf_str(&out), "{\"apiKeyHelper\":\"cat /run/k\"}"),
       "also where there are no settings");
    ok(helper_settings(str_c("[]"), "/run/k", &out, &e) < 0, "settings of another shape");
    buf_release(&out);
}

static void renewal(void)
{
    struct err e = {0};
    char script[512];

    (void)mkdir(in_tmp("files"), 0700);
    put_file(in_tmp(HELPER_KEY), "old");
    is_int(helper_interval_s(tmpdir), 0, "no helper, no interval");
    is_int(helper_renew(tmpdir, env, &e), 0, "and nothing to renew");
    (void)snprintf(script, sizeof(script), "cat %s/key", tmpdir);
    put_file(in_tmp("key"), "new");
    ok(helper_write(tmpdir, script, 7, &e) == 0, "kept %s", e.text);
    is_int(helper_interval_s(tmpdir), 7, "with its interval");
    ok(helper_renew(tmpdir, env, &e) == 0, "renewed %s", e.text);
    is_str(get_file(in_tmp(HELPER_KEY)), "new", "the copy has the new key");
    (void)unlink(in_tmp("key"));
    ok(helper_renew(tmpdir, env, &e) < 0, "a helper that fails: %s", e.text);
    is_str(get_file(in_tmp(HELPER_KEY)), "new", "leaves the old key");
}

int main(void)
{
    static char long_time[] = "CLAUDE_CODE_API_KEY_HELPER_TTL_MS=90500";
    static char short_time[] = "CLAUDE_CODE_API_KEY_HELPER_TTL_MS=1";
    static char bad_time[] = "CLAUDE_CODE_API_KEY_HELPER_TTL_MS=soon";

    (void)signal(SIGPIPE, SIG_IGN);
    tmpdir_make();
    answers();
    settings();
    renewal();
    is_int(helper_ttl_s((char *[]){long_time, NULL}), 90, "a time of the user's");
    is_int(helper_ttl_s((char *[]){short_time, NULL}), 1, "at least a second");
    is_int(helper_ttl_s((char *[]){bad_time, NULL}), HELPER_TTL_S, "or claude's own");
    tmpdir_remove();
    return done_testing();
}
