/* SPDX-License-Identifier: MIT */
#include "plan/claude_state.h"

#include <stdint.h>

#include "base/str.h"

enum { NAME_MAX_UNITS = 200, BASE = 36 };

/* Because of the entries that are shared or exchanged --resume, --continue and /rewind work on
 * both sides. These entries are left out on purpose: shell-snapshots and session-env (shells
 * source them), local (claude's own program), ide (of the host's editors; see plan/ide.c),
 * sessions (the running processes of this machine, by their numbers), statsig, debug, cache and
 * remote-settings.json (claude obeys what is in them), and everything that later versions add.
 */
const struct state_entry claude_state[] = {
    {"projects", true, STATE_PROJECT,
     "this project's transcripts and memory, for --resume and --continue", NULL},
    {"todos", true, STATE_PARTS, "to-do lists of this project's conversations", NULL},
    {"tasks", true, STATE_PARTS, "task lists of this project's conversations", NULL},
    {"file-history", true, STATE_PARTS,
     "earlier versions of files that this project's conversations edited, for rewinding", NULL},
    {"plans", true, STATE_PARTS, "plans to which this project's conversations refer", NULL},
    {"history.jsonl", false, STATE_PARTS, "prompts that were typed in this project", NULL},
    {"hooks", true, STATE_LOCKED, "scripts that the host's claude runs", NULL},
    {"commands", true, STATE_LOCKED, "slash commands that the host's claude obeys", NULL},
    {"agents", true, STATE_LOCKED, "agents that the host's claude obeys", NULL},
    {"skills", true, STATE_LOCKED, "skills that the host's claude obeys and runs", NULL},
    {"plugins", true, STATE_LOCKED, "plugins that the host's claude runs", NULL},
    {"output-styles", true, STATE_LOCKED, "styles that the host's claude obeys", NULL},
    {"rules", true, STATE_LOCKED, "rules that the host's claude obeys", NULL},
    {"workflows", true, STATE_LOCKED, "workflows that the host's claude runs", NULL},
    {"settings.json", false, STATE_COPIED, "settings, which can name hooks and helpers",
     "{}\n"},
    {"settings.local.json", false, STATE_COPIED, "settings, which can name hooks and helpers",
     "{}\n"},
    {"CLAUDE.md", false, STATE_COPIED, "instructions that the host's claude obeys", ""},
    {"keybindings.json", false, STATE_COPIED, "key bindings of the host's claude",
     "{\"bindings\":[]}\n"},
    {"image-cache", true, STATE_KEPT, "images to which conversations refer", NULL},
    {"paste-cache", true, STATE_KEPT, "pasted text to which the prompt history refers", NULL},
};
const size_t claude_state_count = sizeof(claude_state) / sizeof(claude_state[0]);

/* Adds `n` in base 36 to out. Returns the number of digits. */
static size_t add_base36(char *out, uint32_t n)
{
    static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    char reversed[8];
    size_t len = 0;

    do {
        reversed[len++] = digits[n % BASE];
        n /= BASE;
    } while (n > 0);
    for (size_t i = 0; i < len; i++) {
        out[i] = reversed[len - 1 - i];
    }
    return len;
}

/* Adds a UTF-16 unit to claude's hash of a path: h * 31 + unit in 32 bits. */
static uint32_t add_unit(uint32_t h, uint32_t unit)
{
    return (h << 5) - h + unit;
}

/* Returns the code point of the UTF-8 sequence of `len` bytes at p, or U+FFFD for a byte that
 * is not UTF-8. */
static uint32_t code_point(const char *p, size_t len)
{
    uint32_t c = (unsigned char)p[0];

    if (len == 0) {
        return 0xfffd;
    }
    c &= len == 1 ? 0x7f : 0xffU >> (len + 1);
    for (size_t i = 1; i < len; i++) {
        c = c << 6 | ((unsigned char)p[i] & 0x3f);
    }
    return c;
}

const char *claude_project_name(struct arena *a, const char *dir)
{
    struct str s = str_c(dir);
    char *out = arena_alloc(a, s.len + 16);
    uint32_t hash = 0;
    size_t n = 0;

    while (s.len > 0) {
        size_t len = str_utf8_len(s);
        uint32_t c = code_point(s.p, len);
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');

        out[n++] = plain ? (char)c : '-';
        if (c >= 0x10000) {
            out[n++] = '-';
            hash = add_unit(hash, 0xd800 + ((c - 0x10000) >> 10));
            c = 0xdc00 + ((c - 0x10000) & 0x3ff);
        }
        hash = add_unit(hash, c);
        s = str_drop(s, len > 0 ? len : 1);
    }
    if (n > NAME_MAX_UNITS) {
        out[NAME_MAX_UNITS] = '-';
        n = NAME_MAX_UNITS + 1;
        n += add_base36(out + n, hash > INT32_MAX ? 0 - hash : hash);
    }
    out[n] = '\0';
    return out;
}
