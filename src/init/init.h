/* SPDX-License-Identifier: MIT */
/* The same binary as PID 1 inside the sandbox: `cco init BOOTFILE` (wire/boot.h). It calls cco on the host
 * (wire/frame.h), makes the user, the home and the time zone, opens the command's terminal or pipes, drops
 * every privilege without a shell, runs the command as the foreground process group of a terminal whose
 * session it leads itself, forwards signals and sizes, reaps, ends what is left when the command has ended,
 * reports, and exits with the command's status (128+n after signal n; 126 and 127 as shells have them; 125
 * where init itself failed). */
#ifndef INIT_INIT_H
#define INIT_INIT_H

/* argv[0] is "init"'s program name, argv[1] the boot file, or "-": it comes over standard input. Returns the exit
 * status. */
int init_main(int argc, char **argv);

/* The same for a process that cco has made itself, without an exec: the line is standard input, and `listener` what
 * adopt_listener_given() gets. */
int init_run(const char *boot, int listener);

/* `/cco-init line`, run by the engine: brings a new cco to the init of this sandbox (init/adopt_listener.h). */
int init_line_main(void);

#endif
