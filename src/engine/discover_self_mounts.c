/* SPDX-License-Identifier: MIT */
#include "engine/discover_self_mounts.h"

#include "native/mounted.h"

#include <string.h>

enum { ID_DIGITS = 64, SHORT_ID_DIGITS = 12 };

/* One line of mountinfo. */
struct line {
    struct str root;    /* the path in its file system that is mounted */
    struct str target;  /* the mountpoint, escaped: a blank is \040 */
    struct str options; /* of the file system; the last field of the line */
};

/* Cuts the first word off *rest. */
static struct str word(struct str *rest)
{
    struct str w = {0};

    (void)str_cut(rest, ' ', &w);
    return w;
}

/* Cuts the next usable line off *text. Returns false if there is none. */
static bool next_line(struct str *text, struct line *out)
{
    while (text->len > 0) {
        struct str rest = {0};
        struct str last = {0};

        (void)str_cut(text, '\n', &rest);
        (void)word(&rest); /* the mount's id */
        (void)word(&rest); /* the id of its parent mount */
        (void)word(&rest); /* the device, "8:1" */
        out->root = word(&rest);
        out->target = word(&rest);
        while (rest.len > 0) {
            last = word(&rest);
        }
        out->options = last;
        if (str_starts(out->target, "/")) {
            return true;
        }
    }
    return false;
}

static bool is_engines_file(struct str target)
{
    return str_eq_c(target, "/etc/hostname") || str_eq_c(target, "/etc/hosts");
}

bool own_is_container(struct str mountinfo)
{
    struct line l;

    while (next_line(&mountinfo, &l)) {
        if (is_engines_file(l.target)) {
            return true;
        }
    }
    return false;
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

static void add_id(struct str id, struct arena *a, struct strv *out)
{
    const char *copy = arena_str(a, id);

    if (!strv_has(out, copy)) {
        strv_add(out, a, copy);
    }
}

/* Adds every sequence of exactly 64 hex digits in the text. */
static void find_ids(struct str text, struct arena *a, struct strv *out)
{
    size_t run = 0;

    for (size_t i = 0; i <= text.len; i++) {
        if (i < text.len && is_hex(text.p[i])) {
            run++;
            continue;
        }
        if (run == ID_DIGITS) {
            add_id(str_n(text.p + i - run, run), a, out);
        }
        run = 0;
    }
}

void own_ids(const struct own_texts *t, struct arena *a, struct strv *out)
{
    struct str mountinfo = t->mountinfo;
    struct str name = str_c(t->hostname);
    size_t digits = 0;
    struct line l;

    find_ids(t->podman, a, out);
    find_ids(t->cgroup, a, out);
    /* In a pod of Kubernetes these files are in the directory of another container, so that
     * their ids are less probable. */
    while (next_line(&mountinfo, &l)) {
        if (is_engines_file(l.target) || str_eq_c(l.target, "/etc/resolv.conf")) {
            find_ids(l.root, a, out);
        }
    }
    while (digits < name.len && is_hex(name.p[digits])) {
        digits++;
    }
    if (digits == SHORT_ID_DIGITS && name.len == digits) {
        add_id(name, a, out);
    }
}

/* Returns the directory of "upperdir=..." in the options of an overlay, and NULL if there is
 * none. */
static const char *upper_dir(struct str options, struct arena *a)
{
    while (options.len > 0) {
        struct str option = {0};

        (void)str_cut(&options, ',', &option);
        if (str_starts(option, "upperdir=")) {
            return mounted_unescape(str_drop(option, strlen("upperdir=")), a);
        }
    }
    return NULL;
}

/* The marks by which cco recognizes its own container, as this process sees them. NULL: not
 * known. */
struct marks {
    const char *hostname; /* the file that is mounted at /etc/hostname, in its file system */
    const char *upper;    /* the upper directory of the overlay that is mounted at / */
};

static struct marks read_marks(struct str mountinfo, struct arena *a)
{
    struct marks m = {0};
    struct line l;

    while (next_line(&mountinfo, &l)) {
        if (str_eq_c(l.target, "/etc/hostname")) {
            m.hostname = mounted_unescape(l.root, a);
        } else if (str_eq_c(l.target, "/")) {
            m.upper = upper_dir(l.options, a);
        }
    }
    return m;
}

static bool ends_with(const char *path, const char *end)
{
    size_t len = path != NULL ? strlen(path) : 0;
    size_t end_len = end != NULL ? strlen(end) : 0;

    return end_len > 0 && len >= end_len && strcmp(path + len - end_len, end) == 0;
}

/* Returns whether something is mounted at `target`. If links lead to the target, the mountpoint
 * has another path, of which only the last component is the same. */
static bool is_mounted(const struct strv *targets, const char *target)
{
    const char *name = strrchr(target, '/');

    for (size_t i = 0; i < targets->count; i++) {
        if (strcmp(targets->v[i], target) == 0 || ends_with(targets->v[i], name)) {
            return true;
        }
    }
    return false;
}

bool own_is_this(struct str mountinfo, struct json container, struct arena *a)
{
    struct marks here = read_marks(mountinfo, a);
    const char *hostname = json_string_dup(json_get(container, "HostnamePath"), a);
    const char *upper = json_string_dup(json_path(container, "GraphDriver.Data.UpperDir"), a);
    struct own_mount *mounts = NULL;
    struct strv targets = {0};
    size_t count = 0;

    if (!json_true(json_path(container, "State.Running"))) {
        return false;
    }
    if (upper != NULL && here.upper != NULL) {
        return strcmp(upper, here.upper) == 0;
    }
    /* The engine reports the file's whole path. The path in mountinfo begins at the root of the
     * file system, so it lacks the mountpoint, and is only the end of the engine's path. */
    if (hostname != NULL && hostname[0] != '\0' && here.hostname != NULL) {
        return ends_with(hostname, here.hostname);
    }
    own_targets(mountinfo, a, &targets);
    own_shared(container, a, &mounts, &count);
    for (size_t i = 0; i < count; i++) {
        if (!is_mounted(&targets, mounts[i].target)) {
            return false;
        }
    }
    return count > 0;
}

void own_shared(struct json container, struct arena *a, struct own_mount **out, size_t *count)
{
    struct json_iter it = json_iter(json_get(container, "Mounts"));
    struct json m;
    size_t cap = 0;

    *out = NULL;
    *count = 0;
    while (json_next(&it, NULL, &m)) {
        struct own_mount one = {
            .target = json_string_dup(json_get(m, "Destination"), a),
            .source = json_string_dup(json_get(m, "Source"), a),
            .read_only = json_get(m, "RW").type == JSON_FALSE,
        };

        if ((json_is(json_get(m, "Type"), "bind") || json_is(json_get(m, "Type"), "volume")) &&
            one.target != NULL && one.target[0] == '/' && one.source != NULL &&
            one.source[0] == '/') {
            *out = list_grow(a, *out, *count, &cap, sizeof((*out)[0]));
            (*out)[(*count)++] = one;
        }
    }
}

void own_targets(struct str mountinfo, struct arena *a, struct strv *out)
{
    struct line l;

    while (next_line(&mountinfo, &l)) {
        strv_add(out, a, mounted_unescape(l.target, a));
    }
    strv_sort(out);
}
