/* SPDX-License-Identifier: MIT */
/* Which command solves a problem that `cco info` has found. Pure: the properties of the machine
 * are an argument. */
#ifndef CLI_INFO_ADVICE_H
#define CLI_INFO_ADVICE_H

#include <stdbool.h>

#include "cli/info.h"

/* The properties of this machine that the advice depends on. */
struct info_machine {
    bool root;        /* no sudo is needed */
    bool has_systemd; /* it is running */
    bool has_dockerd; /* Docker is installed */
    bool has_apt;
    const char
        *runtime_dir; /* XDG_RUNTIME_DIR, where a rootless engine has its socket; NULL: none */
};

/* Sets p->next and p->note for an engine that could not be used. `e` is the reason; its hint is
 * used if no single command helps. `en` is as engine_open() left it. */
void info_advice_engine(struct info_section *p, const struct err *e, const struct engine *en,
                        const struct info_machine *m, struct arena *a);

/* Sets them for a login that is missing, broken or about to expire. */
void info_advice_login(struct info_section *p, const struct fact_login *in);

#endif
