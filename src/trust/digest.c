/* SPDX-License-Identifier: MIT */
#include "trust/digest.h"

#include "base/arena.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/list.h"
#include "base/path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PERMISSIONS = 07777 };

int digest_file(const char *path, struct buf *text, char out[SHA256_HEX], struct err *e)
{
    struct sha256 h;
    struct buf own;
    struct stat st;
    size_t start;
    int rc = -1;
    int fd = file_open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0, e);

    if (fd < 0) {
        return -1;
    }
    buf_init(&own, DIGEST_BYTES);
    text = text != NULL ? text : &own;
    start = text->len;
    if (fstat(fd, &st) < 0) {
        (void)err_sys(e, "%s", path);
    } else if (!S_ISREG(st.st_mode)) {
        (void)err_set(e, ERR_REFUSED, "%s: not a regular file", path);
    } else {
        rc = file_read_fd(fd, path, 0, text, e);
    }
    if (rc == 0) {
        sha256_init(&h);
        sha256_add(&h, buf_str(text).p + start, buf_str(text).len - start);
        sha256_hex(&h, out);
    }
    fd_close(&fd);
    buf_wipe(&own);
    return rc;
}

/* The walk through a directory. */
struct walk {
    struct arena a;
    const char *root;
    struct strv found; /* the paths of everything below it, relative to it */
    struct sha256 h;
    uint64_t bytes; /* of the files so far */
};

static size_t depth_of(const char *path)
{
    size_t depth = 0;

    for (; *path != '\0'; path++) {
        depth += *path == '/';
    }
    return depth;
}

/* Adds the names in the directory `dir`, relative to the root ("": the root). */
static int list(struct walk *w, const char *dir, struct err *e)
{
    const char *path = path_join(&w->a, w->root, dir);
    const struct dirent *entry;
    int fd = file_open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0, e);
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;

    if (d == NULL) {
        fd_close(&fd);
        return e->kind != ERR_NONE ? -1 : err_sys(e, "%s", path);
    }
    while ((entry = readdir(d)) != NULL && w->found.count <= DIGEST_ENTRIES) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            strv_add(&w->found, &w->a,
                     dir[0] == '\0' ? arena_strdup(&w->a, entry->d_name)
                                    : path_join(&w->a, dir, entry->d_name));
        }
    }
    (void)closedir(d);
    if (w->found.count > DIGEST_ENTRIES || depth_of(dir) > DIGEST_DEPTH) {
        return err_set(e, ERR_LIMIT, "%s contains more than %d files, or more than %d levels",
                       w->root, DIGEST_ENTRIES, DIGEST_DEPTH);
    }
    return 0;
}

/* Returns true if the link at `path`, relative to the root, leads to a place below the root.
 * Behind the first name, ".." is not accepted, because that name can be another link. */
static bool stays_inside(const char *path, const char *target)
{
    size_t up = 0;
    struct str rest = str_c(target);
    struct str name = {0};
    bool named = false;

    if (target[0] == '/') {
        return false;
    }
    while (rest.len > 0) {
        (void)str_cut(&rest, '/', &name);
        if (name.len == 0 || str_eq_c(name, ".")) {
            continue;
        }
        if (!str_eq_c(name, "..")) {
            named = true;
        } else if (named || ++up > depth_of(path)) {
            return false;
        }
    }
    return true;
}

static void hash_text(struct walk *w, const char *text)
{
    sha256_add(&w->h, text, strlen(text) + 1);
}

static int add_link(struct walk *w, const char *name, const char *path, struct err *e)
{
    char target[PATH_MAX];
    ssize_t len = readlink(path, target, sizeof(target) - 1);

    if (len < 0) {
        return err_sys(e, "%s", path);
    }
    target[len] = '\0';
    if ((size_t)len == sizeof(target) - 1 || !stays_inside(name, target)) {
        return err_set(e, ERR_REFUSED, "%s is a link that leads out of %s", path, w->root);
    }
    hash_text(w, "link");
    hash_text(w, target);
    return 0;
}

/* Adds one object to the digest, and the content of a directory to the list. */
static int add(struct walk *w, const char *name, struct err *e)
{
    const char *path = path_join(&w->a, w->root, name);
    char hex[SHA256_HEX];
    struct stat st;

    if (lstat(path, &st) < 0) {
        return err_sys(e, "%s", path);
    }
    hash_text(w, name);
    if (S_ISLNK(st.st_mode)) {
        return add_link(w, name, path, e);
    }
    hash_text(w, arena_printf(&w->a, "%o", (unsigned)st.st_mode & PERMISSIONS));
    if (S_ISDIR(st.st_mode)) {
        hash_text(w, "directory");
        return list(w, name, e);
    }
    if (S_ISREG(st.st_mode) && (uint64_t)st.st_size > DIGEST_BYTES - w->bytes) {
        return err_set(e, ERR_LIMIT, "%s contains more than %d MiB", w->root,
                       DIGEST_BYTES >> 20);
    }
    if (digest_file(path, NULL, hex, e) < 0) {
        return -1;
    }
    w->bytes += (uint64_t)st.st_size;
    hash_text(w, "file");
    hash_text(w, hex);
    return 0;
}

int digest_dir(const char *path, char out[SHA256_HEX], struct err *e)
{
    struct walk w = {.root = path};
    struct err own = {0};
    int rc;

    sha256_init(&w.h);
    rc = list(&w, "", &own);
    for (size_t done = 0; rc == 0 && done < w.found.count;) {
        /* Each round takes the names that the rounds before found, in byte order. */
        struct strv round = {.v = w.found.v + done, .count = w.found.count - done};

        strv_sort(&round);
        done = w.found.count;
        for (size_t i = 0; rc == 0 && i < round.count; i++) {
            rc = add(&w, round.v[i], &own);
        }
    }
    if (rc == 0) {
        sha256_hex(&w.h, out);
    } else {
        *e = own;
    }
    arena_release(&w.a);
    return rc;
}
