/* SPDX-License-Identifier: MIT */
#include "creds/login_copy.h"

#include "base/limits.h"
#include "tap.h"

#define TEXT                                                                                   \
    "{\"claudeAiOauth\":{\"accessToken\":\"at\",\"refreshToken\":\"rt\",\"expiresAt\":1},"     \
    "\"mcpOAuth\":{\"a|1\":{\"serverName\":\"a\",\"serverUrl\":\"https://a\","                 \
    "\"accessToken\":\"ta\",\"refreshToken\":\"ra\",\"clientSecret\":\"ca\"},"                 \
    "\"b|2\":{\"serverName\":\"b\",\"serverUrl\":\"https://b\",\"accessToken\":\"tb\"}},"      \
    "\"mcpOAuthClientConfig\":{\"a|1\":{\"clientSecret\":\"cc\"}},\"new\":{\"x\":\"secret\"}}"

static void copied(const char *servers, bool with_refresh, const char *want, const char *name)
{
    struct buf out;
    struct err e = {0};

    buf_init(&out, LIMIT_CREDENTIALS);
    is_int(login_copy(str_c(TEXT), servers, with_refresh, &out, &e), 0, name);
    is_str(buf_c(&out), want, name);
    buf_wipe(&out);
}

static void listed(const char *claude_json, const char *mcp_json, const char *want,
                   const char *name)
{
    struct buf out;
    struct err e = {0};

    buf_init(&out, LIMIT_FILE_SMALL);
    is_int(login_copy_servers(str_c(claude_json), "/p", str_c(mcp_json), &out, &e), 0, name);
    is_str(buf_c(&out), want, name);
    buf_release(&out);
}

int main(void)
{
    struct buf out;
    struct err e = {0};

    copied(NULL, false, "{\"claudeAiOauth\":{\"accessToken\":\"at\",\"expiresAt\":1}}",
           "without servers only claude's own login is copied");
    copied("[[\"a\",\"https://a\"]]", false,
           "{\"claudeAiOauth\":{\"accessToken\":\"at\",\"expiresAt\":1},\"mcpOAuth\":{\"a|1\":{"
           "\"serverName\":\"a\",\"serverUrl\":\"https://a\",\"accessToken\":\"ta\"}}}",
           "a server's access token is copied, but no refresh token and no client secret");
    copied("[[\"a\",\"https://b\"],[\"b\",\"https://a\"],[\"b\"],1]", false,
           "{\"claudeAiOauth\":{\"accessToken\":\"at\",\"expiresAt\":1},\"mcpOAuth\":{}}",
           "name and address must belong together");
    copied(
        "[]", true,
        "{\"claudeAiOauth\":{\"accessToken\":\"at\",\"expiresAt\":1,\"refreshToken\":\"rt\"},"
        "\"mcpOAuth\":{}}",
        "claude's own refresh token is copied on request");
    listed("", "", "[]", "without files there are no servers");
    listed("{\"mcpServers\":{\"u\":{\"url\":\"https://u\"},\"stdio\":{\"command\":\"x\"}},"
           "\"projects\":{\"/p\":{\"mcpServers\":{\"l\":{\"url\":\"https://l\"}}},"
           "\"/q\":{\"mcpServers\":{\"o\":{\"url\":\"https://o\"}}}}}",
           "{\"mcpServers\":{\"m\":{\"url\":\"https://m\"}}}",
           "[[\"u\",\"https://u\"],[\"l\",\"https://l\"],[\"m\",\"https://m\"]]",
           "the servers of the user, of the project and of .mcp.json are listed");
    listed("{", "[]", "[]", "broken files have no servers");
    buf_init(&out, LIMIT_CREDENTIALS);
    ok(login_copy(str_c("[]"), NULL, false, &out, &e) < 0 && out.len == 0,
       "a text that is no login is refused: %s", e.text);
    buf_release(&out);
    return done_testing();
}
