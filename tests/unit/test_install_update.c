/* SPDX-License-Identifier: MIT */
/* This test copies its own program to the test's directory as "cco" and runs the copy, which
 * replaces itself with another copy of the program. The new file ends with a text, the tail.
 * When the program runs with one argument, --version, it prints the version in its tail. */
#include "cli/install_update.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/sig.h"
#include "child.h"
#include "tap.h"
#include "tmpdir.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { SIZE_MAX_BYTES = 64 << 20 };

static struct buf program; /* the content of this program's file */

/* Makes link(2) fail, as on a file system without hard links. Only some architectures have a
 * call of this name; libc may use linkat(2). */
static bool refuse_links(void)
{
#ifdef SYS_link
    if (!make_call_fail(SYS_link, EPERM)) {
        return false;
    }
#endif
    return make_call_fail(SYS_linkat, EPERM);
}

/* Runs in the copy: replaces its file with the program and the tail, as the version `version`.
 * The tail "text" is written alone, the version "none" is not installed, and no hard link can
 * be made for the version "unlinked". */
static int replace_me(const char *version, const char *tail)
{
    char *env[] = {NULL};
    struct arena a = {0};
    struct install_update s;
    struct err e = {0};
    struct sig sig;
    int rc = sig_open(&sig, &e);

    install_update_init(&s);
    if (rc == 0) {
        rc = install_update_open(&s, &a, &e);
    }
    if (rc == 0 && strcmp(tail, "text") != 0) {
        rc = fd_write_all(s.fd, buf_data(&program), program.len, &e);
    }
    if (rc == 0) {
        rc = fd_write_all(s.fd, tail, strlen(tail), &e);
    }
    if (rc == 0 && strcmp(version, "unlinked") == 0) {
        rc = refuse_links() ? 0 : err_set(&e, ERR_SYS, "no filter");
    }
    if (rc == 0 && strcmp(version, "none") != 0) {
        rc = install_update_replace(&s, version, env, &sig, &e);
    }
    install_update_release(&s);
    install_update_release(&s);
    arena_release(&a);
    buf_release(&program);
    (void)fprintf(stderr, "%s\n%s\n", e.text, e.hint);
    return rc < 0 ? 1 : 0;
}

/* Answers --version. The tail is "NAME", or "here NAME there NAME" with the answer before and
 * after the replacement. */
static int answer(const char *argv0)
{
    const char *all = buf_c(&program);
    const char *tail = all + program.len;
    bool there = strcmp(argv0 + strlen(argv0) - 4, "/cco") == 0;

    while (tail > all && tail[-1] != '\n') {
        tail--;
    }
    if (there && strstr(tail, "there ") != NULL) {
        tail = strstr(tail, "there ") + 6;
    } else if (strstr(tail, "here ") == tail) {
        tail += 5;
    }
    (void)printf("cco %.*s\n", (int)strcspn(tail, " "), tail);
    buf_release(&program);
    return 0;
}

/* Runs the copy to replace itself, checks that its output contains `word`, and returns its
 * status. */
static int run(const char *version, const char *tail, const char *word)
{
    static char command[600];
    static char said[4096];
    FILE *f;
    size_t n;
    int status;

    (void)snprintf(command, sizeof(command), "cd / && exec '%s' '%s' '%s' 2>&1", in_tmp("cco"),
                   version, tail);
    f = popen(command, "re");
    n = fread(said, 1, sizeof(said) - 1, f);
    said[n] = '\0';
    status = pclose(f);
    ok(strstr(said, word) != NULL, "%s: %.100s", word, said);
    return WEXITSTATUS(status);
}

/* Counts the files in the test's directory. */
static unsigned files(void)
{
    DIR *d = opendir(tmpdir);
    unsigned n = 0;

    while (d != NULL && readdir(d) != NULL) {
        n++;
    }
    (void)closedir(d);
    return n - 2; /* "." and ".." */
}

static void put_program(void)
{
    struct err e = {0};

    (void)unlink(in_tmp("cco"));
    ok(file_write_new(in_tmp("cco"), buf_str(&program), 0700, &e) == 0 &&
           chmod(in_tmp("cco"), 0751) == 0,
       "a program %s", e.text);
}

static bool is_old(void)
{
    struct stat st;

    return stat(in_tmp("cco"), &st) == 0 && (size_t)st.st_size == program.len && files() == 1;
}

static void a_new_version_that_does_not_work_is_undone(void)
{
    is_int(run("1.2.3", "\n1.2.4", "does not print"), 1,
           "a program with another version is refused");
    ok(is_old(), "the old program stays, alone");
    is_int(run("1.2.3", "\nhere 1.2.3 there 1.2.4", "does not print"), 1,
           "a program that prints another version at its final path is refused");
    ok(is_old(), "the old program is back, alone");
    is_int(run("1.2.3", "text", "not a program"), 1, "a file of four bytes is refused");
    ok(is_old(), "the old program stays, alone");
    is_int(run("none", "\n1.2.3", ""), 0, "leaving a new file uninstalled is not an error");
    ok(is_old(), "the new file is removed");
    is_int(run("unlinked", "\nunlinked", "keep the old version"), 1,
           "if the old version cannot be kept, the update fails");
    ok(is_old(), "the old program stays, alone, without hard links");
    put_file(in_tmp("cco.old"), "mine");
    is_int(run("1.2.3", "\n1.2.3", "cco.old exists"), 1,
           "a file with the name of the old version is an error");
    ok(file_exists(in_tmp("cco.old")) && !file_exists(in_tmp(".cco.new")),
       "that file stays, and no new file is left");
    (void)unlink(in_tmp("cco.old"));
    (void)mkdir(in_tmp(".cco.new"), 0700);
    is_int(run("1.2.3", "\n1.2.3", ".cco.new"), 1,
           "a directory with the name of the new file is an error");
    (void)rmdir(in_tmp(".cco.new"));
    ok(is_old(), "the old program stays");
}

static void updates_run_one_at_a_time(void)
{
    struct err e = {0};
    int fd = file_open(in_tmp("cco"), O_RDONLY, 0, &e);

    ok(fd >= 0 && flock(fd, LOCK_EX) == 0, "another process holds the lock");
    is_int(run("1.2.3", "\n1.2.3", "another self-update is running"), 1,
           "the update is refused");
    fd_close(&fd);
    ok(is_old(), "and nothing changes");
}

static void a_new_version_replaces_the_old_one(void)
{
    struct stat st;

    put_file(in_tmp(".cco.new"), "of a killed update");
    is_int(run("1.2.3", "\n1.2.3", ""), 0, "a good new version is installed");
    ok(stat(in_tmp("cco"), &st) == 0 && (size_t)st.st_size == program.len + 6 && files() == 1,
       "the new program is there, alone");
    is_int(st.st_mode & 07777, 0751, "it has the mode of the old program");
}

int main(int argc, char **argv)
{
    static struct err e;
    struct arena paths = {0};

    buf_init(&program, SIZE_MAX_BYTES);
    if (file_read("/proc/self/exe", &program, &e) < 0) {
        (void)printf("not ok 1 - %s\n1..1\n", e.text);
        return 1;
    }
    if (argc == 2) {
        return answer(argv[0]);
    }
    if (argc == 3) {
        return replace_me(argv[1], argv[2]);
    }
    tmpdir_make();
    put_program();
    if (system(arena_printf(&paths, "'%s' --version >/dev/null 2>&1", in_tmp("cco"))) == 0) {
        a_new_version_that_does_not_work_is_undone();
        updates_run_one_at_a_time();
        a_new_version_replaces_the_old_one();
    } else {
        ok(true,
           "a program that replaces itself # SKIP its copy does not run here (an emulator?)");
    }
    arena_release(&paths);
    tmpdir_remove();
    buf_release(&program);
    return done_testing();
}
