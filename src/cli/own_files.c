/* SPDX-License-Identifier: MIT */
#include "cli/own_files.h"

#include "base/file_id.h"
#include "plan/untrusted.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *own_dir_stays(const struct facts *f, const char *path)
{
    const char *why = untrusted_why(f, path);
    struct stat st;

    if (why != NULL || lstat(path, &st) < 0) {
        return why != NULL ? why : "it cannot be read";
    }
    if (!S_ISDIR(st.st_mode)) {
        return "it is not a directory, and cco follows no link to remove files";
    }
    return st.st_uid != geteuid() ? "it belongs to another user" : NULL;
}

const char *own_program_stays(const char *exe, struct arena *a)
{
    char here[FILE_ID_SIZE];
    char running[FILE_ID_SIZE] = "";
    const char *slash = exe != NULL ? strrchr(exe, '/') : NULL;
    struct stat st;

    if (slash == NULL || !file_id_of(exe, here)) {
        return "";
    }
    if (stat("/proc/self/exe", &st) == 0) {
        file_id_text(&st, running);
    }
    if (strcmp(here, running) != 0) {
        return "it is not this program any more";
    }
    return access(arena_printf(a, "%.*s/", (int)(slash - exe), exe), W_OK) < 0
               ? arena_printf(a, "you cannot write there: sudo rm %s", exe)
               : NULL;
}
