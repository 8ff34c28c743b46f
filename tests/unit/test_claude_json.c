/* SPDX-License-Identifier: MIT */
#include "creds/claude_json.h"

#include "base/limits.h"
#include "tap.h"
#include "wire/json.h"

static void copied(const char *in, const char *want, const char *name)
{
    struct buf out;
    struct err e = {0};

    buf_init(&out, LIMIT_CLAUDE_JSON);
    is_int(claude_json_copy(str_c(in), "/p q", true, &out, &e), want == NULL ? -1 : 0, name);
    if (want != NULL) {
        is_str(buf_c(&out), want, name);
    }
    buf_release(&out);
}

static int merge(const char *base, const char *ours, struct str other, struct buf *out,
                 bool *changed, struct err *e)
{
    const struct claude_json_sides sides = {str_c(base), str_c(ours), other, "/p q"};

    return claude_json_merge(&sides, out, changed, e);
}

/* Merges and expects `want`; NULL: ours, unchanged. */
static void merged(const char *base, const char *ours, const char *other, const char *want,
                   const char *name)
{
    struct buf out;
    struct err e = {0};
    bool changed = false;

    buf_init(&out, LIMIT_CLAUDE_JSON);
    is_int(merge(base, ours, str_c(other), &out, &changed, &e), 0, name);
    is_str(out.len == 0 ? "" : buf_c(&out), want == NULL ? ours : want, name);
    ok(changed == (want != NULL), "%s: `changed` says whether the text differs", name);
    buf_release(&out);
}

static void refused(const char *ours, const char *other, enum err_kind kind, const char *name)
{
    struct buf out;
    struct err e = {0};
    bool changed = false;

    buf_init(&out, LIMIT_CLAUDE_JSON);
    (void)buf_add_c(&out, "before");
    ok(merge("", ours, str_c(other), &out, &changed, &e) < 0 && e.kind == kind,
       "%s is refused: %s", name, e.text);
    is_str(buf_c(&out), "before", "nothing is added after an error");
    buf_release(&out);
}

#define HOST                                                                                   \
    "{\n  \"numStartups\": 5,\n  \"mcpServers\": {\"a\":{\"command\":\"x\"}},\n"               \
    "  \"projects\": {\n    \"/p q\": {\n      \"lastCost\": 1.0\n    }\n  }\n}\n"

/* Without the user's trust, claude asks, also if the host's file has an answer. */
static void untrusted_project_is_left_to_claude(void)
{
    struct buf out;
    struct err e = {0};

    buf_init(&out, LIMIT_CLAUDE_JSON);
    is_int(
        claude_json_copy(str_c("{\"projects\":{\"/p q\":{\"hasTrustDialogAccepted\":true}}}"),
                         "/p q", false, &out, &e),
        0, "a copy for a project that is not trusted");
    ok(strstr(buf_c(&out), "\"hasTrustDialogAccepted\":false") != NULL, "has no answer: %s",
       buf_c(&out));
    buf_release(&out);
}

/* The copy contains answers that the host never gave; the merge does not take them. */
static void answers_of_the_copy_do_not_come_back(void)
{
    struct buf copy;
    struct buf out;
    struct err e = {0};
    bool changed = true;

    buf_init(&copy, LIMIT_CLAUDE_JSON);
    buf_init(&out, LIMIT_CLAUDE_JSON);
    (void)claude_json_copy(str_c(HOST), "/p q", true, &copy, &e);
    ok(merge(buf_c(&copy), HOST, buf_str(&copy), &out, &changed, &e) == 0 && !changed,
       "an idle session changes nothing");
    is_str(buf_c(&out), HOST, "the text is the host's");
    buf_reset(&out);
    ok(merge("", "{}", buf_str(&copy), &out, &changed, &e) == 0 && changed,
       "a file can be merged into an empty object");
    is_str(buf_c(&out), "{\"numStartups\":5,\"projects\":{\"/p q\":{\"lastCost\":1.0}}}",
           "only permitted keys are taken");
    buf_release(&copy);
    buf_release(&out);
}

static void permitted_changes_are_merged(void)
{
    merged(HOST, HOST,
           "{\"numStartups\":6,\"mcpServers\":{\"b\":{}},\"env\":{\"PATH\":\"/x\"},"
           "\"projects\":{\"/p q\":{\"lastCost\":2.50,\"allowedTools\":[\"Bash\"]}}}",
           "{\n  \"numStartups\": 6,\n  \"mcpServers\": {\"a\":{\"command\":\"x\"}},\n"
           "  \"projects\": {\n    \"/p q\": {\n      \"lastCost\": 2.50\n    }\n  }\n}\n",
           "of a session's changes only permitted keys are taken, in place");
    merged("{}", "", "{\"n\":1}", "{\"n\":1}", "a missing file of the host counts as {}");
    merged("", " \n", "{}", NULL, "a blank file of the host stays if nothing changes");
    merged("{\"projects\":{\"/p q\":{\"history\":[1]}},\"n\":1}",
           "{\"projects\":{\"/p q\":{\"history\":[2,1]}},\"n\":1,\"a\":2}",
           "{\"projects\":{\"/p q\":{\"history\":[3,1]}},\"n\":1,\"b\":2}",
           "{\"projects\":{\"/p q\":{\"history\":[3,2,1]}},\"n\":1,\"a\":2,\"b\":2}",
           "two sessions that began with the same file lose nothing");
    merged("{\"n\":1}", "{\"n\":5}", "{\"n\":2}", NULL,
           "if both changed a counter, the host's value stays");
    merged("{\"projects\":{\"/p q\":{\"lastCost\":1}}}",
           "{\"projects\":{\"/p q\":{\"lastCost\":3}}}",
           "{\"projects\":{\"/p q\":{\"lastCost\":2}}}",
           "{\"projects\":{\"/p q\":{\"lastCost\":2}}}",
           "in the session's project, the session's value is taken");
    merged("{\"hasCompletedOnboarding\":true,\"firstStartTime\":\"x\"}",
           "{\"hasCompletedOnboarding\":true,\"firstStartTime\":\"x\"}", "{}", NULL,
           "a sandbox that lost its file does not bring the first questions back");
    merged("{\"theme\":\"dark\",\"verbose\":true,\"n\":1}",
           "{\"theme\":\"dark\",\"verbose\":true,\"n\":1}", "{\"n\":2,\"migrationVersion\":15}",
           "{\"theme\":\"dark\",\"verbose\":true,\"n\":2}",
           "keys that claude moved into the sandbox's settings stay in the host's file");
    merged("{}", "{}", "{\"projects\":{\"/p\":{\"lastCost\":2},\"/p q/r\":{\"n\":1}}}", NULL,
           "members of other projects are not taken");
}

/* claude writes a path that is not UTF-8 with U+FFFD. */
static void project_that_is_not_utf8_is_found(void)
{
    const struct claude_json_sides sides = {
        str_c("{}"), str_c("{}"),
        str_c("{\"projects\":{\"/\xef\xbf\xbd\":{\"n\":1},\"/x\":{\"n\":1}}}"), "/\xff"};
    struct buf out;
    struct err e = {0};
    bool changed = false;

    buf_init(&out, LIMIT_CLAUDE_JSON);
    ok(claude_json_merge(&sides, &out, &changed, &e) == 0 && changed,
       "a project whose path is not UTF-8 can be merged");
    is_str(buf_c(&out), "{\"projects\":{\"/\xef\xbf\xbd\":{\"n\":1}}}",
           "the project is found under the name that claude uses");
    buf_release(&out);
}

static void growth_is_limited(void)
{
    struct buf other;
    struct buf out;
    struct err e = {0};
    bool changed = false;

    buf_init(&other, 2U * CLAUDE_JSON_GROWTH);
    buf_init(&out, LIMIT_CLAUDE_JSON);
    (void)buf_add_c(&other, "{\"a\":1");
    for (unsigned i = 0; other.len < CLAUDE_JSON_GROWTH + 100; i++) {
        (void)buf_addf(&other, ",\"counter number %u of a long list of them\":1", i);
    }
    (void)buf_add_c(&other, "}");
    ok(merge("", "{}", buf_str(&other), &out, &changed, &e) < 0 && e.kind == ERR_LIMIT &&
           out.len == 0 && !changed,
       "too many new counters are refused: %s", e.text);
    buf_release(&other);
    buf_release(&out);
}

/* Flips bits and bytes of `other` and truncates it: a key that is not permitted is never
 * taken. */
static void mutations_bring_nothing_in(void)
{
    static const char sample[] = "{\"n\":1,\"mcpServers\":{\"b\":{}},\"projects\":{\"/p q\":"
                                 "{\"lastCost\":2,\"allowedTools\":[\"B\"]}},\"env\":{}}";
    char other[sizeof(sample)];
    bool good = true;

    for (size_t i = 0; i < sizeof(sample) - 1; i++) {
        for (unsigned how = 0; how < 10; how += 3) {
            struct buf out;
            struct err e = {0};
            struct json v = {0};
            bool changed = false;

            memcpy(other, sample, sizeof(sample));
            other[i] = (char)(how < 8 ? (unsigned char)sample[i] ^ (1U << how) : 0xffU);
            buf_init(&out, LIMIT_CLAUDE_JSON);
            if (merge("{}", HOST, str_n(other, how == 9 ? i : sizeof(sample) - 1), &out,
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
    ok(good, "no mutation of `other` brings in a forbidden key");
}

int main(void)
{
#define TRUST "\"hasTrustDialogAccepted\":true"
    copied("", "{\"bypassPermissionsModeAccepted\":true,\"projects\":{\"/p q\":{" TRUST "}}}",
           "an empty file gets both answers");
    copied("{\"a\" : 1.0}",
           "{\"a\" : 1.0,\"bypassPermissionsModeAccepted\":true,\"projects\":{\"/p q\":{" TRUST
           "}}}",
           "existing members stay unchanged");
    copied("{\"projects\":{\"/p q\":{\"x\":1," TRUST
           "},\"/z\":{}},\"bypassPermissionsModeAccepted\":false}",
           "{\"projects\":{\"/p q\":{\"x\":1," TRUST
           "},\"/z\":{}},\"bypassPermissionsModeAccepted\":true}",
           "existing answers are replaced in place");
    copied("[1]", NULL, "a text that is not an object is refused");
    copied("{", NULL, "broken JSON is refused");
    untrusted_project_is_left_to_claude();
    answers_of_the_copy_do_not_come_back();
    permitted_changes_are_merged();
    project_that_is_not_utf8_is_found();
    refused("{}", "", ERR_FORMAT, "an empty file of the sandbox");
    refused("{}", "[]", ERR_FORMAT, "a file of the sandbox that is not an object");
    refused("{}", "{\"a\":", ERR_FORMAT, "a truncated file of the sandbox");
    refused("[]", "{}", ERR_FORMAT, "a file of the host that is not an object");
    growth_is_limited();
    mutations_bring_nothing_in();
    return done_testing();
}
