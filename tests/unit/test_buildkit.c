/* SPDX-License-Identifier: MIT */
#include "tap.h"
#include "wire/buildkit.h"

static void check(const char *p, size_t len, const char *want, bool broken, const char *name)
{
    struct buildkit_iter it;
    struct buildkit_event ev;
    struct err e = {0};
    char got[512] = "";

    buildkit_init(&it, str_n(p, len));
    while (buildkit_next(&it, &ev, &e)) {
        size_t at = strlen(got);

        (void)snprintf(got + at, sizeof(got) - at, "%d:%.*s:%.*s:%.*s:%d%d%d:%lld/%lld|",
                       (int)ev.kind, (int)ev.digest.len, ev.digest.p, (int)ev.name.len,
                       ev.name.p, (int)ev.text.len, ev.text.p, ev.cached, ev.started,
                       ev.completed, (long long)ev.current, (long long)ev.total);
    }
    is_str(got, want, name);
    is_int(e.kind, broken ? ERR_FORMAT : ERR_NONE, name);
}

int main(void)
{
    static const char vertex[] = "\x0a\x0f\x0a\x02"
                                 "d1\x1a\x03run\x20\x01\x2a\x00\x32\x00";
    static const char status[] = "\x12\x0e\x0a\x02id\x12\x02"
                                 "d1\x20\x96\x01\x28\xac\x02";
    static const char log[] = "\x1a\x0a\x0a\x02"
                              "d1\x18\x02\x22\x02hi";
    static const char unknown[] = "\x2a\x01x\x30\x05\x39"
                                  "12345678\x1a\x04\x22\x02ok";
    static const char cut[] = "\x0a\x7f"
                              "abc";
    static const char inner[] = "\x0a\x02\x0a\x09";
    static const char group[] = "\x0b";
    static const char varint[] = "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f";

    check(vertex, sizeof(vertex) - 1, "0:d1:run::111:0/0|", false, "a vertex is decoded");
    check(status, sizeof(status) - 1, "1:d1:id::000:150/300|", false, "a status is decoded");
    check(log, sizeof(log) - 1, "2:d1::hi:000:0/0|", false, "a log is decoded");
    check(unknown, sizeof(unknown) - 1, "2:::ok:000:0/0|", false, "unknown fields are skipped");
    check("", 0, "", false, "an empty message has no events");
    check(cut, sizeof(cut) - 1, "", true, "a length past the end of the message is refused");
    check(inner, sizeof(inner) - 1, "", true,
          "a length past the end of an inner message is refused");
    check(group, 1, "", true, "groups are refused");
    check(varint, sizeof(varint) - 1, "", true, "a number past 64 bits is refused");
    return done_testing();
}
