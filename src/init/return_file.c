/* SPDX-License-Identifier: MIT */
#include "init/return_file.h"

#include "base/fd.h"
#include "base/limits.h"
#include "init/user_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* All of it before anything is sent: half a file would be taken for a whole one. */
static bool read_whole(int fd, struct buf *text)
{
    struct stat st;
    ssize_t got = 1;

    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size <= 0 ||
        st.st_size > LIMIT_CLAUDE_JSON) {
        return false;
    }
    while (got > 0) {
        char *p = buf_reserve(text, buf_room(text) < FRAME_MAX ? buf_room(text) : FRAME_MAX);

        if (p == NULL || buf_room(text) == 0) {
            return false;
        }
        got = fd_read(fd, p, buf_room(text) < FRAME_MAX ? buf_room(text) : FRAME_MAX);
        if (got > 0) {
            buf_commit(text, (size_t)got);
        }
    }
    return got == 0;
}

static void send(struct line *l, struct str text)
{
    while (text.len > 0) {
        struct str piece = str_n(text.p, text.len < FRAME_MAX ? text.len : FRAME_MAX);

        if (frame_room(&l->tx) <= FRAME_MAX) {
            line_drain(l, -1);
            if (frame_room(&l->tx) <= FRAME_MAX) {
                return; /* nobody is there any more */
            }
        }
        (void)frame_add(&l->tx, FRAME_FILE, piece); /* the room was looked at */
        text = str_drop(text, piece.len);
    }
}

void return_file(const struct boot *b, struct line *l)
{
    struct buf text;
    int fd;

    if (b->return_file == NULL) {
        return;
    }
    buf_init(&text, LIMIT_CLAUDE_JSON + FRAME_MAX);
    /* Whatever the command put in its place leads to nothing that the user could not read. */
    fd = open_as_user(b, b->return_file, O_RDONLY | O_NONBLOCK, 0);
    if (fd >= 0 && read_whole(fd, &text)) {
        send(l, buf_str(&text));
    }
    fd_close(&fd);
    buf_wipe(&text);
}
