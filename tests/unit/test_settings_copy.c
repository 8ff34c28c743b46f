/* SPDX-License-Identifier: MIT */
#include "creds/settings_copy.h"

#include "base/limits.h"
#include "tap.h"

#define ACCEPTED "\"skipDangerousModePermissionPrompt\":true"

int main(void)
{
    static const char *const cases[][3] = {
        {"{\"model\":\"x\"}\n", "{\"model\":\"x\"," ACCEPTED "}\n", "other settings stay"},
        {" \n", " \n{" ACCEPTED "}", "blank settings get an object"},
        {"[1", "[1", "broken settings stay"},
        {"{\"sandbox\":{\"enabled\":true,\"x\":1}}",
         "{\"sandbox\":{\"enabled\":false,\"x\":1}," ACCEPTED "}", "a sandbox is switched off"},
        {"{\"sandbox\":{\"x\":1}}", "{\"sandbox\":{\"x\":1}," ACCEPTED "}",
         "one that is off stays"},
        {"{\"sandbox\":7}", "{\"sandbox\":7," ACCEPTED "}", "another type stays"},
    };
    struct err e = {0};
    struct buf out;

    buf_init(&out, LIMIT_CLAUDE_JSON);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        buf_reset(&out);
        ok(settings_copy(str_c(cases[i][0]), NULL, &out, &e) == 0, "the copy is made %s",
           e.text);
        is_str(buf_c(&out), cases[i][1], cases[i][2]);
    }
    buf_reset(&out);
    ok(settings_copy(str_c("{}"), "/run/key", &out, &e) == 0, "the copy is made %s", e.text);
    is_str(buf_c(&out), "{\"apiKeyHelper\":\"cat /run/key\"," ACCEPTED "}",
           "the helper prints the copy of the key");
    buf_release(&out);
    return done_testing();
}
