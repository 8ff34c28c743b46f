/* SPDX-License-Identifier: MIT */
#include "host/live_sockets.h"

#include "base/buf.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/path.h"
#include "trust/lookup.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

enum {
    BLOCK = 32 << 10,
    ACCEPTS = 0x10000, /* the kernel's flag __SO_ACCEPTCON: the socket listens */
    TYPE_DGRAM = 2,
    /* The fields of a line: Num RefCount Protocol Flags Type St Inode Path. */
    FIELD_FLAGS = 3,
    FIELD_TYPE = 4,
    FIELD_PATH = 7
};

bool live_socket_line(struct str line, struct str *path)
{
    uint64_t flags = 0;
    uint64_t type = 0;

    for (size_t i = 0; i < FIELD_PATH; i++) {
        struct str field = {0};

        while (str_starts(line, " ")) {
            line = str_drop(line, 1);
        }
        (void)str_cut(&line, ' ', &field);
        if ((i == FIELD_FLAGS && !str_u64(field, 16, UINT32_MAX, &flags)) ||
            (i == FIELD_TYPE && !str_u64(field, 16, UINT32_MAX, &type))) {
            return false;
        }
    }
    if (!str_starts(line, "/") || ((flags & ACCEPTS) == 0 && type != TYPE_DGRAM)) {
        return false;
    }
    *path = line;
    return true;
}

static void take(struct str line, bool with_run, struct arena *a, struct strv *out)
{
    struct str path = {0};
    const char *physical;
    struct stat st;

    if (!live_socket_line(line, &path) || path.len >= LIMIT_PATH ||
        (!with_run && (str_starts(path, "/run/") || str_starts(path, "/var/run/")))) {
        return;
    }
    physical = lookup_physical(a, arena_str(a, path));
    if (physical != NULL && lstat(physical, &st) == 0 && S_ISSOCK(st.st_mode)) {
        strv_add(out, a, physical);
    }
}

void host_live_sockets(struct arena *a, bool with_run, struct strv *out)
{
    struct err ignored = {0};
    int fd = file_open("/proc/net/unix", O_RDONLY, 0, &ignored);
    struct buf text;
    ssize_t n;

    buf_init(&text, BLOCK + 2 * LIMIT_PATH);
    while (fd >= 0) {
        char *p = buf_reserve(&text, BLOCK);
        size_t at;

        n = p != NULL ? fd_read(fd, p, BLOCK) : -1;
        if (n <= 0) {
            break;
        }
        buf_commit(&text, (size_t)n);
        while ((at = str_index(buf_str(&text), '\n')) < text.len) {
            take(str_n(buf_data(&text), at), with_run, a, out);
            buf_drop(&text, at + 1);
        }
        if (text.len > LIMIT_PATH) {
            buf_reset(&text); /* not a line of the kernel's */
        }
    }
    buf_release(&text);
    fd_close(&fd);
}
