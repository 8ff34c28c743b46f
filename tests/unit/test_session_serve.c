/* SPDX-License-Identifier: MIT */
/* What is said at the end; terminals and detaching: the end-to-end tests. */
#include "session/session_serve.h"

#include "tap.h"

int main(void)
{
    is_int(session_exit_status(&(struct frame_exit){.status = 3}), 3, "a status");
    is_int(session_exit_status(
               &(struct frame_exit){.status = 143, .reason = FRAME_SIGNALED, .signo = 15}),
           143, "a signal");
    is_int(
        session_exit_status(&(struct frame_exit){.status = 137, .reason = FRAME_OUT_OF_MEMORY}),
        137, "out of memory");
    is_int(session_exit_status(&(struct frame_exit){
               .status = 127, .reason = FRAME_NOT_STARTED, .text = str_c("x: not found")}),
           127, "not started");
    is_int(session_left_status("cco-x", false, 0), 0, "a terminal that has left by its keys");
    is_int(session_left_status("cco-x", true, 15), 143, "one that a signal has ended");
    is_int(session_left_status("cco-x", true, 0), 129, "one that has hung up");
    return done_testing();
}
