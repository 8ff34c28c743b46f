/* SPDX-License-Identifier: MIT */
/* The same binary as PID 1 inside the sandbox: `cco init BOOTFILE` (wire/boot.h). It makes the user,
 * the home and the time zone, sets the terminal's size, drops every privilege without a shell and
 * without leaving the controlling terminal, runs the command in the foreground process group of its
 * own, forwards signals, reaps, and exits with the command's status (128+n after signal n; 126 and
 * 127 as shells have them, with one line on stderr; 125 where init itself failed). */
#ifndef INIT_INIT_H
#define INIT_INIT_H

/* argv[0] is "init"'s program name, argv[1] the boot file. Returns the exit status. */
int init_main(int argc, char **argv);

#endif
