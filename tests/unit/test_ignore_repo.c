/* SPDX-License-Identifier: MIT */
#include "sync/ignore_repo.h"

#include "base/limits.h"
#include "ignore_index.h"
#include "tap.h"
#include "tmpdir.h"

static struct arena arena;

static void put_repo(const char *path)
{
    char name[256];

    (void)snprintf(name, sizeof(name), "%s/objects/x", path);
    put_below(name, "");
    (void)snprintf(name, sizeof(name), "%s/HEAD", path);
    put_below(name, "ref: refs/heads/main\n");
}

static struct ignore_repo *repo_at(const char *top, const char *within)
{
    struct ignore_place place = {.top = arena_strdup(&arena, in_tmp(top)),
                                 .home = arena_strdup(&arena, in_tmp("home")),
                                 .within = within,
                                 .or_within = within,
                                 .budget = LIMIT_GIT_INDEX};

    return ignore_repo_read(&place, &arena);
}

static enum ignore_verdict user_says(const char *top, const char *path)
{
    struct ignore_repo *r = repo_at(top, NULL);
    enum ignore_verdict v =
        r != NULL ? ignore_ask(&r->user, str_c(path), false) : IGNORE_SILENT;

    if (r != NULL) {
        ignore_repo_release(r);
    }
    return v;
}

static bool tracks(const struct ignore_repo *r, const char *path)
{
    return ignore_index_has(&r->index, ignore_index_all(&r->index), str_c(path), false);
}

static void plain_ones(void)
{
    struct ignore_repo *r;

    put_below("r/file", "");
    ok(repo_at("r", NULL) == NULL, "a directory without .git is not a repository");
    put_below("r/.git/x", "");
    ok(repo_at("r", NULL) == NULL, "an empty .git is not a repository");
    put_repo("r/.git");
    r = repo_at("r", NULL);
    ok(r != NULL && !r->all_tracked && r->index.count == 0 && !r->nocase,
       "a repository without an index tracks nothing");
    is_str(r->common, in_tmp("r/.git"), "its common directory is .git");
    ignore_repo_release(r);
    put_index("r/.git/index", (const char *const[]){"a/b"}, 1);
    put_below("r/.git/info/exclude", "secret\n");
    put_below("r/.git/config", "[core]\n\tignorecase = true\n");
    r = repo_at("r", NULL);
    ok(tracks(r, "A/b"), "core.ignoreCase applies to the index");
    is_int(ignore_ask(&r->exclude, str_c("x/Secret"), false), IGNORE_YES,
           "core.ignoreCase applies to info/exclude");
    ignore_repo_release(r);
    put_below("r/.git/index", "damaged");
    r = repo_at("r", NULL);
    ok(r->all_tracked, "with a damaged index everything counts as tracked");
    ignore_repo_release(r);
    (void)unlink(in_tmp("r/.git/index"));
    (void)mkfifo(in_tmp("r/.git/index"), 0600);
    r = repo_at("r", NULL);
    ok(r->all_tracked, "with an index that is a fifo everything counts as tracked");
    ignore_repo_release(r);
    (void)unlink(in_tmp("r/.git/index"));
}

static void other_formats(void)
{
    struct ignore_repo *r;
    struct index_file x;
    struct str file;
    char name[128];
    FILE *f = fopen(in_tmp("r/.git/index"), "we");

    index_begin(&x, 2, GIT_SHA1_SIZE, 1);
    index_add(&x, "own");
    index_extension(&x, "link", "\1\2\3\4\5\6\7\x8\x9\xa\xb\xc\xd\xe\xf\x10\x11\x12\x13\x14",
                    GIT_SHA1_SIZE);
    file = index_end(&x);
    if (f == NULL || fwrite(file.p, 1, file.len, f) != file.len || fclose(f) != 0) {
        abort();
    }
    buf_release(&x.out);
    r = repo_at("r", NULL);
    ok(r->all_tracked,
       "with a split index whose shared index is missing everything counts as tracked");
    ignore_repo_release(r);
    (void)snprintf(name, sizeof(name), "r/.git/sharedindex.%s",
                   "0102030405060708090a0b0c0d0e0f1011121314");
    put_index(name, (const char *const[]){"shared"}, 1);
    r = repo_at("r", NULL);
    ok(!r->all_tracked && tracks(r, "own") && tracks(r, "shared"),
       "with both files of a split index, the names of both are tracked");
    ignore_repo_release(r);
    put_below("r/.git/config", "[extensions]\n\tobjectFormat = sha256\n");
    put_index("r/.git/index", (const char *const[]){"a"}, 1);
    r = repo_at("r", NULL);
    ok(r->all_tracked, "extensions.objectFormat determines the size of hashes");
    ignore_repo_release(r);
    put_below("r/.git/config", "");
    put_below("home/.gitconfig", "[extensions]\n\tobjectFormat = sha256\n");
    r = repo_at("r", NULL);
    ok(!r->all_tracked && tracks(r, "a"),
       "extensions.objectFormat of the user's configuration is ignored");
    ignore_repo_release(r);
}

static void linked_ones(void)
{
    struct ignore_repo *r;

    put_repo("main/.git");
    put_below("main/.git/info/exclude", "common\n");
    put_below("main/.git/config", "[core]\n\tignorecase = true\n"
                                  "[extensions]\n\tworktreeConfig = true\n");
    put_below("main/.git/worktrees/w/HEAD", "ref: refs/heads/w\n");
    put_below("main/.git/worktrees/w/commondir", "../..\n");
    put_below("main/.git/worktrees/w/config.worktree", "[core]\n\tignorecase = false\n");
    put_index("main/.git/worktrees/w/index", (const char *const[]){"w"}, 1);
    put_below("w/.git", "gitdir: ../main/.git/worktrees/w\n");
    r = repo_at("w", NULL);
    ok(r != NULL && tracks(r, "w"), "a worktree has its own index");
    is_int(ignore_ask(&r->exclude, str_c("common"), false), IGNORE_YES,
           "worktrees share info/exclude");
    ok(!r->nocase, "config.worktree overrides the configuration if it is enabled");
    is_str(r->common, in_tmp("main/.git"), "the common directory is that of the main worktree");
    ignore_repo_release(r);
    ok(repo_at("w", in_tmp("w")) == NULL,
       "a .git file that names a directory outside of `within` is not followed");
    r = repo_at("w", in_tmp("main"));
    ok(r != NULL, "a .git file that names a directory inside is followed");
    ignore_repo_release(r);
    put_below("bad/.git", "gitdir: \n");
    ok(repo_at("bad", NULL) == NULL, "a .git file without a path is not a repository");
    put_below("bad/.git", "what\n");
    ok(repo_at("bad", NULL) == NULL, "a .git file in another form is not a repository");
    put_below("bad/.git", "gitdir: nowhere\n");
    ok(repo_at("bad", NULL) == NULL,
       "a .git file with a missing directory is not a repository");
}

static void users_patterns(void)
{
    put_below("home/.gitconfig", "");
    put_below("home/.config/git/ignore", "by-default\n");
    put_below("home/ex", "named\n");
    put_below("home/more", "[core]\n\texcludesFile = ~/ex\n");
    put_below("home/loop", "[include]\n\tpath = loop\n");
    is_int(user_says("r", "by-default"), IGNORE_YES,
           "the default file of the user's patterns is read");
    put_below("home/.gitconfig", "[core]\n\texcludesFile = ~/ex\n");
    is_int(user_says("r", "named"), IGNORE_YES, "the file of core.excludesFile is read");
    is_int(user_says("r", "by-default"), IGNORE_SILENT, "the default file is then not read");
    put_below("home/.gitconfig", "[core]\n\texcludesFile =\n");
    is_int(user_says("r", "by-default"), IGNORE_SILENT,
           "an empty core.excludesFile disables the default file");
    put_below("home/.gitconfig", "[include]\n\tpath = more\n");
    is_int(user_says("r", "named"), IGNORE_YES, "an included file is read");
    put_below("home/.gitconfig", "[include]\n\tpath = loop\n\tpath = gone\n\tpath = ~/more\n");
    is_int(user_says("r", "named"), IGNORE_YES, "include loops and missing files are ignored");
    put_below("home/.gitconfig", "");
    put_below("home/.config/git/config", "[core]\n\texcludesFile = ~/ex\n");
    is_int(user_says("r", "named"), IGNORE_YES, "the user's second configuration file is read");
    put_below("r/.git/config", "[core]\n\texcludesFile = home/.config/git/ignore\n");
    is_int(user_says("r", "by-default"), IGNORE_SILENT,
           "a relative path is relative to the work tree");
    put_below("r/.git/config", "[core]\n\texcludesFile = ../home/.config/git/ignore\n");
    is_int(user_says("r", "by-default"), IGNORE_YES,
           "the repository's configuration overrides the user's");
}

int main(void)
{
    tmpdir_make();
    plain_ones();
    other_formats();
    linked_ones();
    users_patterns();
    arena_release(&arena);
    tmpdir_remove();
    return done_testing();
}
