/* SPDX-License-Identifier: MIT */
#include "plan/claude_state.h"

/* What claude reads as data only is shared, so that --resume and --continue work on both sides. What
 * the host's claude would run or obey is locked or copied. Deliberately not here, so kept apart:
 * shell-snapshots and session-env (sourced by shells), local (claude's own program), ide (sockets of
 * the host's editors), statsig, cache, debug and whatever comes. */
const struct state_entry claude_state[] = {
    {"projects", true, STATE_SHARED, "transcripts, for --resume and --continue"},
    {"todos", true, STATE_SHARED, "to-do lists of conversations"},
    {"tasks", true, STATE_SHARED, "task lists of conversations"},
    {"file-history", true, STATE_SHARED, "earlier versions of edited files, for rewinding"},
    {"plans", true, STATE_SHARED, "plans that conversations refer to"},
    {"sessions", true, STATE_SHARED, "index of conversations"},
    {"history.jsonl", false, STATE_SHARED, "prompt history"},
    {"hooks", true, STATE_LOCKED, "scripts that the host's claude runs"},
    {"commands", true, STATE_LOCKED, "slash commands that the host's claude obeys"},
    {"agents", true, STATE_LOCKED, "agents that the host's claude obeys"},
    {"skills", true, STATE_LOCKED, "skills that the host's claude obeys and runs"},
    {"plugins", true, STATE_LOCKED, "plugins that the host's claude runs"},
    {"output-styles", true, STATE_LOCKED, "styles that the host's claude obeys"},
    {"rules", true, STATE_LOCKED, "rules that the host's claude obeys"},
    {"settings.json", false, STATE_COPIED, "settings, which can name hooks and helpers"},
    {"settings.local.json", false, STATE_COPIED, "settings, which can name hooks and helpers"},
    {"CLAUDE.md", false, STATE_COPIED, "instructions that the host's claude obeys"},
    {"keybindings.json", false, STATE_COPIED, "key bindings of the host's claude"},
};
const size_t claude_state_count = sizeof(claude_state) / sizeof(claude_state[0]);
