/* SPDX-License-Identifier: MIT */
#include "trust/trust_settings.h"

#include "tap.h"

int main(void)
{
    static const struct {
        const char *text;
        int effective, prompting;
    } cases[] = {
        {"", 0, 0},
        {"Only text with hooks: and !bang", 0, 0},
        {"---\nname: x\ndescription: hooks for React: allowed-tools\n---\nhooks: x\n", 0, 0},
        {"---\nname: x\nhooks:\n  Stop: []\n---\n", 1, 1},
        {"---\r\nname: x\r\nhooks : {}\r\n---\r\n", 1, 1},
        {"---\nname: x\rhooks: {}\n---\n", 1, 1},
        {"\xef\xbb\xbf---\nhooks: {}\n---\n", 1, 1},
        {"---  \nhooks: {}", 1, 1},
        {"---\xc2\xa0\nhooks: {}", 1, 1},
        {"---\xe2\x80\xa8\nhooks: {}", 1, 1},
        {"---\v\nhooks: {}", 1, 1},
        {"---\ninitialPrompt: run ./x\n---\n", 1, 1},
        {"---\nmcpServers:\n  - a\n---\n", 1, 1},
        {"---\nallowed-tools: Bash\n---\n", 0, 1},
        {"---\npermissionMode: bypassPermissions\n---\n", 0, 1},
        {"---\n\"hooks\": {}\n---\n", 1, 1},
        {"---\n{hooks: {}}\n---\n", 1, 1},
        {"---\n? hooks\n: {}\n---\n", 1, 1},
        {"---\n<<: *a\n---\n", 1, 1},
        {"---\nname: a\xe2\x80\xa8hooks: {}\n---\n", 1, 1},
        {"---\nname: x\n---\nIt is !`date`\n", 1, 1},
        {"Text\n```!\ndate\n```\n", 1, 1},
    };
    struct arena arena = {0};

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct trust_items t = {.a = &arena};

        trust_markdown(&t, "file", str_c(cases[i].text));
        is_int(trust_items_any(&t, false), cases[i].effective, cases[i].text);
        is_int(trust_items_any(&t, true), cases[i].prompting, "and if claude asks");
    }
    arena_release(&arena);
    return done_testing();
}
