/* SPDX-License-Identifier: MIT */
#include "host/places.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "plan/place_table.h"
#include "trust/lookup.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIELD_HOME = 5 };

bool host_is_for_all(const char *path, const struct stat *st)
{
    char git[LIMIT_PATH];
    struct stat own;
    int len = snprintf(git, sizeof(git), "%s/.git", path);

    if (!S_ISDIR(st->st_mode) || (st->st_mode & S_IWOTH) == 0) {
        return false;
    }
    return (st->st_mode & S_ISVTX) != 0 || len < 0 || (size_t)len >= sizeof(git) ||
           lstat(git, &own) < 0 || S_ISLNK(own.st_mode) || own.st_uid != geteuid();
}

void host_homes(struct str passwd, struct arena *a, struct strv *out)
{
    static const char *const above[] = {"/home", "/export/home", "/Users"};

    while (passwd.len > 0) {
        struct str line = {0};
        struct str field = {0};
        const char *home;
        bool is_home;

        (void)str_cut(&passwd, '\n', &line);
        for (size_t i = 0; i <= FIELD_HOME; i++) {
            (void)str_cut(&line, ':', &field);
        }
        if (!str_starts(field, "/")) {
            continue;
        }
        home = path_clean(a, arena_str(a, field));
        is_home = strcmp(home, "/root") == 0;
        for (size_t i = 0; i < sizeof(above) / sizeof(above[0]); i++) {
            is_home =
                is_home || (path_is_inside(home, above[i]) && strcmp(home, above[i]) != 0);
        }
        if (is_home) {
            strv_add(out, a, home);
        }
    }
}

void host_places(struct arena *a, struct facts *f)
{
    struct err ignored = {0};
    struct buf passwd;
    struct stat st;

    if (stat(f->project, &st) == 0 && host_is_for_all(f->project, &st)) {
        strv_add(&f->for_all, a, f->project);
    }
    buf_init(&passwd, LIMIT_FILE_SMALL);
    if (file_read("/etc/passwd", &passwd, &ignored) == 0) {
        host_homes(buf_str(&passwd), a, &f->homes);
    }
    buf_release(&passwd);
    f->home_places = arena_array(a, places_of_home_count, sizeof(*f->home_places));
    for (size_t i = 0; i < places_of_home_count; i++) {
        const char *path = path_join(a, f->home_physical, places_of_home[i].path);
        const char *physical = lstat(path, &st) < 0 ? NULL : lookup_physical(a, path);

        f->home_places[i] = physical != NULL && strcmp(physical, path) != 0 ? physical : NULL;
    }
}
