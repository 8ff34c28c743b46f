/* SPDX-License-Identifier: MIT */
#include "cli/option_choice.h"

#include "plan/opts.h"

const struct choice choice_networks[] = {
    {"host", NETWORK_HOST}, {"bridge", NETWORK_BRIDGE}, {"none", NETWORK_NONE}, {NULL, 0}};
#define ENGINE_CHOICE(NAME, name) {#name, ENGINE_##NAME},
const struct choice choice_engines[] = {{"auto", ENGINE_AUTO},
                                        OPTS_ENGINES(ENGINE_CHOICE){NULL, 0}};
const struct choice choice_terminals[] = {
    {"full", OPTS_TERMINAL_FULL}, {"safe", OPTS_TERMINAL_SAFE}, {NULL, 0}};
const struct choice choice_full[] = {{"full", true}, {NULL, 0}};
const struct choice choice_sync[] = {{"auto", OPTS_SYNC_AUTO}, {"none", OPTS_SYNC_NONE},
                                     {"push", OPTS_SYNC_PUSH}, {"both", OPTS_SYNC_BOTH},
                                     {"all", OPTS_SYNC_AUTO},  {NULL, 0}};
const struct choice choice_trust[] = {{"ask", OPTS_TRUST_ASK},
                                      {"always", OPTS_TRUST_ALWAYS},
                                      {"never", OPTS_TRUST_NEVER},
                                      {NULL, 0}};
