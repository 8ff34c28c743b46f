/* SPDX-License-Identifier: MIT */
#include "trust/trust_settings.h"

#include "tap.h"

#include <string.h>

static struct arena arena;
static char joined[4096];

typedef void parser(struct trust_items *t, const char *file, struct str text);

/* Returns the texts of all items, separated by "; ". Those that only count if claude asks have
 * a
 * '?' in front. */
static const char *items_of(parser *parse, const char *text)
{
    struct trust_items t = {.a = &arena};
    struct trust_items again = {.a = &arena};
    char one[SHA256_HEX];
    char two[SHA256_HEX];

    joined[0] = '\0';
    parse(&t, "file", str_c(text));
    parse(&again, "file", str_c(text));
    trust_items_digest(&t, one);
    trust_items_digest(&again, two);
    is_str(one, two, "the digest is stable");
    for (size_t i = 0; i < t.count; i++) {
        size_t len = strlen(joined);

        (void)snprintf(joined + len, sizeof(joined) - len, "%s%s%s", i > 0 ? "; " : "",
                       t.list[i].if_prompting ? "?" : "", t.list[i].text);
    }
    return joined;
}

static void settings(void)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"", ""},
        {" \n", ""},
        {"{}", ""},
        {"[]", "is not a JSON object"},
        {"{", "is not a JSON object"},
        {"// x\n{}", "is not a JSON object"},
        {"{\"model\": \"x\", \"theme\": \"dark\", \"enableAllProjectMcpServers\": true}", ""},
        {"{\"hooks\": {}}", ""},
        {"{\"hooks\": {\"Stop\": []}}", ""},
        {"{\"hooks\": null, \"newThing\": null}", ""},
        {"{\"hooks\": \"x\"}", "hooks"},
        {"{\"hooks\": {\"Stop\": {}}}", "hooks: Stop"},
        {"{\"hooks\": {\"Stop\": [{\"matcher\": \"x\"}]}}", "hooks: Stop"},
        {"{\"hooks\": {\"Stop\": [{\"hooks\": [{\"type\": \"command\", \"command\": \"a\"}, "
         "{\"type\": \"http\", \"url\": \"http://b\"}, {\"type\": \"prompt\"}]}]}}",
         "hooks: Stop runs a; hooks: Stop sends to http://b; hooks: Stop"},
        {"{\"hooks\": {\"Stop\": [{\"hooks\": [], \"hooks\": [{\"command\": \"a\", "
         "\"command\": "
         "\"b\"}]}]}}",
         "hooks: Stop runs b"},
        {"{\"hooks\": {\"Stop\": [{\"hooks\": [{\"command\": \"sh\", \"args\": [\"-c\", "
         "\"x\"]}]}]}}",
         "hooks: Stop runs sh -c x"},
        {"{\"hooks\": {\"Stop\": [{\"hooks\": [{\"command\": \"true://;sh x;@make\"}]}]}}",
         "hooks: Stop runs true://;sh x;@make"},
        {"{\"env\": {\"PATH=./bin:\": \"x\", \"LD_PRELOAD\\u0000\": \"y\", \"A.b\": \"z\"}}",
         "env: a name that is none: PATH=./bin:; env: LD_PRELOAD: programs obey it, or load "
         "code from it: y; env: a name that is none: A.b"},
        {"{\"h\\u006foks\": {\"Stop\": [{\"hooks\": [{\"command\": \"a\"}]}]}}",
         "hooks: Stop runs a"},
        {"{\"env\": {\"FOO\": \"1\", \"PATH\": \"./bin\"}}",
         "env: PATH: is run or looked up in place of the usual program: ./bin"},
        {"{\"env\": [1]}", "env"},
        {"{\"apiKeyHelper\": \"./key\"}", "apiKeyHelper: ./key"},
        {"{\"statusLine\": {\"type\": \"command\", \"command\": \"./s\"}}", "statusLine: ./s"},
        {"{\"awsAuthRefresh\": \"./a\", \"newThing\": {\"a\": 1}}",
         "awsAuthRefresh: ./a; newThing"},
        {"{\"disableAllHooks\": true}", "disableAllHooks: true"},
        {"{\"enabledPlugins\": {\"a@b\": true, \"c@d\": false}}",
         "a plugin is switched on: a@b"},
        {"{\"enabledPlugins\": 1}", "a plugin is switched on"},
        {"{\"extraKnownMarketplaces\": {\"m\": {\"source\": {}}}}",
         "plugins come from another place: m"},
        {"{\"permissions\": {\"deny\": [\"x\"], \"allow\": [\"Bash\"], \"ask\": [\"y\"], "
         "\"additionalDirectories\": []}}",
         "?permissions: allow"},
        {"{\"permissions\": 1}", "permissions: 1"},
        {"{\"model\": 1, \"statusLine\": {}, \"statusLine\": {\"command\": \"x\"}}",
         "statusLine: x"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        is_str(items_of(trust_settings, cases[i].text), cases[i].want, cases[i].text);
    }
}

static void servers(void)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"{\"mcpServers\": {}}", ""},
        {"{\"mcpServers\": {\"a\": {\"command\": \"npx\", \"args\": [\"-y\", \"b c\"]}, "
         "\"u\": {\"url\": \"http://x:y@h\"}, \"o\": {}}}",
         "the MCP server a runs npx -y b c; the MCP server u connects to http://...@h; "
         "the MCP server o"},
        {"{\"mcpServers\": {\"a\": {\"command\": \"x\", \"command\": \"y\", \"args\": [], "
         "\"args\": [\"z\"]}}}",
         "the MCP server a runs y z"},
        {"{\"mcpServers\": {\"a\": {\"url\": \"http://h\", \"headersHelper\": \"./x\", "
         "\"env\": "
         "{\"PATH\": \"./bin\", \"B\": \"1\"}}}}",
         "the MCP server a connects to http://h; the MCP server a for its headers runs ./x; "
         "the "
         "MCP server a gets the variables PATH, B"},
        {"{\"other\": {\"x\": 1}}", "other"},
        {"{\"$schema\": \"x\"}", ""},
        {"x", "is not a JSON object"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        is_str(items_of(trust_mcp, cases[i].text), cases[i].want, cases[i].text);
    }
}

static void dotenv(void)
{
    is_str(items_of(trust_dotenv, "A=1\nPATH\nbad line\nexport CC='x'\n"),
           "CC: programs obey it when they start or build",
           "only variables that are set count");
}

/* Everything that a file says about an item is a part of its digest. */
static void changes(void)
{
    static const char *const pairs[][2] = {
        {"{\"hooks\": {\"Stop\": [{\"hooks\": [{\"command\": \"a\"}]}]}}",
         "{\"hooks\": {\"Stop\": [{\"hooks\": [{\"command\": \"a\", \"timeout\": 1}]}]}}"},
        {"{\"hooks\": {\"Stop\": [{\"hooks\": [{\"command\": \"a\"}]}]}}",
         "{\"hooks\": {\"SessionStart\": [{\"hooks\": [{\"command\": \"a\"}]}]}}"},
        {"{\"apiKeyHelper\": \"a\"}", "{\"apiKeyHelper\": \"a \"}"},
        {"{\"env\": {\"ANTHROPIC_API_KEY\": \"a\"}}",
         "{\"env\": {\"ANTHROPIC_API_KEY\": \"b\"}}"},
    };

    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        char out[2][SHA256_HEX];

        for (int k = 0; k < 2; k++) {
            struct trust_items t = {.a = &arena};

            trust_settings(&t, "file", str_c(pairs[i][k]));
            trust_items_digest(&t, out[k]);
        }
        ok(strcmp(out[0], out[1]) != 0, "a change is noticed: %s", pairs[i][1]);
    }
}

int main(void)
{
    settings();
    servers();
    dotenv();
    changes();
    arena_release(&arena);
    return done_testing();
}
