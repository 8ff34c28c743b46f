/* SPDX-License-Identifier: MIT */
#include "plan/claude_state.h"

#include "plan_golden.h"

static enum state_share share_of(const char *name)
{
    for (size_t i = 0; i < claude_state_count; i++) {
        if (strcmp(claude_state[i].name, name) == 0) {
            return claude_state[i].share;
        }
    }
    ok(false, "%s is in the table", name);
    return STATE_SHARED;
}

int main(void)
{
    static const char *const obeyed[] = {"hooks",   "commands",      "agents", "skills",
                                         "plugins", "output-styles", "rules"};
    static const char *const copied[] = {"settings.json", "settings.local.json", "CLAUDE.md",
                                         "keybindings.json"};

    plan_goldens();
    for (size_t i = 0; i < sizeof(obeyed) / sizeof(obeyed[0]); i++) {
        ok(share_of(obeyed[i]) == STATE_LOCKED,
           "%s is locked, because the host's claude obeys it", obeyed[i]);
    }
    for (size_t i = 0; i < sizeof(copied) / sizeof(copied[0]); i++) {
        ok(share_of(copied[i]) == STATE_COPIED,
           "%s is copied, because the host's claude obeys it", copied[i]);
    }
    ok(share_of("projects") == STATE_SHARED, "transcripts are shared, because they are data");
    for (size_t i = 0; i < claude_state_count; i++) {
        ok(strchr(claude_state[i].name, '/') == NULL && strlen(claude_state[i].why) > 5,
           "%s is a plain name and has a reason", claude_state[i].name);
        for (size_t k = 0; k < i; k++) {
            if (strcmp(claude_state[i].name, claude_state[k].name) == 0) {
                ok(false, "%s is in the table only once", claude_state[i].name);
            }
        }
    }
    return done_testing();
}
