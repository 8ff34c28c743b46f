/* SPDX-License-Identifier: MIT */
#include "creds/claude_json.h"

#include "base/limits.h"
#include "tap.h"
#include "wire/json.h"

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

static int merge(const char *base, const char *ours, struct str theirs, struct buf *out,
                 bool *changed, struct err *e)
{
    const struct claude_json_sides sides = {str_c(base), str_c(ours), theirs, "/p q"};

    return claude_json_merge(&sides, out, changed, e);
}

/* `want` NULL: as ours. */
static void merged(const char *base, const char *ours, const char *theirs, const char *want,
                   const char *name)
{
    struct buf out;
    struct err e = {0};
    bool changed = false;

    buf_init(&out, LIMIT_CLAUDE_JSON);
    is_int(merge(base, ours, str_c(theirs), &out, &changed, &e), 0, name);
    is_str(out.len == 0 ? "" : buf_c(&out), want == NULL ? ours : want, name);
    ok(changed == (want != NULL), "%s: changed is told", name);
    buf_release(&out);
}

static void refused(const char *ours, const char *theirs, enum err_kind kind, const char *name)
{
    struct buf out;
    struct err e = {0};
    bool changed = false;

    buf_init(&out, LIMIT_CLAUDE_JSON);
    (void)buf_add_c(&out, "before");
    ok(merge("", ours, str_c(theirs), &out, &changed, &e) < 0 && e.kind == kind, "%s: %s", name,
       e.text);
    is_str(buf_c(&out), "before", "nothing is added then");
    buf_release(&out);
}

#define HOST                                                                                   \
    "{\n  \"numStartups\": 5,\n  \"mcpServers\": {\"a\":{\"command\":\"x\"}},\n"               \
    "  \"projects\": {\n    \"/p q\": {\n      \"lastCost\": 1.0\n    }\n  }\n}\n"

/* What the sandbox gets has answers in it that the host never gave; they do not come back. */
static void there_and_back(void)
{
    struct buf copy;
    struct buf out;
    struct err e = {0};
    bool changed = true;

    buf_init(&copy, LIMIT_CLAUDE_JSON);
    buf_init(&out, LIMIT_CLAUDE_JSON);
    (void)claude_json_copy(str_c(HOST), "/p q", &copy, &e);
    ok(merge(buf_c(&copy), HOST, buf_str(&copy), &out, &changed, &e) == 0 && !changed,
       "an idle session changes nothing");
    is_str(buf_c(&out), HOST, "not a byte");
    buf_reset(&out);
    ok(merge("", "{}", buf_str(&copy), &out, &changed, &e) == 0 && changed, "a host without");
    is_str(buf_c(&out), "{\"numStartups\":5,\"projects\":{\"/p q\":{\"lastCost\":1.0}}}",
           "gets what is permitted only");
    buf_release(&copy);
    buf_release(&out);
}

static void sessions(void)
{
    merged(HOST, HOST,
           "{\"numStartups\":6,\"mcpServers\":{\"b\":{}},\"env\":{\"PATH\":\"/x\"},"
           "\"projects\":{\"/p q\":{\"lastCost\":2.50,\"allowedTools\":[\"Bash\"]}}}",
           "{\n  \"numStartups\": 6,\n  \"mcpServers\": {\"a\":{\"command\":\"x\"}},\n"
           "  \"projects\": {\n    \"/p q\": {\n      \"lastCost\": 2.50\n    }\n  }\n}\n",
           "a session");
    merged("{}", "", "{\"n\":1}", "{\"n\":1}", "no host's file");
    merged("", " \n", "{}", NULL, "a blank one stays");
    merged("{\"projects\":{\"/p q\":{\"history\":[1]}},\"n\":1}",
           "{\"projects\":{\"/p q\":{\"history\":[2,1]}},\"n\":1,\"a\":2}",
           "{\"projects\":{\"/p q\":{\"history\":[3,1]}},\"n\":1,\"b\":2}",
           "{\"projects\":{\"/p q\":{\"history\":[3,2,1]}},\"n\":1,\"a\":2,\"b\":2}",
           "two sessions with one beginning lose nothing");
    merged("{\"n\":1}", "{\"n\":5}", "{\"n\":2}", NULL, "the host wins");
    merged("{\"projects\":{\"/p q\":{\"lastCost\":1}}}",
           "{\"projects\":{\"/p q\":{\"lastCost\":3}}}",
           "{\"projects\":{\"/p q\":{\"lastCost\":2}}}",
           "{\"projects\":{\"/p q\":{\"lastCost\":2}}}", "but not in the session's project");
    merged("{\"hasCompletedOnboarding\":true,\"firstStartTime\":\"x\"}",
           "{\"hasCompletedOnboarding\":true,\"firstStartTime\":\"x\"}", "{}", NULL,
           "a sandbox that lost its file does not bring the first questions back");
    merged("{\"theme\":\"dark\",\"verbose\":true,\"n\":1}",
           "{\"theme\":\"dark\",\"verbose\":true,\"n\":1}", "{\"n\":2,\"migrationVersion\":15}",
           "{\"theme\":\"dark\",\"verbose\":true,\"n\":2}",
           "nor does one whose claude moved keys into settings that are gone");
    merged("{}", "{}", "{\"projects\":{\"/p\":{\"lastCost\":2},\"/p q/r\":{\"n\":1}}}", NULL,
           "other projects");
}

/* A path that is no UTF-8 is known to claude with U+FFFD. */
static void odd_project(void)
{
    const struct claude_json_sides sides = {
        str_c("{}"), str_c("{}"),
        str_c("{\"projects\":{\"/\xef\xbf\xbd\":{\"n\":1},\"/x\":{\"n\":1}}}"), "/\xff"};
    struct buf out;
    struct err e = {0};
    bool changed = false;

    buf_init(&out, LIMIT_CLAUDE_JSON);
    ok(claude_json_merge(&sides, &out, &changed, &e) == 0 && changed, "an odd project");
    is_str(buf_c(&out), "{\"projects\":{\"/\xef\xbf\xbd\":{\"n\":1}}}", "is found");
    buf_release(&out);
}

static void growth(void)
{
    struct buf theirs;
    struct buf out;
    struct err e = {0};
    bool changed = false;

    buf_init(&theirs, 2U * CLAUDE_JSON_GROWTH);
    buf_init(&out, LIMIT_CLAUDE_JSON);
    (void)buf_add_c(&theirs, "{\"a\":1");
    for (unsigned i = 0; theirs.len < CLAUDE_JSON_GROWTH + 100; i++) {
        (void)buf_addf(&theirs, ",\"counter number %u of a long list of them\":1", i);
    }
    (void)buf_add_c(&theirs, "}");
    ok(merge("", "{}", buf_str(&theirs), &out, &changed, &e) < 0 && e.kind == ERR_LIMIT &&
           out.len == 0 && !changed,
       "a flood of counters is refused: %s", e.text);
    buf_release(&theirs);
    buf_release(&out);
}

/* Every bit flip, byte flip and truncation of theirs: what must not come in does not. */
static void mutations(void)
{
    static const char sample[] = "{\"n\":1,\"mcpServers\":{\"b\":{}},\"projects\":{\"/p q\":"
                                 "{\"lastCost\":2,\"allowedTools\":[\"B\"]}},\"env\":{}}";
    char theirs[sizeof(sample)];
    bool good = true;

    for (size_t i = 0; i < sizeof(sample) - 1; i++) {
        for (unsigned how = 0; how < 10; how += 3) {
            struct buf out;
            struct err e = {0};
            struct json v = {0};
            bool changed = false;

            memcpy(theirs, sample, sizeof(sample));
            theirs[i] = (char)(how < 8 ? (unsigned char)sample[i] ^ (1U << how) : 0xffU);
            buf_init(&out, LIMIT_CLAUDE_JSON);
            if (merge("{}", HOST, str_n(theirs, how == 9 ? i : sizeof(sample) - 1), &out,
                      &changed, &e) == 0) {
                good = good && json_parse(buf_str(&out), &v, &e) == 0 &&
                       str_eq_c(json_get(v, "mcpServers").raw, "{\"a\":{\"command\":\"x\"}}") &&
                       json_get(v, "env").type == JSON_NONE;
                v = json_get(json_get(v, "projects"), "/p q");
                good = good && json_get(v, "allowedTools").type == JSON_NONE;
            } else {
                good = good && out.len == 0;
            }
            buf_release(&out);
        }
    }
    ok(good, "mutated ones let nothing in");
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
    there_and_back();
    sessions();
    odd_project();
    refused("{}", "", ERR_FORMAT, "an emptied file");
    refused("{}", "[]", ERR_FORMAT, "no object");
    refused("{}", "{\"a\":", ERR_FORMAT, "a torn file");
    refused("[]", "{}", ERR_FORMAT, "a broken host's file");
    growth();
    mutations();
    return done_testing();
}
