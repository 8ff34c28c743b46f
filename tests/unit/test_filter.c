/* SPDX-License-Identifier: MIT */
/* tests/e2e/test_ignore.py also runs this program: `test_filter ask ROOT HOME CONFIG
 * [HIDDEN...]` reads paths from standard input, each ended by a NUL, directories with a slash
 * at the end. It prints '1' for each path that is skipped and '0' for the others. */
#include "ignore_index.h"
#include "tap.h"
#include "tmpdir.h"

#include "base/arena.h"
#include "base/fd.h"
#include "sync/filter.h"

#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PATH_SIZE = 8192 };

static int ask(int argc, char **argv)
{
    static char path[PATH_SIZE];
    struct err e = {0};
    int root = open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct sync_filter *f = sync_filter_open(root, argv[2], argv[3], argv[4], &e);
    size_t len = 0;
    int c;

    if (e.kind != ERR_NONE) {
        (void)fprintf(stderr, "%s\n", e.text);
        return 1;
    }
    for (int i = 5; i < argc; i++) {
        sync_filter_hide(&f, argv[i]);
    }
    while ((c = getchar()) != EOF) {
        bool is_dir;

        if (c != '\0') {
            path[len] = (char)c;
            len += len < sizeof(path) - 1 ? 1 : 0;
            continue;
        }
        is_dir = len > 0 && path[len - 1] == '/';
        path[is_dir ? len - 1 : len] = '\0';
        len = 0;
        (void)putchar(sync_filter_skips(f, path, is_dir) ? '1' : '0');
    }
    sync_filter_free(f);
    (void)close(root);
    return 0;
}

/* Opens the filter of the directory r of the test. *root becomes its descriptor. */
static struct sync_filter *open_filter(int *root)
{
    struct err e = {0};
    char home[512];

    (void)snprintf(home, sizeof(home), "%s", in_tmp("home"));
    *root = open(in_tmp("r"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return sync_filter_open(*root, in_tmp("r"), home, NULL, &e);
}

/* Asks about paths, separated by blanks; a slash at the end means a directory. `want` has a '1'
 * for each path that is skipped. */
static void check(struct sync_filter *f, const char *paths, const char *want, const char *name)
{
    struct arena a = {0};
    struct str rest = str_c(paths);
    char got[64] = "";
    size_t count = 0;

    while (rest.len > 0) {
        struct str path = {0};
        bool is_dir;

        (void)str_cut(&rest, ' ', &path);
        is_dir = str_ends(path, "/");
        path.len -= is_dir ? 1 : 0;
        got[count++] = sync_filter_skips(f, arena_str(&a, path), is_dir) ? '1' : '0';
    }
    is_str(got, want, name);
    arena_release(&a);
}

static void what_git_ignores(void)
{
    static const char *const tracked[] = {"a/forced.o", "gone/deep/x", "node/kept/f", "sub"};
    int root = -1;
    struct sync_filter *f;

    put_below("r/.git/objects/x", "");
    put_below("r/.git/HEAD", "x");
    put_below("r/.git/info/exclude", "*.local\n*.tmp\n");
    put_below("home/.config/git/ignore", "*~\n*.local\n!*.tmp\n");
    put_below("r/.gitignore", "*.o\n/node/\n!keep.local\nsub/\n");
    put_below("r/a/.gitignore", "!mine.o\n/only\n");
    put_below("r/a/b/.gitignore", "*.o\nx/y\n");
    put_below("r/node/.gitignore", "!*\n");
    put_below("r/node/m/f", "");
    put_below("r/node/kept/f", "");
    put_index("r/.git/index", tracked, 4);
    f = open_filter(&root);
    check(f, "x x.o a/x.o a/b/c/x.o a/mine.o a/b/mine.o", "011101",
          "patterns of a nearer .gitignore override others");
    check(f, "a/only b/only a/b/only a/b/x/y a/x/y", "10010",
          "patterns with a slash apply to one place");
    check(f, "x~ a/x.local a/keep.local x.tmp", "1101",
          "info/exclude overrides the user's patterns");
    check(f, "a/forced.o a/other.o", "01", "a tracked file is never skipped");
    check(f, "node/ node/m node/m/ node/m/f node/kept/ node/kept/f node/kept/g", "0111001",
          "nor are the directories around it");
    check(f, "node/.gitignore node/x", "11",
          "there are no exceptions inside an ignored directory");
    check(f, "sub/ sub/x", "01", "a tracked submodule is not skipped");
    check(f, ".git/ .git/index .git/x.o .git/a/b.o a/.git/ a/.git/x.o", "000000",
          ".git is never skipped, with everything in it");
    check(f, "gone/deep/ gone/deep/x.o gone/x", "010", "missing directories have rules, too");
    sync_filter_free(f);
    (void)close(root);
}

static void hidden_ones(void)
{
    int root = -1;
    struct sync_filter *f = open_filter(&root);

    sync_filter_hide(&f, "a/b");
    sync_filter_hide(&f, "a/forced.o");
    check(f, "a/ a/b/ a/b a/b/x a/bc a/forced.o b", "0111010",
          "hidden paths are skipped, even if they are tracked");
    sync_filter_free(f);
    (void)close(root);
    f = NULL;
    check(f, "a x.o", "00", "a filter that is NULL skips nothing");
    sync_filter_hide(&f, "a/b");
    check(f, "a/ a/b/ a/b/c x.o", "0110", "hidden paths are skipped without a repository");
    sync_filter_enter(f, "a", -1, 0);
    sync_filter_free(f);
    sync_filter_free(NULL);
}

static void repositories_inside(void)
{
    static const char *const tracked[] = {"forced.o"};
    int root = -1;
    struct sync_filter *f;

    put_below("r/in/.git/objects/x", "");
    put_below("r/in/.git/HEAD", "x");
    put_below("r/in/.gitignore", "*.class\n");
    put_below("r/in/d/x", "");
    put_index("r/in/.git/index", tracked, 1);
    put_below("r/node/lib/.git/objects/x", "");
    put_below("r/node/lib/.git/HEAD", "x");
    put_below("r/.git/modules/sub/objects/x", "");
    put_below("r/.git/modules/sub/HEAD", "x");
    put_below("r/.git/modules/sub/info/exclude", "*.pyc\n");
    put_below("r/sub/.git", "gitdir: ../.git/modules/sub\n");
    put_below("r/liar/.git", "gitdir: ../../outside\n");
    put_below("outside/objects/x", "");
    put_below("outside/HEAD", "x");
    put_below("outside/info/exclude", "*\n");
    f = open_filter(&root);
    check(f, "in/ in/.git/ in/x.o in/d/x.o in/x.class in/d/x.class in/x~", "0000111",
          "a repository inside has its own rules");
    check(f, "node/lib/ node/lib/.git/ node/lib/x", "111",
          "a repository inside an ignored directory is skipped");
    check(f, "sub/ sub/.git sub/x.pyc sub/x.o", "0010",
          "a submodule whose name is ignored has its own rules");
    check(f, "liar/ liar/x liar/x.o", "001",
          "a .git file that names a directory outside of the project is not followed");
    sync_filter_free(f);
    (void)close(root);
}

static void odd_places(void)
{
    struct err e = {0};
    int root = -1;
    struct sync_filter *f;

    put_below("outside/.gitignore", "*\n");
    (void)symlink("../outside", in_tmp("r/link"));
    (void)symlink("../../outside/.gitignore", in_tmp("r/a/b/c"));
    put_below("r/l/x", "");
    (void)symlink("../../outside/.gitignore", in_tmp("r/l/.gitignore"));
    put_below("r/p/x", "");
    (void)mkfifo(in_tmp("r/p/.gitignore"), 0600);
    put_below("r/e/.gitignore", "");
    f = open_filter(&root);
    check(f, "link/x link/y/z", "00", "no file is read through a link");
    check(f, "l/x p/x e/x", "000", "a .gitignore that is a link or a fifo is not read");
    sync_filter_enter(f, "in", -1, 0);
    check(f, "in/x.class in/x.o", "01", "the filter uses the names that the walk reports");
    sync_filter_free(f);
    (void)close(root);
    (void)mkdir(in_tmp("bare"), 0700);
    root = open(in_tmp("bare"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ok(sync_filter_open(root, in_tmp("bare"), NULL, NULL, &e) == NULL && e.kind == ERR_NONE,
       "without a repository nothing is filtered");
    (void)close(root);
    ok(sync_filter_open(-1, in_tmp("bare"), NULL, NULL, &e) == NULL && e.kind == ERR_SYS,
       "a root that cannot be read is an error: %s", e.text);
}

/* sync_filter_enter() saves system calls and does not change the result. */
static void entered(void)
{
    int root = -1;
    struct sync_filter *f = open_filter(&root);
    int dir = open(in_tmp("r/a"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    sync_filter_enter(f, "a", dir, SYNC_HAS_IGNORE);
    (void)close(dir);
    dir = open(in_tmp("r/in"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    sync_filter_enter(f, "in", dir, SYNC_HAS_IGNORE | SYNC_HAS_GIT);
    (void)close(dir);
    check(f, "a/x.o a/mine.o a/b/mine.o in/x.o in/x.class", "10101",
          "the rules of announced directories apply");
    sync_filter_free(f);
    (void)close(root);
}

/* More directories than slots at the start, in two orders. */
static void many(void)
{
    int root = -1;
    struct sync_filter *f = open_filter(&root);
    bool good = true;

    for (int i = 0; i < 4000; i++) {
        char path[64];

        (void)snprintf(path, sizeof(path), "many/%d/%d/x.o", i % 100, i);
        good = good && sync_filter_skips(f, path, false);
        path[strlen(path) - 1] = 'c';
        good = good && !sync_filter_skips(f, path, false);
    }
    for (int i = 4000; i-- > 0;) {
        char path[64];

        (void)snprintf(path, sizeof(path), "many/%d/%d/x.o", i % 100, i);
        good = good && sync_filter_skips(f, path, false);
    }
    ok(good, "the rules apply in thousands of directories");
    sync_filter_free(f);
    (void)close(root);
}

int main(int argc, char **argv)
{
    if (argc >= 5 && strcmp(argv[1], "ask") == 0) {
        return ask(argc, argv);
    }
    tmpdir_make();
    what_git_ignores();
    hidden_ones();
    repositories_inside();
    odd_places();
    entered();
    many();
    tmpdir_remove();
    return done_testing();
}
