/* SPDX-License-Identifier: MIT */
#include "creds/not_kept.h"

#include "base/buf.h"
#include "tap.h"

static struct arena a;

/* Returns the lines about a change of .claude.json, with newlines between them. */
static const char *joined(const struct not_kept *n)
{
    struct strv lines = {0};
    const char *text = "";

    not_kept_lines(n, &a, &lines);
    for (size_t i = 0; i < lines.count; i++) {
        text = arena_printf(&a, "%s%s\n", text, lines.v[i]);
    }
    return text;
}

static const char *state(const char *base, const char *other)
{
    struct not_kept n = {0};

    not_kept_state(&n, str_c(base), str_c(other), &a);
    return joined(&n);
}

static const char *settings(const char *base, const char *other, const char *old)
{
    struct not_kept n = {0};

    not_kept_settings(&n, str_c(base), str_c(other), str_c(old), &a);
    return joined(&n);
}

#define SERVERS(names)                                                                         \
    "not kept: MCP servers (" names "), which claude on this machine would start. To keep "    \
    "them: claude mcp add outside of cco, or for this project cco mcp add --scope project\n"
#define KEYS(names)                                                                            \
    "not kept: claude's settings (" names "), because claude on this machine obeys them. To "  \
    "keep them, change them with claude outside of cco\n"

static void servers_are_named(void)
{
    is_str(state("{}", "{\"mcpServers\":{\"srv\":{\"command\":\"echo\"}}}"), SERVERS("srv"),
           "a server of the user is named");
    is_str(
        state("{\"projects\":{\"/p\":{\"mcpServers\":{\"a\":{\"command\":\"x\"},\"b\":{}}}}}",
              "{\"projects\":{\"/p\":{\"mcpServers\":{\"a\":{\"command\":\"y\"}}}}}"),
        SERVERS("a, b"), "changed and removed servers of the project are named");
    is_str(state("{\"mcpServers\":{\"a\":{}},\"numStartups\":1,\"cachedX\":1}",
                 "{\"cachedX\":{\"y\":2},\"numStartups\":2,\"mcpServers\": {\"a\": { } }}"),
           "", "claude's own notes and the form do not count");
}

static void settings_are_named(void)
{
    is_str(state("{\"diffTool\":\"auto\",\"copyOnSelect\":true}",
                 "{\"diffTool\":\"terminal\",\"autoConnectIde\":true}"),
           KEYS("diffTool, autoConnectIde"),
           "changed keys are named; a deleted one has moved to the settings");
    is_str(settings("{\"model\":\"a\",\"theme\":\"dark\"}", "{\"theme\":\"light\"}", "{}"),
           KEYS("theme, model"), "changed and removed settings are named");
    is_str(settings("{}", "{\"theme\":\"light\",\"verbose\":true}",
                    "{\"theme\":\"light\",\"verbose\":false}"),
           KEYS("verbose"), "a key that claude has moved is not a change");
    is_str(settings("{}", "{\"skipDangerousModePermissionPrompt\":true,\"$schema\":\"x\"}", ""),
           "", "keys that cco writes are no change");
}

static void other_texts_count_as_unchanged(void)
{
    static const char *const texts[] = {"", "[]", "{", "nul", "{\"a\":1}x", "1"};

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        is_str(state("{}", texts[i]), "", "a state that is not an object");
        is_str(settings(texts[i], "{\"theme\":\"x\"}", "{}"), "", "settings without a base");
    }
    is_str(state("{}", "{\"mcpServers\":7,\"projects\":[{\"mcpServers\":{\"a\":{}}}]}"), "",
           "members of other types");
}

/* The names are the agent's. */
static void names_cannot_speak(void)
{
    struct not_kept n = {0};
    struct buf many;

    is_str(state("{}", "{\"mcpServers\":{\"cco: all is well\":{},\"\\u001b[2J\":{},\"\":{}}}"),
           SERVERS("3 with unusual names"), "names with blanks or control bytes are not shown");
    buf_init(&many, 1 << 20);
    (void)buf_add_c(&many, "{\"a.b-c_d\":1");
    for (int i = 0; i < 1000; i++) {
        (void)buf_addf(&many, ",\"k%d\":1", i);
    }
    (void)buf_add_c(&many, "}");
    is_str(settings("{}", buf_c(&many), "{}"), KEYS("a.b-c_d, k0, k1, k2, k3, k4 and 995 more"),
           "the number of names is limited");
    buf_release(&many);
    strv_add(&n.files, &a, "CLAUDE.md");
    is_str(
        joined(&n),
        "not kept: changes of CLAUDE.md in ~/.claude, which claude on this machine obeys. To "
        "keep them, change the files outside of cco\n",
        "other files are named");
}

int main(void)
{
    servers_are_named();
    settings_are_named();
    other_texts_count_as_unchanged();
    names_cannot_speak();
    arena_release(&a);
    return done_testing();
}
