/* SPDX-License-Identifier: MIT */
/* `/cco-init sync`, run by the engine in a sandbox of files that the host's engine does not see: the far end of a
 * transfer (sync/sync.h) over standard input and output. */
#ifndef INIT_FAR_END_H
#define INIT_FAR_END_H

/* The exit status; what went wrong is on standard error as well. */
int far_end_main(void);

#endif
