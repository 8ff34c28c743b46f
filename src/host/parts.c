/* SPDX-License-Identifier: MIT */
#include "host/parts.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/path.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <unistd.h>

const char *host_physical(struct arena *a, const char *path)
{
    char resolved[PATH_MAX];

    return realpath(path, resolved) != NULL ? arena_strdup(a, resolved) : NULL;
}

enum { CHUNK = 8 << 10, ZONE_MAX = 128, KEY_NAME_MAX = 32, LINKS_MAX = 40 };

bool host_leads_through(struct arena *a, const char *path, const char *dir)
{
    char target[PATH_MAX];
    const char *at = "/";
    struct str rest = str_c(path);
    struct str name = {0};
    int links = 0;

    while (rest.len > 0) {
        const char *parent = at;
        ssize_t len;

        (void)str_cut(&rest, '/', &name);
        if (name.len == 0 || str_eq_c(name, ".")) {
            continue;
        }
        if (str_eq_c(name, "..")) {
            at = path_dir(a, at);
            continue;
        }
        at = path_join(a, at, arena_str(a, name));
        if (path_is_inside(at, dir)) {
            return true;
        }
        len = readlink(at, target, sizeof(target));
        if (len < 0) {
            continue;
        }
        if ((size_t)len == sizeof(target) || links++ == LINKS_MAX) {
            return true;
        }
        rest = str_c(arena_printf(a, "%.*s/%.*s", (int)len, target, (int)rest.len, rest.p));
        at = target[0] == '/' ? "/" : parent;
    }
    return false;
}

bool host_user_find(uint64_t uid, struct arena *a, struct host_user *out)
{
    struct err ignored = {0};
    struct buf text;
    struct str rest;
    bool found = false;

    buf_init(&text, LIMIT_FILE_SMALL);
    if (file_read("/etc/passwd", &text, &ignored) < 0) {
        buf_release(&text);
        return false;
    }
    rest = buf_str(&text);
    while (!found && rest.len > 0) {
        struct str line = {0};
        struct str field[6] = {{0}};
        uint64_t id = 0;

        (void)str_cut(&rest, '\n', &line);
        for (size_t i = 0; i < 6; i++) {
            (void)str_cut(&line, ':', &field[i]);
        }
        if (str_u64(field[2], 10, UINT32_MAX, &id) && id == uid && field[0].len > 0) {
            out->name = arena_str(a, field[0]);
            out->home = field[5].len > 0 ? arena_str(a, field[5]) : NULL;
            found = true;
        }
    }
    buf_release(&text);
    return found;
}

/* First line of a small file, trimmed; NULL where that is nothing. */
static const char *first_line(struct arena *a, const char *path)
{
    struct err ignored = {0};
    struct buf text;
    struct str rest;
    struct str line = {0};
    const char *copy = NULL;

    buf_init(&text, LIMIT_FILE_SMALL);
    if (file_read(path, &text, &ignored) == 0) {
        rest = buf_str(&text);
        (void)str_cut(&rest, '\n', &line);
        line = str_trim(line);
        copy = line.len > 0 ? arena_str(a, line) : NULL;
    }
    buf_release(&text);
    return copy;
}

const char *host_git_common_dir(struct arena *a, const char *project)
{
    const char *dot_git = path_join(a, project, ".git");
    const char *line = file_is_regular(dot_git) ? first_line(a, dot_git) : NULL;
    const char *gitdir;
    const char *back;
    const char *worktrees;

    if (line == NULL || strncmp(line, "gitdir: ", 8) != 0) {
        return NULL;
    }
    gitdir = host_physical(a, path_join(a, project, line + 8));
    if (gitdir == NULL) {
        return NULL;
    }
    worktrees = path_dir(a, gitdir);
    if (strcmp(path_base(worktrees), "worktrees") != 0) {
        return NULL;
    }
    /* A planted .git file must not give an agent another directory: the other side has to agree, in
     * a file that lies outside the project. */
    back = first_line(a, path_join(a, gitdir, "gitdir"));
    back = back != NULL ? host_physical(a, path_join(a, gitdir, back)) : NULL;
    if (back == NULL || strcmp(back, dot_git) != 0 || path_is_inside(gitdir, project) ||
        !file_is_regular(path_join(a, path_dir(a, worktrees), "HEAD"))) {
        return NULL;
    }
    return path_dir(a, worktrees);
}

const char *host_project_key(struct arena *a, const char *project)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    char *name = arena_strdup(a, path_base(project));
    char digest[SHA256_HEX];
    struct sha256 h;

    sha256_init(&h);
    sha256_add(&h, project, strlen(project));
    sha256_hex(&h, digest);
    for (size_t i = 0; name[i] != '\0'; i++) {
        if (i == KEY_NAME_MAX) {
            name[i] = '\0';
            break;
        }
        name[i] = strchr(plain, name[i]) != NULL ? name[i] : '_';
    }
    return arena_printf(a, "%s-%.8s", name, digest);
}

const char *host_owner_key(struct arena *a, const char *user, uint64_t uid)
{
    struct utsname names = {0};
    struct err ignored = {0};
    char digest[SHA256_HEX];
    struct sha256 h;
    struct buf machine;
    const char *text;

    buf_init(&machine, LIMIT_FILE_SMALL);
    if (file_read("/etc/machine-id", &machine, &ignored) < 0 || machine.len == 0) {
        (void)uname(&names);
        (void)buf_add_c(&machine, names.nodename);
    }
    text = arena_printf(a, "%s\n%llu\n", user, (unsigned long long)uid);
    sha256_init(&h);
    sha256_add(&h, text, strlen(text));
    sha256_add(&h, buf_data(&machine), machine.len);
    sha256_hex(&h, digest);
    buf_release(&machine);
    return arena_printf(a, "%.8s", digest);
}

static bool is_zone_name(const char *s)
{
    if (s == NULL || s[0] == '\0' || s[0] == '/' || strlen(s) > ZONE_MAX ||
        strstr(s, "..") != NULL) {
        return false;
    }
    for (size_t i = 0; s[i] != '\0'; i++) {
        if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/,:.",
                   s[i]) == NULL) {
            return false;
        }
    }
    return true;
}

const char *host_time_zone(struct arena *a, const char *tz)
{
    static const char marker[] = "/zoneinfo/";
    const char *name;

    if (tz != NULL && tz[0] == ':') {
        tz++;
    }
    if (is_zone_name(tz)) {
        return arena_strdup(a, tz);
    }
    name = first_line(a, "/etc/timezone");
    if (is_zone_name(name)) {
        return name;
    }
    name = host_physical(a, "/etc/localtime");
    name = name != NULL ? strstr(name, marker) : NULL;
    name = name != NULL ? name + sizeof(marker) - 1 : NULL;
    return is_zone_name(name) ? name : NULL;
}

bool host_socket_is_live(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t len = strlen(path);
    int fd;
    bool live;

    if (len >= sizeof(address.sun_path)) {
        return false;
    }
    memcpy(address.sun_path, path, len);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    live = fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0;
    fd_close(&fd);
    return live;
}

int host_read_all(int fd, struct buf *out, const char *name, struct err *e)
{
    for (;;) {
        size_t room = buf_room(out);
        char extra;
        char *p = buf_reserve(out, room < CHUNK ? room : CHUNK);
        ssize_t got = room > 0 && p != NULL ? fd_read(fd, p, room < CHUNK ? room : CHUNK)
                                            : fd_read(fd, &extra, 1);

        if (got < 0) {
            return err_sys(e, "%s", name);
        }
        if (got == 0) {
            return 0;
        }
        if (room == 0) {
            return err_set(e, ERR_LIMIT, "%s: too large", name);
        }
        buf_commit(out, (size_t)got);
    }
}

int host_digest(const char *path, char out[65], struct err *e)
{
    struct sha256 h;
    char bytes[CHUNK / 2];
    int fd = file_open(path, O_RDONLY, 0, e);
    ssize_t got;

    if (fd < 0) {
        return -1;
    }
    sha256_init(&h);
    while ((got = fd_read(fd, bytes, sizeof(bytes))) > 0) {
        sha256_add(&h, bytes, (size_t)got);
    }
    if (got < 0) {
        (void)err_sys(e, "%s", path);
    } else {
        sha256_hex(&h, out);
    }
    fd_close(&fd);
    return got < 0 ? -1 : 0;
}
