/* SPDX-License-Identifier: MIT */
#include "host/git_repository.h"

#include "base/file.h"
#include "base/path.h"
#include "tap.h"
#include "tmpdir.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena arena;
static struct facts f;

static const char *keep(const char *name)
{
    return arena_strdup(&arena, in_tmp(name));
}

/* Finds what is missing with these settings of the repository. */
static size_t find(const char *config, const char *helper)
{
    static struct fact_brought brought;

    brought = (struct fact_brought){.target = keep("home/known")};
    f = (struct facts){.home = keep("home"),
                       .home_physical = keep("home"),
                       .project = keep("home/app"),
                       .brought = &brought,
                       .brought_count = 1,
                       .credential_helper = helper};
    put_file(keep("home/app/.git/config"), config);
    git_repository_probe(&arena, &f);
    return f.missing.count;
}

int main(void)
{
    static const struct {
        const char *url;
        bool is_ssh;
    } urls[] = {
        {"git@github.com:a/b.git", true},
        {"box:b", true},
        {"ssh://git@host:22/b", true},
        {"https://host/a:b", false},
        {"/srv/a:b", false},
        {"../b", false},
        {"ext::sh -c x", false},
        {"file:///srv/b", false},
    };
    static const char *const secret[] = {
        "!f() { echo username=x; echo \"password=SECRET\"; }; f", "!TOKEN=SECRET helper",
        "!echo\tpassword=SECRET", "!'SECRET'", "x --key SECRET"};
    struct err e = {0};
    char many[1024] = "[include]\n";

    tmpdir_make();
    ok(file_mkdirs(in_tmp("home/app/.git/objects"), 0700, &e) == 0, "a repository: %s", e.text);
    put_file(keep("home/app/.git/HEAD"), "ref: refs/heads/main\n");
    put_file(keep("home/app/inc"), "");
    put_file(keep("home/inc"), "");
    put_file(keep("home/known"), "");
    (void)mkdir(in_tmp("home/hooks"), 0700);
    (void)mkdir(in_tmp("home/.ssh"), 0700);
    (void)mkdir(in_tmp("home/.aws"), 0700);
    put_file(keep("home/.aws/credentials"), "x");
    put_file(keep("home/.git-credentials"), "x");
    ok(symlink(".aws/credentials", in_tmp("home/harmless")) == 0, "a link is made");
    ok(find("[include]\n\tpath = ../inc\n\tpath = ~/app/inc\n\tpath = ~/known\n"
            "[core]\n\thooksPath = .husky\n\texcludesFile = ~/nothing\n\teditor = ~/inc\n",
            "store") == 0,
       "files of the project, files that are there, missing files and programs are no matter");
    for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
        (void)find(arena_printf(&arena, "[remote \"origin\"]\n\turl = %s\n", urls[i].url),
                   NULL);
        ok(f.ssh_remote == urls[i].is_ssh, "%s is %sreached over ssh", urls[i].url,
           urls[i].is_ssh ? "" : "not ");
    }
    ok(find("[include]\n\tpath = ~/inc\n[core]\n\thooksPath = ~/hooks\n", NULL) == 2,
       "files and directories outside are named");
    ok(strstr(f.missing.list[0].text, "--ro ") != NULL, "with the option: %s",
       f.missing.list[0].text);
    ok(find("[core]\n\texcludesFile = ~/.aws/credentials\n\tattributesFile = ~/harmless\n"
            "\thooksPath = ~/.ssh\n[include]\n\tpath = ~/.git-credentials\n",
            NULL) == 0,
       "no line proposes to share a key or a login, also behind a link");
    for (int i = 0; i < 20; i++) {
        const char *name = arena_printf(&arena, "home/many%d", i);

        put_file(keep(name), "");
        (void)strcat(many, arena_printf(&arena, "path = ~/many%d\n", i));
    }
    ok(find(many, NULL) == GIT_REPOSITORY_NAMES, "their number is limited");
    ok(find("[remote \"o\"]\n\turl = https://example.org/x\n", NULL) == 0,
       "without a helper git asks for a password outside as well");
    ok(find("[remote \"o\"]\n\turl = git@example.org:x\n", "store") == 0,
       "ssh needs no password");
    ok(find("[remote \"o\"]\n\turl = https://example.org/x\n", "store") == 1 &&
           strstr(f.missing.list[0].text, "--ro ~/.git-credentials") != NULL,
       "passwords that are missing are named");
    ok(find("[remote \"o\"]\n\turl = https://example.org/x\n", "!/usr/bin/gh auth x") == 1 &&
           strstr(f.missing.list[0].text, "--ro ~/.config/gh") != NULL,
       "gh has its own files");
    for (size_t i = 0; i < sizeof(secret) / sizeof(secret[0]); i++) {
        ok(find("[remote \"o\"]\n\turl = https://example.org/x\n", secret[i]) == 1 &&
               strstr(f.missing.list[0].text, "SECRET") == NULL &&
               strstr(f.missing.list[0].text, "credential.helper = ") != NULL,
           "a password in the command is not printed: %s", f.missing.list[0].text);
    }
    ok(find("[broken\n", "store") == 0, "broken settings are no matter");
    (void)unlink(in_tmp("home/app/.git/config"));
    ok(symlink("/etc/passwd", in_tmp("home/app/.git/config")) == 0, "a link is made");
    f.missing.count = 0;
    git_repository_probe(&arena, &f);
    ok(f.missing.count == 0, "a link is not read");
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
