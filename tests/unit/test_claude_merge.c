/* SPDX-License-Identifier: MIT */
#include "creds/claude_merge.h"

#include "creds/claude_lock.h"
#include "tap.h"
#include "tmpdir.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <time.h>

#define PROJECT "/p"

static int merge(const char *name, const char *base, const char *other, bool *changed,
                 struct err *e)
{
    err_reset(e);
    return claude_merge_file(in_tmp(name), str_c(base), str_c(other), PROJECT, changed, e);
}

static struct stat stat_of(const char *path)
{
    struct stat st = {0};

    (void)lstat(path, &st);
    return st;
}

static bool same_file(struct stat a, struct stat b)
{
    return a.st_ino == b.st_ino && a.st_mtim.tv_sec == b.st_mtim.tv_sec &&
           a.st_mtim.tv_nsec == b.st_mtim.tv_nsec && a.st_ctim.tv_sec == b.st_ctim.tv_sec &&
           a.st_ctim.tv_nsec == b.st_ctim.tv_nsec;
}

static bool is_clean(const char *name)
{
    char other[256];
    bool clean;

    (void)snprintf(other, sizeof(other), "%s.lock", name);
    clean = !file_exists(in_tmp(other));
    (void)snprintf(other, sizeof(other), "%s.cco-tmp", name);
    return clean && !file_exists(in_tmp(other));
}

static void permitted_changes_are_written(void)
{
    struct stat before;
    struct err e = {0};
    bool changed = false;

    ok(merge("new", "{}", "{\"n\":1,\"env\":{}}", &changed, &e) == 0 && changed,
       "a missing file is made: %s", e.text);
    is_str(get_file(in_tmp("new")), "{\"n\":1}", "a new file has only permitted keys");
    is_int(mode_of(in_tmp("new")), 0600, "a new file is private");
    (void)unlink(in_tmp("new"));
    ok(merge("new", "{}", "{}", &changed, &e) == 0 && !changed && !file_exists(in_tmp("new")),
       "without a change no file is made");
    put_file(in_tmp("f"), "{\"n\" : 1}\n");
    (void)chmod(in_tmp("f"), 0640);
    put_file(in_tmp("f.cco-tmp"), "left by a kill");
    ok(merge("f", "{\"n\":1}", "{\"n\":2}", &changed, &e) == 0 && changed,
       "a change is merged: %s", e.text);
    is_str(get_file(in_tmp("f")), "{\"n\" : 2}\n",
           "the file has the new value and its old spacing");
    is_int(mode_of(in_tmp("f")), 0640, "the file keeps its mode");
    ok(is_clean("f"), "no lock and no temporary file is left");
    before = stat_of(in_tmp("f"));
    put_file(in_tmp("f.cco-tmp"), "left by a kill");
    ok(merge("f", "{\"n\":1}", "{\"n\":2}", &changed, &e) == 0 && !changed &&
           same_file(before, stat_of(in_tmp("f"))),
       "a second merge writes nothing");
    ok(is_clean("f"), "a temporary file that a killed cco left is removed");
    ok(merge("f", "{\"n\":1}", "{\"n\":", &changed, &e) < 0 && e.kind == ERR_FORMAT &&
           same_file(before, stat_of(in_tmp("f"))) && is_clean("f"),
       "a truncated file of the sandbox is refused: %s", e.text);
    put_file(in_tmp("f"), "{\"n\":");
    ok(merge("f", "{\"n\":1}", "{\"n\":2}", &changed, &e) < 0 && e.kind == ERR_FORMAT &&
           is_clean("f"),
       "a truncated file of the host is refused: %s", e.text);
    is_str(get_file(in_tmp("f")), "{\"n\":", "the host's file is unchanged");
    put_file(in_tmp("f"), "");
    ok(merge("f", "", "{\"n\":2}", &changed, &e) == 0 && changed,
       "an empty file of the host can be merged into: %s", e.text);
    is_str(get_file(in_tmp("f")), "{\"n\":2}", "the empty file has the new value");
}

static void links_are_followed_and_stay(void)
{
    struct err e = {0};
    bool changed = false;

    (void)mkdir(in_tmp("dotfiles"), 0700);
    put_file(in_tmp("dotfiles/real"), "{}");
    (void)symlink("dotfiles/one", in_tmp("link"));
    (void)symlink("real", in_tmp("dotfiles/one"));
    ok(merge("link", "{}", "{\"n\":1}", &changed, &e) == 0 && changed,
       "links to the file are followed: %s", e.text);
    is_str(get_file(in_tmp("dotfiles/real")), "{\"n\":1}", "the file itself has the new value");
    ok(S_ISLNK(stat_of(in_tmp("link")).st_mode) &&
           S_ISLNK(stat_of(in_tmp("dotfiles/one")).st_mode),
       "the links stay links");
    (void)unlink(in_tmp("dotfiles/real"));
    ok(merge("link", "{}", "{\"n\":1}", &changed, &e) == 0 && changed &&
           mode_of(in_tmp("dotfiles/real")) == 0600,
       "the missing target of a link is made: %s", e.text);
    (void)symlink("loop", in_tmp("loop"));
    ok(merge("loop", "{}", "{\"n\":1}", &changed, &e) < 0 && e.kind == ERR_REFUSED,
       "a link to itself is refused: %s", e.text);
}

static void other_files_are_refused(void)
{
    struct err e = {0};
    bool changed = false;

    (void)mkfifo(in_tmp("fifo"), 0600);
    ok(merge("fifo", "{}", "{\"n\":1}", &changed, &e) < 0 && e.kind == ERR_REFUSED &&
           is_clean("fifo"),
       "a fifo is refused: %s", e.text);
    ok(merge("dotfiles", "{}", "{\"n\":1}", &changed, &e) < 0 && e.kind == ERR_REFUSED,
       "a directory is refused: %s", e.text);
    (void)symlink("/dev/null", in_tmp("null"));
    ok(merge("null", "{}", "{\"n\":1}", &changed, &e) < 0, "a device is refused: %s", e.text);
    put_file(in_tmp("huge"), "");
    (void)truncate(in_tmp("huge"), 1L << 30);
    ok(merge("huge", "{}", "{\"n\":1}", &changed, &e) < 0 && e.kind == ERR_LIMIT &&
           is_clean("huge"),
       "a file that is too large is refused: %s", e.text);
    put_file(in_tmp("f"), "{}");
    put_file(in_tmp("other"), "mine");
    (void)symlink(in_tmp("other"), in_tmp("f.cco-tmp"));
    ok(merge("f", "{}", "{\"n\":1}", &changed, &e) == 0 &&
           strcmp(get_file(in_tmp("other")), "mine") == 0,
       "a link with the temporary name is not followed: %s", e.text);
    put_file(in_tmp("f.lock"), "");
    ok(merge("f", "{}", "{\"n\":3}", &changed, &e) < 0 && e.kind == ERR_REFUSED,
       "a file with the lock's name is refused: %s", e.text);
    (void)unlink(in_tmp("f.lock"));
}

enum { WORKERS = 4, ROUNDS = 10 };

/* Several processes merge different keys into the same file at the same time. */
static void simultaneous_merges_lose_nothing(void)
{
    int failed = 0;
    unsigned found = 0;
    const char *text;

    put_file(in_tmp("t"), "{}");
    (void)fflush(stdout);
    for (int i = 0; i < WORKERS; i++) {
        if (fork() != 0) {
            continue;
        }
        for (int k = 0; k < ROUNDS; k++) {
            struct err e = {0};
            char other[64];
            bool changed = false;

            (void)snprintf(other, sizeof(other), "{\"n%d-%d\":1}", i, k);
            if (merge("t", "{}", other, &changed, &e) < 0 || !changed) {
                (void)printf("# %s\n", e.text);
                _exit(1);
            }
        }
        _exit(0);
    }
    for (int i = 0; i < WORKERS; i++) {
        int status = 0;

        (void)wait(&status);
        failed += status != 0 ? 1 : 0;
    }
    is_int(failed, 0, "all processes succeed");
    text = get_file(in_tmp("t"));
    for (const char *p = text; *p != '\0'; p++) {
        found += *p == ':' ? 1U : 0U;
    }
    is_int(found, WORKERS * ROUNDS, "no key is lost");
    ok(is_clean("t"), "no lock and no temporary file is left");
}

/* A claude on the host replaces the file all the time, without the lock. Its last text stays,
 * or the merge adds to it. */
static void writer_without_the_lock_loses_nothing(void)
{
    struct err e = {0};
    bool changed = false;
    bool whole = true;
    pid_t pid;

    put_file(in_tmp("u"), "{\"w\":0}");
    (void)fflush(stdout);
    pid = fork();
    if (pid == 0) {
        for (int i = 0; i < 2000; i++) {
            char text[64];

            (void)snprintf(text, sizeof(text), "{\"w\":%d}", i);
            put_file(in_tmp("u.w"), text);
            (void)rename(in_tmp("u.w"), in_tmp("u"));
        }
        _exit(0);
    }
    while (waitpid(pid, NULL, WNOHANG) == 0) {
        if (merge("u", "{}", "{\"n\":1}", &changed, &e) < 0) {
            whole = whole && e.kind == ERR_TIMEOUT;
        }
    }
    ok(whole, "each merge succeeds, or ends with ERR_TIMEOUT: %s", e.text);
    ok(merge("u", "{}", "{\"n\":1}", &changed, &e) == 0,
       "after the last write the merge succeeds");
    ok(strstr(get_file(in_tmp("u")), "\"n\":1") != NULL &&
           strstr(get_file(in_tmp("u")), "\"w\":") != NULL,
       "the file has both changes: %s", get_file(in_tmp("u")));
    ok(is_clean("u"), "no lock and no temporary file is left");
}

enum { INTRUSIONS = 5, LARGE = 2 << 20 };

/* A claude replaces the file without the lock while the merge writes its large new text to the
 * disk. */
static void write_during_a_merge_is_not_lost(void)
{
    struct buf text;
    struct err e = {0};
    int lost = 0;

    buf_init(&text, LARGE + 100);
    (void)buf_add_c(&text, "{\"s\":\"");
    while (text.len < LARGE) {
        (void)buf_add_c(&text, "xxxxxxxxxxxxxxxx");
    }
    (void)buf_add_c(&text, "\"}");
    for (int i = 0; i < INTRUSIONS; i++) {
        bool changed = false;
        pid_t pid;

        put_file(in_tmp("i"), buf_c(&text));
        (void)fflush(stdout);
        pid = fork();
        if (pid == 0) {
            put_file(in_tmp("i.new"), "{\"w\":1}");
            for (long spins = 0; spins < 2000000 && !file_exists(in_tmp("i.cco-tmp"));) {
                spins++;
            }
            _exit(rename(in_tmp("i.new"), in_tmp("i")) == 0 ? 0 : 1);
        }
        while (!file_exists(in_tmp("i.new"))) {
        }
        (void)merge("i", "{}", "{\"n\":1}", &changed, &e);
        (void)waitpid(pid, NULL, 0);
        lost += strstr(get_file(in_tmp("i")), "\"w\":1") == NULL ? 1 : 0;
    }
    is_int(lost, 0, "the text of that claude is not lost");
    buf_release(&text);
}

static void abandoned_lock_is_taken(void)
{
    struct timespec old[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
    struct err e = {0};
    bool changed = false;

    put_file(in_tmp("f"), "{}");
    (void)mkdir(in_tmp("f.lock"), 0700);
    (void)utimensat(AT_FDCWD, in_tmp("f.lock"), old, 0);
    ok(merge("f", "{}", "{\"n\":1}", &changed, &e) == 0 && changed && is_clean("f"),
       "the abandoned lock of a killed claude is taken: %s", e.text);
}

int main(void)
{
    tmpdir_make();
    permitted_changes_are_written();
    links_are_followed_and_stay();
    other_files_are_refused();
    simultaneous_merges_lose_nothing();
    writer_without_the_lock_loses_nothing();
    write_during_a_merge_is_not_lost();
    abandoned_lock_is_taken();
    tmpdir_remove();
    return done_testing();
}
