/* SPDX-License-Identifier: MIT */
#include "cli/install_update.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/file_lock.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    ANSWER_MS = 10000, /* how long --version may take */
    ANSWER_MAX = 1024, /* bytes of its output */
    /* Offsets in the header of elf(5) */
    ELF_KIND = 6,     /* the end of the magic number, the class and the byte order */
    ELF_MACHINE = 18, /* e_machine, which follows e_type */
    ELF_HEAD = 20     /* the end of e_machine */
};

static const char self[] = "/proc/self/exe";

void install_update_init(struct install_update *s)
{
    *s = (struct install_update){.fd = -1, .lock = -1};
}

void install_update_release(struct install_update *s)
{
    if (s->fd >= 0) {
        (void)unlink(s->temp); /* it is ours, because this process holds the lock */
    }
    fd_close(&s->fd);
    fd_close(&s->lock);
}

/* Adds the hint that says who can replace the target. */
static int who_can(const struct install_update *s, struct err *e)
{
    return err_hint(e,
                    "Run: sudo %s self-update; or use the package manager that installed it.",
                    s->target);
}

static int find_target(struct install_update *s, struct arena *a, struct err *e)
{
    char path[LIMIT_PATH];
    ssize_t len = readlink(self, path, sizeof(path));

    if (len < 0 || (size_t)len == sizeof(path)) {
        return err_sys(e, "%s", self);
    }
    s->target = arena_str(a, str_n(path, (size_t)len));
    s->temp = arena_printf(a, "%s/.%s.new", path_dir(a, s->target), path_base(s->target));
    s->old = arena_printf(a, "%s.old", s->target);
    return 0;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Locks the target, and checks after that that its path leads to the running program. In this
 * order no other update can replace the target after the check. */
static int lock_target(struct install_update *s, struct err *e)
{
    struct stat named;
    struct stat running;

    s->lock = file_open(s->target, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0, e);
    if (s->lock >= 0 && file_lock_fd(s->lock, s->target, FILE_LOCK_NOW, e) < 0) {
        return e->kind == ERR_TIMEOUT
                   ? err_set(e, ERR_REFUSED, "%s: another self-update is running", s->target)
                   : -1;
    }
    if (s->lock < 0 || fstat(s->lock, &s->st) < 0 || stat(s->target, &named) < 0 ||
        stat(self, &running) < 0 || !is_same(&s->st, &named) || !is_same(&s->st, &running)) {
        (void)err_set(e, ERR_REFUSED, "%s is not the program that is running", s->target);
        return err_hint(e, "It was replaced or removed. Run cco self-update again.");
    }
    return 0;
}

static int check_target(const struct install_update *s, struct arena *a, struct err *e)
{
    const char *dir = path_dir(a, s->target);

    if (faccessat(AT_FDCWD, dir, W_OK | X_OK, AT_EACCESS) < 0) {
        (void)err_sys(e, "%s cannot be replaced: %s", s->target, dir);
        return who_can(s, e);
    }
    if (geteuid() != 0 && s->st.st_uid != geteuid()) {
        (void)err_set(e, ERR_REFUSED, "%s cannot be replaced: it belongs to another user",
                      s->target);
        return who_can(s, e);
    }
    if (file_exists(s->old)) {
        (void)err_set(e, ERR_REFUSED,
                      "%s exists, but the update keeps the old version under this name",
                      s->old);
        return err_hint(e, "Remove or rename it.");
    }
    return 0;
}

int install_update_open(struct install_update *s, struct arena *a, struct err *e)
{
    if (find_target(s, a, e) < 0 || lock_target(s, e) < 0 || check_target(s, a, e) < 0) {
        return -1;
    }
    if (unlink(s->temp) < 0 && errno != ENOENT) { /* a killed update may have left it */
        return err_sys(e, "%s", s->temp);
    }
    s->fd = file_open(s->temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0700, e);
    return s->fd < 0 ? -1 : 0;
}

/* Gives the new file the target's owner and mode, and writes it to the disk. The owner comes
 * first: if it cannot be set, the file must not get a mode that was meant for that owner. */
static int finish(const struct install_update *s, struct err *e)
{
    struct stat st;

    if (fstat(s->fd, &st) < 0) {
        return err_sys(e, "%s", s->temp);
    }
    if (((st.st_uid != s->st.st_uid || st.st_gid != s->st.st_gid) &&
         fchown(s->fd, s->st.st_uid, s->st.st_gid) < 0) ||
        fchmod(s->fd, s->st.st_mode & 0777) < 0 || fsync(s->fd) < 0) {
        return err_sys(e, "%s", s->temp);
    }
    return 0;
}

/* Reads the start of an ELF file. ERR_FORMAT means that the file is too short. */
static int read_head(const char *path, unsigned char head[ELF_HEAD], struct err *e)
{
    int fd = file_open(path, O_RDONLY, 0, e);
    ssize_t n = fd < 0 ? -1 : fd_read(fd, head, ELF_HEAD);

    fd_close(&fd);
    if (fd < 0 && n < 0 && e->kind != ERR_NONE) {
        return -1;
    }
    return n == ELF_HEAD ? 0 : err_set(e, ERR_FORMAT, "%s: not a program", path);
}

/* Compares the ELF header of the new file with that of this program. Running it is not a
 * sufficient check: with binfmt_misc and an emulator, a program for another processor runs,
 * too. */
static int check_machine(const struct install_update *s, struct err *e)
{
    unsigned char mine[ELF_HEAD];
    unsigned char its[ELF_HEAD];

    if (read_head(self, mine, e) < 0 || read_head(s->temp, its, e) < 0) {
        return -1;
    }
    if (memcmp(mine, its, ELF_KIND) != 0 ||
        memcmp(mine + ELF_MACHINE, its + ELF_MACHINE, ELF_HEAD - ELF_MACHINE) != 0) {
        return err_set(e, ERR_FORMAT,
                       "the new version is not a program for this kind of machine");
    }
    return 0;
}

/* Runs `path --version`, and checks that the first line of its output is "cco VERSION". */
static int ask_version(const char *path, const char *version, char *const *env,
                       const struct sig *sig, struct err *e)
{
    const char *const argv[] = {path, "--version", NULL};
    struct buf out;
    struct buf said; /* its stderr, which is not shown to the user */
    struct proc p = {.program = path,
                     .argv = argv,
                     .env = env,
                     .sig = sig,
                     .out = &out,
                     .err = &said,
                     .deadline_ms = clock_ms() + ANSWER_MS};
    struct str first = {0};
    struct str rest;
    int status = 0;
    int rc;

    buf_init(&out, ANSWER_MAX);
    buf_init(&said, ANSWER_MAX);
    rc = proc_run(&p, &status, e);
    rest = buf_str(&out);
    (void)str_cut(&rest, '\n', &first);
    if (rc < 0) {
        (void)err_wrap(e, "the new version does not run here");
    } else if (status != 0 || !str_starts(first, "cco ") ||
               !str_eq_c(str_drop(first, 4), version)) {
        rc = err_set(e, ERR_FORMAT,
                     "the new version does not print cco %s for --version (status %d)", version,
                     status);
    }
    buf_release(&out);
    buf_release(&said);
    return rc;
}

/* Writes the renamed entries of the directory to the disk. Errors are ignored: then a power
 * failure may restore the old version, which is a working program as well. */
static void sync_names(const struct install_update *s)
{
    struct arena a = {0};
    struct err ignored = {0};
    int fd = file_open(path_dir(&a, s->target), O_RDONLY | O_DIRECTORY, 0, &ignored);

    if (fd >= 0) {
        (void)fsync(fd);
    }
    fd_close(&fd);
    arena_release(&a);
}

/* Puts the new file in the target's place, and the old one back if the new one does not run. */
static int swap(struct install_update *s, const char *version, char *const *env,
                const struct sig *sig, struct err *e)
{
    if (link(s->target, s->old) < 0) {
        (void)err_sys(e, "keep the old version as %s", s->old);
        (void)unlink(s->temp);
        return -1;
    }
    if (rename(s->temp, s->target) < 0) {
        (void)err_sys(e, "%s", s->target);
        (void)unlink(s->old);
        (void)unlink(s->temp);
        return -1;
    }
    /* Run it again at its final path, because rules for a path (AppArmor) may differ there. */
    if (ask_version(s->target, version, env, sig, e) == 0) {
        (void)unlink(s->old); /* if that fails, the user sees the file */
        sync_names(s);
        return 0;
    }
    if (rename(s->old, s->target) < 0) {
        return err_hint(e, "The old version is %s: rename it to %s.", s->old, s->target);
    }
    sync_names(s);
    return -1;
}

int install_update_replace(struct install_update *s, const char *version, char *const *env,
                           const struct sig *sig, struct err *e)
{
    int rc = finish(s, e);

    fd_close(&s->fd); /* a program that is open for writing cannot be run */
    if (rc < 0 || check_machine(s, e) < 0 || ask_version(s->temp, version, env, sig, e) < 0) {
        (void)unlink(s->temp);
        return -1;
    }
    return swap(s, version, env, sig, e);
}
