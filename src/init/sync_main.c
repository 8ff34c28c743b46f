/* SPDX-License-Identifier: MIT */
#include "init/sync_main.h"

#include "base/exit_status.h"
#include "base/fd.h"
#include "base/log.h"
#include "init/drop.h"
#include "sync/sync.h"

#include <linux/capability.h>
#include <unistd.h>

enum { READ_MAX = 1 << 20 };

/* Implements sync_io.fill: reads bytes of the host. */
static int on_fill(struct sync_io *io, struct buf *in, struct err *e)
{
    size_t room = buf_room(in) < (size_t)READ_MAX ? buf_room(in) : (size_t)READ_MAX;
    char *p = buf_reserve(in, room);
    ssize_t got = p == NULL ? 0 : fd_read(STDIN_FILENO, p, room);

    (void)io;
    if (got <= 0) {
        return got < 0 ? err_sys(e, "standard input")
                       : err_set(e, ERR_EOF, "cco closed the connection");
    }
    buf_commit(in, (size_t)got);
    return 0;
}

/* Implements sync_io.send: writes bytes to the host. */
static int on_send(struct sync_io *io, struct str data, struct err *e)
{
    (void)io;
    return fd_write_all(STDOUT_FILENO, data.p, data.len, e);
}

int sync_main(void)
{
    struct sync_io io = {.fill = on_fill, .send = on_send};
    struct err e = {0};

    if (drop_all_but(1U << CAP_CHOWN | 1U << CAP_DAC_OVERRIDE | 1U << CAP_FOWNER, &e) < 0 ||
        sync_serve(&io, &e) < 0) {
        log_error("sync: %s", e.text);
        return EXIT_CCO;
    }
    return 0;
}
