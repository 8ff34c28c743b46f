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
    ok(repo_at("r", NULL) == NULL, "no .git");
    put_below("r/.git/x", "");
    ok(repo_at("r", NULL) == NULL, "an empty .git is none");
    put_repo("r/.git");
    r = repo_at("r", NULL);
    ok(r != NULL && !r->all_tracked && r->index.count == 0 && !r->nocase,
       "one without an index tracks nothing");
    is_str(r->common, in_tmp("r/.git"), "its directory");
    ignore_repo_release(r);
    put_index("r/.git/index", (const char *const[]){"a/b"}, 1);
    put_below("r/.git/info/exclude", "secret\n");
    put_below("r/.git/config", "[core]\n\tignorecase = true\n");
    r = repo_at("r", NULL);
    ok(tracks(r, "A/b"), "the index is read as core.ignoreCase says");
    is_int(ignore_ask(&r->exclude, str_c("x/Secret"), false), IGNORE_YES, "so is info/exclude");
    ignore_repo_release(r);
    put_below("r/.git/index", "damaged");
    r = repo_at("r", NULL);
    ok(r->all_tracked, "a damaged index tracks everything");
    ignore_repo_release(r);
    (void)unlink(in_tmp("r/.git/index"));
    (void)mkfifo(in_tmp("r/.git/index"), 0600);
    r = repo_at("r", NULL);
    ok(r->all_tracked, "so does one that is no file");
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
    ok(r->all_tracked, "a split index without its shared part tracks everything");
    ignore_repo_release(r);
    (void)snprintf(name, sizeof(name), "r/.git/sharedindex.%s",
                   "0102030405060708090a0b0c0d0e0f1011121314");
    put_index(name, (const char *const[]){"shared"}, 1);
    r = repo_at("r", NULL);
    ok(!r->all_tracked && tracks(r, "own") && tracks(r, "shared"),
       "with it, the names of both");
    ignore_repo_release(r);
    put_below("r/.git/config", "[extensions]\n\tobjectFormat = sha256\n");
    put_index("r/.git/index", (const char *const[]){"a"}, 1);
    r = repo_at("r", NULL);
    ok(r->all_tracked, "the size of a hash is that of the configuration");
    ignore_repo_release(r);
    put_below("r/.git/config", "");
    put_below("home/.gitconfig", "[extensions]\n\tobjectFormat = sha256\n");
    r = repo_at("r", NULL);
    ok(!r->all_tracked && tracks(r, "a"), "of the repository's own");
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
    ok(r != NULL && tracks(r, "w"), "the index of a worktree is its own");
    is_int(ignore_ask(&r->exclude, str_c("common"), false), IGNORE_YES,
           "info/exclude is common to all");
    ok(!r->nocase, "config.worktree has the last word where it counts");
    is_str(r->common, in_tmp("main/.git"), "the common directory");
    ignore_repo_release(r);
    ok(repo_at("w", in_tmp("w")) == NULL,
       "a .git file may be bound to lead to places one knows");
    r = repo_at("w", in_tmp("main"));
    ok(r != NULL, "and is taken where it does");
    ignore_repo_release(r);
    put_below("bad/.git", "gitdir: \n");
    ok(repo_at("bad", NULL) == NULL, "a .git file that names nothing");
    put_below("bad/.git", "what\n");
    ok(repo_at("bad", NULL) == NULL, "a .git file of another kind");
    put_below("bad/.git", "gitdir: nowhere\n");
    ok(repo_at("bad", NULL) == NULL, "a .git file that leads nowhere");
}

static void users_patterns(void)
{
    put_below("home/.gitconfig", "");
    put_below("home/.config/git/ignore", "by-default\n");
    put_below("home/ex", "named\n");
    put_below("home/more", "[core]\n\texcludesFile = ~/ex\n");
    put_below("home/loop", "[include]\n\tpath = loop\n");
    is_int(user_says("r", "by-default"), IGNORE_YES, "git's own place");
    put_below("home/.gitconfig", "[core]\n\texcludesFile = ~/ex\n");
    is_int(user_says("r", "named"), IGNORE_YES, "core.excludesFile");
    is_int(user_says("r", "by-default"), IGNORE_SILENT, "instead of the other");
    put_below("home/.gitconfig", "[core]\n\texcludesFile =\n");
    is_int(user_says("r", "by-default"), IGNORE_SILENT, "even where it says none");
    put_below("home/.gitconfig", "[include]\n\tpath = more\n");
    is_int(user_says("r", "named"), IGNORE_YES, "in a file that is included");
    put_below("home/.gitconfig", "[include]\n\tpath = loop\n\tpath = gone\n\tpath = ~/more\n");
    is_int(user_says("r", "named"), IGNORE_YES,
           "files that include themselves, or are not there");
    put_below("home/.gitconfig", "");
    put_below("home/.config/git/config", "[core]\n\texcludesFile = ~/ex\n");
    is_int(user_says("r", "named"), IGNORE_YES, "the other file of the user's settings");
    put_below("r/.git/config", "[core]\n\texcludesFile = home/.config/git/ignore\n");
    is_int(user_says("r", "by-default"), IGNORE_SILENT, "a path is seen from the work tree");
    put_below("r/.git/config", "[core]\n\texcludesFile = ../home/.config/git/ignore\n");
    is_int(user_says("r", "by-default"), IGNORE_YES, "the repository has the last word");
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
