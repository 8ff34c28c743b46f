/* SPDX-License-Identifier: MIT */
#include "session/resume.h"

#include "base/fd.h"
#include "base/log.h"
#include "creds/journal.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUFFIX ".jsonl"

/* A project with more files is not searched to its end. */
enum { ENTRIES_MAX = 1 << 16, MS_PER_S = 1000, NS_PER_MS = 1000000 };

bool resume_is_id(struct str id)
{
    for (size_t i = 0; i < id.len; i++) {
        const char c = id.p[i];
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (dash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            return false;
        }
    }
    return id.len == RESUME_ID_LEN;
}

/* Returns the id of the newest conversation in `d` that is not older than `since_ms`. */
static const char *newest(DIR *d, int64_t since_ms, struct arena *a)
{
    const struct dirent *entry;
    const char *id = NULL;
    struct timespec best = {.tv_sec = since_ms / MS_PER_S,
                            .tv_nsec = since_ms % MS_PER_S * NS_PER_MS};

    for (int i = 0; i < ENTRIES_MAX && (entry = readdir(d)) != NULL; i++) {
        const struct str name = str_c(entry->d_name);
        struct stat st;

        if (!str_ends(name, SUFFIX) ||
            !resume_is_id(str_n(name.p, name.len - sizeof(SUFFIX) + 1)) ||
            fstatat(dirfd(d), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
            !S_ISREG(st.st_mode) || st.st_size == 0 || st.st_mtim.tv_sec < best.tv_sec ||
            (st.st_mtim.tv_sec == best.tv_sec && st.st_mtim.tv_nsec < best.tv_nsec)) {
            continue;
        }
        best = st.st_mtim;
        id = arena_str(a, str_n(name.p, RESUME_ID_LEN));
    }
    return id;
}

const char *resume_find(const char *dir, struct arena *a)
{
    const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    struct journal j;
    struct err ignored = {0};
    const char *id = NULL;
    int fd = -1;
    DIR *d;

    if (journal_read(dir, a, &j, &ignored) < 0 || !j.converses || j.transcripts == NULL ||
        j.started_ms == 0) {
        return NULL;
    }
    fd = open(j.transcripts, flags);
    d = fd >= 0 ? fdopendir(fd) : NULL;
    if (d == NULL) {
        fd_close(&fd);
        return NULL;
    }
    id = newest(d, j.started_ms, a);
    (void)closedir(d);
    return id;
}

void resume_tell(const char *id)
{
    if (id != NULL && isatty(STDERR_FILENO) == 1) {
        log_info("in the sandbox again: cco --resume %s", id);
    }
}
