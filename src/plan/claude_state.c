/* SPDX-License-Identifier: MIT */
#include "plan/claude_state.h"

/* Because of the shared entries --resume and --continue work on both sides. These entries are
 * left out on purpose: shell-snapshots and session-env (shells source them), local (claude's
 * own program), ide (sockets of the host's editors), statsig, debug, remote-settings.json
 * (claude obeys it), and everything that later versions add. */
const struct state_entry claude_state[] = {
    {"projects", true, STATE_SHARED, "transcripts, for --resume and --continue", NULL},
    {"todos", true, STATE_SHARED, "to-do lists of conversations", NULL},
    {"tasks", true, STATE_SHARED, "task lists of conversations", NULL},
    {"file-history", true, STATE_SHARED, "earlier versions of edited files, for rewinding",
     NULL},
    {"plans", true, STATE_SHARED, "plans that conversations refer to", NULL},
    {"sessions", true, STATE_SHARED, "index of conversations", NULL},
    {"history.jsonl", false, STATE_SHARED, "prompt history", NULL},
    {"hooks", true, STATE_LOCKED, "scripts that the host's claude runs", NULL},
    {"commands", true, STATE_LOCKED, "slash commands that the host's claude obeys", NULL},
    {"agents", true, STATE_LOCKED, "agents that the host's claude obeys", NULL},
    {"skills", true, STATE_LOCKED, "skills that the host's claude obeys and runs", NULL},
    {"plugins", true, STATE_LOCKED, "plugins that the host's claude runs", NULL},
    {"output-styles", true, STATE_LOCKED, "styles that the host's claude obeys", NULL},
    {"rules", true, STATE_LOCKED, "rules that the host's claude obeys", NULL},
    {"settings.json", false, STATE_COPIED, "settings, which can name hooks and helpers",
     "{}\n"},
    {"settings.local.json", false, STATE_COPIED, "settings, which can name hooks and helpers",
     "{}\n"},
    {"CLAUDE.md", false, STATE_COPIED, "instructions that the host's claude obeys", ""},
    {"keybindings.json", false, STATE_COPIED, "key bindings of the host's claude",
     "{\"bindings\":[]}\n"},
    {"cache", true, STATE_KEPT, "what claude would have to download again", NULL},
    {"image-cache", true, STATE_KEPT, "images to which conversations refer", NULL},
    {"paste-cache", true, STATE_KEPT, "pasted text to which the prompt history refers", NULL},
};
const size_t claude_state_count = sizeof(claude_state) / sizeof(claude_state[0]);
