/* SPDX-License-Identifier: MIT */
#include "init/return_file.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "init/user_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Reads all of the file before anything is sent: the host would take half a file for a whole
 * one. */
static bool read_whole(const struct boot *b, int fd, struct buf *text)
{
    struct err ignored = {0}; /* the host's file stays as it is then */
    struct stat st;

    return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 &&
           st.st_size <= LIMIT_CLAUDE_JSON &&
           file_read_fd(fd, b->return_file, (size_t)st.st_size, text, &ignored) == 0;
}

static void send(struct line *l, struct str text)
{
    while (text.len > 0) {
        struct str piece = str_n(text.p, text.len < FRAME_MAX ? text.len : FRAME_MAX);

        if (frame_room(&l->tx) <= FRAME_MAX) {
            line_drain(l, -1);
            if (frame_room(&l->tx) <= FRAME_MAX) {
                return; /* the line is lost */
            }
        }
        (void)frame_add(&l->tx, FRAME_FILE, piece); /* there is room */
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
    /* If the command has replaced the file, the user's rights still apply. */
    fd = open_as_user(b, b->return_file, O_RDONLY | O_NONBLOCK, 0);
    if (fd >= 0 && read_whole(b, fd, &text)) {
        send(l, buf_str(&text));
    }
    fd_close(&fd);
    buf_wipe(&text);
}
