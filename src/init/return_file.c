/* SPDX-License-Identifier: MIT */
#include "init/return_file.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "init/user_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Reads the whole file. It is read before anything is sent, because the host would take half of
 * the file for all of it. Returns false if the file must not be sent. */
static bool read_whole(const struct boot *b, int fd, struct buf *text)
{
    struct err ignored = {0}; /* the host then keeps its own file */
    struct stat st;

    return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 &&
           st.st_size <= LIMIT_CLAUDE_JSON &&
           file_read_fd(fd, b->return_file, (size_t)st.st_size, text, &ignored) == 0;
}

/* Queues the text as frames. Writes the queue whenever it is full. */
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
        (void)frame_add(&l->tx, FRAME_FILE, piece); /* fits: there is room for a whole frame */
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
    /* The command may have replaced the file by a link or a file that only root may read.
     * O_NONBLOCK: it may be a fifo. */
    fd = open_as_user(b, b->return_file, O_RDONLY | O_NONBLOCK, 0);
    if (fd >= 0 && read_whole(b, fd, &text)) {
        send(l, buf_str(&text));
    }
    fd_close(&fd);
    buf_wipe(&text);
}
