/* SPDX-License-Identifier: MIT */
/* Init: the same binary as process 1 of a sandbox, started as `cco init BOOTFILE`
 * (wire/boot.h).
 *
 * Init opens the line to cco on the host (src/wire/PROTOCOL.md), and sets up the user, the home
 * and the time zone. It makes the command's terminal or pipes, drops all privileges (without
 * the help of a shell), and runs the command. With a terminal, init leads the terminal's
 * session, and the command is its foreground process group. While the command runs, init
 * forwards signals and sizes, and reaps. When the command has ended, init kills the other
 * processes of the sandbox, reports the end, and exits with the command's status: 128+n after
 * signal n, 126 and 127 as in a shell, and 125 if init itself failed. */
#ifndef INIT_INIT_H
#define INIT_INIT_H

/* Runs init until the session has ended. argv[1] is the path of the boot file, or "-" if it
 * comes over standard input; argc must be 2. Returns the exit status of the process. An error
 * before the line is open is printed. */
int init_main(int argc, char **argv);

/* Runs init in a process that cco forked itself, without an exec. `boot` is the path of the
 * boot file, the line is standard input, and `listener` is for adopt_listener_given(). Returns
 * the exit status of the process. */
int init_run(const char *boot, int listener);

/* Runs `/proc/1/exe line`, which the engine executes in the sandbox: the helper that connects a
 * cco that adopts the session with the init of this sandbox (init/adopt_listener.h). Returns
 * the exit status of the process. */
int init_line_main(void);

#endif
