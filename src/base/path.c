/* SPDX-License-Identifier: MIT */
#include "base/path.h"

#include "base/str.h"

#include <string.h>

bool path_is_absolute(const char *path)
{
    return path[0] == '/';
}

char *path_join(struct arena *a, const char *dir, const char *name)
{
    const size_t name_size = strlen(name) + 1;
    size_t len = strlen(dir);
    char *path;

    if (path_is_absolute(name)) {
        return arena_strdup(a, name);
    }
    while (len > 0 && dir[len - 1] == '/') {
        len--;
    }
    path = arena_alloc(a, len + 1 + name_size);
    memcpy(path, dir, len);
    path[len] = '/';
    memcpy(path + len + 1, name, name_size);
    return path;
}

/* Removes the last component of `out`, which has *len bytes, of which the first `root` stay.
 * Returns false if no component is left or the last one is "..". */
static bool go_up(const char *out, size_t *len, size_t root)
{
    size_t at = *len;

    while (at > root && out[at - 1] != '/') {
        at--;
    }
    if (at == *len || (*len - at == 2 && out[at] == '.' && out[at + 1] == '.')) {
        return false;
    }
    *len = at > root ? at - 1 : root;
    return true;
}

char *path_clean(struct arena *a, const char *path)
{
    struct str rest = str_c(path);
    char *out = arena_alloc(a, rest.len + 2);
    size_t root = path_is_absolute(path) ? 1 : 0;
    size_t len = root;

    out[0] = '/';
    while (rest.len > 0) {
        struct str part = {0};

        (void)str_cut(&rest, '/', &part);
        if (part.len == 0 || str_eq_c(part, ".")) {
            continue;
        }
        if (str_eq_c(part, "..") && (root == 1 || go_up(out, &len, root))) {
            if (root == 1) {
                (void)go_up(out, &len, root);
            }
            continue;
        }
        if (len > root) {
            out[len++] = '/';
        }
        memcpy(out + len, part.p, part.len);
        len += part.len;
    }
    if (len == 0) {
        out[len++] = '.';
    }
    out[len] = '\0';
    return out;
}

bool path_is_inside(const char *path, const char *dir)
{
    size_t len = strlen(dir);

    if (len == 1 && dir[0] == '/') {
        return path_is_absolute(path);
    }
    return strncmp(path, dir, len) == 0 && (path[len] == '\0' || path[len] == '/');
}

const char *path_base(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

char *path_dir(struct arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');

    if (slash == NULL) {
        return arena_strdup(a, ".");
    }
    if (slash == path) {
        return arena_strdup(a, "/");
    }
    return arena_str(a, str_n(path, (size_t)(slash - path)));
}

const char *path_word(struct arena *a, const char *path)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+@:,%=";
    const size_t len = strlen(path);
    char *word;
    size_t at = 0;

    if (strspn(path, plain) == len) {
        return path;
    }
    word = arena_alloc(a, len * 4 + 3);
    word[at++] = '\'';
    for (size_t i = 0; i < len; i++) {
        if (path[i] == '\'') { /* ends the quotes, and begins new ones behind it */
            word[at++] = '\'';
            word[at++] = '\\';
            word[at++] = '\'';
        }
        word[at++] = path[i];
    }
    word[at++] = '\'';
    word[at] = '\0';
    return word;
}

const char *path_named(struct arena *a, const char *home, const char *dir, const char *name)
{
    if (strncmp(name, "~/", 2) == 0) {
        dir = home;
        name += 2;
    } else if (path_is_absolute(name)) {
        return path_clean(a, name);
    } else if (name[0] == '\0' || name[0] == '~') {
        return NULL;
    }
    return dir != NULL ? path_clean(a, path_join(a, dir, name)) : NULL;
}
