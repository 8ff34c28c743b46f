/* SPDX-License-Identifier: MIT */
/* The words of options stand for the right values. */
#include "cli/option_choice.h"

#include "plan/opts.h"
#include "tap.h"

static void stands_for(const struct choice *choices, const char *word, int value)
{
    const struct choice *c = choice_find(choices, str_c(word));

    ok(c != NULL && c->value == value, "%s has its value", word);
}

int main(void)
{
    struct arena a = {0};

    stands_for(choice_networks, "host", NETWORK_HOST);
    stands_for(choice_networks, "bridge", NETWORK_BRIDGE);
    stands_for(choice_networks, "none", NETWORK_NONE);
    stands_for(choice_engines, "auto", ENGINE_AUTO);
    stands_for(choice_engines, "native", ENGINE_NATIVE);
    stands_for(choice_engines, "docker", ENGINE_DOCKER);
    stands_for(choice_terminals, "safe", OPTS_TERMINAL_SAFE);
    stands_for(choice_terminals, "full", OPTS_TERMINAL_FULL);
    stands_for(choice_full, "full", true);
    stands_for(choice_sync, "none", OPTS_SYNC_NONE);
    stands_for(choice_sync, "push", OPTS_SYNC_PUSH);
    stands_for(choice_sync, "both", OPTS_SYNC_BOTH);
    stands_for(choice_trust, "always", OPTS_TRUST_ALWAYS);
    stands_for(choice_trust, "never", OPTS_TRUST_NEVER);
    stands_for(choice_trust, "ask", OPTS_TRUST_ASK);
    is_str(choice_words(choice_networks, &a), "host, bridge or none",
           "the words have an order");
    arena_release(&a);
    return done_testing();
}
