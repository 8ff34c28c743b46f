/* SPDX-License-Identifier: MIT */
/* `/cco-init sync`, run by the engine in a sandbox of files that the host's engine does not see: the remote end of a
 * transfer (sync/sync.h) over standard input and output. */
#ifndef INIT_SYNC_MAIN_H
#define INIT_SYNC_MAIN_H

/* The exit status; what went wrong is on standard error as well. */
int sync_main(void);

#endif
