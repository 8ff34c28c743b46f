/* SPDX-License-Identifier: MIT */
/* `/proc/1/exe sync`, which a remote engine executes in the sandbox: the remote end of a
 * transfer of files (sync/sync.h) over standard input and output. */
#ifndef INIT_SYNC_MAIN_H
#define INIT_SYNC_MAIN_H

/* Blocks until the host ends the transfer. Returns the exit status of the process: 0 on
 * success, and EXIT_CCO on error, which is also printed on standard error. */
int sync_main(void);

#endif
