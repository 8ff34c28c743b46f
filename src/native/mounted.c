/* SPDX-License-Identifier: MIT */
#include "native/mounted.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/list.h"
#include "base/path.h"

#include <errno.h>
#include <string.h>
#include <sys/mount.h>

enum { FIELDS_BEFORE_PATH = 4 };

/* Returns true if s has the three octal digits of a byte at index i. */
static bool is_octal(struct str s, size_t i)
{
    for (size_t k = i; k < i + 3; k++) {
        if (k >= s.len || s.p[k] < '0' || s.p[k] > '7') {
            return false;
        }
    }
    return s.p[i] <= '3';
}

/* The kernel writes blanks, tabs, newlines and backslashes as a backslash and three octal
 * digits. */
const char *mounted_unescape(struct str s, struct arena *a)
{
    char *out = arena_str(a, s);
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++) {
        if (s.p[i] == '\\' && is_octal(s, i + 1)) {
            out[n++] =
                (char)((s.p[i + 1] - '0') << 6 | (s.p[i + 2] - '0') << 3 | (s.p[i + 3] - '0'));
            i += 3;
        } else {
            out[n++] = s.p[i];
        }
    }
    out[n] = '\0';
    return out;
}

static unsigned long flag_of(struct str option)
{
    static const struct {
        const char *name;
        unsigned long flag;
    } known[] = {
        {"ro", MS_RDONLY},         {"nosuid", MS_NOSUID},
        {"nodev", MS_NODEV},       {"noexec", MS_NOEXEC},
        {"noatime", MS_NOATIME},   {"nodiratime", MS_NODIRATIME},
        {"relatime", MS_RELATIME}, {"nosymfollow", 256 /* MS_NOSYMFOLLOW */},
    };

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (str_eq_c(option, known[i].name)) {
            return known[i].flag;
        }
    }
    return 0;
}

/* Parses a line of the form "ID PARENT MAJOR:MINOR ROOT PATH OPTIONS ...". */
static int read_line(struct str line, struct arena *a, struct mounted *out, struct err *e)
{
    struct str field = {0};
    struct str option = {0};

    for (int i = 0; i <= FIELDS_BEFORE_PATH; i++) {
        if (line.len == 0) {
            (void)err_set(e, ERR_FORMAT, "/proc/self/mountinfo: a line is too short");
            return -1;
        }
        (void)str_cut(&line, ' ', &field);
    }
    *out = (struct mounted){.path = mounted_unescape(field, a)};
    (void)str_cut(&line, ' ', &field);
    if (out->path[0] != '/' || field.len == 0) {
        (void)err_set(e, ERR_FORMAT, "/proc/self/mountinfo: a line has an unknown form");
        return -1;
    }
    while (field.len > 0) {
        (void)str_cut(&field, ',', &option);
        out->flags |= flag_of(option);
    }
    return 0;
}

int mounted_below(struct str table, const char *path, struct arena *a, struct mounted **out,
                  size_t *count, struct err *e)
{
    size_t cap = 0;

    *out = NULL;
    *count = 0;
    while (table.len > 0) {
        struct mounted m = {0};
        struct str line = {0};
        bool again = false;

        (void)str_cut(&table, '\n', &line);
        if (line.len == 0) {
            continue;
        }
        if (read_line(line, a, &m, e) < 0) {
            return -1;
        }
        if (!path_is_inside(m.path, path)) {
            continue;
        }
        for (size_t i = 0; i < *count; i++) {
            if (strcmp((*out)[i].path, m.path) == 0) {
                (*out)[i] = m; /* the later mount covers the earlier one */
                again = true;
            }
        }
        if (!again) {
            *out = list_grow(a, *out, *count, &cap, sizeof(**out));
            (*out)[(*count)++] = m;
        }
    }
    return 0;
}

int mounted_restrict(const char *path, unsigned long flags, struct err *e)
{
    struct arena arena = {0};
    struct buf text;
    struct mounted *all = NULL;
    size_t count = 0;
    int rc = -1;

    buf_init(&text, LIMIT_JSON_TEXT);
    if (file_read("/proc/self/mountinfo", &text, e) < 0 ||
        mounted_below(buf_str(&text), path, &arena, &all, &count, e) < 0) {
        goto out;
    }
    if (count == 0 || strcmp(all[0].path, path) != 0) {
        (void)err_set(e, ERR_NOT_FOUND, "%s: not in the mount table", path);
        goto out;
    }
    for (size_t i = 0; i < count; i++) {
        /* EACCES means a mount that this user may not enter. The sandbox may not enter it
         * either. */
        if (mount(NULL, all[i].path, NULL, MS_REMOUNT | MS_BIND | all[i].flags | flags, NULL) <
                0 &&
            !(errno == EACCES && i > 0)) {
            (void)err_sys(e, "%s: set the attributes of the mount", all[i].path);
            goto out;
        }
    }
    rc = 0;
out:
    buf_release(&text);
    arena_release(&arena);
    return rc;
}
