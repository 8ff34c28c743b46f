/* SPDX-License-Identifier: MIT */
/* Exit statuses. The end-to-end tests have terminals and detach them. */
#include "session/session_serve.h"

#include "tap.h"

int main(void)
{
    is_int(session_exit_status(&(struct frame_exit){.status = 3}), 3,
           "an exit status is passed on");
    is_int(session_exit_status(
               &(struct frame_exit){.status = 143, .reason = FRAME_SIGNALED, .signo = 15}),
           143, "the status of a signal is passed on");
    is_int(
        session_exit_status(&(struct frame_exit){.status = 137, .reason = FRAME_OUT_OF_MEMORY}),
        137, "the status of a command that ran out of memory is passed on");
    is_int(session_exit_status(&(struct frame_exit){
               .status = 127, .reason = FRAME_NOT_STARTED, .text = str_c("x: not found")}),
           127, "the status of a command that was not started is passed on");
    is_int(session_left_status("cco-x", false, 0), 0, "the status of a detached terminal is 0");
    is_int(session_left_status("cco-x", true, 15), 143,
           "the status of a terminal that a signal has ended is 128 plus the signal");
    is_int(session_left_status("cco-x", true, 0), 129,
           "the status of a terminal that disappeared is that of SIGHUP");
    return done_testing();
}
