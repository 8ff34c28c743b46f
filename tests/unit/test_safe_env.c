/* SPDX-License-Identifier: MIT */
#include "host/safe_env.h"

#include "base/env.h"
#include "tap.h"
#include "tmpdir.h"
#include "trust/ledger.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
    struct arena arena = {0};
    struct ledger trees = {0};
    const struct facts f = {.trees = &trees};
    char path[1000];
    char lib[500];
    char pwd[500];
    char first[] = "A=1";
    char empty[] = "EMPTY=";
    char odd[] = "odd";
    char *env[] = {first, path, lib, pwd, empty, odd, NULL};
    char *const *out;

    tmpdir_make();
    (void)mkdir(in_tmp("tree"), 0700);
    (void)mkdir(in_tmp("own"), 0700);
    ok(symlink("tree", in_tmp("link")) == 0, "a link can be made");
    ledger_add(&trees, &arena, arena_strdup(&arena, in_tmp("tree")));
    (void)snprintf(path, sizeof(path), "PATH=%s/tree:%s/link:%s/own:.::bin:/bin:%s/tree/none",
                   tmpdir, tmpdir, tmpdir, tmpdir);
    (void)snprintf(lib, sizeof(lib), "LD_LIBRARY_PATH=%s/tree", tmpdir);
    (void)snprintf(pwd, sizeof(pwd), "PWD=%s/tree", tmpdir);
    out = host_safe_env(env, &arena, &f);
    is_str(env_value(out, "PATH"), arena_printf(&arena, "%s/own:/bin", tmpdir),
           "PATH lacks relative entries and those that lead into a tree");
    ok(env_exact(out, "LD_LIBRARY_PATH") == NULL, "a variable without entries is left out");
    ok(env_value(out, "PWD") == pwd + strlen("PWD="), "other variables stay as they are");
    is_str(env_value(out, "A"), "1", "the first variable is there");
    ok(env_exact(out, "EMPTY") != NULL && out[4] == env[5] && out[5] == NULL,
       "empty variables and other texts stay, in their order");
    ok(strstr(path, "tree:") != NULL, "the environment itself is not changed");
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
