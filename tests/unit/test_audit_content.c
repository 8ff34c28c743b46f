/* SPDX-License-Identifier: MIT */
/* Tests which changes of a file's content count. */
#include "host/audit_content.h"

#include "audit.h"

#include <fcntl.h>

static void files_of_git(void)
{
    struct err e = {0};

    start();
    put("p/.git/config", "[core]\nbare = false\n");
    put("p/.git/modules/sub/config", "[core]\nworktree = ../../../sub\n");
    put("p/fake/HEAD", "x");
    take(&before);
    put("p/.git/config", "[core]\nbare = false\n[branch \"x\"]\nremote = origin\n");
    put("p/sub/.git", "gitdir: ../.git/modules/sub\n");
    put("p/.git/rebase-merge/git-rebase-todo", "pick 1\n");
    put("p/.git/worktrees/w/commondir", "../..\n");
    now("", "what git writes in ordinary work is not a finding");
    put("p/.git/config", "[core]\npager = x\n");
    put("p/sub/.git", "gitdir: ../fake\n");
    put("p/.git/rebase-merge/git-rebase-todo", "pick 1\nexec x\n");
    put("p/.git/worktrees/w/commondir", "/tmp\n");
    now("sub/.git changed; .git/config changed; .git/rebase-merge/git-rebase-todo changed; "
        ".git/worktrees/w/commondir changed",
        "what executes something or leads elsewhere is a finding");
    put("p/.git/config", arena_printf(&arena, "# %0*d\n[core]\npager = x\n", 1 << 20, 0));
    now(".git/config changed", "a configuration that is too large is compared as a whole");
    (void)file_remove_tree(in_tmp("p/.git"), &e);
    put("p/.git", "gitdir: .git/modules/../../fake\n");
    take(&after);
    audit_diff(&before, &after, &arena, &report);
    ok(strstr(lines(), ".git added") != NULL,
       "a path that only looks like a submodule's counts");
}

/* A `.git` file may only lead to directories that are examined. */
static void hidden_repositories_count(void)
{
    static const char *const places[] = {
        ".git/modules/sub/objects/x", ".git/modules/objects", ".git/worktrees/w/x",
        ".git/x/.git/modules/x",      ".git/modules",         ".git/x"};

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        start();
        put("p/.git/config", "");
        put("p/.git/modules/sub/HEAD", "");
        put("p/sub/.git", "gitdir: ../.git/modules/sub\n");
        take(&before);
        put(arena_printf(&arena, "p/%s/HEAD", places[i]), "");
        put("p/sub/.git", arena_printf(&arena, "gitdir: ../%s\n", places[i]));
        now("sub/.git changed", places[i]);
    }
}

/* A file that is not hashed is compared by its times. */
static void hashed_bytes_are_limited(void)
{
    static struct audit_walk w;
    struct audit_entry entry = {.path = "f", .rule = AUDIT_RULE_NAMED, .size = 6};
    int fd;

    w = (struct audit_walk){.a = &arena, .hash_left = 10};
    start();
    put("p/f", "123456");
    fd = open(in_tmp("p/f"), O_RDONLY | O_CLOEXEC);
    audit_content(&w, fd, in_tmp("p"), &entry);
    ok(entry.digest[0] != '\0' && w.hash_left == 4, "a file is hashed");
    entry.digest[0] = '\0';
    (void)lseek(fd, 0, SEEK_SET);
    audit_content(&w, fd, in_tmp("p"), &entry);
    ok(entry.digest[0] == '\0' && w.hash_left == 4 && entry.kind == AUDIT_FILE,
       "not a file that is larger than what is left of the limit of all files");
    (void)close(fd);
    audit_content(&w, -1, in_tmp("p"), &entry);
    is_int(entry.kind, AUDIT_UNREADABLE, "a file that cannot be opened cannot be read");
}

int main(void)
{
    tmpdir_make();
    (void)umask(022);
    files_of_git();
    hidden_repositories_count();
    hashed_bytes_are_limited();
    arena_release(&arena);
    tmpdir_remove();
    return done_testing();
}
