/* SPDX-License-Identifier: MIT */
#include "creds/claude_json.h"

#include "base/limits.h"
#include "tap.h"

static void check(const char *in, const char *want, const char *name)
{
    struct buf out;
    struct err e = {0};

    buf_init(&out, LIMIT_CLAUDE_JSON);
    is_int(claude_json_copy(str_c(in), "/p q", &out, &e), want == NULL ? -1 : 0, name);
    if (want != NULL) {
        is_str(buf_c(&out), want, name);
    }
    buf_release(&out);
}

int main(void)
{
#define TRUST "\"hasTrustDialogAccepted\":true"
    check("", "{\"bypassPermissionsModeAccepted\":true,\"projects\":{\"/p q\":{" TRUST "}}}",
          "an empty file");
    check("{\"a\" : 1.0}",
          "{\"a\" : 1.0,\"bypassPermissionsModeAccepted\":true,\"projects\":{\"/p q\":{" TRUST
          "}}}",
          "what was there stays as it was");
    check("{\"projects\":{\"/p q\":{\"x\":1," TRUST
          "},\"/z\":{}},\"bypassPermissionsModeAccepted\":false}",
          "{\"projects\":{\"/p q\":{\"x\":1," TRUST
          "},\"/z\":{}},\"bypassPermissionsModeAccepted\":true}",
          "answers that were given are used");
    check("[1]", NULL, "another shape is refused");
    check("{", NULL, "a broken file is refused");
    return done_testing();
}
