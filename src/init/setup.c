/* SPDX-License-Identifier: MIT */
#include "init/setup.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "init/hosts.h"
#include "init/passwd.h"
#include "init/user_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

enum { GROUP_LINE = 128 }; /* usual maximum of a group that is added to group(5) */

/* Everything in this file runs before the command, so no process of the agent exists. But
 * mounts can contain files that an earlier session has written. Therefore no link is followed
 * to a file that gets a new owner. */

const char *setup_shell(const struct boot *b)
{
    return access(b->shell, X_OK) == 0 ? b->shell : "/bin/sh";
}

/* Rewrites one file of accounts with the function `set`. Writes in place, because a rename
 * would fail if the file is a mount. */
static int rewrite(const char *path,
                   int (*set)(struct str, const struct passwd_user *, struct buf *),
                   const struct passwd_user *u, struct err *e)
{
    struct buf old;
    struct buf new;
    struct err missing = {0};
    int fd = -1;
    int rc = -1;

    buf_init(&old, LIMIT_FILE_SMALL);
    buf_init(&new, LIMIT_FILE_SMALL + LIMIT_PATH + LIMIT_GROUPS * GROUP_LINE);
    if (file_read(path, &old, &missing) < 0 && missing.kind != ERR_NOT_FOUND) {
        *e = missing;
        goto out;
    }
    if (set(buf_str(&old), u, &new) < 0) {
        (void)err_set(e, ERR_LIMIT, "%s: too large", path);
        goto out;
    }
    fd = file_open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644, e);
    if (fd < 0 || fd_write_all(fd, buf_data(&new), new.len, e) < 0) {
        goto out;
    }
    rc = 0;
out:
    fd_close(&fd);
    buf_release(&old);
    buf_release(&new);
    return rc;
}

/* Puts `line` in front of /etc/shadow unless `name` has an entry there. PAM checks there that
 * the account has not expired. */
static int add_account(const char *line, const char *name, struct err *e)
{
    struct err missing = {0};
    struct buf text;
    struct str rest;
    bool known = false;
    int rc = 0;

    buf_init(&text, LIMIT_FILE_SMALL);
    (void)buf_add_c(&text, line);
    if (file_read("/etc/shadow", &text, &missing) < 0) {
        buf_release(&text);
        return 0; /* the image does not have the file, so no program reads it */
    }
    rest = str_drop(buf_str(&text), strlen(line));
    while (rest.len > 0) {
        struct str fields = {0};
        struct str first = {0};

        (void)str_cut(&rest, '\n', &fields);
        (void)str_cut(&fields, ':', &first);
        known = known || str_eq_c(first, name);
    }
    if (!known) {
        rc = file_write_atomic("/etc/shadow", buf_str(&text), 0640, e);
    }
    buf_release(&text);
    return rc;
}

/* Adds the user to /etc/passwd and /etc/group. */
static int accounts(const struct boot *b, struct err *e)
{
    const struct passwd_user u = {
        .name = b->user,
        .uid = b->uid,
        .gid = b->gid,
        .home = b->home,
        .shell = setup_shell(b),
        .groups = b->groups,
    };

    (void)mkdir("/etc", 0755); /* an image "FROM scratch" may not have this directory */
    if (rewrite("/etc/passwd", passwd_set, &u, e) < 0 ||
        rewrite("/etc/group", group_set, &u, e) < 0) {
        if (e->kind == ERR_SYS && (e->errnum == EROFS || e->errnum == EACCES)) {
            err_reset(e);
            return 0;
        }
        return -1;
    }
    return 0;
}

/* Makes a directory if it is missing, and gives it to the user in either case. */
static int give_dir(const struct boot *b, const char *path, struct err *e)
{
    struct stat st;
    int fd = -1;
    int rc = -1;

    if (file_mkdirs(path, 0755, e) < 0) {
        return -1;
    }
    fd = openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) < 0) {
        (void)err_sys(e, "%s", path);
    } else if ((st.st_uid != b->uid || st.st_gid != b->gid) &&
               fchown(fd, (uid_t)b->uid, (gid_t)b->gid) < 0) {
        (void)err_sys(e, "%s: change owner", path);
    } else {
        rc = 0;
    }
    fd_close(&fd);
    return rc;
}

/* If the home is a link in the image (/root -> var/roothome), adds the link's target to `out`
 * and returns true. Returns false if the home is not a link, or if following the link is not
 * safe. It is safe if the directory that contains the link is on the root's file system, where
 * no earlier session could write. */
static bool home_behind_link(const char *home, struct buf *out)
{
    const char *name = strrchr(home, '/');
    int dir_len = name > home ? (int)(name - home) : 1;
    char link[LIMIT_PATH / 2];
    ssize_t len = readlink(home, link, sizeof(link));
    struct stat dir;
    struct stat root;

    if (name == NULL || len <= 0 || (size_t)len >= sizeof(link)) {
        return false;
    }
    (void)buf_addf(out, "%.*s", dir_len, home);
    if (buf_c(out) == NULL || stat(buf_c(out), &dir) < 0 || stat("/", &root) < 0 ||
        dir.st_dev != root.st_dev) {
        return false;
    }
    if (link[0] == '/') {
        buf_reset(out);
    } else {
        (void)buf_add_byte(out, '/');
    }
    (void)buf_add(out, link, (size_t)len);
    return buf_c(out) != NULL;
}

/* Makes the home, or the directory behind it, and gives it to the user. */
static int give_home(const struct boot *b, struct err *e)
{
    struct buf other;
    int rc;

    buf_init(&other, LIMIT_PATH);
    rc = give_dir(b, home_behind_link(b->home, &other) ? buf_c(&other) : b->home, e);
    buf_release(&other);
    return rc;
}

/* Writes a file and gives it to the user. */
static int put_file(const struct boot *b, const char *path, unsigned mode, struct str text,
                    struct err *e)
{
    int fd = file_open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode, e);
    int rc = fd < 0 ? -1 : fd_write_all(fd, text.p, text.len, e);

    if (rc == 0 && (fchown(fd, (uid_t)b->uid, (gid_t)b->gid) < 0 || fchmod(fd, mode) < 0)) {
        rc = err_sys(e, "%s: change owner", path);
    }
    fd_close(&fd);
    return rc;
}

static int put_copy(const struct boot *b, const struct boot_copy *c, struct err *e)
{
    struct buf text;
    int rc;

    buf_init(&text, LIMIT_CLAUDE_JSON);
    rc = file_read(c->source, &text, e);
    if (rc == 0) {
        rc = put_file(b, c->target, c->mode, buf_str(&text), e);
    }
    buf_wipe(&text);
    return rc;
}

/* Sets /etc/localtime and /etc/timezone if the image has the zone. A failure is not an error,
 * because the environment contains TZ as well. */
static void time_zone(const struct boot *b)
{
    struct err ignored = {0};
    char zone[LIMIT_PATH];
    int len;

    if (b->tz == NULL || b->tz[0] == '/' || strstr(b->tz, "..") != NULL) {
        return;
    }
    len = snprintf(zone, sizeof(zone), "/usr/share/zoneinfo/%s", b->tz);
    if (len < 0 || (size_t)len >= sizeof(zone) || !file_is_regular(zone)) {
        return;
    }
    if (unlink("/etc/localtime") < 0 && errno != ENOENT) {
        return;
    }
    if (symlink(zone, "/etc/localtime") < 0) {
        return;
    }
    (void)file_write_atomic("/etc/timezone", str_c(b->tz), 0644, &ignored);
}

/* --sudo: lets the user become root without a password, because no account has one. sudoers(5),
 * shadow(5) */
static int let_sudo(const struct boot *b, struct err *e)
{
    char rule[64];
    char account[LIMIT_PATH];

    if (access("/usr/bin/sudo", X_OK) < 0 && access("/bin/sudo", X_OK) < 0) {
        (void)err_set(e, ERR_NOT_FOUND,
                      "--sudo: this image has no sudo; use an image with sudo");
        return -1;
    }
    (void)snprintf(rule, sizeof(rule), "#%llu ALL=(ALL:ALL) NOPASSWD: ALL\n",
                   (unsigned long long)b->uid);
    (void)snprintf(account, sizeof(account), "%s:*:19000:0:99999:7:::\n", b->user);
    if (file_mkdirs("/etc/sudoers.d", 0750, e) < 0 ||
        file_write_atomic("/etc/sudoers.d/cco", str_c(rule), 0440, e) < 0) {
        return -1;
    }
    return add_account(account, b->user, e);
}

int setup_user(const struct boot *b, struct err *e)
{
    struct utsname machine;

    /* Without namespaces /etc belongs to the host. */
    if (!b->landlock_only && (accounts(b, e) < 0 || (b->keep_root && let_sudo(b, e) < 0))) {
        return err_wrap(e, "user %s", b->user);
    }
    if (give_home(b, e) < 0) {
        return err_wrap(e, "home");
    }
    for (size_t i = 0; i < b->dirs.count; i++) {
        if (give_dir(b, b->dirs.v[i], e) < 0) {
            return -1;
        }
    }
    for (size_t i = 0; i < b->copy_count; i++) {
        if (put_copy(b, &b->copies[i], e) < 0) {
            return -1;
        }
    }
    for (size_t i = 0; i < b->file_count; i++) {
        const struct boot_file *f = &b->files[i];

        if (put_file(b, f->path, f->mode, f->data, e) < 0) {
            return -1;
        }
    }
    for (size_t i = 0; i < b->link_count; i++) {
        if (setup_link(b, &b->links[i], e) < 0) {
            return -1;
        }
    }
    if (!b->landlock_only) {
        time_zone(b);
        hosts_complete("/etc/hosts", str_c(uname(&machine) == 0 ? machine.nodename : NULL));
    }
    return 0;
}
