/* SPDX-License-Identifier: MIT */
#include "host/terminfo.h"

#include "base/env.h"
#include "base/file.h"
#include "base/list.h"
#include "base/path.h"
#include "base/str.h"
#include "host/look.h"

#include <string.h>
#include <unistd.h>

enum { NAME_MAX_LEN = 64, DIRS_MAX = 16 };

static const char *const system_dirs[] = {"/etc/terminfo", "/lib/terminfo",
                                          "/usr/share/terminfo", "/usr/lib/terminfo",
                                          "/usr/local/share/terminfo"};

/* Names of terminals consist of visible characters; a slash or a dot in front would lead
 * elsewhere. */
static bool is_name(const char *name)
{
    const size_t len = name != NULL ? strlen(name) : 0;

    for (size_t i = 0; i < len; i++) {
        if (name[i] <= ' ' || name[i] > '~' || name[i] == '/') {
            return false;
        }
    }
    return len > 0 && len <= NAME_MAX_LEN && name[0] != '.';
}

static bool is_system_dir(const char *dir)
{
    for (size_t i = 0; i < sizeof(system_dirs) / sizeof(system_dirs[0]); i++) {
        if (strcmp(dir, system_dirs[i]) == 0) {
            return true;
        }
    }
    return false;
}

static void add_dir(struct strv *dirs, struct arena *a, const char *dir)
{
    if (dir[0] == '/' && dirs->count < DIRS_MAX) {
        strv_add(dirs, a, path_clean(a, dir));
    }
}

/* Lists the directories in the order of ncurses. An empty item of TERMINFO_DIRS means those of
 * the system. */
static void list_dirs(char *const *env, struct arena *a, const struct facts *f,
                      struct strv *dirs)
{
    const char *own = env_value(env, "TERMINFO");
    struct str rest = str_c(env_value(env, "TERMINFO_DIRS"));

    if (own != NULL) {
        add_dir(dirs, a, own);
    }
    add_dir(dirs, a, path_join(a, f->home, ".terminfo"));
    while (rest.len > 0) {
        struct str dir = {0};

        (void)str_cut(&rest, ':', &dir);
        add_dir(dirs, a, arena_str(a, dir));
    }
    for (size_t i = 0; i < sizeof(system_dirs) / sizeof(system_dirs[0]); i++) {
        strv_add(dirs, a, system_dirs[i]);
    }
}

void terminfo_probe(char *const *env, struct arena *a, struct facts *f)
{
    const char *name = env_value(env, "TERM");
    struct strv dirs = {0};

    if (!is_name(name)) {
        return;
    }
    list_dirs(env, a, f, &dirs);
    for (size_t i = 0; i < dirs.count; i++) {
        /* The directory of a name is its first character or, as on macOS, that in hexadecimal
         * digits. */
        const char *const paths[] = {
            arena_printf(a, "%s/%c/%s", dirs.v[i], name[0], name),
            arena_printf(a, "%s/%02x/%s", dirs.v[i], (unsigned)(unsigned char)name[0], name)};

        for (size_t k = 0; k < sizeof(paths) / sizeof(paths[0]); k++) {
            if (!file_is_regular(paths[k]) || access(paths[k], R_OK) < 0) {
                continue;
            }
            f->terminfo = look_obeyed(a, f, paths[k]);
            f->terminfo_is_own = !is_system_dir(dirs.v[i]);
            return;
        }
    }
}
