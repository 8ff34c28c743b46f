/* SPDX-License-Identifier: MIT */
#include "session/ssh_agent.h"

#include "base/fd.h"
#include "base/log.h"
#include "base/unix_socket.h"
#include "session/agent_keeper.h"
#include "wire/frame.h"

void ssh_agent_pass(const struct plan *p, const struct facts *f, const struct session *s)
{
    struct err e = {0};
    struct buf frame;
    int fd = -1;

    if (p->ssh_agent == NULL) {
        return;
    }
    buf_init(&frame, FRAME_HEAD);
    (void)frame_add(&frame, FRAME_AGENT, str_n(NULL, 0)); /* fits: the buffer has the size */
    if (s->wrapped || s->ops->read != NULL) {
        (void)err_set(&e, ERR_REFUSED, "the engine carries the bytes of this session");
    } else if ((fd = agent_keeper_start(f, &e)) >= 0) {
        (void)unix_socket_send(s->fd, buf_data(&frame), frame.len, &fd, 1, &e);
    }
    fd_close(&fd);
    buf_release(&frame);
    if (e.kind != ERR_NONE) {
        log_warn("the ssh agent does not work in the sandbox: %s", e.text);
    }
}
