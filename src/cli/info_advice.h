/* SPDX-License-Identifier: MIT */
/* Which command advice what `cco info` finds not ready. Pure: what the machine has is an argument. */
#ifndef CLI_INFO_ADVICE_H
#define CLI_INFO_ADVICE_H

#include <stdbool.h>

#include "cli/info.h"

/* What there is to mend with. */
struct info_machine {
    bool root;        /* no sudo is needed */
    bool has_systemd; /* runs it */
    bool has_dockerd; /* Docker is installed */
    bool has_apt;
    const char
        *runtime_dir; /* XDG_RUNTIME_DIR, where a rootless engine has its socket; NULL: none */
};

/* Sets next and note for an engine that could not be used. `e` says why; its hint serves where no single command
 * helps. `en` as engine_open() left it. */
void info_advice_engine(struct info_section *p, const struct err *e, const struct engine *en,
                        const struct info_machine *m, struct arena *a);

/* The same for a login that is missing, broken or about to expire. */
void info_advice_login(struct info_section *p, const struct fact_login *in);

#endif
