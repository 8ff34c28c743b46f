/* SPDX-License-Identifier: MIT */
/* Tests the new root, with the mount API and by names, in new namespaces. */
#include "native/root.h"

#include "child.h"
#include "native/ns.h"
#include "native/tree.h"
#include "tap.h"
#include "tmpdir.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/statvfs.h>

enum { FORBIDDEN = 77 };

static struct step steps[32];
static size_t count;
static bool by_name;
static uid_t uid;
static gid_t gid;
static const char *source;
static const char *project;
static const char *copied; /* the host's file at /ro/own */

static struct step *add(enum step_kind kind, const char *path)
{
    steps[count] = (struct step){.kind = kind, .path = path};
    return &steps[count++];
}

static void tree(const char *from, const char *path, bool is_dir, unsigned flags)
{
    struct step *s = add(STEP_TREE, path);

    s->source = from;
    s->is_dir = is_dir;
    s->flags = flags;
}

static void all_steps(void)
{
    count = 0;
    tree(source, "/ro", true, TREE_READ_ONLY);
    tree("/nowhere/at/all", "/missing", true, 0);
    steps[count - 1].optional = true;
    add(STEP_HIDE, "/ro/secret");
    add(STEP_HIDE, "/ro/secrets")->is_dir = true;
    add(STEP_HIDE, "/ro/none");
    add(STEP_COPY, "/ro/own")->source = copied;
    add(STEP_LINK, "/bin/deep/link")->source = "/ro/file";
    add(STEP_DIR, "/var/lib")->mode = 0711;
    add(STEP_MEMORY, "/tmp")->mode = 01777;
    add(STEP_MEMORY, "/dev")->mode = 0755;
    steps[count - 1].flags = TREE_DEVICES;
    tree("/dev/null", "/dev/null", false, TREE_DEVICES);
    tree("/dev/zero", "/dev/zero", false, 0);
    add(STEP_PTS, "/dev/pts")->flags = TREE_DEVICES | TREE_NOEXEC;
    add(STEP_PROC, "/proc")->flags = TREE_NOEXEC;
    add(STEP_LOCK, "/proc/sys")->flags = TREE_READ_ONLY;
    steps[count - 1].is_dir = true;
    add(STEP_LOCK, "/proc/no-such-thing")->optional = true;
    tree(project, "/home/ann/my project", true, 0);
}

static bool holds(const char *path, const char *want)
{
    return strcmp(get_file(path), want) == 0;
}

/* Returns true if the file cannot be opened. The errno is EACCES or ENOENT, depending on the
 * capabilities. */
static bool is_out_of_reach(const char *path)
{
    int failed = open_error(path, O_RDONLY);

    return failed == EACCES || failed == ENOENT;
}

static bool has_flags(const char *path, unsigned long flags)
{
    struct statvfs st;

    return statvfs(path, &st) == 0 && (st.f_flag & flags) == flags;
}

/* Returns 0 if this process is in the right new root, and otherwise the number of the failed
 * step. */
static int look(void)
{
    struct stat st;

    if (!holds("/ro/file", "host") || open_error("/ro/file", O_WRONLY) != EROFS) {
        return 2;
    }
    if (open_error("/ro/secret", O_RDONLY) != EACCES || !is_out_of_reach("/ro/secrets/key")) {
        return 3;
    }
    if (!has_flags("/ro", ST_RDONLY | ST_NOSUID | ST_NODEV) ||
        !has_flags("/home/ann/my project", ST_NOSUID | ST_NODEV)) {
        return 4;
    }
    if (!holds("/bin/deep/link", "host") || stat("/var/lib", &st) < 0 ||
        (st.st_mode & 07777) != 0711) {
        return 5;
    }
    if (open_error("/tmp/new", O_WRONLY | O_CREAT) != 0 ||
        open_error("/new", O_WRONLY | O_CREAT) != EROFS) {
        return 6;
    }
    if (!holds("/ro/own", "the host's") || open_error("/ro/own", O_WRONLY | O_TRUNC) != 0 ||
        !holds("/ro/own", "") || access("/.copy-6", F_OK) == 0) {
        return 13;
    }
    if (open_error("/dev/null", O_RDWR) != 0 || open_error("/dev/zero", O_RDONLY) != EACCES) {
        return 7;
    }
    if (open_error("/dev/pts/ptmx", O_RDWR) != 0 ||
        open_error("/proc/self/status", O_RDONLY) != 0) {
        return 8;
    }
    if (open_error("/proc/sys/kernel/hostname", O_WRONLY) != EROFS ||
        open_error("/proc/1/status", O_RDONLY) != 0) {
        return 9;
    }
    if (open_error("/home/ann/my project/made", O_WRONLY | O_CREAT) != 0 ||
        open_error("/missing", O_RDONLY) != ENOENT) {
        return 10;
    }
    return open_error("/etc/passwd", O_RDONLY) != ENOENT ? 11 : 0;
}

static int build(struct err *e)
{
    const struct layout l = {.steps = steps, .count = count};

    (void)prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    return ns_map_self(uid, gid, e) < 0 || root_build(&l, NULL, by_name, e) < 0 ? -1 : 0;
}

/* Builds the root in new namespaces. Returns the result of f(); with `wrong`, returns 0 if
 * building fails with this text. */
static int in_namespaces(int (*f)(void), const char *wrong)
{
    struct err e = {0};
    pid_t pid = ns_fork(false, &e);

    if (pid == 0) {
        if (build(&e) < 0) {
            _exit(wrong != NULL && strstr(e.text, wrong) != NULL ? 0 : 1);
        }
        _exit(wrong != NULL ? 1 : f());
    }
    if (pid < 0) {
        return FORBIDDEN;
    }
    return status_of(pid);
}

/* If one of these steps fails, no root is made, and never a weaker one. */
static void errors_leave_no_root(void)
{
    count = 0;
    tree("/nowhere/at/all", "/x", true, 0);
    is_int(in_namespaces(NULL, "/nowhere/at/all: does not exist"), 0,
           "a missing source is an error");
    count = 0;
    tree(source, "/x", true, 0);
    tree(source, "/x/link/deep", true, 0);
    is_int(in_namespaces(NULL, "a component of the path is a symbolic link"), 0,
           "a planted link in a path is an error");
    count = 0;
    tree(source, "/x", true, TREE_READ_ONLY);
    tree(source, "/x/none", true, 0);
    is_int(in_namespaces(NULL, "Read-only"), 0, "a mountpoint that cannot be made is an error");
    count = 0;
    add(STEP_LOCK, "/none");
    is_int(in_namespaces(NULL, "/none: does not exist"), 0,
           "a missing path that must be locked is an error");
}

int main(void)
{
    static char s[512];
    static char p[512];
    static char c[512];

    uid = getuid();
    gid = getgid();
    tmpdir_make();
    (void)chmod(tmpdir, 0755);
    (void)snprintf(s, sizeof(s), "%s", in_tmp("src"));
    (void)snprintf(p, sizeof(p), "%s", in_tmp("my project"));
    source = s;
    project = p;
    (void)mkdir(s, 0755);
    (void)mkdir(p, 0755);
    (void)mkdir(in_tmp("src/secrets"), 0755);
    put_file(in_tmp("src/file"), "host");
    put_file(in_tmp("src/own"), "all see it");
    put_file(in_tmp("text"), "the host's");
    (void)snprintf(c, sizeof(c), "%s", in_tmp("text"));
    copied = c;
    put_file(in_tmp("src/secret"), "host");
    put_file(in_tmp("src/secrets/key"), "host");
    (void)symlink("/etc", in_tmp("src/link"));
    all_steps();
    if (in_namespaces(look, NULL) == FORBIDDEN) {
        ok(true, "the new root # SKIP namespaces are not allowed here");
        tmpdir_remove();
        return done_testing();
    }
    by_name = !tree_has_api();
    is_int(in_namespaces(look, NULL), 0, "the new root has exactly what the layout says");
    ok(file_exists(in_tmp("my project/made")),
       "files in the project are written to the host's directory");
    errors_leave_no_root();
    by_name = true;
    (void)unlink(in_tmp("my project/made"));
    all_steps();
    is_int(in_namespaces(look, NULL), 0,
           "by name, as on older kernels, the new root has exactly what the layout says");
    ok(file_exists(in_tmp("my project/made")),
       "by name, files in the project are written to the host's directory");
    errors_leave_no_root();
    tmpdir_remove();
    return done_testing();
}
