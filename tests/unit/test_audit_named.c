/* SPDX-License-Identifier: MIT */
/* Tests the files that are examined because git's configuration names them. */
#include "audit.h"

static void named_files_count(void)
{
    start();
    put("p/.git/config", "[include]\npath = ../conf/inc\n[core]\nfsmonitor = tools/mon -x\n");
    put("p/conf/inc", "[user]\nname = x\n[include]\npath = more\n");
    put("p/tools/mon", "x");
    put("home/x", "");
    take(&before);
    put("p/conf/inc", "[user]\nname = y\n[include]\npath = more\n");
    now("", "a harmless change of an included configuration is not a finding");
    put("p/conf/more", "[alias]\nx = !y\n");
    now("conf/more added", "an included configuration can include another one");
    put("p/tools/mon", "y");
    now("tools/mon changed", "a program that the configuration names is a finding");
    (void)unlink(in_tmp("p/tools/mon"));
    (void)symlink("../conf/inc", in_tmp("p/tools/mon"));
    now("tools/mon is now a link to ../conf/inc", "so is a link in its place");
    put("p/.git/config", "");
    now(".git/config changed", "files that are not named any more are not findings");
}

static void users_configuration_counts(void)
{
    struct err e = {0};

    start();
    put("home/.gitconfig",
        arena_printf(&arena, "[core]\nhooksPath = hooks\n[include]\npath = %s\n",
                     in_tmp("p/inc")));
    put("p/.git/config", "");
    take(&before);
    put("p/hooks/pre-commit", "x");
    put("p/inc", "[core]\npager = x\n");
    now("hooks/pre-commit added; inc added",
        "files of the project that the user's own configuration names are findings");
    (void)file_remove_tree(in_tmp("home"), &e);
}

static void directories_behind_links_count(void)
{
    start();
    put("p/.git/config", "");
    put("p/mine/pre-commit", "x");
    put("elsewhere/pre-commit", "x");
    (void)symlink("../mine", in_tmp("p/.git/hooks"));
    take(&before);
    put("p/mine/pre-commit", "y");
    now(".git/hooks/pre-commit changed", "a directory to which a link leads is examined");
    (void)unlink(in_tmp("p/.git/hooks"));
    (void)symlink(in_tmp("elsewhere"), in_tmp("p/.git/hooks"));
    take(&before);
    put("elsewhere/pre-commit", "y");
    now("", "but not a directory that the session cannot write");
}

/* git runs the hooks of a repository to which it pushes. */
static void repositories_of_remotes_count(void)
{
    static const char *const places[] = {".git/x", ".git/x/.git", ".git/x.git",
                                         ".git/x.git/.git"};

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        start();
        put("p/.git/config", "[remote \"x\"]\nurl = .git/x\n");
        put(arena_printf(&arena, "p/%s/HEAD", places[i]), "x");
        take(&before);
        put(arena_printf(&arena, "p/%s/hooks/post-receive", places[i]), "x");
        now(arena_printf(&arena, "%s/hooks/post-receive added", places[i]), places[i]);
    }
    start();
    put("p/.git/config", "[remote \"x\"]\nurl = .git/x\n");
    put("p/.git/x", "gitdir: y\n");
    take(&before);
    put("p/.git/x", "gitdir: z\n");
    now(".git/x changed", "a file that leads to the repository is examined");
}

static void loops_end(void)
{
    start();
    put("p/.git/config", "[include]\npath = ../a\n");
    put("p/a", "[include]\npath = b\n");
    put("p/b", "[include]\npath = a\n[include]\npath = b\n");
    (void)mkdir(in_tmp("p/.claude"), 0755);
    (void)symlink("..", in_tmp("p/.claude/skills"));
    (void)symlink(".", in_tmp("p/.claude/hooks"));
    take(&before);
    now("", "configurations and links that lead to each other are examined once");
}

int main(void)
{
    tmpdir_make();
    (void)umask(022);
    named_files_count();
    users_configuration_counts();
    directories_behind_links_count();
    repositories_of_remotes_count();
    loops_end();
    arena_release(&arena);
    tmpdir_remove();
    return done_testing();
}
