/* SPDX-License-Identifier: MIT */
#include "host/git_settings.h"

#include "base/limits.h"
#include "brought.h"
#include "plan/untrusted.h"
#include "tap.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static bool with_variables;

static void find(const char *global)
{
    char *env[] = {(char[]){"GIT_CONFIG_COUNT=3"},
                   (char[]){"GIT_CONFIG_KEY_0=Core.AttributesFile"},
                   arena_printf(&arena, "GIT_CONFIG_VALUE_0=%s", in_tmp("attributes")),
                   (char[]){"GIT_CONFIG_KEY_1=gpg.ssh.revocationFile"},
                   (char[]){"GIT_CONFIG_KEY_2=.."},
                   (char[]){"GIT_CONFIG_VALUE_2="},
                   NULL,
                   NULL};

    if (with_variables) {
        env[6] = global != NULL ? arena_printf(&arena, "GIT_CONFIG_GLOBAL=%s", global) : NULL;
    } else {
        env[0] = global != NULL ? arena_printf(&arena, "GIT_CONFIG_GLOBAL=%s", global) : NULL;
        env[1] = NULL;
    }
    facts_begin("dotfiles");
    git_settings_probe(env, &arena, &f);
}

static void conditions_on_the_directory(void)
{
    static const struct {
        const char *condition;
        bool counts;
    } cases[] = {
        {"gitdir:~/code/", true},
        {"gitdir:~/code/app/.git", true},
        {"gitdir:~/code/app/sub/", true},
        {"gitdir:~/other/", false},
        {"gitdir:~/code/apple/", false},
        {"gitdir:~/wo*/", true},
        {"gitdir:~/o*/", true},
        {"gitdir:**/app/", true},
        {"gitdir:app", true},
        {"gitdir/i:~/OTHER/", true},
        {"onbranch:main", true},
        {"hasconfig:remote.*.url:https://x/**", true},
        {"gitdir:./code/", true},
        {"gitdir:./other/", false},
    };

    put_below("home/own.inc", "");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        put_below(
            "home/.gitconfig",
            arena_printf(&arena, "[includeIf \"%s\"]\n\tpath = own.inc\n", cases[i].condition));
        find(NULL);
        ok((brought("own.inc") != NULL) == cases[i].counts, "%s %s", cases[i].condition,
           cases[i].counts ? "can hold" : "cannot hold");
    }
}

static void includes_end(void)
{
    char name[32];

    put_below("home/.gitconfig", "[include]\n\tpath = .gitconfig\n\tpath = 1.inc\n");
    for (int i = 1; i < 15; i++) {
        (void)snprintf(name, sizeof(name), "home/%d.inc", i);
        put_below(name, arena_printf(&arena, "[include]\n\tpath = %d.inc\n", i + 1));
    }
    find(NULL);
    ok(brought("10.inc") != NULL && brought("11.inc") == NULL, "ten levels are followed");
    put_below("home/.gitconfig", "[include]\n\tpath = loop.inc\n");
    put_below("home/loop.inc", "[include]\n\tpath = loop.inc\n");
    find(NULL);
    ok(f.brought_count == 1, "a loop ends");
}

static void files_that_variables_name(void)
{
    put_below("home/.gitconfig", "[core]\n\texcludesFile = ~/ignore\n\thooksPath = ~/hooks\n"
                                 "\tattributesFile = relative\n[user]\n\tsigningKey = ~/key\n"
                                 "[gpg \"ssh\"]\n\tallowedSignersFile = ~/signers\n"
                                 "[gpg]\n\tallowedSignersFile = ~/wrong\n"
                                 "[commit]\n\ttemplate = ~/dotfiles/message\n"
                                 "[mailmap]\n\tfile = ~/code/app/map\n");
    put_below("home/ignore", "*.o\n");
    put_below("home/hooks/pre-commit", "");
    put_below("home/key", "-----BEGIN OPENSSH PRIVATE KEY-----\n");
    put_below("home/key.pub", "ssh-ed25519 AAAAC3 ann@host\n");
    put_below("home/signers", "");
    put_below("home/wrong", "");
    put_below("home/relative", "");
    put_below("home/dotfiles/message", "");
    put_below("home/code/app/map", "");
    find(NULL);
    ok(brought("ignore") != NULL && brought("signers") != NULL, "files are found");
    ok(brought("hooks") != NULL && brought("hooks")->file.type == FACT_DIR,
       "a directory is found");
    ok(brought("key") == NULL && brought("key.pub") != NULL,
       "of a key only the public part counts");
    ok(brought("wrong") == NULL && brought("relative") == NULL,
       "other variables and relative names do not count");
    ok(brought("dotfiles/message") != NULL &&
           untrusted_why(&f, brought("dotfiles/message")->file.path) != NULL,
       "a file that an agent could write is noted as such");
    ok(brought("code/app/map") == NULL, "files of the project are there anyway");
}

static void what_is_secret_does_not_count(void)
{
    static char large[LIMIT_FILE_SMALL + 2];

    put_below("home/.gitconfig",
              "[core]\n\texcludesFile = ~/.git-credentials\n"
              "\tattributesFile = ~/key\n[commit]\n\ttemplate = ~/large\n"
              "[mailmap]\n\tfile = ~/fifo\n[blame]\n\tignoreRevsFile = ~/hooks\n");
    put_below("home/.git-credentials", "https://a:b@c\n");
    (void)memset(large, 'x', sizeof(large) - 1);
    put_below("home/large", large);
    ok(mkfifo(in_tmp("home/fifo"), 0600) == 0, "a fifo is made");
    find(NULL);
    ok(f.brought_count == 0, "passwords, private keys, large files and fifos do not count: %zu",
       f.brought_count);
}

static void another_file_of_settings(void)
{
    put_below("home/.gitconfig", "[core]\n\texcludesFile = ~/ignore\n");
    put_below("home/.config/git/config", "[core]\n\texcludesFile = ~/signers\n");
    put_below("home/conf/own", "[include]\n\tpath = next\n");
    put_below("home/conf/next", "");
    find(in_tmp("home/conf/own"));
    is_str(f.gitconfig.physical, in_tmp("home/conf/own"), "GIT_CONFIG_GLOBAL counts");
    ok(f.git_files[0].type == FACT_MISSING && f.brought_count == 1 && brought("next") != NULL,
       "its includes are beside the file that the sandbox reads");
    is_str(f.brought[0].file.path, in_tmp("home/conf/next"), "and come from beside it");
    find("/dev/null");
    ok(f.gitconfig.type != FACT_FILE && f.brought_count == 0, "/dev/null means none");
    find(NULL);
    ok(f.brought_count == 2, "otherwise both files count");
    put_file(in_tmp("attributes"), "");
    with_variables = true;
    find(NULL);
    ok(f.brought_count == 3, "the variables of the environment count as well");
    is_str(f.brought[2].target, in_tmp("attributes"), "in any case of letters");
}

int main(void)
{
    tmpdir_make();
    conditions_on_the_directory();
    includes_end();
    files_that_variables_name();
    what_is_secret_does_not_count();
    another_file_of_settings();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
