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

static void output_of_the_command_is_the_key(void)
{
    struct buf out;
    struct err e;

    buf_init(&out, 1 << 16);
    ok(run("echo '  sk-key '", &out, &e) == 0 && str_eq_c(buf_str(&out), "sk-key"),
       "the output is the key, without white space around it %s", e.text);
    ok(run("pwd", &out, &e) == 0 && str_eq_c(buf_str(&out), "/"),
       "the command runs in the home directory");
    ok(run("true", &out, &e) < 0 && e.kind == ERR_REFUSED, "an empty output is refused: %s",
       e.text);
    ok(run("echo two words", &out, &e) < 0, "an output of two words is refused");
    ok(run("printf 'a\\nb'", &out, &e) < 0 && strstr(e.text, "a\nb") == NULL,
       "an output of two lines is refused and not shown: %s", e.text);
    ok(run("echo secret; echo why >&2; exit 3", &out, &e) < 0 && strstr(e.text, "3: why") &&
           strstr(e.text, "secret") == NULL,
       "the error of a failed command has its stderr and not its stdout: %s", e.text);
    ok(run("head -c 100000 /dev/zero | tr '\\0' x", &out, &e) < 0,
       "an output that is too long is refused");
    buf_release(&out);
}

static void settings_name_the_copy(void)
{
    struct buf out;
    struct err e = {0};

    buf_init(&out, 1 << 16);
    ok(helper_settings(str_c("{\"apiKeyHelper\" : \"/bin/mine\", \"x\":1}"), "/run/k", &out,
                       &e) == 0 &&
           str_eq_c(buf_str(&out), "{\"apiKeyHelper\" : \"cat /run/k\", \"x\":1}"),
       "the helper in the settings is replaced by one for the copy");
    buf_reset(&out);
    ok(helper_settings(str_c(" \n"), "/run/k", &out, &e) == 0 &&
           str_eq_c(buf_str(&out), "{\"apiKeyHelper\":\"cat /run/k\"}"),
       "blank settings get a helper");
    ok(helper_settings(str_c("[]"), "/run/k", &out, &e) < 0,
       "settings that are not an object are refused");
    buf_release(&out);
}

static void key_is_renewed(void)
{
    struct err e = {0};
    char script[512];

    (void)mkdir(in_tmp("files"), 0700);
    put_file(in_tmp(HELPER_KEY), "old");
    is_int(helper_interval_s(tmpdir), 0, "a session without a helper has no interval");
    is_int(helper_renew(tmpdir, env, &e), 0, "a session without a helper renews nothing");
    (void)snprintf(script, sizeof(script), "cat %s/key", tmpdir);
    put_file(in_tmp("key"), "new");
    ok(helper_write(tmpdir, script, 7, &e) == 0, "command and interval are written %s", e.text);
    is_int(helper_interval_s(tmpdir), 7, "the interval is read back");
    ok(helper_renew(tmpdir, env, &e) == 0, "the key is renewed %s", e.text);
    is_str(get_file(in_tmp(HELPER_KEY)), "new", "the copy has the new key");
    (void)unlink(in_tmp("key"));
    ok(helper_renew(tmpdir, env, &e) < 0, "a helper that fails is an error: %s", e.text);
    is_str(get_file(in_tmp(HELPER_KEY)), "new", "after that error the copy has the old key");
}

int main(void)
{
    static char long_time[] = "CLAUDE_CODE_API_KEY_HELPER_TTL_MS=90500";
    static char short_time[] = "CLAUDE_CODE_API_KEY_HELPER_TTL_MS=1";
    static char bad_time[] = "CLAUDE_CODE_API_KEY_HELPER_TTL_MS=soon";

    (void)signal(SIGPIPE, SIG_IGN);
    tmpdir_make();
    output_of_the_command_is_the_key();
    settings_name_the_copy();
    key_is_renewed();
    is_int(helper_ttl_s((char *[]){long_time, NULL}), 90,
           "the variable sets the time in milliseconds");
    is_int(helper_ttl_s((char *[]){short_time, NULL}), 1, "the time is at least one second");
    is_int(helper_ttl_s((char *[]){bad_time, NULL}), HELPER_TTL_S,
           "a value that is not a number gives the default");
    tmpdir_remove();
    return done_testing();
}
