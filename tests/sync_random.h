/* SPDX-License-Identifier: MIT */
/* Random changes of the trees of tests/sync.h. The names are few, so that both sides often
 * change the same path. Each written file has a unique content, so that a test can find out
 * whether a content was lost. */
#ifndef TESTS_SYNC_RANDOM_H
#define TESTS_SYNC_RANDOM_H

#include "sync.h"

struct chance {
    uint64_t state;
    unsigned serial; /* number of the next content */
};

/* Returns a random number from 0 to n - 1. */
static unsigned chance_below(struct chance *c, unsigned n)
{
    c->state = c->state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(c->state >> 33) % n;
}

/* Writes a random path of one to three names below a side ("local", "remote"). */
static void random_path(struct chance *c, const char *side, char *out, size_t size)
{
    static const char *const names[] = {"a", "b", "d", "d.x", "\xc3\xa9", "e\xff"};
    unsigned depth = 1 + chance_below(c, 3);
    size_t len = (size_t)snprintf(out, size, "%s/%s", tmpdir, side);

    for (unsigned i = 0; i < depth; i++) {
        len += (size_t)snprintf(out + len, size - len, "/%s", names[chance_below(c, 6)]);
    }
}

/* Returns true if the path contains a link, or with `itself` is a link, because a change would
 * then be made outside of the tree. */
static bool through_link(const char *path, bool itself)
{
    size_t start = strlen(tmpdir) + 1;
    char part[512];
    struct stat st;

    for (size_t i = start; path[i] != '\0'; i++) {
        if (path[i] == '/') {
            (void)snprintf(part, sizeof(part), "%.*s", (int)i, path);
            if (lstat(part, &st) == 0 && S_ISLNK(st.st_mode)) {
                return true;
            }
        }
    }
    return itself && lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
}

/* Sets a unique time, because two files with the same length and time count as the same. */
static void random_time(struct chance *c, const char *path)
{
    const struct timespec times[2] = {{1600000000 + c->serial, 0}, {1600000000 + c->serial, 0}};

    c->serial++;
    (void)utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW);
}

/* Makes one random change. It may fail, because a parent is not a directory or the name
 * exists. */
__attribute__((unused)) static void random_change(struct chance *c, const char *side)
{
    char path[512];
    char text[64];
    struct err e = {0};
    int fd;

    unsigned what = chance_below(c, 10);

    random_path(c, side, path, sizeof(path));
    if (through_link(path, what > 2)) {
        return;
    }
    switch (what) {
    case 0:
        (void)file_remove_tree(path, &e);
        break;
    case 1:
        (void)file_remove_tree(path, &e);
        /* a dangling link, so that no later change is made through it */
        (void)symlink(chance_below(c, 2) == 0 ? "/nowhere/a" : "../not here/a", path);
        break;
    case 2:
        (void)file_remove_tree(path, &e);
        (void)mkdir(path, 0755);
        break;
    case 3:
        (void)fchmodat(AT_FDCWD, path, chance_below(c, 2) == 0 ? 0755 : 0700, 0);
        break;
    case 4:
        random_time(c, path);
        break;
    case 5:
    case 6:
        (void)mkdir(path, 0755);
        break;
    default:
        (void)snprintf(text, sizeof(text), "<%u>", c->serial++ % 100000 + 100000);
        if (chance_below(c, 3) == 0) {
            (void)strcat(text, " longer");
        }
        fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
        if (fd >= 0) {
            (void)!write(fd, text, strlen(text));
            (void)close(fd);
            random_time(c, path);
        }
    }
}

/* Adds the contents "<NNNNNN>" of all files below a directory of the test to `out`. */
static void contents_in(int dir, struct buf *out)
{
    DIR *d = fdopendir(dir);
    const struct dirent *entry;

    if (d == NULL) {
        abort();
    }
    while ((entry = readdir(d)) != NULL) {
        char text[64];
        struct stat st;
        int fd;

        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
            fstatat(dirfd(d), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
            S_ISLNK(st.st_mode)) {
            continue;
        }
        fd = openat(dirfd(d), entry->d_name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
        if (fd >= 0 && S_ISDIR(st.st_mode)) {
            contents_in(fd, out);
        } else if (fd >= 0) {
            ssize_t len = read(fd, text, 8);

            (void)buf_add(out, text, len > 0 ? (size_t)len : 0);
            (void)buf_add_byte(out, '\n');
            (void)close(fd);
        }
    }
    (void)closedir(d);
}

/* Initializes `out` with the contents of all files of a side. */
__attribute__((unused)) static void contents_of(const char *side, struct buf *out)
{
    int fd = open(in_tmp(side), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    buf_init(out, 1 << 22);
    if (fd >= 0) {
        contents_in(fd, out);
    }
    (void)buf_c(out);
}

/* Returns true if each content of `from` that is not in `old` is in `to`, so that no content
 * that was written since is lost. */
__attribute__((unused)) static bool nothing_lost(struct buf *from, struct buf *old,
                                                 struct buf *to)
{
    struct str rest = buf_str(from);
    struct str one;

    while (str_cut(&rest, '\n', &one)) {
        char text[32];

        (void)snprintf(text, sizeof(text), "%.*s", (int)one.len, one.p);
        if (!str_contains(buf_str(old), text) && !str_contains(buf_str(to), text)) {
            (void)printf("#   lost: %s\n", text);
            return false;
        }
    }
    return true;
}

/* Returns true if no temporary file is left on either side. */
__attribute__((unused)) static bool no_temporaries(void)
{
    struct buf a;
    struct buf b;
    bool none;

    tree_of("local", false, &a);
    tree_of("remote", false, &b);
    none = !str_contains(buf_str(&a), ".cco-sync.") && !str_contains(buf_str(&b), ".cco-sync.");
    buf_release(&a);
    buf_release(&b);
    return none;
}

#endif
