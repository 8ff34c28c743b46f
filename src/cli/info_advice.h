/* SPDX-License-Identifier: MIT */
/* Decides which command solves a problem that `cco info` has found. Pure: the properties of the
 * machine are an argument. */
#ifndef CLI_INFO_ADVICE_H
#define CLI_INFO_ADVICE_H

#include <stdbool.h>

#include "cli/info.h"

/* The properties of this machine that the advice depends on. */
struct info_machine {
    bool root;        /* this process is root, so advice needs no sudo */
    bool has_systemd; /* systemd is running */
    bool has_dockerd; /* Docker is installed */
    bool has_apt;     /* apt-get is installed */
    /* XDG_RUNTIME_DIR, where a rootless engine has its socket; NULL: not set */
    const char *runtime_dir;
};

/* Sets p->next (a command) and p->note (a remark) for an engine that could not be used; each
 * may become NULL. `e` is the reason; its hint becomes the note if no single command helps.
 * `en` is the engine as the failed engine_open() or engine_probe() left it. The strings are
 * constant or in the arena. */
void info_advice_engine(struct info_section *p, const struct err *e, const struct engine *en,
                        const struct info_machine *m, struct arena *a);

/* Sets p->next and p->note for a login that is missing, broken, expired or about to expire.
 * They must be NULL before, because the function sets only those that it has advice for. The
 * strings are constant or those of *in. */
void info_advice_login(struct info_section *p, const struct fact_login *in);

#endif
