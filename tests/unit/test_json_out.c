/* SPDX-License-Identifier: MIT */
#include "cli/json_out.h"

#include "tap.h"

int main(void)
{
    const struct err e = {.kind = ERR_NOT_FOUND, .text = "no \033 here", .hint = "Look there."};
    const struct err none = {0};
    struct buf out;
    struct json_w w;

    buf_init(&out, 4096);
    json_w_init(&w, &out, 0);
    json_w_object(&w);
    json_out_u64(&w, "known", 7, true);
    json_out_u64(&w, "unknown", 7, false);
    json_out_bool(&w, "yes", true, true);
    json_out_bool(&w, "maybe", true, false);
    json_out_time(&w, "time", 1700000000);
    json_out_time(&w, "never", 0);
    json_out_text(&w, "text", "a");
    json_out_text(&w, "empty", "");
    json_out_text(&w, "missing", NULL);
    json_w_end(&w);
    ok(json_done(&w) == 0, "one object");
    is_str(buf_c(&out),
           "{\"known\":7,\"unknown\":null,\"yes\":true,\"maybe\":null,\"time\":\"2023-11-14T22:"
           "13:20Z\",\"never\":null,"
           "\"text\":\"a\",\"empty\":null,\"missing\":null}",
           "what is not known is null");

    buf_reset(&out);
    json_w_init(&w, &out, 0);
    json_w_array(&w);
    json_w_object(&w);
    json_out_error(&w, &e, 125);
    json_w_end(&w);
    json_w_object(&w);
    json_out_error(&w, &none, 0);
    json_w_end(&w);
    json_w_end(&w);
    is_str(buf_c(&out),
           "[{\"error\":{\"status\":125,\"kind\":\"not_found\",\"message\":\"no \\u001b here\","
           "\"hint\":\"Look there.\"}},{\"error\":null}]",
           "an error, and none");
    for (int kind = ERR_SYS; kind <= ERR_REFUSED; kind++) {
        const struct err one = {.kind = (enum err_kind)kind};

        buf_reset(&out);
        json_w_init(&w, &out, 0);
        json_w_object(&w);
        json_out_error(&w, &one, 1);
        json_w_end(&w);
        ok(json_done(&w) == 0 && !str_contains(buf_str(&out), "\"kind\":null"),
           "kind %d has a name", kind);
    }
    buf_release(&out);
    return done_testing();
}
