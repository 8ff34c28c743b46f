/* SPDX-License-Identifier: MIT */
#include "creds/helper_words.h"

#include "tap.h"
#include "tmpdir.h"

#include <stdio.h>
#include <sys/stat.h>

int main(void)
{
    static const struct {
        const char *command;
        bool untrusted;
    } cases[] = {
        {"echo key", false},
        {"~/tree/x", true},
        {"$HOME/tree/x --a", true},
        {"sh '${HOME}/tree/x'", true},
        {"cat key | tree/x", true},
        {"sh -c \"a=tree/x\"", true},
        {"tree/none", false},
        {"planted", true},
        {"~/link", true},
        {"~/own", false},
        {"", false},
        {"''", false},
    };
    struct arena arena = {0};
    struct ledger trees = {0};
    char path[600];
    char *env[] = {path, NULL};

    tmpdir_make();
    (void)mkdir(in_tmp("tree"), 0700);
    put_file(in_tmp("tree/x"), "");
    put_file(in_tmp("tree/planted"), "");
    (void)chmod(in_tmp("tree/planted"), 0700);
    put_file(in_tmp("own"), "");
    ok(symlink("tree/x", in_tmp("link")) == 0, "a link can be made");
    (void)snprintf(path, sizeof(path), "PATH=%s:/bin", in_tmp("tree"));
    ledger_add(&trees, &arena, arena_strdup(&arena, in_tmp("tree")));
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ok((helper_untrusted(cases[i].command, env, tmpdir, &trees, &arena) != NULL) ==
               cases[i].untrusted,
           "the command <%s> %s a file that an agent could write", cases[i].command,
           cases[i].untrusted ? "names" : "does not name");
    }
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
