/* SPDX-License-Identifier: MIT */
/* The same binary as PID 1 inside the sandbox: `cco init BOOTFILE` (wire/boot.h). It calls cco
 * on the host (wire/frame.h), makes the user, the home and the time zone, opens the command's
 * terminal or pipes, drops every privilege without a shell, runs the command as the foreground
 * process group of a terminal whose session it leads itself, forwards signals and sizes, reaps,
 * ends what is left when the command has ended, reports, and exits with the command's status
 * (128+n after signal n; 126 and 127 as shells have them; 125 where init itself failed). */
#ifndef INIT_INIT_H
#define INIT_INIT_H

/* Runs init. argv[1] is the boot file, or "-" if it comes over standard input. Returns the exit
 * status. */
int init_main(int argc, char **argv);

/* The same in a process that cco forked itself, without an exec: the line is standard input,
 * and `listener` is for adopt_listener_given(). Returns the exit status. */
int init_run(const char *boot, int listener);

/* `/cco-init line`, executed by the engine: connects a cco that adopts the session with the
 * init of this sandbox (init/adopt_listener.h). Returns the exit status. */
int init_line_main(void);

#endif
