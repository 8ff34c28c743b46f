/* SPDX-License-Identifier: MIT */
#include "creds/user_settings.h"

#include "tap.h"
#include "tmpdir.h"

static const char *const names[] = {"CLAUDE_CODE_USE_BEDROCK", "ANTHROPIC_AUTH_TOKEN"};

static size_t sets(const char *text)
{
    put_file(in_tmp("s"), text);
    return user_settings_sets(in_tmp("s"), names, 2);
}

static void variables_are_found(void)
{
    struct buf value;

    buf_init(&value, 64);
    is_int((int)sets("{\"env\":{\"CLAUDE_CODE_USE_BEDROCK\":\"1\"}}"), 0, "a text counts");
    is_int((int)sets("{\"env\":{\"CLAUDE_CODE_USE_BEDROCK\":1}}"), 0, "a number counts");
    is_int((int)sets("{\"env\":{\"CLAUDE_CODE_USE_BEDROCK\":true}}"), 0, "true counts");
    is_int((int)sets("{\"env\":{\"CLAUDE_CODE_USE_BEDROCK\":\"0\"}}"), 2, "0 switches off");
    is_int((int)sets("{\"env\":{\"CLAUDE_CODE_USE_BEDROCK\":\"false\"}}"), 2,
           "false switches off");
    is_int((int)sets("{\"env\":{\"ANTHROPIC_AUTH_TOKEN\":\"0\"}}"), 1, "a token may be 0");
    is_int((int)sets("{\"env\":{\"ANTHROPIC_AUTH_TOKEN\":\"\"}}"), 2,
           "an empty token does not count");
    is_int((int)sets("{\"env\":[\"ANTHROPIC_AUTH_TOKEN\"]}"), 2, "a list does not count");
    is_int((int)sets("{"), 2, "broken settings set nothing");
    is_int((int)user_settings_sets(in_tmp("none"), names, 2), 2, "missing ones set nothing");
    (void)sets("{\"env\":{\"ANTHROPIC_AUTH_TOKEN\":\"t\\u0041\"}}");
    ok(user_settings_value(in_tmp("s"), names[1], &value), "a value is found");
    is_str(buf_c(&value), "tA", "it is unescaped");
    buf_reset(&value);
    ok(!user_settings_value(in_tmp("s"), names[0], &value), "a missing one is not");
    buf_release(&value);
}

static void helper_is_found(void)
{
    struct arena a = {0};

    put_file(in_tmp("s"), "{\"apiKeyHelper\":\"get-key\"}");
    is_str(user_settings_command(in_tmp("s"), "apiKeyHelper", &a), "get-key",
           "a helper is found");
    put_file(in_tmp("s"), "{\"apiKeyHelper\":\"\"}");
    ok(user_settings_command(in_tmp("s"), "apiKeyHelper", &a) == NULL,
       "an empty one does not count");
    arena_release(&a);
}

int main(void)
{
    tmpdir_make();
    variables_are_found();
    helper_is_found();
    tmpdir_remove();
    return done_testing();
}
