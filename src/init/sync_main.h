/* SPDX-License-Identifier: MIT */
/* `/cco-init sync`, executed by a remote engine: the remote end of a transfer of files
 * (sync/sync.h) over standard input and output. */
#ifndef INIT_SYNC_MAIN_H
#define INIT_SYNC_MAIN_H

/* Runs until the host closes the transfer. Returns the exit status; an error is also printed on
 * standard error. */
int sync_main(void);

#endif
