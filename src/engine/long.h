/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: requests that last, whose replies are streams of progress. */
#ifndef ENGINE_LONG_H
#define ENGINE_LONG_H

#include "engine/api.h"
#include "engine/stream.h"

/* What goes into the request's body; NULL: nothing. */
struct context_sink;
typedef int (*long_body)(const void *what, struct context_sink *sink, struct err *e);

/* POST on a connection of its own; `target` without the version. Lasts as long as the engine works,
 * but not longer than it answers pings. ERR_ENGINE for refusals and for errors that it streams. */
int long_post(struct engine *en, const char *target, long_body body, const void *what,
              struct progress *progress, struct err *e);

#endif
