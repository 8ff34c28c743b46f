/* SPDX-License-Identifier: MIT */
#include "creds/claude_given.h"

#include "base/limits.h"
#include "tap.h"

static struct claude_given g = {.project = "/p"};

static void copied(const char *in, const char *want, const char *name)
{
    struct buf out;
    struct err e = {0};

    buf_init(&out, LIMIT_CLAUDE_JSON);
    is_int(claude_given_copy(str_c(in), &g, &out, &e), want == NULL ? -1 : 0, name);
    if (want != NULL) {
        is_str(buf_c(&out), want, name);
    }
    buf_release(&out);
}

int main(void)
{
    copied("", "{}", "an empty file");
    copied("{\"a\":1,\"b\":true,\"c\":null}", "{\"a\":1,\"b\":true,\"c\":null}",
           "flags and numbers come under any key");
    copied("{\"secret\":\"x\",\"list\":[1],\"table\":{\"a\":1}}", "{}",
           "texts, lists and objects do not");
    copied("{\"theme\":\"dark\",\"mcpServers\":{\"a\":{\"env\":{\"K\":\"v\"}}}}",
           "{\"theme\":\"dark\",\"mcpServers\":{\"a\":{\"env\":{\"K\":\"v\"}}}}",
           "listed members come as they are");
    copied("{\"cachedX\":{\"a\":1},\"aCache\":{},\"Cached\":{}}",
           "{\"cachedX\":{\"a\":1},\"aCache\":{}}", "members can be listed by a part");
    copied("{\"projects\":{\"/p\":{\"history\":[\"x\"]},\"/q\":{\"mcpServers\":{\"s\":{}}}}}",
           "{\"projects\":{\"/p\":{\"history\":[\"x\"]}}}", "only this project comes");
    g.cwd = "/q";
    copied("{\"projects\":{\"/p\":{},\"/q\":{\"a\":1},\"/q/r\":{}}}",
           "{\"projects\":{\"/p\":{},\"/q\":{\"a\":1}}}",
           "the member of the current directory comes as well");
    copied("{\"primaryApiKey\":\"k\",\"oauthAccount\":{\"emailAddress\":\"x\"}}", "{}",
           "no key and no account that are not used");
    g.primary_key = g.account = true;
    copied("{\"primaryApiKey\":\"k\",\"oauthAccount\":{\"emailAddress\":\"x\"}}",
           "{\"primaryApiKey\":\"k\",\"oauthAccount\":{\"emailAddress\":\"x\"}}",
           "those that belong to the login come");
    copied("{\"customApiKeyResponses\":{\"approved\":[\"other\"],\"rejected\":[\"x\"]}}",
           "{\"customApiKeyResponses\":{\"approved\":[],\"rejected\":[]}}",
           "answers about other keys do not come");
    g.api_key = "sk-ant-0123456789abcdefghij";
    copied(
        "{\"customApiKeyResponses\":{\"approved\":[\"other\",\"0123456789abcdefghij\"]}}",
        "{\"customApiKeyResponses\":{\"approved\":[\"0123456789abcdefghij\"],\"rejected\":[]}}",
        "the answer about the key that is used comes");
    copied("{\"\\u0074heme\":\"dark\",\"prim\\u0061ryApiKey2\":\"x\"}", "{\"theme\":\"dark\"}",
           "keys are compared without their escapes");
    copied("[]", NULL, "a text that is not an object");
    copied("{", NULL, "a broken text");
    return done_testing();
}
