/* SPDX-License-Identifier: MIT */
/* Of `cco info`: which engine there is, or that there is none and what cco's own sandbox is on this machine. */
#ifndef CLI_INFO_ENGINE_H
#define CLI_INFO_ENGINE_H

#include <stdbool.h>

struct app;
struct info;

/* `probed`: the facts of this machine are known, which cco's own sandbox needs. */
void info_look_at_engine(struct app *app, struct info *i, bool probed);

/* After the engine. Puts each wall up once; where that is not possible, what is planned next is planned without. */
void info_look_at_confinement(struct app *app, struct info *i);

#endif
