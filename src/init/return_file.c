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
static bool read_whole(int fd, const char *path, size_t max, struct buf *text)
{
    struct err ignored = {0}; /* the host then keeps its own file */
    struct stat st;

    return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 &&
           (uint64_t)st.st_size <= max &&
           file_read_fd(fd, path, (size_t)st.st_size, text, &ignored) == 0;
}

/* Queues the text as frames that begin with `head`. Writes the queue whenever it is full. */
static void send(struct line *l, enum frame_type type, struct str head, struct str text)
{
    struct buf payload;

    buf_init(&payload, FRAME_MAX);
    while (text.len > 0) {
        const size_t room = FRAME_MAX - head.len;
        const struct str piece = str_n(text.p, text.len < room ? text.len : room);

        if (frame_room(&l->tx) <= FRAME_MAX) {
            line_drain(l, -1);
            if (frame_room(&l->tx) <= FRAME_MAX) {
                break; /* the line is lost */
            }
        }
        buf_reset(&payload);
        (void)buf_add_str(&payload, head);
        (void)buf_add_str(&payload, piece);
        (void)frame_add(&l->tx, type, buf_str(&payload)); /* fits: a whole frame does */
        text = str_drop(text, piece.len);
    }
    buf_wipe(&payload);
}

static void send_file(const struct boot *b, struct line *l, enum frame_type type,
                      struct str head, const char *path)
{
    const size_t max = type == FRAME_FILE ? LIMIT_CLAUDE_JSON : LIMIT_FILE_SMALL;
    struct buf text;
    int fd;

    buf_init(&text, max + FRAME_MAX);
    /* The command may have replaced the file by a link or a file that only root may read.
     * O_NONBLOCK: it may be a fifo. */
    fd = open_as_user(b, path, O_RDONLY | O_NONBLOCK, 0);
    if (fd >= 0 && read_whole(fd, path, max, &text)) {
        send(l, type, head, buf_str(&text));
    }
    fd_close(&fd);
    buf_wipe(&text);
}

void return_files(const struct boot *b, struct line *l)
{
    struct arena a = {0};

    if (b->return_file != NULL) {
        send_file(b, l, FRAME_FILE, str_n(NULL, 0), b->return_file);
    }
    for (size_t i = 0; i < b->return_copies.count; i++) {
        struct str path = str_c(b->return_copies.v[i]);
        struct str name = {0};

        if (str_cut(&path, ' ', &name) && name.len <= LIMIT_NAME) {
            /* The name with the NUL behind it that arena_str() adds. */
            send_file(b, l, FRAME_COPY, str_n(arena_str(&a, name), name.len + 1),
                      arena_str(&a, path));
        }
    }
    arena_release(&a);
}
