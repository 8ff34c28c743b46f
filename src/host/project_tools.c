/* SPDX-License-Identifier: MIT */
#include "host/project_tools.h"

#include "base/buf.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"
#include "trust/lookup.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 4096, VERSION_MAX = 32 };

/* Adds the beginning of a regular file to out. A link is not followed anywhere in the path. */
static bool read_beginning(const char *path, struct buf *out)
{
    struct err ignored = {0}; /* a file that cannot be read has nothing for us */
    int fd = lookup_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY, &ignored);
    char piece[PIECE];
    struct stat st;
    ssize_t n = 0;

    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
        while (out->len < PROJECT_TOOLS_BYTES &&
               ((n = read(fd, piece, sizeof(piece))) > 0 || (n < 0 && errno == EINTR))) {
            if (n > 0 && buf_add(out, piece, (size_t)n) < 0) {
                break;
            }
        }
    }
    fd_close(&fd);
    return out->len > 0;
}

/* Returns the value of the first line "KEY SEPARATOR VALUE", with or without quotes around key
 * and value and a comma behind it, as the JSON and the YAML of these files have it. Escapes are
 * not known, so a value with one is not found. */
static struct str value_of(struct str text, const char *key, char separator)
{
    const struct str none = {0};
    struct str line = {0};
    struct str name = {0};

    while (text.len > 0) {
        (void)str_cut(&text, '\n', &line);
        if (!str_cut(&line, separator, &name)) {
            continue;
        }
        name = str_trim(name);
        if (name.len >= 2 && name.p[0] == '"' && name.p[name.len - 1] == '"') {
            name = str_n(name.p + 1, name.len - 2);
        }
        if (!str_eq_c(name, key)) {
            continue;
        }
        line = str_trim(line);
        line = str_ends(line, ",") ? str_n(line.p, line.len - 1) : line;
        if (line.len >= 2 && strchr("\"'", line.p[0]) != NULL &&
            line.p[line.len - 1] == line.p[0]) {
            line = str_n(line.p + 1, line.len - 2);
        }
        return str_index(line, '\\') == line.len ? line : none;
    }
    return none;
}

/* Returns whether the text can be a path for a line: absolute and clean. */
static bool is_path(struct arena *a, struct str s)
{
    if (!str_starts(s, "/") || s.len >= LIMIT_PATH || str_index(s, '\0') < s.len) {
        return false;
    }
    return str_eq_c(s, path_clean(a, arena_str(a, s)));
}

/* Returns whether the text is a version, such as "3.11.2" or "3.14.0rc1". */
static bool is_version(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        const char c = s.p[i];

        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') && c != '.') {
            return false;
        }
    }
    return s.len > 0 && s.len < VERSION_MAX;
}

static void take_venv(struct arena *a, struct facts *f, const char *dir)
{
    struct buf text;
    struct str home;
    struct str version;
    const char *physical;

    buf_init(&text, PROJECT_TOOLS_BYTES + PIECE);
    if (read_beginning(path_join(a, dir, "pyvenv.cfg"), &text)) {
        home = value_of(buf_str(&text), "home", '=');
        version = value_of(buf_str(&text), "version", '=');
        if (version.len == 0) { /* as uv and virtualenv write it */
            version = value_of(buf_str(&text), "version_info", '=');
        }
        physical = is_path(a, home)
                       ? lookup_physical(a, path_join(a, arena_str(a, home), "python3"))
                       : NULL;
        if (physical != NULL && is_version(version)) {
            strv_add(&f->venvs, a, dir);
            strv_add(&f->venvs, a, arena_str(a, home));
            strv_add(&f->venvs, a, arena_str(a, version));
        }
    }
    buf_release(&text);
}

/* Returns whether the directory looks like a store: its name is that of the store's version,
 * and it has the directory of the files. Otherwise a project could let cco propose to share any
 * directory. */
static bool is_store(struct arena *a, const char *physical)
{
    const char *name = path_base(physical);

    return name[0] == 'v' && name[1] >= '0' && name[1] <= '9' &&
           file_is_dir(path_join(a, physical, "files"));
}

static void take_store(struct arena *a, struct facts *f, const char *dir)
{
    struct buf text;
    struct str store;
    const char *physical;

    buf_init(&text, PROJECT_TOOLS_BYTES + PIECE);
    if (read_beginning(path_join(a, dir, "node_modules/.modules.yaml"), &text)) {
        store = value_of(buf_str(&text), "storeDir", ':');
        physical = is_path(a, store) ? lookup_physical(a, arena_str(a, store)) : NULL;
        if (physical != NULL && is_store(a, physical) && !strv_has(&f->pnpm_stores, physical)) {
            strv_add(&f->pnpm_stores, a, physical);
        }
    }
    buf_release(&text);
}

static void examine(struct arena *a, struct facts *f, const char *dir)
{
    take_venv(a, f, path_join(a, dir, ".venv"));
    take_venv(a, f, path_join(a, dir, "venv"));
    take_store(a, f, dir);
}

void project_tools_probe(struct arena *a, struct facts *f)
{
    examine(a, f, f->project);
    if (strcmp(f->cwd_physical, f->project) != 0) {
        examine(a, f, f->cwd_physical);
    }
}
