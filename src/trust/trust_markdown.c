/* SPDX-License-Identifier: MIT */
/* Skills, commands and agents: Markdown with a front matter in YAML. YAML has many ways to
 * write a key, so this file looks for lines that begin with a key and for unusual forms, and
 * does not parse. */
#include "trust/trust_settings.h"

#include <string.h>

/* Sets *head to the lines between a line that begins with "---" at the start of the text and
 * the next one. Returns false if there are none. Claude accepts any white space of Unicode
 * behind the first "---", so that whatever stands there does not count. */
static bool front_matter(struct str text, struct str *head)
{
    struct str line = {0};
    struct str rest;

    if (str_starts(text, "\xef\xbb\xbf")) {
        text = str_drop(text, 3);
    }
    rest = text;
    (void)str_cut(&rest, '\n', &line);
    if (!str_starts(str_trim(line), "---")) {
        return false;
    }
    *head = str_n(rest.p, 0);
    while (rest.len > 0) {
        (void)str_cut(&rest, '\n', &line);
        if (str_starts(line, "---")) {
            break;
        }
        head->len = (size_t)(line.p + line.len - head->p);
    }
    return true;
}

/* Cuts the next line off, as YAML 1.2 does: a carriage return ends a line as well. */
static struct str next_line(struct str *rest)
{
    struct str line = {0};
    size_t len = str_index(*rest, '\n');
    size_t cr = str_index(*rest, '\r');

    (void)str_cut(rest, cr < len ? '\r' : '\n', &line);
    return str_trim(line);
}

/* Returns true if a line of the front matter begins in a way in which a key can be hidden: with
 * a quote, a bracket or an alias, or if the text has a line break that only YAML 1.1 knows. */
static bool is_unusual(struct str head)
{
    if (str_contains(head, "\xc2\x85") || str_contains(head, "\xe2\x80\xa8") ||
        str_contains(head, "\xe2\x80\xa9")) {
        return true;
    }
    while (head.len > 0) {
        struct str line = next_line(&head);

        if (line.len > 0 && strchr("\"'{[?&*!%<@`|>,", line.p[0]) != NULL) {
            return true;
        }
    }
    return false;
}

/* Returns true if a line begins with this key. */
static bool has_key(struct str head, const char *key)
{
    while (head.len > 0) {
        struct str line = next_line(&head);

        if (str_starts(line, key) && str_starts(str_trim(str_drop(line, strlen(key))), ":")) {
            return true;
        }
    }
    return false;
}

void trust_markdown(struct trust_items *t, const char *file, struct str text)
{
    static const struct {
        const char *word, *effect;
        bool if_prompting;
    } words[] = {
        {"hooks", "has hooks, which run commands", false},
        {"mcpServers", "starts MCP servers", false},
        {"initialPrompt", "gives claude a prompt at the start", false},
        {"allowed-tools", "allows tools", true},
        {"permissionMode", "sets how claude asks for permissions", true},
    };
    struct trust_found f = {
        .file = file, .part = TRUST_CLAUDE, .name = str_c("text"), .content = text};
    struct str head = {0};

    if (str_contains(text, "!`") || str_contains(text, "```!")) {
        trust_items_add(t, &f, "runs commands when it is used");
    }
    if (!front_matter(text, &head)) {
        return;
    }
    if (is_unusual(head)) {
        trust_items_add(t, &f, "has settings in an unusual form");
    }
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        f.if_prompting = words[i].if_prompting;
        if (has_key(head, words[i].word)) {
            trust_items_add(t, &f, "%s", words[i].effect);
        }
    }
}
