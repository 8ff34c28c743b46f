/* SPDX-License-Identifier: MIT */
#include "host/ide.h"

#include "base/buf.h"
#include "base/dir_names.h"
#include "base/env.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/num.h"
#include "base/path.h"
#include "base/str.h"
#include "trust/lookup.h"
#include "wire/json.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

enum { SHOWN_NAME = 40 };

/* Returns the port of a file name such as "41234.lock", in the arena, and NULL for another
 * name. */
static const char *port_of(struct arena *a, const char *name)
{
    struct str s = str_c(name);
    uint64_t port = 0;

    if (!str_ends(s, ".lock")) {
        return NULL;
    }
    s = str_n(s.p, s.len - 5);
    if (s.len == 0 || s.p[0] == '0' || !str_u64(s, 10, UINT16_MAX, &port)) {
        return NULL;
    }
    return arena_str(a, s);
}

/* Returns whether one of the editor's folders contains the current directory, as claude
 * compares them. */
static bool has_project(struct json root, struct arena *a, const struct facts *f)
{
    struct json_iter it = json_iter(json_get(root, "workspaceFolders"));
    struct json item;

    while (json_next(&it, NULL, &item)) {
        const char *folder = json_string_dup(item, a);

        if (folder == NULL || folder[0] != '/') {
            continue;
        }
        folder = path_clean(a, folder);
        if (path_is_inside(f->cwd_physical, folder) ||
            (f->cwd_named != NULL && path_is_inside(f->cwd_named, folder))) {
            return true;
        }
    }
    return false;
}

/* An editor that has ended leaves its file. */
static bool is_alive(struct json root)
{
    uint64_t pid = 0;

    return !json_u64(json_get(root, "pid"), &pid) ||
           (pid > 0 && pid <= INT32_MAX && (kill((pid_t)pid, 0) == 0 || errno == EPERM));
}

static bool read_lock(const struct facts *f, const char *path, struct buf *out)
{
    struct err ignored = {0}; /* a file that cannot be read is not an editor's */
    int fd = lookup_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY, &ignored);
    struct stat st;
    bool got = false;

    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == f->uid) {
        got = file_read_fd(fd, path, 0, out, &ignored) == 0;
    }
    fd_close(&fd);
    return got;
}

static void take(struct arena *a, struct facts *f, const char *path, const char *port)
{
    struct err ignored = {0};
    struct json root = {0};
    const char *name;
    struct buf text;

    buf_init(&text, IDE_FILE_BYTES);
    if (read_lock(f, path, &text) && json_parse(buf_str(&text), &root, &ignored) == 0 &&
        has_project(root, a, f) && is_alive(root)) {
        name = json_string_dup(json_get(root, "ideName"), a);
        f->ides[f->ide_count++] = (struct fact_ide){.path = path,
                                                    .port = port,
                                                    .name = name != NULL && name[0] != '\0' &&
                                                                    strlen(name) <= SHOWN_NAME
                                                                ? name
                                                                : "an editor"};
    }
    buf_wipe(&text);
}

void ide_probe(char *const *env, struct arena *a, struct facts *f)
{
    const char *dir = path_join(a, f->claude_dir, "ide");
    const char *wanted = env_value(env, "CLAUDE_CODE_SSE_PORT");
    struct err ignored = {0}; /* no editor runs without the directory */
    struct dir_names names = {.fd = -1};
    const struct dirent *entry;

    if (!lookup_is_safe(a, f->trees, dir)) {
        return;
    }
    names.fd = lookup_open(dir, O_RDONLY | O_DIRECTORY, &ignored);
    if (names.fd < 0) {
        return;
    }
    names.chunk = arena_alloc(a, DIR_NAMES_CHUNK);
    f->ides = arena_array(a, IDE_FILES, sizeof(f->ides[0]));
    for (int i = 0;
         i < IDE_NAMES && f->ide_count < IDE_FILES && (entry = dir_names_next(&names)) != NULL;
         i++) {
        const char *port = port_of(a, entry->d_name);

        if (port != NULL) {
            take(a, f, path_join(a, dir, arena_strdup(a, entry->d_name)), port);
        }
    }
    fd_close(&names.fd);
    for (size_t i = 0; i < f->ide_count && wanted != NULL; i++) {
        f->ide_port = strcmp(f->ides[i].port, wanted) == 0 ? f->ides[i].port : f->ide_port;
    }
}
