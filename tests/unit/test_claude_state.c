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
    return STATE_LOCKED;
}

static void project_name(const char *dir, const char *want, const char *what)
{
    struct arena a = {0};

    is_str(claude_project_name(&a, dir), want, what);
    arena_release(&a);
}

/* The expected names come from claude's own function. */
static void project_names(void)
{
    char dir[256];
    char want[256];

    project_name("/home/ann/my app", "-home-ann-my-app", "other characters become dashes");
    project_name("/srv/p \xc3\xa9.\xf0\x9f\x98\x80/x_1", "-srv-p------x-1",
                 "a character outside of the first plane becomes two dashes");
    (void)snprintf(dir, sizeof(dir), "/srv/%0195d", 1);
    (void)snprintf(want, sizeof(want), "-srv-%0195d", 1);
    project_name(dir, want, "a name of 200 units stays whole");
    (void)snprintf(dir, sizeof(dir), "/srv/%0196d", 1);
    (void)snprintf(want, sizeof(want), "-srv-%0195d-5y4evc", 0);
    project_name(dir, want, "a longer name is shortened, and a hash is added");
    (void)snprintf(dir, sizeof(dir), "/srv/\xf0\x9f\x98\x80%0196d", 7);
    (void)snprintf(want, sizeof(want), "-srv---%0193d-koclfz", 0);
    project_name(dir, want, "the hash is that of UTF-16 units");
}

int main(void)
{
    static const char *const obeyed[] = {"hooks",   "commands",      "agents", "skills",
                                         "plugins", "output-styles", "rules",  "workflows"};
    static const char *const copied[] = {"settings.json", "settings.local.json", "CLAUDE.md",
                                         "keybindings.json"};

    static const char *const parts[] = {"todos", "tasks", "file-history", "plans",
                                        "history.jsonl"};

    plan_goldens();
    for (size_t i = 0; i < sizeof(obeyed) / sizeof(obeyed[0]); i++) {
        ok(share_of(obeyed[i]) == STATE_LOCKED,
           "%s is locked, because the host's claude obeys it", obeyed[i]);
    }
    for (size_t i = 0; i < sizeof(copied) / sizeof(copied[0]); i++) {
        ok(share_of(copied[i]) == STATE_COPIED,
           "%s is copied, because the host's claude obeys it", copied[i]);
    }
    ok(share_of("projects") == STATE_PROJECT, "only this project's transcripts are shared");
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        ok(share_of(parts[i]) == STATE_PARTS, "%s is exchanged by conversations", parts[i]);
    }
    for (size_t i = 0; i < claude_state_count; i++) {
        ok(strcmp(claude_state[i].name, "sessions") != 0 &&
               strcmp(claude_state[i].name, "remote-settings.json") != 0,
           "%s is neither a list of processes nor settings of a server", claude_state[i].name);
    }
    project_names();
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
