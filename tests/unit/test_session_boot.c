/* SPDX-License-Identifier: MIT */
#include "session/session_boot.h"

#include "base/limits.h"
#include "context.h"
#include "tap.h"
#include "wire/boot.h"

static struct arena arena;

static void references_become_values(void)
{
    static char token[] = "TOKEN=secret";
    static char empty[] = "EMPTY=";
    static char unused[] = "UNUSED=1";
    char *host[] = {token, empty, unused, NULL};
    static struct plan_var env[] = {
        {.name = "EMPTY", .from = ENV_HOST}, {.name = "FIXED", .from = ENV_FIXED, .value = "f"},
        {.name = "GONE", .from = ENV_HOST},  {.name = "OPT", .from = ENV_OPTION, .index = 0},
        {.name = "TOKEN", .from = ENV_HOST},
    };
    struct plan p = {.user.name = "u",
                     .user.home = "/h",
                     .command.workdir = "/w",
                     .run_dir = "/nowhere",
                     .env.vars = env,
                     .env.count = 5};
    struct context c;
    struct session_boot boot;
    struct boot back;
    struct err e = {0};

    context_init(&c, host);
    c.facts.project = c.facts.cwd_physical = c.facts.claude_root = c.facts.dotenv_dir = "/";
    strv_add(&c.opts.env, &arena, "OPT=a=b");
    strv_add(&p.command.argv, &arena, "true");
    c.opts.docker = true;
    p.image.ref = "x:1";
    session_boot_init(&boot);
    is_int(session_boot_make(&boot, &c.ctx, &p, &e), 0, "a boot file is made from a plan");
    is_int(boot_decode(buf_str(&boot.bytes), &arena, &back, &e), 0,
           "the boot file can be decoded");
    is_int((long long)back.env.count, 4,
           "a variable of the host that has disappeared is left out");
    ok(strcmp(back.secret, boot.once) == 0 && strcmp(back.key, boot.key) == 0 &&
           strlen(boot.once) == FRAME_SECRET && strcmp(boot.once, boot.key) != 0,
       "the file contains both secrets, and they differ");
    ok(back.wanted.count == 1 &&
           str_contains(str_c(back.wanted.v[0]), "the image x:1 has no docker"),
       "with --docker, init warns if there is no docker command");
    is_str(back.env.v[0], "EMPTY=", "an empty variable of the host is passed on as empty");
    is_str(back.env.v[1], "FIXED=f", "a fixed value is written");
    is_str(back.env.v[2], "OPT=a=b", "a value of --env is written");
    is_str(back.env.v[3], "TOKEN=secret", "a value of the host is written");
    session_boot_release(&boot);
    ok(boot.bytes.len == 0 && boot.once[0] == '\0' && boot.key[0] == '\0',
       "file and secrets are wiped");
    context_release(&c);
}

int main(void)
{
    references_become_values();
    arena_release(&arena);
    return done_testing();
}
