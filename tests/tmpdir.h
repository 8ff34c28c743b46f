/* SPDX-License-Identifier: MIT */
/* A private directory for a test's files. */
#ifndef TESTS_TMPDIR_H
#define TESTS_TMPDIR_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

static char tmpdir[64];

/* Makes the directory. Its path is then in `tmpdir`. */
__attribute__((unused)) static void tmpdir_make(void)
{
    (void)snprintf(tmpdir, sizeof(tmpdir), "/tmp/cco-test.XXXXXX");
    if (mkdtemp(tmpdir) == NULL) {
        abort();
    }
}

/* Removes the directory with everything in it. */
__attribute__((unused)) static void tmpdir_remove(void)
{
    struct err e = {0};

    (void)file_remove_tree(tmpdir, &e);
}

/* Returns how many files and directories are directly in the directory. */
__attribute__((unused)) static int entries(void)
{
    struct dirent **list = NULL;
    int n = scandir(tmpdir, &list, NULL, NULL);

    for (int i = 0; i < n; i++) {
        free(list[i]);
    }
    free(list);
    return n - 2;
}

/* Returns the path of a name in the directory. The last four results may be used at the same
 * time. */
__attribute__((unused)) static const char *in_tmp(const char *name)
{
    static char paths[4][512];
    static unsigned at;

    at = (at + 1) % 4;
    (void)snprintf(paths[at], sizeof(paths[at]), "%s/%s", tmpdir, name);
    return paths[at];
}

/* Writes a file, and replaces its content if it exists. A failure ends the test. */
__attribute__((unused)) static void put_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "we");

    if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0) {
        (void)printf("# cannot write %s\n", path);
        abort();
    }
}

/* The same for a path below the directory. Makes the directories on the way. */
__attribute__((unused)) static void put_below(const char *name, const char *text)
{
    char dir[512];
    struct err e = {0};

    (void)snprintf(dir, sizeof(dir), "%s/%s", tmpdir, name);
    *strrchr(dir, '/') = '\0';
    if (file_mkdirs(dir, 0700, &e) < 0) {
        (void)printf("# %s\n", e.text);
        abort();
    }
    put_file(in_tmp(name), text);
}

/* Returns the first 64 KiB of a file as text, and "(none)" if it cannot be read. The result is
 * valid until the next call. */
__attribute__((unused)) static const char *get_file(const char *path)
{
    static char text[1 << 16];
    FILE *f = fopen(path, "re");
    size_t n;

    if (f == NULL) {
        return "(none)";
    }
    n = fread(text, 1, sizeof(text) - 1, f);
    (void)fclose(f);
    text[n] = '\0';
    return text;
}

/* Returns the permission bits of a file, and -1 if it does not exist. */
__attribute__((unused)) static int mode_of(const char *path)
{
    struct stat st;

    return lstat(path, &st) < 0 ? -1 : (int)(st.st_mode & 07777);
}

#endif
